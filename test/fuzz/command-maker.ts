/** Commands of every kind and rows of every event, for records: each is one that could be written. */
import type { ExitDistance, MarketCommand, OrderBody, ShardCommand } from "../../engine/market/command.ts";
import { CONTINGENCIES, TIMES_IN_FORCE } from "../../engine/market/command.ts";
import * as events from "../../engine/market/event.ts";
import { PHASES } from "../../engine/market/phase.ts";
import {
  type AmendTerms,
  ORDER_INTENTS,
  type OrderTerms,
  PEG_REFERENCES,
  type Peg,
  SELF_TRADE_MODES,
  TRIGGER_KINDS,
  TRIGGER_SOURCES,
  type Trail,
} from "../../engine/market/terms.ts";
import { REJECTIONS } from "../../engine/rejection.ts";
import { onceIn, pick } from "./target.ts";
import type { ValueMaker } from "./value-maker.ts";

type Makers = { readonly [Kind in MarketCommand["kind"]]: (value: ValueMaker) => OfKind<Kind> };
type OfKind<Kind> = Extract<MarketCommand, { readonly kind: Kind }>;

function trail(value: ValueMaker): Trail {
  return { by: value.word(["ticks", "perMille"] as const), distance: value.ticks() };
}

function peg(value: ValueMaker): Peg {
  return { to: value.word(PEG_REFERENCES), offset: value.time() };
}

export function makeTerms(value: ValueMaker): OrderTerms {
  return {
    ...value.maybe(() => ({
      trigger: {
        kind: value.word(TRIGGER_KINDS),
        source: value.word(TRIGGER_SOURCES),
        stopTicks: value.ticks(),
        ...value.maybe(() => ({ doubleTick: true as const })),
        ...value.maybe(() => ({ trail: trail(value) })),
        ...value.maybe(() => ({ limitOffset: value.ticks() })),
      },
    })),
    ...value.maybe(() => ({ displayLots: value.lots() })),
    ...value.maybe(() => ({ minimumLots: value.lots(), hidden: true as const })),
    ...value.maybe(() => ({
      allOrNone: true as const,
      expireAt: value.whole() as OrderTerms["expireAt"] & number,
    })),
    ...value.maybe(() => ({ peg: peg(value), slippageTicks: value.ticks() })),
    ...value.maybe(() => ({ budget: value.money(), slide: true as const })),
    ...value.maybe(() => ({
      selfTrade: {
        mode: value.word(SELF_TRADE_MODES),
        ...value.maybe(() => ({ group: 1 + value.below(9) })),
      },
    })),
    ...value.maybe(() => ({
      intent: value.word(ORDER_INTENTS),
      ...value.maybe(() => ({ position: value.orderId() })),
    })),
  };
}

function amendTerms(value: ValueMaker): AmendTerms {
  return {
    ...value.maybe(() => ({ stopTicks: value.ticks(), minimumLots: value.lots() })),
    ...value.maybe(() => ({ displayLots: value.lots() })),
    ...value.maybe(() => ({ expireAt: value.whole() as AmendTerms["expireAt"] & number })),
    ...value.maybe(() => ({ trail: trail(value), peg: peg(value) })),
  };
}

function body(value: ValueMaker): OrderBody {
  return {
    clientOrderId: value.text(),
    side: value.side(),
    type: value.word(["limit", "market"] as const),
    timeInForce: value.word(TIMES_IN_FORCE),
    postOnly: value.flag(),
    lots: value.lots(),
    ticks: value.ticks(),
    reserved: value.money(),
    ...value.maybe(() => ({ terms: makeTerms(value) })),
  };
}

export function makeDistance(value: ValueMaker): ExitDistance {
  return value.flag() ? { by: "ticks", ticks: value.ticks() } : { by: "money", money: value.money() };
}

function common(value: ValueMaker): Omit<ShardCommand & { kind: "resetProtection" }, "kind"> {
  return {
    time: value.time(),
    shard: value.below(1_024),
    number: value.whole(),
    account: value.account(),
    liquidity: value.flag(),
    reference: value.whole(),
    ...value.maybe(() => ({ feeTier: 1 + value.below(1_000) })),
  };
}

const MAKERS: Makers = {
  place: value => ({ kind: "place", ...common(value), ...body(value) }),
  amend: value => ({
    ...{ kind: "amend", ...common(value), orderId: value.orderId(), lots: value.lots() },
    ...{
      ticks: value.ticks(),
      reserved: value.money(),
      ...value.maybe(() => ({ terms: amendTerms(value) })),
    },
  }),
  cancel: value => ({
    ...{ kind: "cancel", ...common(value), orderId: value.orderId() },
    ...value.maybe(() => ({ onlyIf: value.word(["new", "partlyFilled"] as const) })),
  }),
  replace: value => ({
    ...{ kind: "replace", ...common(value), orderId: value.orderId() },
    ...(value.flag() ? { onFailure: "allow" } : { onFailure: "stop", filledLots: value.lots() }),
    order: body(value),
  }),
  list: value => ({
    ...{ kind: "list", ...common(value), contingency: value.word(CONTINGENCIES) },
    legs: value.list(3, () => ({
      ...body(value),
      ...value.maybe(() => ({ distance: makeDistance(value) })),
    })),
  }),
  massCancel: value => ({
    ...{ kind: "massCancel", ...common(value) },
    ...value.maybe(() => ({ side: value.side() })),
  }),
  massQuote: value => ({
    ...{ kind: "massQuote", ...common(value), clientOrderId: value.text(), postOnly: value.flag() },
    quotes: value.list(4, () => ({ side: value.side(), lots: value.lots(), ticks: value.ticks() })),
    reserved: value.money(),
  }),
  cancelAllAfter: value => ({ kind: "cancelAllAfter", ...common(value), timeoutMs: value.whole() }),
  protect: value => ({
    ...{ kind: "protect", ...common(value), windowMs: value.whole(), quantityMax: value.lots() },
    ...{ countMax: value.whole(), deltaMax: value.lots() },
  }),
  resetProtection: value => ({ kind: "resetProtection", ...common(value) }),
  shardEpoch: value => ({
    ...{ kind: "shardEpoch", time: value.time(), shard: value.below(1_024), epoch: value.whole() },
  }),
  owner: value => ({ kind: "owner", time: value.time(), epoch: value.whole() }),
  phase: value => ({ kind: "phase", time: value.time(), phase: value.word(PHASES), reason: value.text() }),
  price: value => ({
    ...{ kind: "price", time: value.time(), which: value.word(["mark", "reference"] as const) },
    ticks: value.ticks(),
  }),
  endOfDay: value => ({ kind: "endOfDay", time: value.time() }),
  clock: value => ({ kind: "clock", time: value.time() }),
};
const KINDS = Object.keys(MAKERS) as MarketCommand["kind"][];

export function makeCommand(value: ValueMaker): MarketCommand {
  return MAKERS[value.word(KINDS)](value);
}

/** Puts some rows into an empty log. */
export function makeEvents(value: ValueMaker, log: events.EventLog): void {
  for (let left = value.below(4); left > 0; left--) {
    const kind = value.below(events.EVENT_KINDS.length);
    const seen = onceIn(value.random, 3) ? kind | events.UNSEEN : kind;
    const [order, account] = onceIn(value.random, 2) ? [17, 1] : [value.orderId(), value.account()];
    const row = [order, account, value.below(2), value.ticks(), value.lots()] as const;
    const [remaining, detail, maker] = [value.lots(), value.whole(), value.account()];
    switch (kind) {
      case events.REJECTED:
        log.push(seen, ...row, 0, pick(value.random, REJECTIONS)[1], 0, 0);
        break;
      case events.TRADED:
        log.push(seen, ...row, remaining, detail, maker, value.lots());
        break;
      case events.PREVENTED:
        log.push(seen, ...row, remaining, detail, maker, value.below(SELF_TRADE_MODES.length));
        break;
      case events.AMENDED:
        log.push(seen, ...row, remaining, value.ticks(), 0, value.lots());
        break;
      case events.DISPLAYED:
        log.push(seen, ...row, remaining, 0, 0, 0);
        break;
      case events.REMOVED:
        log.push(seen, ...row, 0, value.below(events.REMOVAL_CAUSES.length), 0, 0);
        break;
      case events.PARKED:
        log.push(seen, ...row, 0, value.below(events.PARKING_REASONS.length), 0, 0);
        break;
      case events.RESTRICTED:
        log.push(kind, 0, account, 0, 0, 0, 0, value.below(2), 0, 0);
        break;
      case events.PHASED: {
        const cause = value.below(events.PHASE_CAUSES.length);
        log.push(kind, 0, 0, 0, value.ticks(), 0, 0, value.below(PHASES.length), 0, cause);
        break;
      }
      case events.INDICATIVE:
        log.plain(kind, 0, 0, 0, value.ticks(), value.lots());
        break;
      default:
        log.plain(seen, ...row);
    }
  }
}
