/** The fields of an order at the doors, checked for their shape: what they mean, `engine/form` reads. */
import type { AmendForm, OrderForm } from "../../engine/form/order-form.ts";
import { ORDER_TYPES } from "../../engine/form/order-types.ts";
import { TIME_IN_FORCE_NAMES } from "../../engine/form/time-form.ts";
import { LIST_LEGS_MAX, MASS_QUOTE_MAX, PROTECTION_WINDOW_MS_MAX } from "../../engine/limits.ts";
import { CONTINGENCIES } from "../../engine/market/command.ts";
import {
  ORDER_INTENTS,
  PEG_REFERENCES,
  SELF_TRADE_MODES,
  TRIGGER_SOURCES,
} from "../../engine/market/terms.ts";

export const CLIENT_ORDER_ID = { type: "string", pattern: /^[A-Za-z0-9._:/-]{1,36}$/ } as const;
/** One that isn't listed is not found, whatever it looks like. */
export const SYMBOL = { type: "string", min: 1, max: 40 } as const;
export const DECIMAL = { type: "string", pattern: /^\d{1,18}(\.\d{1,10})?$/ } as const;
/** Without it, the caller's first account. */
export const ACCOUNT_ID = { type: "string", pattern: /^\d{1,16}$/, optional: true } as const;
export const ORDER_ID = { type: "string", pattern: /^\d{1,16}$/ } as const;
export const REFERENCE = { type: "number", integer: true, min: 0, optional: true } as const;

const OPTIONAL_DECIMAL = { ...DECIMAL, optional: true } as const;
const OPTIONAL_FLAG = { type: "boolean", optional: true } as const;
/** RFC 3339; which moments may be told so, `engine/form` says. */
const EXPIRE_TIME = {
  type: "string",
  pattern: /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/,
  optional: true,
} as const;

/** How far a stop price trails, in one of three ways. */
const TRAIL_FIELDS = {
  trailDistance: OPTIONAL_DECIMAL,
  trailPips: OPTIONAL_DECIMAL,
  trailPerMille: OPTIONAL_DECIMAL,
} as const;

/** What a pegged order follows, and how far from it. */
const PEG_FIELDS = {
  peg: { type: "enum", values: [...PEG_REFERENCES], optional: true },
  pegOffset: { type: "string", pattern: /^-?\d{1,18}(\.\d{1,10})?$/, optional: true },
} as const;

/** What a placed order may say beside its id and its market; its group is the account's, not its own. */
export const ORDER_FIELDS = {
  side: { type: "enum", values: ["buy", "sell"] },
  type: { type: "enum", values: Object.keys(ORDER_TYPES) },
  quantity: OPTIONAL_DECIMAL,
  budget: OPTIONAL_DECIMAL,
  price: OPTIONAL_DECIMAL,
  stopPrice: OPTIONAL_DECIMAL,
  trigger: { type: "enum", values: [...TRIGGER_SOURCES], optional: true },
  doubleTick: OPTIONAL_FLAG,
  ...TRAIL_FIELDS,
  limitOffset: OPTIONAL_DECIMAL,
  slippage: OPTIONAL_DECIMAL,
  slippagePips: OPTIONAL_DECIMAL,
  ...PEG_FIELDS,
  displayQuantity: OPTIONAL_DECIMAL,
  minimumQuantity: OPTIONAL_DECIMAL,
  hidden: OPTIONAL_FLAG,
  allOrNone: OPTIONAL_FLAG,
  timeInForce: { type: "enum", values: [...TIME_IN_FORCE_NAMES], optional: true },
  expireTime: EXPIRE_TIME,
  postOnly: {
    type: "multi",
    rules: [{ type: "boolean" }, { type: "equal", value: "slide", strict: true }],
    optional: true,
  },
  selfTradePrevention: { type: "enum", values: [...SELF_TRADE_MODES], optional: true },
  intent: { type: "enum", values: [...ORDER_INTENTS], optional: true },
  position: { type: "string", pattern: /^\d{1,15}$/, optional: true },
} as const satisfies Readonly<Record<keyof Omit<OrderForm, "selfTradeGroup">, object>>;

/** What an amend may change. */
export const AMEND_FIELDS = {
  quantity: OPTIONAL_DECIMAL,
  price: OPTIONAL_DECIMAL,
  stopPrice: OPTIONAL_DECIMAL,
  ...TRAIL_FIELDS,
  minimumQuantity: OPTIONAL_DECIMAL,
  expireTime: EXPIRE_TIME,
  ...PEG_FIELDS,
} as const satisfies Readonly<Record<keyof AmendForm, object>>;

const OPTIONAL_DISTANCE = OPTIONAL_DECIMAL;

/** One order of a list. */
const LEG = {
  type: "object",
  strict: true,
  props: {
    clientOrderId: CLIENT_ORDER_ID,
    ...ORDER_FIELDS,
    distance: OPTIONAL_DISTANCE,
    distancePips: OPTIONAL_DISTANCE,
    distanceMoney: OPTIONAL_DISTANCE,
  },
} as const;

/** Orders that depend on each other, the entry first where there is one. */
export const LIST_FIELDS = {
  contingency: { type: "enum", values: [...CONTINGENCIES] },
  legs: { type: "array", min: 2, max: LIST_LEGS_MAX, items: LEG },
} as const;

const WHOLE = { type: "number", integer: true, min: 0 } as const;

/** A mass quote: both sides, best and worse, all replaced together. */
export const QUOTE_FIELDS = {
  quoteId: { type: "string", pattern: /^[A-Za-z0-9._:/-]{1,32}$/ },
  postOnly: { type: "boolean", default: false },
  quotes: {
    type: "array",
    min: 1,
    max: MASS_QUOTE_MAX,
    items: {
      type: "object",
      strict: true,
      props: { side: { type: "enum", values: ["buy", "sell"] }, quantity: DECIMAL, price: DECIMAL },
    },
  },
} as const;

/** A market maker's protection; a limit that is left out, or 0, is none. */
export const PROTECTION_FIELDS = {
  windowMs: { ...WHOLE, max: PROTECTION_WINDOW_MS_MAX },
  quantityMax: OPTIONAL_DECIMAL,
  countMax: { ...WHOLE, max: 1_000_000, default: 0 },
  deltaMax: OPTIONAL_DECIMAL,
} as const;
