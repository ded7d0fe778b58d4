/** Something that an operator has to know of, as the API and the event `alert.raised` show it. */

/** What an alert may be about: a closed list that grows with what is watched. */
export const ALERT_KINDS = [
  /** What is recomputed from the journals is not what an actor or a document says. */
  "reconciliationFailed",
  /** An account's margin level is below its call level, has fallen on, or has recovered. */
  "marginCall",
  /** An account is being closed out, or a close-out finds nobody to trade with, or it has ended. */
  "closeOut",
  /** The house has paid what an account owed beyond all that it had. */
  "balanceProtected",
  /** A position is above a limit that was lowered. */
  "positionLimit",
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export interface AlertView {
  /** Counts up from 1 at each start of the venue. */
  readonly id: string;
  readonly kind: AlertKind;
  /** What it is about: "risk.0", "market.EURUSD", "account:1001". */
  readonly subject: string;
  /** One sentence for people. */
  readonly message: string;
  /** The same for programs; each kind has its own shape. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly time: string;
}
