/** Explanations as the API shows them: figures in the units that people read. */
import {
  checkOf,
  type Explanation,
  formulaText,
  type Input,
  unitOf,
} from "../../engine/account/guard/explanation.ts";
import type { OrderState } from "../../engine/account/order/order.ts";
import { formatPrice, formatQuantity, type Instrument } from "../../engine/instrument.ts";
import { lots, type Money, ticks } from "../../engine/units.ts";
import type { ExplanationView, FigureView, MarkView } from "../../models/explanation.model.ts";
import type { OrderView } from "../../models/order.model.ts";
import { formatMoney } from "../orders/money-text.ts";
import { timeText, viewOrder } from "../orders/order-view.ts";

/** What an explanation is about. `instrument`: in whose lots and ticks it is told; undefined for none. */
export interface Explained {
  readonly id: string;
  readonly account: number;
  readonly outcome: string;
  readonly time: number;
  readonly instrument: Instrument | undefined;
  readonly explanation: Explanation;
}

export type InstrumentOf = (market: number) => Instrument;

function viewValue({ name, value }: Input, instrument: Instrument | undefined): string {
  switch (unitOf(name)) {
    case "money":
      return formatMoney(value as Money);
    case "lots":
      return instrument === undefined ? String(value) : formatQuantity(instrument, lots(Number(value)));
    case "ticks":
      return instrument === undefined ? String(value) : formatPrice(instrument, ticks(Number(value)));
    case "time":
      return timeText(Number(value));
    default:
      return String(value);
  }
}

function viewFigure(figure: Input, instrument: Instrument | undefined): FigureView {
  const { name, currency } = figure;
  const told = { name, value: viewValue(figure, instrument) };
  return currency === undefined ? told : { ...told, currency };
}

/** An order, with why its shard refused it where it did. */
export function viewExplainedOrder(instrumentOf: InstrumentOf, order: OrderState): OrderView {
  const instrument = instrumentOf(order.market);
  const view = viewOrder(instrument, order);
  const { explanation, rejection, account, updatedAt: time } = order;
  if (explanation === undefined || rejection === undefined) return view;
  const about = { id: view.id, account, outcome: rejection, time, instrument, explanation };
  return { ...view, explanation: viewExplanation(about, instrumentOf) };
}

export function viewExplanation(explained: Explained, instrumentOf: InstrumentOf): ExplanationView {
  const { id, account, outcome, time, instrument, explanation } = explained;
  const { formula, inputs, limit, marks, acceptable } = explanation;
  return {
    id,
    accountId: String(account),
    outcome,
    check: checkOf(formula),
    formula,
    rule: formulaText(formula),
    inputs: inputs.map(each => viewFigure(each, instrument)),
    ...(limit === undefined ? {} : { limit: viewFigure(limit, instrument) }),
    marks: marks.map(({ market, bid, ask, sequence }): MarkView => {
      const listed = instrumentOf(market);
      return {
        symbol: listed.symbol,
        ...(bid === 0 ? {} : { bid: formatPrice(listed, bid) }),
        ...(ask === 0 ? {} : { ask: formatPrice(listed, ask) }),
        sequence,
      };
    }),
    ...(acceptable === undefined || instrument === undefined
      ? {}
      : { acceptableQuantity: formatQuantity(instrument, acceptable) }),
    time: timeText(time),
  };
}
