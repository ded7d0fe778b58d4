/** Alerts: told as an event, kept for operators, newest first, never more than a thousand. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AlertView } from "../../models/alert.model.ts";
import alerts, { ALERTS_MAX, type RaisedAlert } from "../../services/alerts.service.ts";
import type { ListPage } from "../../services/list-page.ts";
import { startVenue, temporaryFolder, type Venue } from "../venue.ts";

let venue: Venue;
const heard: AlertView[] = [];

beforeAll(async () => {
  const listener = {
    name: "listener",
    events: { "alert.raised": { handler: (ctx: { params: AlertView }) => void heard.push(ctx.params) } },
  };
  venue = await startVenue(await temporaryFolder(), { services: [alerts, listener] });
});

afterAll(() => venue.remove());

const alert = (index: number): RaisedAlert => ({
  kind: "reconciliationFailed",
  subject: "risk.0",
  message: `Difference ${index}`,
  details: { index },
});

const list = (params: object = {}) => venue.call<ListPage<AlertView>>("alerts.list", params);

it("tells who listens, and operators later", async () => {
  const raised = await venue.call<AlertView>("alerts.raise", alert(1));
  expect(raised).toMatchObject({ ...alert(1), id: "1" });
  expect(heard).toEqual([raised]);
  expect(await list()).toEqual({ items: [raised] });
  expect(await list({ kind: "reconciliationFailed" })).toEqual({ items: [raised] });
});

it("keeps the newest thousand and pages through them", async () => {
  for (let index = 2; index <= ALERTS_MAX + 1; index++) await venue.call("alerts.raise", alert(index));
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(cursor === undefined ? { limit: 400 } : { limit: 400, cursor });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(seen).toEqual(Array.from({ length: ALERTS_MAX }, (_, index) => String(ALERTS_MAX + 1 - index)));
});

it("takes no kind that is not listed", async () => {
  await expect(venue.call("alerts.raise", { ...alert(1), kind: "mood" })).rejects.toMatchObject({
    type: "VALIDATION_ERROR",
  });
});
