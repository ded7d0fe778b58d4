/**
 * Short messages that come and go; at most `NOTICES_MAX` stand at a time. Bad news stays until it is put
 * away.
 */
import { defineStore } from "pinia";
import { ref } from "vue";

export type Tone = "good" | "plain" | "bad";

export interface Notice {
  readonly id: number;
  readonly tone: Tone;
  readonly text: string;
}

const NOTICES_MAX = 4;
const SHOWN_MS = 6_000;

export const useNotices = defineStore("notices", () => {
  const notices = ref<readonly Notice[]>([]);
  let count = 0;

  function dismiss(id: number): void {
    notices.value = notices.value.filter(notice => notice.id !== id);
  }

  function tell(tone: Tone, text: string): void {
    const id = ++count;
    notices.value = [...notices.value, { id, tone, text }].slice(-NOTICES_MAX);
    if (tone !== "bad") setTimeout(() => dismiss(id), SHOWN_MS);
  }

  return { notices, tell, dismiss };
});
