/** Charges of a venue's traders: tiers and points that come and go, and rollovers, among random trading. */
import type { Rolled } from "../../../engine/account/charge/charge-book.ts";
import { FEE_BASES } from "../../../engine/account/charge/fee-tier.ts";
import { nextTradeDate } from "../../../engine/calendar/value-date.ts";
import { type Days, money } from "../../../engine/units.ts";
import type { Turn } from "./random-trading.ts";
import { USD_1 } from "./venue.ts";

const CENT = USD_1 / 100n;

/** Fee tiers come and are given, points are set, and trade dates end. */
export function charge({ venue, account, instrument, flavour, offset, lots }: Turn): void {
  const { shard, charges } = venue.machineOf(account);
  const time = venue.now();
  const amount = money(BigInt(offset) * USD_1);
  const rate = { basis: FEE_BASES[flavour % FEE_BASES.length] ?? "fixed", amount, minimum: money(0n) };
  const number = charges.tiers().length + 1;
  const dear = { ...rate, minimum: money(BigInt(lots) * CENT) };
  const groups = [{ markets: flavour % 3 === 0 ? [instrument.number] : [], maker: rate, taker: dear }];
  const tier = flavour % number;
  const points = { long: BigInt(offset) * USD_1, short: BigInt(-lots) * USD_1 };
  switch (flavour % 4) {
    case 0:
      venue.record(shard, { kind: "feeTier", time, number, name: `tier ${number}`, groups });
      return;
    case 1:
      venue.record(shard, { kind: "accountTier", time, account, tier, pinned: offset > 0 });
      return;
    case 2:
      venue.record(shard, { kind: "swapPoints", time, market: instrument.number, ...points });
      return;
    default:
      for (const record of charges.planRollover(nextDay(charges.rolled), time, {
        points: new Map(),
        swapFree: new Map(),
        volumeCurrency: "USD",
        tierFor: volume => (volume > 0n ? charges.tiers().length : 0),
      })) {
        venue.record(shard, record);
      }
  }
}

/** The trade date after the last one that was rolled over, from a day of 2026 on. */
function nextDay({ day }: Rolled): Days {
  return nextTradeDate(Math.max(day, 20_500) as Days);
}
