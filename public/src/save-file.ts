/** Hands a text to the browser as a file, to keep or to look at. */

const TYPES = {
  json: "application/json",
  csv: "text/csv;charset=utf-8",
  html: "text/html;charset=utf-8",
} as const;
/** A browser may read it a little later. */
const KEPT_MS = 60_000;

export function saveFile(name: string, kind: keyof typeof TYPES, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: TYPES[kind] }));
  const link = document.createElement("a");
  link.href = url;
  if (kind === "html") {
    link.target = "_blank";
    link.rel = "noopener";
  } else {
    link.download = `${name}.${kind}`;
  }
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
