/**
 * What client order ids have come to: in memory first, then in the documents, which have what memory has
 * forgotten, unless the shard's filter says that the id is surely new. A new order may only be made of an id
 * in the same turn of the event loop in which both are known not to have it; so what follows is done by
 * `act`, within that turn.
 *
 * Where the documents answer later, they are asked again if any were written meanwhile: only then can memory
 * have forgotten what their answer was too early for.
 */
import type { OrderState } from "../../engine/account/order/order.ts";
import type { AccountId } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import type { Runtime } from "../../mixins/runtime/runtime.ts";
import type { Outcome } from "./pending-orders.ts";
import type { ShardParts } from "./shard-parts.ts";

/** Undefined: never used. A promise is of an order that is on its way. */
export type Known = Promise<Outcome> | Outcome | undefined;
type Stored = OrderState | "revoked" | undefined;

/** Documents are written once a second, and asked in milliseconds. */
const ASKED_MAX = 5;

/** Calls `act` with what each id has come to, in the turn in which that holds. Throws NOT_READY. */
export function withOutcomes<Done>(
  runtime: Runtime,
  parts: ShardParts,
  account: AccountId,
  names: readonly string[],
  act: (known: Known[]) => Promise<Done>,
): Promise<Done> {
  const stored = names.map(name => storedOutcome(runtime, parts, account, name));
  if (areThere(stored)) return act(together(parts, account, names, stored));
  return actLater(runtime, parts, account, names, act, stored);
}

function areThere(stored: readonly (Promise<Stored> | Stored)[]): stored is readonly Stored[] {
  return stored.every(each => !(each instanceof Promise));
}

async function actLater<Done>(
  runtime: Runtime,
  parts: ShardParts,
  account: AccountId,
  names: readonly string[],
  act: (known: Known[]) => Promise<Done>,
  asked: readonly (Promise<Stored> | Stored)[],
): Promise<Done> {
  let pending = asked;
  for (let times = 1; times <= ASKED_MAX; times++) {
    const { written } = parts.documents;
    const stored = await Promise.all(pending);
    if (parts.documents.written === written) return act(together(parts, account, names, stored));
    pending = names.map(name => storedOutcome(runtime, parts, account, name));
  }
  throw new Fault("NOT_READY", "Cannot tell whether 'clientOrderId' is new as documents are slow: try again");
}

function together(
  { desk }: ShardParts,
  account: AccountId,
  names: readonly string[],
  stored: readonly Stored[],
): Known[] {
  return names.map((name, index) => desk.known(account, name) ?? stored[index]);
}

/** What the documents say of an id, where memory doesn't know it and it may be there. */
function storedOutcome(
  runtime: Runtime,
  { shard, desk }: ShardParts,
  account: AccountId,
  clientOrderId: string,
): Promise<Stored> | Stored {
  if (desk.known(account, clientOrderId) !== undefined) return undefined;
  const { machine } = shard;
  const isNew = !machine.desk.mayHaveUsed(account, clientOrderId);
  if (isNew || machine.account(account)?.liquidity === true) return undefined;
  return runtime.documents.orderByClientId(String(account), clientOrderId);
}
