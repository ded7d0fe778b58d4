/** A copy of the compiled program with one rule taken out, in a folder of its own. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Removal } from "./removal.ts";

const PARTS = ["engine", "mixins", "models", "services", "sim"];

export class RemovedCopy {
  readonly folder: string;

  /** `root`: of the project, compiled. Throws where what is to be taken out is not there once. */
  constructor(root: string, { name, edits }: Pick<Removal, "name" | "edits">) {
    this.folder = mkdtempSync(join(tmpdir(), "cambist-removal-"));
    mkdirSync(join(this.folder, "dist"));
    for (const part of PARTS) {
      const isKept = (path: string) => !path.endsWith(".map") && !path.endsWith(".d.ts");
      cpSync(join(root, "dist", part), join(this.folder, "dist", part), { recursive: true, filter: isKept });
    }
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
    writeFileSync(join(this.folder, "package.json"), '{ "type": "module" }\n');
    for (const [file, text] of textsWithout(root, { name, edits })) {
      writeFileSync(join(this.folder, "dist", file), text);
    }
  }

  get program(): string {
    return join(this.folder, "dist", "sim", "removals", "catch.js");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The compiled files without the rule. Throws where what is to be taken out is not there once. */
export function textsWithout(
  root: string,
  { name, edits }: Pick<Removal, "name" | "edits">,
): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { file, find, replace } of edits) {
    const text = texts.get(file) ?? readFileSync(join(root, "dist", file), "utf8");
    const times = text.split(find).length - 1;
    if (times !== 1) {
      throw new Error(
        `Cannot take out '${name}' as ${file} must have it once: has it ${times} times: ${find}`,
      );
    }
    texts.set(
      file,
      text.replace(find, () => replace),
    );
  }
  return texts;
}

/** Of this project, whether this file is compiled or not. */
export function projectRoot(): string {
  const here = fileURLToPath(new URL(".", import.meta.url));
  return here.includes("/dist/") ? join(here, "../../..") : join(here, "../..");
}
