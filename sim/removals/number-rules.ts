/** Of what passes between shards and markets: numbers within an epoch, and epochs that are recorded. */
import type { Edit, Removal } from "./removal.ts";

const FENCE = "engine/market/fence.js";
const RECORD_EPOCH = 'actor.send([{ command: { kind: "shardEpoch", time: NOW, shard, epoch } }])';

/** Else the machine itself would notice. */
const ANY_NUMBER: Edit = {
  file: FENCE,
  find: "assert(number === (this.#numbers[shard] ?? 0) + 1,",
  replace: "assert(true,",
};

export const NUMBER_RULES: readonly Removal[] = [
  {
    name: "a market takes the next number only",
    quick: true,
    edits: [{ file: FENCE, find: 'number === last + 1 ? "next" : "gap"', replace: '"next"' }, ANY_NUMBER],
  },
  {
    name: "a number that was taken is a duplicate for ever",
    quick: true,
    edits: [{ file: FENCE, find: 'return "duplicate";', replace: 'return "next";' }, ANY_NUMBER],
  },
  {
    name: "a market takes commands of the recorded epoch only",
    edits: [{ file: FENCE, find: "if (epoch !== this.epochOf(shard))", replace: "if (false)" }],
  },
  {
    name: "an epoch that stands is not begun again",
    quick: true,
    edits: [{ file: FENCE, find: "if (epoch <= this.epochOf(shard))", replace: "if (false)" }],
  },
  {
    name: "every market records a shard's epoch, one that moves too",
    edits: [
      {
        file: "services/risk/opened-shard.js",
        find: "return (await askAgain(ask, patience)).sequence;",
        replace: "return ask().then(({ sequence }) => sequence, () => 0);",
      },
    ],
  },
  {
    name: "an epoch is acknowledged by its record",
    edits: [
      {
        file: "services/matching/market-service.js",
        find: `const [reply] = await ${RECORD_EPOCH};`,
        replace: `${RECORD_EPOCH}.catch(() => undefined);\n                    const reply = undefined;`,
      },
    ],
  },
  {
    name: "a shard opens after it has heard its epoch",
    edits: [
      {
        file: "services/risk/risk-shard.js",
        find: "while (this.machine.cursor(market) < until)",
        replace: "while (false)",
      },
    ],
  },
];
