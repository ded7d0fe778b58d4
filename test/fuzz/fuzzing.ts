/** Plays a target's inputs from a seed. */
import { SeededRandom, seedOf } from "../../mixins/seeded-random.ts";
import { JournalTarget } from "./journal-target.ts";
import { MatchTarget } from "./match-target.ts";
import { RecordsTarget } from "./records-target.ts";
import { Pace, type Target, type TargetName } from "./target.ts";

export const TARGETS: Readonly<Record<TargetName, () => Target>> = {
  match: () => new MatchTarget(),
  records: () => new RecordsTarget(),
  journal: () => new JournalTarget(),
};

/** At least `inputs` inputs, as sessions are played to their end. Throws Finding. */
export async function fuzz(
  name: TargetName,
  inputs: number,
  seed: number,
  tell: (pace: Pace) => void = () => {},
): Promise<Pace> {
  const random = new SeededRandom(seedOf(seed, name));
  const target = TARGETS[name]();
  const pace = new Pace();
  while (pace.inputs < inputs) {
    await target.play(random, pace);
    tell(pace);
  }
  return pace;
}
