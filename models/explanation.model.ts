/** Why an order was refused or an account closed out, as the API shows it. Decimals are strings. */
import type { Check, Formula, InputName } from "../engine/account/guard/explanation.ts";

export interface FigureView {
  readonly name: InputName;
  readonly value: string;
  /** Of money. */
  readonly currency?: string;
}

export interface MarkView {
  readonly symbol: string;
  readonly bid?: string;
  readonly ask?: string;
  /** Of the market's record that last moved it. */
  readonly sequence: number;
}

export interface ExplanationView {
  /** Id of the order, or of the record of a close-out or of an amend that was refused. */
  readonly id: string;
  readonly accountId: string;
  /** Name of the rejection; for a record of a close-out what it did. */
  readonly outcome: string;
  readonly check: Check;
  readonly formula: Formula;
  /** What has to hold, with the names of the figures. */
  readonly rule: string;
  readonly inputs: readonly FigureView[];
  readonly limit?: FigureView;
  readonly marks: readonly MarkView[];
  /** Largest size that would have been let through; of a close-out what it closes. */
  readonly acceptableQuantity?: string;
  readonly time: string;
}
