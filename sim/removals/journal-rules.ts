/** Of journals, their owners and their snapshots: who writes, who answers, from what an actor begins. */
import type { Removal } from "./removal.ts";

const ACTOR = "mixins/actor/actor.js";
const JOURNAL = "mixins/journal/jetstream-journal.js";
const OWNERSHIP = "mixins/ownership/jetstream-ownership.js";

export const JOURNAL_RULES: readonly Removal[] = [
  {
    name: "an append states the sequence that it expects",
    edits: [
      {
        file: JOURNAL,
        find: "return streams.append(stream, expected, headers, payload);",
        replace: "return streams.append(stream, (await streams.state(stream)).last, headers, payload);",
      },
      { file: JOURNAL, find: "if (sequence !== expected + 1)", replace: "if (false)" },
    ],
  },
  {
    name: "an actor steps down where an outcome is unknown",
    edits: [
      {
        file: JOURNAL,
        find: "this.#failure = error;\n",
        replace:
          "if (!(error instanceof StreamMoved)) return { sealed: false };\n" +
          "            this.#failure = error;\n",
      },
    ],
  },
  {
    name: "taking over begins with a record of the owner",
    quick: true,
    edits: [
      {
        file: "services/matching/hosted-market.js",
        find: 'await actor.send([{ command: { kind: "owner", time, epoch: tenure.claim.epoch } }]);',
        replace: "",
      },
    ],
  },
  {
    name: "a holder stops before its lease ends",
    quick: true,
    edits: [
      { file: "mixins/ownership/lease.js", find: "const STOPS_AT = 0.8;", replace: "const STOPS_AT = 8;" },
    ],
  },
  {
    name: "a claim waits for the lease before it",
    quick: true,
    edits: [
      { file: OWNERSHIP, find: "if (entry !== undefined && !this.#isDead(entry))", replace: "if (false)" },
    ],
  },
  {
    name: "an answer, a read too, waits for what it rests on",
    edits: [
      {
        file: ACTOR,
        find: "answers.push(letter.apply(replies));",
        replace:
          "const answer = letter.apply(replies);\n" +
          "                if (letter.commands.length === 0) answer();\n" +
          "                else answers.push(answer);",
      },
    ],
  },
  {
    name: "a snapshot holds appended state only",
    edits: [
      { file: ACTOR, find: "if (!stands && !this.#mailbox.isEmpty)", replace: "if (!this.#mailbox.isEmpty)" },
      {
        file: ACTOR,
        find: 'assert(this.#ahead.length === 0, "a snapshot is taken of appended state only");',
        replace: "",
      },
    ],
  },
  {
    name: "a snapshot is verified before it is used",
    edits: [
      {
        file: "mixins/journal/file-snapshots.js",
        find: "|| bytes.readUInt32LE(56) !== crc32c(body)",
        replace: "",
      },
      {
        file: "mixins/actor/market-recovery.js",
        find: "if (machine.hash() !== snapshot.hash)",
        replace: "if (false)",
      },
      {
        file: "services/risk/shard-recovery.js",
        find: "if (machine.hash() !== snapshot.hash)",
        replace: "if (false)",
      },
    ],
  },
];
