/**
 * Finds the shared data folder that lies beside the repository. Where it is absent, the caller's tests are
 * passed over after one line that says so.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Path of a file under `shared/data/`, or undefined where it isn't there. */
export function sharedFile(path: string): string | undefined {
  const file = fileURLToPath(new URL(`../../shared/data/${path}`, import.meta.url));
  if (existsSync(file)) return file;
  console.info(`shared/data/${path} is absent: the tests that need it are passed over`);
  return undefined;
}
