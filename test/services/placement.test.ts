/** Where the actors are, as operators and the console are told; on a node that is alone. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { PlacementView } from "../../models/placement.model.ts";
import { placementText } from "../../services/console-commands.ts";
import placement from "../../services/placement.service.ts";
import { startVenue, TRADING, temporaryFolder, type Venue } from "../venue.ts";

let venue: Venue;

beforeAll(async () => {
  venue = await startVenue(await temporaryFolder(), { services: [...TRADING, placement] });
});

afterAll(() => venue.remove());

it("lists every actor with its owner", async () => {
  const node = venue.broker.nodeID;
  const { nodes, actors } = await venue.call<PlacementView>("placement.list");
  expect(actors.map(({ actor }) => actor)).toEqual(["market.EURUSD", "market.GBPUSD", "risk.0", "risk.1"]);
  for (const actor of actors) {
    expect(actor).toEqual({ actor: actor.actor, node, preferred: node, epoch: expect.any(Number) });
  }
  expect(nodes).toMatchObject([{ node, drained: false, actors: 4 }]);
});

it("shows the console the same, in columns", async () => {
  const text = placementText(await venue.call<PlacementView>("placement.list"));
  const lines = text.split("\n");
  expect(lines[0]).toMatch(/^ACTOR +NODE +EPOCH +SHOULD BE +PINNED$/);
  expect(lines[1]).toMatch(new RegExp(`^market.EURUSD {2}${venue.broker.nodeID}`));
});

it.each([
  ["pin", { actor: "market.EURUSD", node: "other" }],
  ["unpin", { actor: "market.EURUSD" }],
  ["drain", { node: "other" }],
  ["weigh", { node: "other", weight: 5 }],
])("has nowhere to put an actor: %s", async (action, params) => {
  await expect(venue.call(`placement.${action}`, params)).rejects.toMatchObject({ type: "NOT_FOUND" });
});

it("takes nothing from another node", async () => {
  expect(await venue.call("placement.offer", { actor: "market.EURUSD" })).toBe(false);
  expect(await venue.call("placement.take", { actor: "market.EURUSD" })).toBe(false);
});
