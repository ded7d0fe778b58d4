/** Replays the journals in a file and says what came of it, and in which world: see `determinism.test.ts`. */
import { readFileSync, writeSync } from "node:fs";
import { replay, type WrittenJournals } from "./written-journals.ts";

const [, , path = ""] = process.argv;
const journals = JSON.parse(readFileSync(path, "utf8")) as WrittenJournals;
const outcome = replay(journals);
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
const before = Date.now();
const otherClock = before > Date.now();
writeSync(1, JSON.stringify({ outcome, timeZone, otherClock, random: Math.random() }));
