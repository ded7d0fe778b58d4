/** Every action of the venue has a strict schema: what it does not know, it refuses. */
import { afterAll, beforeAll, expect, it } from "vitest";
import alerts from "../../services/alerts.service.ts";
import api from "../../services/api.service.ts";
import charges from "../../services/charges.service.ts";
import guards from "../../services/guards.service.ts";
import identity from "../../services/identity.service.ts";
import liquidity from "../../services/liquidity.service.ts";
import marketdata from "../../services/marketdata.service.ts";
import payments from "../../services/payments.service.ts";
import placement from "../../services/placement.service.ts";
import reconciliation from "../../services/reconciliation.service.ts";
import reference from "../../services/reference.service.ts";
import { startVenue, TRADING, temporaryFolder, type Venue } from "../venue.ts";

let venue: Venue;

beforeAll(async () => {
  const kept = [alerts, charges, guards, reconciliation, payments, identity, placement];
  const services = [...TRADING, ...kept, reference, marketdata, liquidity, api];
  venue = await startVenue(await temporaryFolder(), { services });
});

afterAll(() => venue.remove());

it("every action refuses fields that it does not know", () => {
  const actions = venue.broker.registry
    .getActionList({ onlyLocal: true, skipInternal: true })
    .map(({ name, action }) => ({ name, strict: action?.params?.$$strict }));
  expect(actions.length).toBeGreaterThan(40);
  expect(actions.filter(({ strict }) => strict === undefined)).toEqual([]);
});
