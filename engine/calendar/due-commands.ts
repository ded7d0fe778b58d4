/**
 * What a market that follows a calendar is to be told now, above all after a restart.
 *
 * The market keeps `Followed`, the last command of its calendar, and takes a command only if it `isNews`. So
 * it doesn't matter how often or from where it is sent: none is lost, none is done twice. A market that was
 * away gets all that it missed, in order, as the end of a day and the price of an auction matter even late.
 *
 * Only the calendar's own phases are looked at: a halt that a person ordered stays until the calendar's next
 * phase, and whoever sends decides whether that one may end it.
 */
import type { Phase } from "../market/phase.ts";
import type { Milliseconds } from "../units.ts";
import type { Calendar } from "./calendar.ts";
import { stateAt, type Transition, transitionsBetween } from "./timetable.ts";

/** How far a market has followed its calendar: the last command's name, and the last phase. */
export interface Followed {
  readonly time: Milliseconds;
  readonly index: number;
  readonly phase: Phase;
}

export interface DueCommands {
  readonly commands: readonly Transition[];
  /** Below `now` where one call doesn't hold them all: ask again when these are done. */
  readonly through: Milliseconds;
}

/** Whether a market has not done a command of its calendar yet. */
export function isNews(
  followed: Followed | undefined,
  { time, index }: Pick<Transition, "time" | "index">,
): boolean {
  if (followed === undefined || time > followed.time) return true;
  return time === followed.time && index > followed.index;
}

/** How far a market has come that does a command. */
export function follow(followed: Followed | undefined, command: Transition): Followed {
  const { time, index, kind } = command;
  if (kind === "phase") return { time, index, phase: command.phase };
  return { time, index, phase: followed?.phase ?? "continuous" };
}

/**
 * The commands that are due at `now`. A market that has never followed gets the present phase and nothing of
 * the past; so does one that has done all and yet is in another phase, as its calendar has been changed.
 */
export function dueCommands(
  calendar: Calendar,
  followed: Followed | undefined,
  now: Milliseconds,
): DueCommands {
  if (followed === undefined) return { commands: [presentPhase(calendar, now)], through: now };
  if (followed.time > now) return { commands: [], through: now };
  const before = (followed.time - 1) as Milliseconds;
  const { transitions, through } = transitionsBetween(calendar, before, now);
  const commands = transitions.filter(transition => isNews(followed, transition));
  const reached = commands.reduce<Followed>(follow, followed);
  if (through < now || reached.phase === stateAt(calendar, now).phase) return { commands, through };
  return { commands: [...commands, presentPhase(calendar, now, reached)], through };
}

/** The present phase as a command: it comes after all transitions of this moment, and after `reached`. */
function presentPhase(calendar: Calendar, now: Milliseconds, reached?: Followed): Transition {
  const { phase, tradingDay } = stateAt(calendar, now);
  const { transitions } = transitionsBetween(calendar, (now - 1) as Milliseconds, now);
  const own = reached?.time === now ? reached.index + 1 : 0;
  const index = Math.max(transitions.length, own);
  return { kind: "phase", time: now, index, phase, tradingDay, reason: "present phase of the calendar" };
}
