/**
 * What traders of a venue do at random: every type of order and every command, over two shards and four
 * markets, with restrictions and phases that come and go. What is heard when is a part of it.
 */
import fc from "fast-check";
import { NO_GUARD } from "../../../engine/account/guard/guard.ts";
import { isOpen, type OrderState } from "../../../engine/account/order/order.ts";
import type { LegRequest } from "../../../engine/account/order/request.ts";
import { DEFAULT_KIND } from "../../../engine/account/profile.ts";
import type { Instrument } from "../../../engine/instrument.ts";
import { CONTINGENCIES, type Contingency } from "../../../engine/market/command.ts";
import type { Phase } from "../../../engine/market/phase.ts";
import {
  ORDER_INTENTS,
  type OrderTerms,
  PEG_REFERENCES,
  type Peg,
  type SelfTradeMode,
  type Trail,
  type Trigger,
} from "../../../engine/market/terms.ts";
import {
  type AccountId,
  type Lots,
  type Milliseconds,
  money,
  type Side,
  type Ticks,
} from "../../../engine/units.ts";
import { charge } from "./random-charges.ts";
import { MoneyRoad, moveMoney } from "./random-money.ts";
import {
  type Asking,
  accountsOf,
  EURJPY,
  EURUSD,
  type PlainCommand,
  SHARE,
  USD_1,
  USDJPY,
  Venue,
} from "./venue.ts";

export const SHARDS = 2;
export const INSTRUMENTS = [SHARE, EURUSD, USDJPY, EURJPY];
const MIDDLES = new Map([
  [EURUSD.number, 110_000],
  [USDJPY.number, 150_000],
  [EURJPY.number, 165_000],
  [SHARE.number, 5_000],
]);
const CENT = USD_1 / 100n;
const MARKET_ORDER = { type: "market", timeInForce: "IOC", ticks: 0 } as const;
/** Four accounts a shard: a liquidity provider, and clients in USD, EUR and JPY; three of them hedge. */
const ACCOUNTS = [0, 1].flatMap(shard => accountsOf(shard, SHARDS, 4));

export const step = fc.record({
  action: fc.nat({ max: 117 }),
  account: fc.nat({ max: ACCOUNTS.length - 1 }),
  market: fc.nat({ max: INSTRUMENTS.length - 1 }),
  sell: fc.boolean(),
  lots: fc.integer({ min: 1, max: 40 }),
  offset: fc.integer({ min: -6, max: 6 }),
  flavour: fc.nat({ max: 99 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const stop = (kind: Trigger["kind"], price: number, more: Partial<Trigger> = {}): Partial<Asking> => ({
  terms: { trigger: { kind, source: "last", stopTicks: price as Ticks, ...more } },
});

function trailing(trail: Trail, first = 0, offset?: number): Partial<Asking> {
  return stop("stop", first, offset === undefined ? { trail } : { trail, limitOffset: offset as Ticks });
}

/** What an order is beyond a limit order of some lots at some price. */
const KINDS: readonly ((size: number, price: number, time: number) => Partial<Asking>)[] = [
  () => ({}),
  () => ({ timeInForce: "IOC" }),
  () => ({ timeInForce: "FOK" }),
  () => ({ postOnly: true }),
  () => ({}),
  () => MARKET_ORDER,
  size => ({ terms: { displayLots: Math.ceil(size / 4) as Lots } }),
  () => ({ terms: { hidden: true } }),
  size => ({ terms: { minimumLots: Math.ceil(size / 3) as Lots } }),
  () => ({ terms: { allOrNone: true } }),
  (_size, price) => stop("stop", price),
  (_size, price) => ({ ...MARKET_ORDER, ...stop("takeProfit", price) }),
  (_size, price) => ({ ...MARKET_ORDER, timeInForce: "GTC", ...stop("stop", price) }),
  size => ({ ...MARKET_ORDER, timeInForce: "GTC", ...trailing({ by: "ticks", distance: 1 + (size % 3) }) }),
  (_size, price) => ({ ...MARKET_ORDER, ...trailing({ by: "perMille", distance: 1 }, price) }),
  size => ({ ticks: 0, ...trailing({ by: "ticks", distance: 1 + (size % 3) }, 0, 2) }),
  (_size, price) => ({ ...stop("takeProfit", price, { source: "mark", doubleTick: true }) }),
  () => ({ postOnly: true, terms: { slide: true } }),
  size => ({ ...MARKET_ORDER, terms: { slippageTicks: (size % 4) as Ticks } }),
  (size, price) => ({ ...MARKET_ORDER, lots: 0, terms: { budget: money(BigInt(size * price) * CENT) } }),
  () => ({ timeInForce: "DAY" }),
  () => ({ timeInForce: "ATO" }),
  () => ({ timeInForce: "ATC" }),
  () => ({ ...MARKET_ORDER, timeInForce: "ATC" }),
  () => ({ timeInForce: "GFA" }),
  () => ({ ...MARKET_ORDER, timeInForce: "GFA" }),
  (size, _price, time) => until(time, size, {}),
  (size, price, time) => until(time, size, stop("stop", price)),
  () => selfTrade("expireTaker"),
  () => selfTrade("expireMaker"),
  () => ({ ...MARKET_ORDER, ...selfTrade("expireBoth") }),
  size => selfTrade("decrement", { displayLots: Math.ceil(size / 3) as Lots }),
  size => ({ terms: { peg: pegOf(size) } }),
  size => ({ ticks: 0, terms: { peg: pegOf(size) } }),
  size => ({ timeInForce: "DAY", terms: { peg: pegOf(size), minimumLots: Math.ceil(size / 3) as Lots } }),
];

function pegOf(size: number): Peg {
  return { to: PEG_REFERENCES[size % PEG_REFERENCES.length] ?? "own", offset: (size % 5) - 2 };
}

/** Good for so many seconds from now. */
function until(time: number, seconds: number, asking: Partial<Asking>): Partial<Asking> {
  const expireAt = ((Math.floor(time / 1_000) + seconds) * 1_000) as Milliseconds;
  return { ...asking, timeInForce: "GTD", terms: { ...asking.terms, expireAt } };
}

/** What happens where an order would meet another of its own trader. */
function selfTrade(mode: SelfTradeMode, terms: OrderTerms = {}): Partial<Asking> {
  return { terms: { ...terms, selfTrade: { mode, group: 1 } } };
}

/** Mostly back to trading, so that what a call has collected meets. */
const PHASES_TRIED: readonly Phase[] = [
  ...(["continuous", "continuous", "opening-auction", "intraday-auction", "close-only"] as const),
  ...(["continuous", "closing-auction", "cancel-only", "halted", "post-close"] as const),
  ...(["continuous", "closing-price-cross", "closing-auction", "continuous"] as const),
];

export function openVenue(): Venue {
  const venue = new Venue(INSTRUMENTS, SHARDS);
  for (const [index, account] of ACCOUNTS.entries()) {
    const liquidity = index % 4 === 0;
    const currency = ["USD", "USD", "EUR", "JPY"][index % 4] ?? "USD";
    const deposit = (liquidity ? 100_000_000n : currency === "JPY" ? 150_000n : 1_200n) * USD_1;
    const hedges = index === 2 || index === 5 || index === 7;
    const as = { ...DEFAULT_KIND, positions: hedges ? "hedging" : "netting" } as const;
    venue.open(account, { currency, liquidity, leverage: liquidity ? 500 : 30, deposit, as });
    const shares = { account, currency: "ACME", amount: money(30n * USD_1), reference: "shares" };
    venue.record(venue.machineOf(account).shard, { kind: "deposit", time: venue.now(), ...shares });
  }
  const [maker = 1 as AccountId] = ACCOUNTS;
  for (const instrument of INSTRUMENTS) {
    const middle = MIDDLES.get(instrument.number) ?? 0;
    venue.place(maker, instrument, { side: "buy", lots: 20, ticks: middle - 1 });
    venue.place(maker, instrument, { side: "sell", lots: 20, ticks: middle + 1 });
  }
  return venue;
}

/** An open order of the account's, if its shard has heard of one. */
function someOrder(venue: Venue, account: AccountId, offset: number): OrderState | undefined {
  const orders = venue.machineOf(account).openOrders(account);
  return orders[Math.abs(offset) % Math.max(1, orders.length)];
}

/** Who does it where, and of what size and price it is. */
export interface Turn extends Omit<Step, "account" | "market"> {
  readonly venue: Venue;
  readonly account: AccountId;
  readonly instrument: Instrument;
  readonly side: Side;
  readonly price: number;
  readonly shard: number;
}

function requestOf(turn: Turn) {
  const { venue, account, instrument, side, lots, price, flavour } = turn;
  const kind = KINDS[flavour % KINDS.length]?.(lots, price, venue.now());
  const asked = { side, lots, ticks: price, ...kind, ...aimOf(turn, kind?.terms) };
  return venue.request(account, instrument.number, asked as { lots: number });
}

/** What some orders are to do to the position, and which ticket they name. */
function aimOf({ venue, account, instrument, lots, flavour }: Turn, terms?: OrderTerms): Partial<Asking> {
  const intent = ORDER_INTENTS[(lots + flavour) % 8];
  const machine = venue.machineOf(account);
  if (intent === undefined || machine.account(account)?.liquidity === true) return {};
  const positions = machine.positions(account);
  const tickets = positions.filter(({ market }) => market === instrument.number);
  const position = intent === "openOnly" ? undefined : tickets[lots % 3]?.ticket;
  return { terms: { ...terms, intent, ...(position === undefined ? {} : { position }) } };
}

function amend({ venue, account, offset, flavour, lots, price }: Turn): void {
  const order = someOrder(venue, account, offset);
  if (order === undefined) return;
  const unlimited = order.ticks === 0 && order.terms?.peg === undefined;
  const limit = flavour % 13 === 1 || unlimited ? 0 : (order.ticks || price) + offset;
  const stopTicks = order.awaits === undefined ? undefined : (price as Ticks);
  const moved = flavour % 3 === 0 && stopTicks !== undefined ? { stopTicks } : undefined;
  const trails = flavour % 2 === 0 && order.terms?.trigger?.trail !== undefined;
  const pegs = flavour % 2 === 0 && order.terms?.peg !== undefined;
  const followed = pegs ? { peg: pegOf(lots) } : moved;
  const terms = trails ? { ...moved, trail: { by: "ticks", distance: lots } as const } : followed;
  venue.sendAmend(order, flavour % 13 === 0 ? 0 : lots, limit, terms);
}

/** What guards look at is a fact of both journals: days that begin, calls and close-outs among trades. */
function setGuard(venue: Venue, account: AccountId, flavour: number): void {
  const { shard, guardian } = venue.machineOf(account);
  const time = venue.now();
  const signed = { time, by: "ops", reason: "" };
  const guard = { ...NO_GUARD, coolDownMs: flavour, dailyOrdersMaximum: 100, leverageMaximum: 25 };
  venue.record(shard, { kind: "guard", scope: "account", account, group: "", guard, ...signed });
  for (const record of guardian.baselines(time)) venue.record(shard, record);
  for (const finding of guardian.look(time)) {
    if (finding.kind !== "call") continue;
    const { event, perMille, equity, marginUsed } = finding;
    const figures = { event, perMille, equity, marginUsed };
    venue.record(shard, { kind: "marginCall", time, account: finding.account, ...figures });
    guardian.monitor.release(finding.account);
  }
  const explanation = { formula: "closeOut", inputs: [], marks: [] } as const;
  const event = guardian.closingSince(account) === undefined ? "begin" : "end";
  if (flavour % 2 === 0) venue.record(shard, { kind: "closeOut", time, account, event, explanation });
}

function restrict({ venue, account, flavour, offset, shard }: Turn): void {
  const state = (["active", "active", "reducing", "halted"] as const)[flavour % 4] ?? "active";
  const whose = offset === 0 ? (0 as AccountId) : account;
  const at = offset === 0 ? shard : venue.machineOf(account).shard;
  venue.record(at, { kind: "restrict", time: venue.now(), account: whose, state, reason: "" });
  if (flavour % 3 === 0) setGuard(venue, account, flavour);
  if (flavour % 5 > 0) return;
  const limits = { openOrdersMaximum: flavour, notionalMaximum: money(BigInt(flavour) * 1_000n * USD_1) };
  const machine = venue.machineOf(account);
  venue.record(machine.shard, { kind: "limit", time: venue.now(), account, selfTradeGroup: 0, ...limits });
}

function replace(turn: Turn): void {
  const order = someOrder(turn.venue, turn.account, turn.offset);
  const market = INSTRUMENTS.find(({ number }) => number === order?.market);
  if (order === undefined || market === undefined) return;
  if (!isOpen(order)) return;
  const price = (MIDDLES.get(market.number) ?? 0) + turn.offset;
  const request = requestOf({ ...turn, instrument: market, price });
  turn.venue.sendReplace(order, request, turn.flavour % 3 === 0 ? "allow" : "stop");
}

type AskedLeg = Partial<Asking> & Pick<LegRequest, "distance">;

/** The legs of a list of each kind, around a price. */
function legsOf(contingency: Contingency, turn: Turn): AskedLeg[] {
  const { side, price, lots, offset, flavour } = turn;
  const other: Side = side === "buy" ? "sell" : "buy";
  const away = (1 + Math.abs(offset)) * (side === "buy" ? 1 : -1);
  const own: AskedLeg = { side, lots, ticks: price };
  if (contingency === "OCO" || contingency === "OUO") {
    const second: AskedLeg = { ...own, ...stop("stop", price + away), ticks: price + 2 * away };
    return [own, flavour % 2 === 0 ? { ...own, side: other, ticks: price + away } : second];
  }
  if (contingency === "OTO") {
    const follows = { side: flavour % 3 === 0 ? side : other, lots: 1 + (flavour % 40) };
    return [own, { ...follows, ticks: price + away }];
  }
  const exits: AskedLeg = { side: other, lots };
  const waiting = { ...exits, ...MARKET_ORDER, timeInForce: "GTC" } as const;
  if (contingency === "OTOCO" || flavour % 2 === 0) {
    const stops = { ...waiting, ...stop("stop", price - 2 * away) };
    return [own, { ...exits, ticks: price + away }, stops];
  }
  const distance = { by: "ticks", ticks: Math.abs(away) as Ticks } as const;
  return [own, { ...exits, ticks: 0, distance }, { ...waiting, ...stop("stop", 0), distance }];
}

function list(turn: Turn): void {
  const { venue, account, instrument, flavour } = turn;
  const contingency = CONTINGENCIES[flavour % CONTINGENCIES.length] ?? "OCO";
  const legs = legsOf(contingency, turn).map(({ distance, ...asked }): LegRequest => {
    const request = venue.request(account, instrument.number, asked as { lots: number });
    const { market: _market, account: _account, liquidity: _own, reference: _quote, ...leg } = request;
    return distance === undefined ? leg : { ...leg, distance };
  });
  const { liquidity = false } = venue.machineOf(account).account(account) ?? {};
  venue.sendList({ account, market: instrument.number, liquidity, reference: 0, contingency, legs });
}

function quote({ venue, account, instrument, price, lots, flavour, offset }: Turn): void {
  const { liquidity = false } = venue.machineOf(account).account(account) ?? {};
  const quotes = Array.from({ length: flavour % 5 }, (_, level) => {
    const side: Side = level % 2 === 0 ? "buy" : "sell";
    const away = (1 + Math.abs(offset % 3) + (level >> 1)) * (side === "buy" ? -1 : 1);
    return { side, lots: (1 + (lots >> level)) as Lots, ticks: (price - offset + away) as Ticks };
  });
  const { clientOrderId } = venue.request(account, instrument.number, { lots });
  const asked = { account, market: instrument.number, liquidity, reference: 0 };
  venue.sendQuotes({ ...asked, clientOrderId, postOnly: flavour % 3 === 0, quotes });
}

/** What takes an account's orders out when something comes to pass. */
function guard({ venue, account, instrument, lots, flavour }: Turn): void {
  const most = {
    quantityMax: Math.ceil(lots / 4) as Lots,
    countMax: flavour % 4,
    deltaMax: (lots * 2) as Lots,
  };
  const commands: PlainCommand[] = [
    { kind: "cancelAllAfter", timeoutMs: lots * 100 },
    { kind: "cancelAllAfter", timeoutMs: 0 },
    { kind: "protect", windowMs: lots * 100, ...most },
    { kind: "resetProtection" },
    { kind: "resetProtection" },
  ];
  const command = commands[flavour % commands.length];
  if (command !== undefined) venue.sendPlain(account, instrument, command);
}

function listen({ venue, lots, shard, instrument }: Turn): void {
  for (let count = 0; count < lots; count++) venue.deliver(shard, instrument.number);
}

/** Transfers on their way, of each venue. */
const roads = new WeakMap<Venue, MoneyRoad>();

export function roadOf(venue: Venue): MoneyRoad {
  const road = roads.get(venue) ?? new MoneyRoad(venue);
  roads.set(venue, road);
  return road;
}

function moneyTurn(turn: Turn): void {
  const to = ACCOUNTS[(turn.lots + turn.flavour) % ACCOUNTS.length] ?? turn.account;
  moveMoney(roadOf(turn.venue), turn.venue, turn.account, to, turn);
}

/** Each as often as its weight says, of a hundred and eighteen. */
const ACTIONS: readonly (readonly [weight: number, action: (turn: Turn) => void])[] = [
  [30, turn => void turn.venue.send(requestOf(turn))],
  [14, amend],
  [
    8,
    ({ venue, account, offset }) => {
      const order = someOrder(venue, account, offset);
      if (order !== undefined && isOpen(order)) venue.sendCancel(order);
    },
  ],
  [6, replace],
  [8, list],
  [4, quote],
  [3, guard],
  [
    1,
    ({ venue, account, instrument, side, flavour }) =>
      venue.sendPlain(account, instrument, { kind: "massCancel", ...(flavour % 2 === 0 ? {} : { side }) }),
  ],
  [
    4,
    ({ venue, instrument, flavour, offset }) =>
      venue.sendPhase(instrument, PHASES_TRIED[(flavour + offset + 6) % PHASES_TRIED.length] ?? "continuous"),
  ],
  [2, restrict],
  [
    2,
    ({ venue, instrument, price }) => {
      const ticks = price as Ticks;
      venue.submit(instrument.number, { kind: "price", time: venue.now(), which: "mark", ticks });
    },
  ],
  [
    2,
    ({ venue, instrument, lots, flavour }) => {
      venue.wait(lots * 500);
      const kind = flavour % 3 === 0 ? "endOfDay" : "clock";
      venue.submit(instrument.number, { kind, time: venue.now() });
    },
  ],
  [16, listen],
  [12, moneyTurn],
  [2, charge],
  [4, turn => roadOf(turn.venue).closeAllBy(ACCOUNTS, turn)],
];

export function act(venue: Venue, step: Step): void {
  const instrument = INSTRUMENTS[step.market] ?? EURUSD;
  const turn: Turn = {
    ...{ ...step, venue, instrument, side: step.sell ? "sell" : "buy", shard: step.account % SHARDS },
    account: ACCOUNTS[step.account] ?? (1 as AccountId),
    price: (MIDDLES.get(instrument.number) ?? 0) + step.offset,
  };
  let at = step.action;
  for (const [weight, action] of ACTIONS) {
    if (at < weight) {
      action(turn);
      return;
    }
    at -= weight;
  }
}
