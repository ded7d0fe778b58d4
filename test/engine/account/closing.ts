/** Does with what a monitor finds what a shard does: records it, and closes out step by step. */
import { AccountMachine } from "../../../engine/account/account-machine.ts";
import type { LedgerCommand } from "../../../engine/account/command.ts";
import type { Finding } from "../../../engine/account/guard/margin-monitor.ts";
import type { OrderState } from "../../../engine/account/order/order.ts";
import { type AccountId, assert, type Milliseconds } from "../../../engine/units.ts";
import { EURUSD, type Venue } from "./venue.ts";

/** What the ledger was told since `from`. */
export function told(venue: Venue, from: number): LedgerCommand[] {
  return (venue.ledgers[0] ?? []).slice(from);
}

/** A shard that hears the ledger to its end and then each market, as after a restart. */
export function replayed(venue: Venue): AccountMachine {
  const machine = new AccountMachine(0, 1, venue.instruments);
  for (const [index, command] of told(venue, 0).entries()) machine.applyLedger(index + 1, command);
  for (const records of venue.journals.values()) for (const record of records) machine.applyMarket(record);
  machine.check();
  return machine;
}

/** Looks at all there is, in parts, and records what was found; returns it. */
export function watch(venue: Venue, at: Milliseconds = venue.now()): Finding[] {
  const { guardian } = venue.machineOf(1 as AccountId);
  const findings: Finding[] = [];
  do findings.push(...guardian.look(at, 2));
  while (guardian.monitor.waiting > 0);
  for (const { account, ...finding } of findings) {
    if (finding.kind === "call") {
      const { event, perMille, equity, marginUsed } = finding;
      venue.record(0, { kind: "marginCall", time: at, account, event, perMille, equity, marginUsed });
    }
    if (finding.kind === "deficit") {
      venue.record(0, { kind: "protectBalance", time: at, account, amount: finding.amount });
    }
  }
  return findings;
}

/** Closes an account out as far as it goes; returns the orders that did it. */
export function closeOut(venue: Venue, account: AccountId): OrderState[] {
  const { guardian, desk } = venue.machineOf(account);
  const orders: OrderState[] = [];
  const time = venue.now();
  const first = guardian.nextStep(account, time);
  assert(first !== undefined, "the account can be valued");
  const { explanation } = first;
  if (guardian.closingSince(account) === undefined) {
    venue.record(0, { kind: "closeOut", time, account, event: "begin", explanation });
  }
  for (const market of guardian.marketsOfOrders(account)) {
    const instrument = venue.instruments.find(({ number }) => number === market) ?? EURUSD;
    venue.sendPlain(account, instrument, { kind: "massCancel" });
  }
  venue.deliverAll();
  for (;;) {
    const step = guardian.nextStep(account, venue.now());
    if (step === undefined) break;
    const { reduction } = step;
    if (reduction === undefined) {
      venue.record(0, { kind: "closeOut", time, account, event: "end", explanation: step.explanation });
      break;
    }
    const stated = { event: "reduce", reduction, explanation: step.explanation } as const;
    venue.record(0, { kind: "closeOut", time: venue.now(), account, ...stated });
    const { market, side, lots, ticket } = reduction;
    const named = ticket === undefined ? {} : { position: ticket };
    const terms = { intent: "reduceOnly", ...named } as const;
    const request = venue.request(account, market, { side, lots, terms });
    assert(typeof desk.decideOrder(request, venue.now(), undefined, true) !== "string", "it may close");
    venue.send(request);
    venue.deliverAll();
    const order = venue.machineOf(account).outcome(account, request.clientOrderId);
    assert(typeof order === "object", "the order has an outcome");
    orders.push(order);
    if (order.filledLots === 0) break;
  }
  guardian.monitor.release(account);
  return orders;
}
