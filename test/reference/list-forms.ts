/** Lists of orders that depend on each other, for property tests: most of them as they should be. */
import fc from "fast-check";
import type { ExitDistance } from "../../engine/market/command.ts";
import type { OrderTerms, Trigger } from "../../engine/market/terms.ts";
import type { Money, Side, Ticks } from "../../engine/units.ts";
import type { LegForm, ListForm } from "./commands.ts";

const account = fc.integer({ min: 1, max: 3 });
const side = fc.constantFrom("buy" as const, "sell" as const);
const ticks = fc.integer({ min: 92, max: 108 });
const lots = fc.integer({ min: 1, max: 40 });
const source = fc.constantFrom(
  "last" as const,
  "last" as const,
  "bid" as const,
  "ask" as const,
  "mid" as const,
);

function leg(form: Partial<LegForm> & { side: Side; lots: number }, terms?: OrderTerms): LegForm {
  const isMarket = form.type === "market";
  return {
    ...{ type: "limit", timeInForce: isMarket ? "IOC" : "GTC", postOnly: false, ticks: 0, ...form },
    ...(terms === undefined || Object.keys(terms).length === 0 ? undefined : { terms }),
  };
}

const special: fc.Arbitrary<OrderTerms> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ hidden: true as const }) },
  { weight: 1, arbitrary: fc.constant({ displayLots: 3 as OrderTerms["displayLots"] } as OrderTerms) },
);

const trigger = fc.record({
  kind: fc.constantFrom("stop", "takeProfit"),
  source,
  stopTicks: ticks,
}) as fc.Arbitrary<Trigger>;

/** An order that rests or waits for a price, of some conditions. */
const anyLeg: fc.Arbitrary<LegForm> = fc
  .record({
    ...{ side, lots, ticks, special, waits: fc.option(trigger, { freq: 2 }), postOnly: fc.nat(9) },
    condition: fc.oneof(
      { weight: 8, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.constant({ minimumLots: 2 } as OrderTerms) },
      { weight: 1, arbitrary: fc.constant({ allOrNone: true as const }) },
    ),
    market: fc.nat(2),
    lasts: fc.constantFrom("GTC", "GTC", "GTC", "GTC", "DAY", "ATC", "GFA" as const),
  })
  .map(({ special: more, waits, market, postOnly, condition, lasts, ...form }) => {
    const type = waits !== null && market === 0 ? ("market" as const) : ("limit" as const);
    const hidden = type === "market" || "minimumLots" in condition || "allOrNone" in condition ? {} : more;
    const terms = { ...condition, ...hidden, ...(waits === null ? {} : { trigger: waits }) };
    if (waits === null && lasts !== "GTC" && Object.keys(condition).length === 0) {
      return leg({ ...form, timeInForce: lasts });
    }
    const plain = {
      ...form,
      ticks: type === "market" ? 0 : form.ticks,
      postOnly: type === "limit" && postOnly === 0,
    };
    return leg({ ...plain, type }, terms);
  });

const peers: fc.Arbitrary<ListForm> = fc.record({
  ...{ kind: fc.constant("list" as const), account },
  contingency: fc.constantFrom("OCO" as const, "OUO" as const),
  legs: fc.array(anyLeg, { minLength: 2, maxLength: 3 }),
});

const entry: fc.Arbitrary<LegForm> = fc.oneof(
  { weight: 3, arbitrary: anyLeg },
  {
    weight: 1,
    arbitrary: fc
      .record({ side, lots, form: fc.constantFrom("IOC" as const, "FOK" as const) })
      .map(({ form, ...size }) => leg({ ...size, type: "market", timeInForce: form })),
  },
);

const follower = anyLeg.map(({ terms, ...form }): LegForm => {
  const { minimumLots: _, allOrNone: __, ...rest } = terms ?? {};
  const { timeInForce } = form;
  return leg({ ...form, timeInForce: timeInForce === "DAY" ? "DAY" : "GTC" }, rest);
});

const oto: fc.Arbitrary<ListForm> = fc
  .record({ account, entry, others: fc.array(follower, { minLength: 1, maxLength: 2 }), market: fc.nat(5) })
  .map(({ account: owner, entry: first, others, market }) => {
    const atOnce = leg({ side: "sell", lots: 7, type: "market" });
    const legs = [first, ...others, ...(market === 0 ? [atOnce] : [])];
    return { kind: "list", account: owner, contingency: "OTO", legs };
  });

const distance: fc.Arbitrary<ExitDistance> = fc.oneof(
  fc
    .oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 12 }) }, fc.integer({ min: 90, max: 110 }))
    .map(away => ({ by: "ticks" as const, ticks: away as Ticks })),
  fc
    .integer({ min: 1, max: 300 })
    .map(away => ({ by: "money" as const, money: (BigInt(away) * 100_000_000n) as Money })),
);

export const exits: fc.Arbitrary<ListForm> = fc
  .record({
    ...{
      account,
      entry,
      profit: ticks,
      loss: ticks,
      near: fc.option(distance),
      far: fc.option(distance),
      source,
    },
    ...{
      kinds: fc.nat(7),
      contingency: fc.constantFrom("OTOCO" as const, "bracket" as const),
      special,
      only: fc.nat(5),
    },
  })
  .map(form => {
    const { entry: first, contingency, kinds } = form;
    const size = { side: first.side === "buy" ? "sell" : "buy", lots: first.lots } as const;
    const exit = (
      kind: Trigger["kind"] | undefined,
      price: number,
      limits: boolean,
      away: ExitDistance | null,
    ) => {
      const far = contingency === "bracket" ? away : null;
      const at = far === null ? (price as Ticks) : (0 as Ticks);
      const offset = limits && far !== null ? { limitOffset: 2 as Ticks } : {};
      const waits = kind && { kind, source: form.source, stopTicks: at, ...offset };
      const type = kind === undefined || limits ? ("limit" as const) : ("market" as const);
      const plain = {
        ...size,
        type,
        ticks: type === "limit" ? at : 0,
        ...(far === null ? {} : { distance: far }),
      };
      return leg(plain, { ...(kind === undefined ? form.special : {}), ...(waits && { trigger: waits }) });
    };
    const isTrigger = (kinds & 1) !== 0 && (kinds & 4) !== 0;
    const profit = exit(isTrigger ? "takeProfit" : undefined, form.profit, (kinds & 2) !== 0, form.near);
    const loss = exit("stop", form.loss, (kinds & 2) === 0, form.far);
    const legs = contingency === "bracket" && form.only === 0 ? [first, loss] : [first, profit, loss];
    return { kind: "list", account: form.account, contingency, legs };
  });

const strange: fc.Arbitrary<ListForm> = fc.record({
  ...{ kind: fc.constant("list" as const), account },
  contingency: fc.constantFrom("OCO" as const, "OTO" as const, "OTOCO" as const, "bracket" as const),
  legs: fc.array(anyLeg, { minLength: 1, maxLength: 11 }),
});

export const listForm: fc.Arbitrary<ListForm> = fc.oneof(
  { weight: 6, arbitrary: peers },
  { weight: 5, arbitrary: oto },
  { weight: 9, arbitrary: exits },
  { weight: 1, arbitrary: strange },
);
