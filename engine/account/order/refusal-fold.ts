/** What a ledger's records about orders that no market ever sees change. */
import { countOf, originOf, shardOrigin } from "../../ids.ts";
import { assert, unreachable } from "../../units.ts";
import type { RefusalCommand, RefuseOrder, RevokeOrder } from "../command.ts";
import type { ShardState } from "../shard/shard-state.ts";
import { newOrder } from "./order.ts";

export function foldRefusal(state: ShardState, sequence: number, command: RefusalCommand): void {
  switch (command.kind) {
    case "refuse":
      refuse(state, sequence, command);
      return;
    case "refuseAmend":
      state.known(command.account);
      return;
    case "revoke":
      revoke(state, sequence, command);
      return;
    default:
      unreachable(command);
  }
}

function refuse(state: ShardState, sequence: number, command: RefuseOrder): void {
  const { orderId, request, rejection, time } = command;
  const account = state.known(request.account);
  assert(originOf(orderId) === shardOrigin(state.shard), "a shard's refusals have ids of its own");
  assert(countOf(orderId) > state.refusals, "the ids of a shard's refusals go up");
  state.refusals = countOf(orderId);
  const order = newOrder(orderId, request.market, sequence, time, request);
  order.status = "rejected";
  order.rejection = rejection;
  if (command.explanation !== undefined) order.explanation = command.explanation;
  state.enter(account, order);
}

function revoke(state: ShardState, sequence: number, command: RevokeOrder): void {
  const { account: id, clientOrderId, time } = command;
  const account = state.known(id);
  assert(!account.ids.has(clientOrderId), "only an unused client order id is revoked");
  state.touch(account);
  if (account.liquidity) {
    account.keepPastId(clientOrderId, "revoked");
    return;
  }
  account.ids.set(clientOrderId, "revoked");
  state.usedIds?.add(id, clientOrderId);
  state.outbox.addRevocation({ account: id, clientOrderId, time, sequence });
}
