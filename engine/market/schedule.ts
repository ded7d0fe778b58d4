/**
 * How far a market has followed its calendar. A command of the calendar that was done before is passed over,
 * so it may be sent as often as its sender likes. A halt that a person ordered outlasts the calendar's
 * phases: they are noted and not done, until a person says what comes next.
 */
import type { Followed } from "../calendar/due-commands.ts";
import { isNews } from "../calendar/due-commands.ts";
import type { ChangePhase, EndDay } from "./command.ts";
import type { Phase } from "./phase.ts";

/** What a person's command to go there holds against the calendar. */
const HOLDING: ReadonlySet<Phase> = new Set(["paused", "halted", "cancel-only", "close-only"]);

export class Schedule {
  /** The last command of the calendar; undefined while there was none. */
  followed: Followed | undefined;
  held = false;

  /** Takes a command up; whether it is to be done. */
  takes(command: ChangePhase | EndDay): boolean {
    const { scheduled, kind } = command;
    if (scheduled === undefined) {
      if (kind === "phase") this.held = HOLDING.has(command.phase);
      return true;
    }
    if (!isNews(this.followed, scheduled)) return false;
    const phase = kind === "phase" ? command.phase : (this.followed?.phase ?? "continuous");
    this.followed = { ...scheduled, phase };
    return kind === "endOfDay" || !this.held;
  }
}
