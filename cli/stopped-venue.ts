/** The data folder of a venue that is not running, held while a command works on it. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { DataFolder, DataFolderLocked } from "../mixins/data-folder.ts";
import { type Founded, loadFounding } from "../mixins/runtime/founding.ts";
import { SettingInvalid } from "../mixins/runtime/setting.ts";
import { INSTRUMENTS } from "../services/instruments.ts";

/** A venue that was just killed has this long to end. */
const GRACE_MS = 500;

export interface StoppedVenue extends Founded {
  readonly dataDir: string;
  release(): Promise<void>;
}

export interface FolderArguments {
  readonly dataDir: string;
  readonly json: boolean;
  readonly help: boolean;
}

/** Throws SettingInvalid. */
export function readFolderArguments(argv: readonly string[]): FolderArguments {
  try {
    const options = { json: { type: "boolean" }, help: { type: "boolean" } } as const;
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    const [dataDir = process.env.DATA_DIR || "data", ...others] = positionals;
    if (others.length > 0)
      throw new SettingInvalid(`Cannot take more than one folder: received ${others[0]}`);
    return { dataDir: resolve(dataDir), json: values.json === true, help: values.help === true };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new SettingInvalid(`Cannot begin: ${error.message}`, { cause: error });
  }
}

/** Throws SettingInvalid where there is no such venue, DataFolderLocked while one runs. */
export async function openStopped(dataDir: string): Promise<StoppedVenue> {
  const founded = await loadFounding(dataDir, INSTRUMENTS);
  const folder = await DataFolder.lock(dataDir, GRACE_MS);
  return { ...founded, dataDir, release: () => folder.release() };
}

/** Whether a command cannot begin for a reason that its caller can mend, which is then told in `message`. */
export function isUsage(error: unknown): error is Error & { readonly code: string } {
  return error instanceof SettingInvalid || error instanceof DataFolderLocked;
}
