/**
 * Orders, amends, cancels and questions for an outcome that come to a shard in one call, from one node: each
 * is carried out as if it had come by itself, and each has an outcome of its own. The call is answered when
 * all have one.
 */
import type { AmendForm } from "../../engine/form/order-form.ts";
import { Fault, type FaultCode, isFaultCode } from "../../mixins/fault.ts";
import type { Runtime } from "../../mixins/runtime/runtime.ts";
import type { OrderView } from "../../models/order.model.ts";
import { AMEND_FIELDS, CLIENT_ORDER_ID, ORDER_ID, REFERENCE } from "../orders/order-schema.ts";
import type { Placing } from "./order-desk.ts";
import { amendOrder, cancelOrder, placeOrder, resolveOrder } from "./order-questions.ts";
import { ACCOUNT, knownAccount, type ShardParts, TEXT } from "./shard-parts.ts";

/** Commands of one call at most. Each has a few hundred bytes, and its answer too. */
export const BATCH_MAX = 256;

export interface AmendAsked extends AmendForm {
  readonly id: string;
  readonly reference?: number;
}

export type OrderCommand =
  | { readonly kind: "place"; readonly placing: Placing }
  | { readonly kind: "amend"; readonly account: number; readonly asked: AmendAsked }
  | { readonly kind: "cancel"; readonly account: number; readonly id: string }
  | { readonly kind: "resolve"; readonly account: number; readonly clientOrderId: string };

/** `repeated`: the first outcome of a placed order, told again. */
export interface OrderAnswer {
  readonly order: OrderView;
  readonly repeated: boolean;
}

/** What of a fault another node can tell on. */
export interface ToldFault {
  readonly code: FaultCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export type OrderOutcome = OrderAnswer | { readonly fault: ToldFault };

const REQUEST = {
  type: "object",
  props: { account: ACCOUNT, clientOrderId: TEXT, market: "number|integer|positive" },
} as const;

/** The door has checked each field of an order; what it read is not read again. */
export const BATCH_PARAMS = {
  $$strict: true,
  commands: {
    type: "array",
    min: 1,
    max: BATCH_MAX,
    items: {
      type: "object",
      strict: true,
      props: {
        kind: { type: "enum", values: ["place", "amend", "cancel", "resolve"] },
        placing: {
          type: "object",
          optional: true,
          strict: true,
          props: { request: REQUEST, refused: { type: "string", optional: true } },
        },
        account: { type: "number", integer: true, positive: true, optional: true },
        asked: {
          type: "object",
          optional: true,
          strict: true,
          props: { id: ORDER_ID, ...AMEND_FIELDS, reference: REFERENCE },
        },
        id: { ...ORDER_ID, optional: true },
        clientOrderId: { ...CLIENT_ORDER_ID, optional: true },
      },
    },
  },
} as const;

/** Where a batch is carried out. */
export interface BatchHost {
  readonly runtime: Runtime;
  readonly parts: ShardParts;
  /** Hears what must not be told. */
  readonly log: (error: unknown) => void;
}

/** Every outcome, in the order of the commands. */
export function carryOut(host: BatchHost, commands: readonly OrderCommand[]): Promise<OrderOutcome[]> {
  return Promise.all(commands.map(command => outcomeOf(host, command)));
}

async function outcomeOf(host: BatchHost, command: OrderCommand): Promise<OrderOutcome> {
  try {
    return await perform(host, command);
  } catch (error) {
    return { fault: toldFault(error, host.log) };
  }
}

async function perform({ runtime, parts }: BatchHost, command: OrderCommand): Promise<OrderAnswer> {
  switch (command.kind) {
    case "place":
      return placeOrder(runtime, parts, command.placing);
    case "amend": {
      const account = knownAccount(parts, command.account);
      return { order: await amendOrder(runtime, parts, account, command.asked), repeated: false };
    }
    case "cancel": {
      const account = knownAccount(parts, command.account);
      return { order: await cancelOrder(runtime, parts, account, command.id), repeated: false };
    }
    case "resolve": {
      const account = knownAccount(parts, command.account);
      return { order: await resolveOrder(runtime, parts, account, command.clientOrderId), repeated: true };
    }
  }
}

function toldFault(error: unknown, log: (error: unknown) => void): ToldFault {
  if (error instanceof Fault && isFaultCode(error.type)) {
    const { type: code, message, data: details } = error;
    return details === undefined ? { code, message } : { code, message, details };
  }
  log(error);
  return { code: "INTERNAL", message: "Cannot carry out command as something in the shard has failed" };
}
