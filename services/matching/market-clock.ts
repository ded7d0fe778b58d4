/**
 * What tells a market the time: its calendar's transitions as they are due, and a `clock` when something else
 * is due and no command comes, or once a second in a call, for its indicative price. What is told twice is
 * done once, and one telling is under way at a time; a market that was away is told all that it missed.
 */
import type { Calendar } from "../../engine/calendar/calendar.ts";
import { dueCommands } from "../../engine/calendar/due-commands.ts";
import { stateAt, type Transition } from "../../engine/calendar/timetable.ts";
import type { HostCommand } from "../../engine/market/command.ts";
import type { MarketMachine } from "../../engine/market/market-machine.ts";
import { collectsIn } from "../../engine/market/phases.ts";
import { type Milliseconds, milliseconds } from "../../engine/units.ts";
import type { Cancel, Timers } from "../../mixins/clock.ts";
import { Fault } from "../../mixins/fault.ts";

const TICK_MS = 100;
const INDICATIVE_MS = 1_000;

export interface MarketClockPorts {
  readonly machine: Pick<MarketMachine, "followed" | "nextDue" | "phase">;
  readonly calendar: Calendar;
  readonly timers: Timers;
  now(): number;
  /** Resolves when the commands are durable. */
  tell(commands: readonly HostCommand[]): Promise<unknown>;
  onFailed(error: unknown): void;
}

export class MarketClock {
  readonly #ports: MarketClockPorts;
  #timer: Cancel | undefined;
  #telling = false;
  /** The calendar has nothing new before this. */
  #quietUntil = 0;
  #indicatedAt = 0;

  constructor(ports: MarketClockPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#timer = this.#ports.timers.every(TICK_MS, () => void this.tick().catch(this.#ports.onFailed));
  }

  stop(): void {
    this.#timer?.();
  }

  /** Tells what is due now; at once where the calendar had more than one telling holds. */
  async tick(): Promise<void> {
    if (this.#telling) return;
    const now = milliseconds(this.#ports.now());
    const commands = this.#due(now);
    if (commands.length === 0) return;
    this.#telling = true;
    try {
      await this.#ports.tell(commands);
    } catch (error) {
      // A market that is full or about to stop is told again at the next tick.
      if (!(error instanceof Fault && error.retryable)) throw error;
    } finally {
      this.#telling = false;
    }
  }

  #due(now: Milliseconds): HostCommand[] {
    const { machine, calendar } = this.#ports;
    if (now >= this.#quietUntil) {
      const { commands, through } = dueCommands(calendar, machine.followed, now);
      if (commands.length > 0) return commands.map(transition => commandOf(transition, now));
      if (through === now) this.#quietUntil = stateAt(calendar, now).next.time;
    }
    const inCall = collectsIn(machine.phase) && now - this.#indicatedAt >= INDICATIVE_MS;
    if (machine.nextDue > now && !inCall) return [];
    this.#indicatedAt = now;
    return [{ kind: "clock", time: now }];
  }
}

function commandOf(transition: Transition, time: Milliseconds): HostCommand {
  const scheduled = { time: transition.time, index: transition.index };
  if (transition.kind === "endOfDay") return { kind: "endOfDay", time, scheduled };
  const { phase, reason } = transition;
  return { kind: "phase", time, phase, reason, scheduled };
}
