/** Shards that trade at random own what plain sums over their records say, provider or client. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { PlainAccounts } from "../../../engine/audit/plain-accounts.ts";
import { act, INSTRUMENTS, openVenue, step } from "../account/random-trading.ts";

const quotes = new Map(INSTRUMENTS.map(({ number, quote }) => [number, quote]));

/** Those of what is not zero. */
function present<Key>(sums: ReadonlyMap<Key, bigint | number>): [Key, bigint][] {
  const all = [...sums].map(([key, sum]): [Key, bigint] => [key, BigInt(sum)]);
  return all.filter(([, sum]) => sum !== 0n).sort(([left], [right]) => (left < right ? -1 : 1));
}

test("a shard's accounts are what their records add up to", { timeout: 120_000 }, () => {
  const steps = fc.array(step, { minLength: 1, maxLength: 200, size: "max" });
  fc.assert(
    fc.property(steps, all => {
      const venue = openVenue();
      for (const each of all) act(venue, each);
      venue.deliverAll();
      const plain = new PlainAccounts(INSTRUMENTS);
      for (const [shard, ledger] of venue.ledgers.entries()) {
        for (const command of ledger) plain.hearLedger(shard, command);
      }
      for (const records of venue.journals.values()) for (const record of records) plain.hearMarket(record);
      for (const machine of venue.machines) {
        for (const account of machine.accounts()) {
          const added = plain.account(account);
          const worth = new Map(
            machine.money.balances(account).map(({ currency, total }) => [currency, BigInt(total)]),
          );
          const lots = new Map<number, number>();
          for (const { market, lots: size, cost } of machine.positions(account)) {
            const quote = quotes.get(market) ?? "";
            worth.set(quote, (worth.get(quote) ?? 0n) - cost);
            lots.set(market, (lots.get(market) ?? 0) + size);
          }
          expect(present(worth)).toEqual(present(added?.worth ?? new Map()));
          expect(present(lots)).toEqual(present(added?.lots ?? new Map()));
        }
      }
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 40), seed: Number(process.env.SEED ?? 20261120) },
  );
});
