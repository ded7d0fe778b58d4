/**
 * A child process that takes a data folder's lock, says whether it got it, and holds it until it is killed.
 */
import { writeSync } from "node:fs";
import { DataFolder } from "../../mixins/data-folder.ts";

const [, , path = ""] = process.argv;
try {
  await DataFolder.lock(path);
  writeSync(1, "locked\n");
} catch (error) {
  writeSync(1, `${String(error)}\n`);
}
setInterval(() => undefined, 1_000);
