/**
 * exchange-core's risk scenarios, read from the shared data and played through a shard and a market. Every
 * step is done and every table compared, but for what follows from its reserve price: a buyer there says up
 * front how far he may ever move his order, and that much is tied up. Here an order ties up what it may cost
 * at its own limit and each amend is asked anew (docs/ARCHITECTURE.md, "An order ties up what it may cost").
 * Ours is the better rule: nothing is tied up for a move that may never come, and none that the balance
 * covers is refused.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { OrderState } from "../../engine/account/order/order.ts";
import { defineInstrument } from "../../engine/instrument.ts";
import { type AccountId, type Lots, money, type Ticks } from "../../engine/units.ts";
import { Venue } from "../engine/account/venue.ts";
import { sharedFile } from "../shared-data.ts";

/** A lot is 100,000 units of ETH, a tick of it 10 of XBT. */
const ETHXBT = defineInstrument({
  symbol: "ETHXBT",
  tickSize: "0.0001",
  lotStep: "0.001",
  minimumQuantity: "0.001",
  settlement: "spot",
  number: 1,
});
const CLIENTS: readonly string[] = ["Alice", "Bob"];

/** By line: what Cambist does instead, and for the balances after it what is left. */
const OTHERWISE = new Map<number, { readonly why: string; readonly balance?: bigint }>([
  [81, { why: "18000@500 is covered by the balance: taken, as no reserve price of 19000 is asked for" }],
  [91, { why: "the limit of 18000 is tied up, not the reserve price of 18500", balance: 4_000_000n }],
  [97, { why: "the balance covers a move to 18501: taken" }],
  [98, { why: "as in line 91", balance: 4_000_000n }],
  [115, { why: "a move to 17500 sets free what 18500 had tied up", balance: 6_500_000n }],
]);

interface Step {
  readonly line: number;
  readonly text: string;
  readonly rows: string[][];
}

function readSteps(text: string): Step[][] {
  const scenarios: Step[][] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line.startsWith("Scenario")) scenarios.push([]);
    const cells = line.split("|").slice(1, -1);
    if (line.startsWith("|"))
      scenarios
        .at(-1)
        ?.at(-1)
        ?.rows.push(cells.map(cell => cell.trim()));
    else if (/^(Given|When|Then|And) /.test(line)) {
      scenarios.at(-1)?.push({ line: index + 1, text: line, rows: [] });
    }
  }
  return scenarios;
}

class Session {
  readonly venue = new Venue([ETHXBT], 1);
  readonly #orders = new Map<string, OrderState>();
  #heard = 0;

  /** The price of a trade and its size, of every trade since the last call. */
  trades(): string[] {
    const journal = this.venue.journals.get(ETHXBT.number) ?? [];
    const events = journal.slice(this.#heard).flatMap(record => record.events);
    this.#heard = journal.length;
    return events.flatMap(event => (event.event === "traded" ? [`${event.ticks}, ${event.lots}`] : []));
  }

  open(client: string, currency: string, amount: bigint): void {
    this.venue.open(accountOf(client), { currency, deposit: amount });
  }

  deposit(client: string, currency: string, amount: bigint): void {
    const stated = { account: accountOf(client), currency, amount: money(amount), reference: "" };
    this.venue.record(0, { kind: "deposit", time: this.venue.now(), ...stated });
  }

  place(client: string, side: string, id: string, price: number, lots: number, timeInForce: string) {
    const order = this.venue.place(accountOf(client), ETHXBT, {
      side: side === "BID" ? "buy" : "sell",
      lots,
      ticks: price,
      timeInForce: timeInForce as "GTC" | "IOC",
    });
    if (order.status !== "rejected") this.#orders.set(id, order);
    return order.rejection;
  }

  order(id: string): OrderState {
    const order = this.#orders.get(id);
    expect(order, id).toBeDefined();
    return order as OrderState;
  }

  /** Open orders as the scenarios show them. */
  orders(client: string): string[][] {
    return this.venue.machines.flatMap(machine =>
      machine.openOrders(accountOf(client)).map(order => {
        const [id = ""] = [...this.#orders].find(([, known]) => known.id === order.id) ?? [];
        const side = order.side === "buy" ? "BID" : "ASK";
        return [id, String(order.ticks), String(order.lots), String(order.filledLots), side];
      }),
    );
  }

  available(client: string, currency: string): bigint {
    const balances = this.venue.machineOf(accountOf(client)).money.balances(accountOf(client));
    return balances.find(balance => balance.currency === currency)?.available ?? 0n;
  }

  /** Price by price, as `bids|price` and `price|asks`. */
  book(): string[] {
    const depth = this.venue.markets.get(ETHXBT.number)?.depth(100);
    const asks = depth?.asks.map(({ ticks, lots }) => `${ticks}|${lots}`) ?? [];
    return [...asks.reverse(), ...(depth?.bids.map(({ ticks, lots }) => `${lots}|${ticks}`) ?? [])];
  }
}

function accountOf(client: string): AccountId {
  return (CLIENTS.indexOf(client) + 1) as AccountId;
}

const PLACE = /client (\w+) (places|could not place) an (BID|ASK) order (\d+) at (\d+)@(\d+) \(type: (\w+)/;
const MOVE = /client (\w+) (moves|could not move) a price to (\d+) of the order (\d+)/;

function act(session: Session, { text }: Step): boolean {
  const opened = /New client (\w+) has a balance/.exec(text);
  const added = /(\d+) (\w+) is added to the balance of a client (\w+)/.exec(text);
  const cancel = /cancels the remaining size (\d+) of the order (\d+)/.exec(text);
  const place = PLACE.exec(text);
  const move = MOVE.exec(text);
  if (opened !== null) return false;
  if (added !== null) session.deposit(added[3] ?? "", added[2] ?? "", BigInt(added[1] ?? 0));
  else if (place !== null) {
    const [, client = "", verb, side = "", id = "", price, size, timeInForce = ""] = place;
    const rejection = session.place(client, side, id, Number(price), Number(size), timeInForce);
    expect(rejection, text).toBe(verb === "places" ? undefined : "balanceInsufficient");
  } else if (move !== null) {
    const answer = session.venue.amend(session.order(move[4] ?? ""), 0, Number(move[3]));
    expect(answer, text).toMatchObject({ rejection: undefined });
  } else if (cancel !== null) {
    const order = session.order(cancel[2] ?? "");
    expect(order.lots - order.filledLots).toBe(Number(cancel[1]));
    session.venue.cancel(order);
  } else return false;
  return true;
}

function compare(session: Session, { line, text, rows }: Step): void {
  const client = /client (\w+)/.exec(text)?.[1] ?? "";
  const matched = /matched\. LastPx: (\d+), LastQty: (\d+)/.exec(text);
  if (text.includes("New client")) {
    for (const [currency = "", amount = "0"] of rows) session.open(client, currency, BigInt(amount));
  } else if (text.includes("A balance of")) {
    for (const [currency = "", amount = "0"] of rows) {
      const expected = OTHERWISE.get(line)?.balance ?? BigInt(amount);
      expect(session.available(client, currency), `line ${line}`).toBe(expected);
    }
  } else if (text.endsWith("orders:")) {
    const shown = rows.slice(1).map(row => row.filter((_, column) => column !== 4));
    expect(session.orders(client), `line ${line}`).toEqual(shown);
  } else if (text.includes("does not have active orders")) expect(session.orders(client)).toEqual([]);
  else if (text.endsWith("order book is:")) {
    const levels = rows.filter(row => !row.includes("price")).map(row => row.filter(cell => cell !== ""));
    expect(session.book(), `line ${line}`).toEqual(levels.map(row => row.join("|")));
  } else if (matched !== null) expect(session.trades()).toEqual([`${matched[1]}, ${matched[2]}`]);
  else if (text.includes("No trade events")) expect(session.trades()).toEqual([]);
  else expect(text).toBe("a step that is known");
}

const feature = sharedFile("matching/exchange-core/risk.feature");

describe.skipIf(feature === undefined)("exchange-core's risk", () => {
  const scenarios = readSteps(feature === undefined ? "" : readFileSync(feature, "utf8"));

  test.each(scenarios.map((steps, index) => [index + 1, steps] as const))("scenario %i", (_, steps) => {
    const session = new Session();
    let done = 0;
    for (const step of steps) {
      const otherwise = OTHERWISE.get(step.line);
      if (otherwise !== undefined && otherwise.balance === undefined) continue;
      if (!act(session, step)) compare(session, step);
      session.venue.check();
      done++;
    }
    expect(done).toBeGreaterThan(15);
  });

  test("what is done otherwise is what the rule says", () => {
    const session = new Session();
    session.open("Bob", "XBT", 94_000_000n);
    expect(session.place("Bob", "BID", "0", 19_000, 500, "GTC")).toBe("balanceInsufficient");
    expect(session.place("Bob", "BID", "1", 18_000, 500, "GTC")).toBeUndefined();
    const machine = session.venue.machineOf(accountOf("Bob"));
    const moved = (price: number) => machine.decideAmend(session.order("1"), 0 as Lots, price as Ticks);
    expect(moved(18_501)).toEqual({ reserved: 501n * 500n * 10n });
    expect(moved(18_800)).toEqual({ reserved: 4_000_000n });
    expect(moved(18_801)).toBe("balanceInsufficient");
  });
});
