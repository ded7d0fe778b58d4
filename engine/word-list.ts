/** Closed lists of words, of which journals hold the numbers: a new word is added at the end. */
import { assert } from "./units.ts";

/** The word that a number stands for. */
export function wordOf<Word>(words: readonly Word[], index: number): Word {
  const word = words[index];
  assert(word !== undefined, "a number stands for a word of its list");
  return word;
}

/** The number of a word. */
export function numberOf<Word>(words: readonly Word[], word: Word): number {
  const index = words.indexOf(word);
  assert(index >= 0, "a word is on its list");
  return index;
}
