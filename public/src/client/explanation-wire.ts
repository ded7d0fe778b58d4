/** Why something was refused or closed out, as the venue recorded it, and how that is read. */
import { fields, list, optionalText, text, whole } from "./fields.ts";

export interface Figure {
  readonly name: string;
  /** A size, a price, a sum of money, a time or a count, by its name. */
  readonly value: string;
  /** Of money alone. */
  readonly currency: string | undefined;
}

export interface UsedMark {
  readonly symbol: string;
  readonly bid: string | undefined;
  readonly ask: string | undefined;
  /** Of the record of its market that last moved it. */
  readonly sequence: number;
}

export interface Explanation {
  /** Name of the rejection; of a close-out what it did. */
  readonly outcome: string;
  readonly check: string;
  readonly formula: string;
  /** What has to hold, with the names of the figures. */
  readonly rule: string;
  readonly inputs: readonly Figure[];
  readonly limit: Figure | undefined;
  readonly marks: readonly UsedMark[];
  /** The largest size that would have been let through; "0" for none. */
  readonly acceptableQuantity: string | undefined;
}

function decodeFigure(value: unknown): Figure {
  const source = fields(value, "input");
  return {
    name: text(source, "name"),
    value: text(source, "value"),
    currency: optionalText(source, "currency"),
  };
}

function decodeMark(value: unknown): UsedMark {
  const source = fields(value, "mark");
  return {
    symbol: text(source, "symbol"),
    bid: optionalText(source, "bid"),
    ask: optionalText(source, "ask"),
    sequence: whole(source, "sequence"),
  };
}

export function decodeExplanation(value: unknown): Explanation {
  const source = fields(value, "explanation");
  return {
    outcome: text(source, "outcome"),
    check: text(source, "check"),
    formula: text(source, "formula"),
    rule: text(source, "rule"),
    inputs: list(source.inputs ?? [], "inputs", decodeFigure),
    limit: source.limit === undefined ? undefined : decodeFigure(source.limit),
    marks: list(source.marks ?? [], "marks", decodeMark),
    acceptableQuantity: optionalText(source, "acceptableQuantity"),
  };
}
