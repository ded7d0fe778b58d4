/**
 * One major pair as a random walk that lives: its steps come one to four a second by the hour, their size
 * clusters (GARCH(1,1) around 1, times a regime that lasts minutes), a trend comes and goes, and a weak pull
 * keeps the price near where it started over weeks.
 *
 * A step is due at a time that follows from the step before it, and depends on nothing else: the same state
 * gives the same quotes. Arithmetic is + − × ÷ and square root only, so it does so on every machine.
 */
import { type RandomState, SeededRandom } from "../seeded-random.ts";
import { activity, type MajorProfile } from "./synthetic-profile.ts";

const VARIANCE_FLOOR = 0.002;
const VARIANCE_KEPT = 0.985;
const VARIANCE_SHOCK = 0.013;
const REGIMES = [0.6, 1, 1, 1.8] as const;
const REGIME_SECONDS = 600;
const TREND_SECONDS = 900;
const PULL = 2e-7;
/** A longer pause moves the price no further than this one. */
const STEP_SECONDS_MAX = 10;

export interface MajorState {
  readonly own: number;
  readonly variance: number;
  readonly regime: number;
  readonly trend: number;
  readonly stepped: number;
  readonly due: number;
  readonly random: RandomState;
}

export class SyntheticMajor {
  readonly profile: MajorProfile;
  /** When the next step is due, milliseconds UTC. */
  due: number;
  /** The pair's own part of the price; the dollar's part is multiplied onto it. */
  own: number;
  #variance = 1;
  #regime = 1;
  #trend = 0;
  #stepped: number;
  readonly #random: SeededRandom;

  constructor(profile: MajorProfile, seed: number, now: number, state?: MajorState) {
    this.profile = profile;
    this.#random = state === undefined ? new SeededRandom(seed) : SeededRandom.restore(state.random);
    this.own = state?.own ?? profile.start;
    this.#variance = state?.variance ?? 1;
    this.#regime = state?.regime ?? 1;
    this.#trend = state?.trend ?? 0;
    this.#stepped = state?.stepped ?? now;
    this.due = state?.due ?? now + this.#random.between(0, 400);
  }

  state(): MajorState {
    return {
      own: this.own,
      variance: this.#variance,
      regime: this.#regime,
      trend: this.#trend,
      stepped: this.#stepped,
      due: this.due,
      random: this.#random.state(),
    };
  }

  /** Takes the step that is due: the spread that the pair then quotes, in ticks. */
  step(): number {
    const { profile } = this;
    const random = this.#random;
    const time = this.due;
    const seconds = Math.min((time - this.#stepped) / 1_000, STEP_SECONDS_MAX);
    const live = activity(profile.sessions, time);
    const shock = random.normal();
    const scale = live * this.#regime * Math.sqrt(this.#variance);
    const pull = PULL * (profile.start / this.own - 1);
    this.own *= 1 + profile.sigma * scale * Math.sqrt(seconds) * shock + (this.#trend + pull) * seconds;
    const variance = VARIANCE_FLOOR + (VARIANCE_KEPT + VARIANCE_SHOCK * shock * shock) * this.#variance;
    this.#variance = Math.min(6, Math.max(0.25, variance));
    if (random.uniform() < seconds / REGIME_SECONDS) this.#regime = REGIMES[random.between(0, 3)] ?? 1;
    if (random.uniform() < seconds / TREND_SECONDS) this.#trend = (random.normal() * profile.sigma) / 30;
    this.#stepped = time;
    const pause = 1_000 / (1 + 1.6 * live);
    this.due = time + Math.max(40, Math.floor(pause * (0.3 + 1.4 * random.uniform())));
    const strain = 0.75 + 0.25 * scale + (live < 0.5 ? 0.4 : 0);
    return Math.max(2, Math.floor(profile.spreadTicks * strain * (0.8 + 0.5 * random.uniform())));
  }

  /** Forgets the steps between its last one and `now`. */
  jump(now: number): void {
    this.due = now + this.#random.between(0, 400);
    this.#stepped = now;
  }
}
