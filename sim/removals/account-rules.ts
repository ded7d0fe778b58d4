/** Of a shard and its clients: what is recorded before it is told, and what may change an account. */
import type { Removal } from "./removal.ts";

const QUESTIONS = "services/risk/order-questions.js";
const SHARD = "services/risk/risk-shard.js";

export const ACCOUNT_RULES: readonly Removal[] = [
  {
    name: "a refusal is recorded before it is told",
    quick: true,
    edits: [
      {
        file: "services/risk/order-desk.js",
        find: 'await this.#shard.record({ kind: "refuse", time, orderId, rejection, request, ...why });',
        replace: "",
      },
    ],
  },
  {
    name: "never accepted is recorded before it is told",
    quick: true,
    edits: [{ file: QUESTIONS, find: "await desk.revoke(account, clientOrderId);", replace: "" }],
  },
  {
    name: "a client order id stands for one order",
    quick: true,
    edits: [
      {
        file: QUESTIONS,
        find: "if (known !== undefined)\n            return repeat",
        replace: "if (false)\n            return repeat",
      },
    ],
  },
  {
    name: "who asks while documents are written asks again",
    edits: [
      {
        file: "services/risk/used-ids.js",
        find: "if (parts.documents.written === written)",
        replace: "if (true)",
      },
    ],
  },
  {
    name: "only what a journal says changes an account",
    edits: [
      {
        file: SHARD,
        find: "onStale: this.#fail, onRetry, timers }",
        replace: "onStale: this.#fail, onRetry: () => this.machine.dropHolds(), timers }",
      },
    ],
  },
  {
    name: "a credit counts after its append",
    edits: [
      {
        file: "services/risk/shard-recovery.js",
        find: "this.#sequence += 1;",
        replace: "this.#sequence += 1;\n        this.early(this.#sequence, command);",
      },
      {
        file: SHARD,
        find: "core: new LedgerCore(options.ledger.last),",
        replace:
          "core: Object.assign(new LedgerCore(options.ledger.last), {\n" +
          "                early: (sequence, command) => machine.applyLedger(sequence, command),\n" +
          "            }),",
      },
      {
        file: SHARD,
        find: "this.machine.applyLedger(sequence, command);",
        replace: "if (sequence > this.machine.ledgerSequence) this.machine.applyLedger(sequence, command);",
      },
    ],
  },
  {
    name: "a debit is credited once",
    edits: [
      {
        file: "services/risk/credit-follower.js",
        find: "originSequence <= shard.machine.money.credited(origin)",
        replace: "false",
      },
    ],
  },
];
