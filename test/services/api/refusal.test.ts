/** What is told of a failure, by where it came from; and that nothing else ever is. */
import Moleculer from "moleculer";
import { expect, test } from "vitest";
import { Fault } from "../../../mixins/fault.ts";
import { refusalOf } from "../../../services/api/refusal.ts";

const { Errors } = Moleculer;

function told(error: unknown, changes = false) {
  const logged: unknown[] = [];
  const { status, body, retryAfterSeconds } = refusalOf(error, changes, cause => logged.push(cause));
  return { status, ...body, retryAfterSeconds, logged: logged.length };
}

test("a fault says its own words, from another node too", () => {
  const fault = new Fault("NOT_FOUND", "Cannot follow room", { room: "x" });
  expect(told(fault)).toMatchObject({
    status: 404,
    code: "NOT_FOUND",
    message: "Cannot follow room",
    logged: 0,
  });
  const remote = Object.assign(new Errors.MoleculerError("Cannot cancel", 409, "ORDER_NOT_OPEN"), {
    name: "Fault",
  });
  expect(told(remote)).toMatchObject({
    status: 409,
    code: "ORDER_NOT_OPEN",
    message: "Cannot cancel",
    details: {},
  });
});

test("a schema's fault lists the fields, unknown ones by their names", () => {
  const problems = [
    { type: "required", field: "price", message: "The 'price' field is required." },
    { type: "objectStrict", message: "forbidden", actual: "a, b" },
    { type: "enumValue", field: "side", message: "?", expected: "buy, sell", actual: "BUY" },
  ];
  const { status, details } = told(
    new Errors.ValidationError("secret", "VALIDATION_ERROR", problems as never),
  );
  expect(status).toBe(422);
  expect(details).toMatchObject({
    fields: [
      { field: "price" },
      { field: "a" },
      { field: "b" },
      { field: "side", message: "The 'side' field must be one of: buy, sell" },
    ],
  });
});

test("a call that nobody answered has an unknown outcome where it may have changed something", () => {
  const timeout = new Errors.RequestTimeoutError({ action: "orders.place", nodeID: "n" });
  expect(told(timeout, true)).toMatchObject({
    status: 503,
    code: "OUTCOME_UNKNOWN",
    retryAfterSeconds: 1,
    logged: 0,
  });
  expect(told(timeout, false)).toMatchObject({ status: 503, code: "NOT_READY", retryAfterSeconds: 1 });
  const away = new Errors.ServiceNotFoundError({ action: "orders.place", nodeID: "n" });
  expect(told(away, true)).toMatchObject({ status: 503, code: "NOT_READY" });
  const full = new Errors.QueueIsFullError({ action: "a", nodeID: "n", size: 1, limit: 1 });
  expect(told(full)).toMatchObject({ status: 503 });
});

test("a limit says when it ends", () => {
  expect(
    told(new Fault("TOO_MANY_REQUESTS", "Cannot answer", { retryAfterMs: 4_200 })).retryAfterSeconds,
  ).toBe(5);
});

test("anything else is internal: logged, not told", () => {
  for (const error of [
    new Error("secret"),
    new TypeError("secret"),
    "secret",
    undefined,
    new Fault("INTERNAL", "secret"),
    new Errors.MoleculerError("secret", 418, "TEAPOT"),
    new Errors.MaxCallLevelError({ nodeID: "secret", level: 9 }),
  ]) {
    const answer = told(error, true);
    expect(answer).toMatchObject({ status: 500, code: "INTERNAL", details: {}, logged: 1 });
    expect(JSON.stringify(answer)).not.toContain("secret");
  }
});
