/** What a shard answers about guards and about why something was refused or closed out. */
import type { LedgerCommand } from "../../engine/account/command.ts";
import { explanationOfOrder } from "../../engine/account/guard/explainer.ts";
import { type AccessRight, type Guard, NO_GUARD, type SetGuard } from "../../engine/account/guard/guard.ts";
import { type AccountId, orderId } from "../../engine/units.ts";
import type { Runtime } from "../../mixins/runtime/runtime.ts";
import type { ExplanationView } from "../../models/explanation.model.ts";
import { timeText } from "../orders/order-view.ts";
import { viewExplanation } from "./explanation-view.ts";
import { type GuardView, viewGuard } from "./guard-form.ts";
import type { ShardParts } from "./shard-parts.ts";
import { decodeLedgerBatch } from "./shard-recovery.ts";

/** One change, as operators look it up. */
export interface GuardChangeView {
  readonly id: string;
  readonly scope: SetGuard["scope"];
  readonly accountId?: string;
  readonly group?: string;
  readonly guard: GuardView;
  readonly by: string;
  readonly reason: string;
  readonly time: string;
}

/** The ledger's record of this sequence; undefined where there is none. */
async function ledgerRecord({ ledger }: ShardParts, sequence: number): Promise<LedgerCommand | undefined> {
  if (sequence < ledger.oldest || sequence > ledger.last) return undefined;
  for await (const batch of ledger.read(sequence)) return decodeLedgerBatch(batch)[sequence - batch.first];
  return undefined;
}

/** Undefined where no order and no close-out that is asked of has this id, or nothing was refused. */
export async function explain(
  runtime: Runtime,
  parts: ShardParts,
  id: string,
  account: AccountId | undefined,
): Promise<ExplanationView | undefined> {
  const instrumentOf = (market: number) => parts.shard.instrument(market);
  const isAsked = (whose: AccountId) => account === undefined || account === whose;
  const record = /^l(\d+)-(\d+)$/.exec(id);
  if (record === null) {
    const number = Number(id);
    const known = Number.isSafeInteger(number) ? parts.shard.machine.order(orderId(number)) : undefined;
    const order = known ?? (await runtime.documents.orderById(id));
    if (order === undefined || !isAsked(order.account)) return undefined;
    const instrument = instrumentOf(order.market);
    const explanation = explanationOfOrder(instrument, order);
    if (explanation === undefined) return undefined;
    const outcome = order.rejection ?? order.status;
    const about = { id, account: order.account, outcome, time: order.updatedAt, instrument, explanation };
    return viewExplanation(about, instrumentOf);
  }
  if (Number(record[1]) !== parts.number) return undefined;
  const command = await ledgerRecord(parts, Number(record[2]));
  if (command?.kind !== "closeOut" && command?.kind !== "refuseAmend") return undefined;
  if (!isAsked(command.account)) return undefined;
  const { account: whose, explanation, time } = command;
  const market = command.kind === "refuseAmend" ? command.market : command.reduction?.market;
  const instrument = market === undefined ? undefined : instrumentOf(market);
  const outcome = command.kind === "refuseAmend" ? command.rejection : `closeOut.${command.event}`;
  return viewExplanation({ id, account: whose, outcome, time, instrument, explanation }, instrumentOf);
}

export async function setGuard(
  parts: ShardParts,
  runtime: Runtime,
  stated: Omit<SetGuard, "kind" | "time" | "guard"> & { readonly guard: Guard },
): Promise<GuardView> {
  const { shard } = parts;
  await shard.record({ kind: "guard", time: shard.now, ...stated });
  return viewGuard(runtime.instruments, stated.guard);
}

/** What an account may be used for; nothing binds one that is not open yet. */
export function accessOf({ shard }: ShardParts, account: AccountId): AccessRight {
  return shard.machine.account(account) === undefined ? "full" : shard.machine.guardian.accessOf(account);
}

/** The guards of the venue and of groups, and one account's own where one is asked for. */
export function guardsOf(
  { shard }: ShardParts,
  runtime: Runtime,
  account: AccountId | undefined,
): { venue: GuardView; groups: Record<string, GuardView>; account?: GuardView; access?: AccessRight } {
  const { guardian } = shard.machine;
  const view = (guard: Guard | undefined) => viewGuard(runtime.instruments, guard ?? NO_GUARD);
  const { venue, groups } = guardian.guards();
  const all = Object.fromEntries([...groups].map(([group, guard]) => [group, view(guard)]));
  if (account === undefined) return { venue: view(venue), groups: all };
  const access = guardian.accessOf(account);
  return { venue: view(venue), groups: all, account: view(guardian.guardOf(account)), access };
}

/** Newest first, from before `cursor` on. */
export async function guardChanges(
  parts: ShardParts,
  runtime: Runtime,
  { limit, before }: { readonly limit: number; readonly before: number },
): Promise<GuardChangeView[]> {
  const { changes } = parts.shard.machine.guardian;
  const asked = changes.filter(sequence => sequence < before).slice(-limit);
  const found: GuardChangeView[] = [];
  for (const sequence of asked.reverse()) {
    const command = await ledgerRecord(parts, sequence);
    if (command?.kind !== "guard") continue;
    const { scope, account, group, guard, by, reason, time } = command;
    found.push({
      ...{ id: `l${parts.number}-${sequence}`, scope },
      ...(scope === "account" ? { accountId: String(account) } : {}),
      ...(scope === "group" ? { group } : {}),
      ...{ guard: viewGuard(runtime.instruments, guard), by, reason, time: timeText(time) },
    });
  }
  return found;
}
