/** The statement that is looked at: of one account, of one period. A late answer for another is dropped. */
import { defineStore } from "pinia";
import { computed, reactive, ref, shallowRef } from "vue";
import { type Failure, failureOf } from "../client/failure.ts";
import type { Statement } from "../client/money-wire.ts";
import type { StatementFormat } from "../client/rest.ts";
import { failureInWords } from "../client/words.ts";
import { saveFile } from "../save-file.ts";
import { type PeriodChoice, periodOf } from "../statement-period.ts";
import { venue } from "../venue.ts";
import { useAccount } from "./account.ts";
import { useNotices } from "./notices.ts";

export const useStatement = defineStore("statement", () => {
  const account = useAccount();
  const notices = useNotices();
  const asked = reactive({ choice: "thisMonth" as PeriodChoice, first: "", last: "" });
  const statement = shallowRef<Statement>();
  const failure = shallowRef<Failure>();
  const loading = ref(false);
  const saving = ref(false);
  let count = 0;

  const isPeriod = computed(() => period() !== undefined);

  function period() {
    return periodOf(asked.choice, asked.first, asked.last, Date.now());
  }

  async function load(): Promise<void> {
    const id = account.account?.id;
    const of = period();
    const number = ++count;
    statement.value = undefined;
    failure.value = undefined;
    loading.value = id !== undefined && of !== undefined;
    if (id === undefined || of === undefined) return;
    try {
      const found = await venue.rest.statement(id, of);
      if (number === count) statement.value = found;
    } catch (caught) {
      if (number === count) failure.value = failureOf(caught);
    } finally {
      if (number === count) loading.value = false;
    }
  }

  /** As the venue writes it, of the period that is shown. */
  async function save(format: StatementFormat): Promise<void> {
    const shown = statement.value;
    if (shown === undefined || saving.value) return;
    saving.value = true;
    try {
      const { accountId, from, to } = shown;
      const file = await venue.rest.statementFile(accountId, { from, to }, format);
      saveFile(`statement-${accountId}-${from.slice(0, 10)}`, format, file);
    } catch (caught) {
      notices.tell("bad", `The file could not be made. ${failureInWords(failureOf(caught))}`);
    } finally {
      saving.value = false;
    }
  }

  return { asked, isPeriod, statement, failure, loading, saving, load, save };
});
