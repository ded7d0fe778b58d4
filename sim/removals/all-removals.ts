/** Every rule that is taken out. Were one not missed, the simulation would be too kind. */
import { ACCOUNT_RULES } from "./account-rules.ts";
import { JOURNAL_RULES } from "./journal-rules.ts";
import { NUMBER_RULES } from "./number-rules.ts";
import type { Removal } from "./removal.ts";

export const REMOVALS: readonly Removal[] = [...JOURNAL_RULES, ...NUMBER_RULES, ...ACCOUNT_RULES];
