/** What a call between two nodes keeps: bytes, money, and what a fault says. */
import { ServiceBroker } from "moleculer";
import { afterAll, beforeAll, expect, it } from "vitest";
import { FAULTS, Fault, type FaultCode, isFaultCode } from "../../mixins/fault.ts";
import { FaultRegenerator, SERIALIZER } from "../../mixins/wire.ts";

const NODE = {
  namespace: "wire",
  logger: false as const,
  transporter: "Fake" as const,
  serializer: SERIALIZER,
};
const asking = new ServiceBroker({ ...NODE, nodeID: "asking", errorRegenerator: new FaultRegenerator() });
const answering = new ServiceBroker({ ...NODE, nodeID: "answering" });

beforeAll(async () => {
  answering.createService({
    name: "far",
    actions: {
      echo: ({ params }: { params: object }) => ({ ...params, bytes: Reflect.get(params, "bytes") }),
      fail({ params }: { params: { code: FaultCode } }) {
        throw new Fault(params.code, `Cannot go on: ${params.code}`, { amount: 5n, text: "[[BF]]" });
      },
      breakDown() {
        throw new TypeError("Cannot read a secret");
      },
    },
  });
  await Promise.all([asking.start(), answering.start()]);
  await asking.waitForServices("far");
});

afterAll(() => Promise.all([asking.stop(), answering.stop()]));

it.each([[[]], [[0, 1, 2, 254, 255]]])("bytes arrive as they are: %j", async list => {
  const bytes = Uint8Array.from([9, ...list, 9]).subarray(1, list.length + 1);
  const answer = await asking.call<{ bytes: Uint8Array }, object>("far.echo", { bytes, amount: 7n });
  expect(answer).toMatchObject({ amount: 7n });
  expect(answer.bytes).toBeInstanceOf(Uint8Array);
  expect([...answer.bytes]).toEqual(list);
});

it.each(Object.keys(FAULTS).filter(isFaultCode))("%s is the same fault on the other side", async code => {
  const error = await asking.call("far.fail", { code }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Fault);
  expect(error).toMatchObject({
    ...{ type: code, code: FAULTS[code].status, retryable: FAULTS[code].retryable },
    ...{ message: `Cannot go on: ${code}`, data: { amount: 5n, text: "[[BF]]" } },
  });
});

it("what is no fault does not become one", async () => {
  const error = await asking.call("far.breakDown").catch((reason: unknown) => reason);
  expect(error).not.toBeInstanceOf(Fault);
  expect(error).toMatchObject({ name: "TypeError", message: "Cannot read a secret" });
});
