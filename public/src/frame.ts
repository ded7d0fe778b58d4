/**
 * Many messages, one rendering: what happens between two frames is shown with the next. A hidden page has no
 * frames, and shows everything at once when it is looked at again.
 */
export function onFrame(act: () => void): { readonly ask: () => void; readonly cancel: () => void } {
  let asked: number | undefined;
  return {
    ask: () => {
      asked ??= requestAnimationFrame(() => {
        asked = undefined;
        act();
      });
    },
    cancel: () => {
      if (asked !== undefined) cancelAnimationFrame(asked);
      asked = undefined;
    },
  };
}
