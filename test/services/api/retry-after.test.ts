/** Over HTTP: whatever a limit refuses, or may be sent again, says when. */
import Moleculer from "moleculer";
import { afterAll, beforeAll, expect, it } from "vitest";
import { FAULTS, Fault, isFaultCode } from "../../../mixins/fault.ts";
import api from "../../../services/api.service.ts";
import { startVenue, type Venue } from "../venue.ts";

let venue: Venue;
let thrown: Error;

beforeAll(async () => {
  const failing = {
    name: "marketdata",
    actions: {
      instruments() {
        throw thrown;
      },
    },
  };
  venue = await startVenue([failing, api]);
});

afterAll(() => venue.stop());

async function answerTo(error: Error): Promise<{ status: number; code: string; retryAfter: number }> {
  thrown = error;
  const response = await fetch(`${venue.runtime.address}/api/v1/instruments`);
  const { code } = (await response.json()) as { code: string };
  return { status: response.status, code, retryAfter: Number(response.headers.get("retry-after") ?? "0") };
}

it.each(Object.keys(FAULTS).filter(isFaultCode))("%s", async code => {
  const { status, retryable } = FAULTS[code];
  const answer = await answerTo(new Fault(code, "Cannot answer"));
  expect(answer).toEqual({ status, code, retryAfter: retryable ? 1 : 0 });
  expect(retryable).toBe([429, 503].includes(status));
});

it("as long as the limit says", async () => {
  const full = new Fault("TOO_MANY_REQUESTS", "Cannot answer", { retryAfterMs: 2_100 });
  expect(await answerTo(full)).toMatchObject({ status: 429, retryAfter: 3 });
});

const { RequestTimeoutError, ServiceNotFoundError, QueueIsFullError } = Moleculer.Errors;
const where = { action: "risk.0.carryOut", nodeID: "other" };

it.each([
  [new ServiceNotFoundError(where), "NOT_READY"],
  [new RequestTimeoutError(where), "NOT_READY"],
  [new QueueIsFullError({ ...where, size: 9, limit: 9 }), "MAILBOX_FULL"],
])("what the framework throws: %s", async (error, code) => {
  expect(await answerTo(error)).toEqual({ status: 503, code, retryAfter: 1 });
});
