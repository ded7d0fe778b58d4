/**
 * Single keys that act from anywhere, except while someone types, a dialog is open, or with Ctrl, Alt or Meta
 * held.
 */

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, select, textarea, dialog[open]") !== null;
}

export function shortcuts(acts: Readonly<Record<string, () => void>>): (event: KeyboardEvent) => void {
  const byKey = new Map(Object.entries(acts));
  return event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.key === "Escape" && event.target instanceof HTMLInputElement) event.target.blur();
    const act = byKey.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    if (act === undefined || typing(event.target) || document.querySelector("dialog[open]") !== null) return;
    event.preventDefault();
    act();
  };
}
