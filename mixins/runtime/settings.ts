/**
 * What a node is told from outside, read once: environment variables, and the command line's options over
 * them. A value that does not fit stops the start with a sentence; nothing is guessed.
 */
import {
  type ClusterSettings,
  clusterOf,
  type Role,
  rolesOf,
  type StoreSettings,
  storesOf,
} from "./cluster-settings.ts";
import { type Environment, flag, integer, SettingInvalid } from "./setting.ts";

export interface ReplaySettings {
  readonly file: string;
  readonly symbol: string;
  /** File seconds per second. */
  readonly speed: number;
  /** Day of the file, YYYY-MM-DD. */
  readonly date?: string;
}

export interface Settings {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** A demo has a demo trader and liquidity, and listens on loopback only. */
  readonly demo: boolean;
  /** Whether the built-in liquidity providers quote. */
  readonly liquidity: boolean;
  readonly shards: number;
  /** Seed of the synthetic reference prices. */
  readonly seed: number;
  /** Name of the calendar that the markets follow, or path of a file of calendars by symbol. */
  readonly calendar: string;
  /** What clients pay: nothing, or the demo's fees and swaps. */
  readonly charges: "none" | "demo";
  /** Who may turn the kill switch and change phases, made at the start. */
  readonly operator?: { readonly email: string; readonly password: string };
  readonly replay?: ReplaySettings;
  /** Time between two comparisons of the venue with its journals; 0: on demand only. */
  readonly reconciliationSeconds: number;
  /** Milliseconds that a mark may be old to decide by, by symbol, `*` for others; 0: as old as it gets. */
  readonly markAges: Readonly<Record<string, number>>;
  /** Bytes after which a journal begins a new segment. */
  readonly segmentBytes: number;
  /** Market records between two snapshots of a risk shard: what a restart replays at most. */
  readonly snapshotRecords: number;
  /** Undefined for a node that is alone. */
  readonly cluster?: ClusterSettings;
  /** What of the venue this node hosts. */
  readonly roles: readonly Role[];
  /** Stores that nodes share, in place of the data folder's. */
  readonly stores: StoreSettings;
}

/** Both or neither: there is no default password. */
function operatorOf(environment: Environment): Pick<Settings, "operator"> {
  const { OPERATOR_EMAIL: email = "", OPERATOR_PASSWORD: password = "" } = environment;
  if (email === "" && password === "") return {};
  if (email === "" || password === "") {
    throw new SettingInvalid(
      "Cannot start as 'OPERATOR_EMAIL' and 'OPERATOR_PASSWORD' must be given together",
    );
  }
  return { operator: { email, password } };
}

function chargesOf({ CHARGES: charges = "none" }: Environment): Settings["charges"] {
  if (charges === "none" || charges === "demo") return charges;
  throw new SettingInvalid(`Cannot start as 'CHARGES' must be none or demo: received ${charges}`);
}

const MARK_AGE_MS_MAX = 31_536_000_000;

/** `5000` for every market, or `EURUSD=5000,*=60000`. */
function markAgesOf({ MARK_AGE_MS: text = "" }: Environment): Readonly<Record<string, number>> {
  const parts = text === "" ? [] : text.split(",").map(part => (part.includes("=") ? part : `*=${part}`));
  return Object.fromEntries(
    parts.map(part => {
      const [symbol = "", age = ""] = part.split("=");
      if (symbol === "" || !/^\d+$/.test(age) || Number(age) > MARK_AGE_MS_MAX) {
        throw new SettingInvalid(
          `Cannot start as 'MARK_AGE_MS' must be milliseconds, or SYMBOL=milliseconds: received ${part}`,
        );
      }
      return [symbol, Number(age)];
    }),
  );
}

/** What can move to another node, or runs on several, and has documents. */
const KEEPS_DOCUMENTS: ReadonlySet<Role> = new Set(["risk", "history", "identity"]);
const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

/** Settings of a node. `options` are the command line's, which win. Throws SettingInvalid. */
export function readSettings(environment: Environment, options: Partial<Settings> = {}): Settings {
  const demo = flag(environment, "DEMO", true);
  const cluster = clusterOf(environment);
  const settings: Settings = {
    dataDir: environment.DATA_DIR || "data",
    host: environment.HOST || "127.0.0.1",
    port: integer(environment, "PORT", 3000, 0, 65_535),
    demo,
    liquidity: flag(environment, "LIQUIDITY", demo),
    shards: integer(environment, "RISK_SHARDS", 2, 1, 1_024),
    seed: integer(environment, "SEED", 1, 0, 2 ** 31 - 1),
    ...operatorOf(environment),
    calendar: environment.CALENDAR || "always-open",
    charges: chargesOf(environment),
    reconciliationSeconds: integer(environment, "RECONCILIATION_SECONDS", 300, 0, 86_400),
    markAges: markAgesOf(environment),
    segmentBytes: integer(environment, "JOURNAL_SEGMENT_BYTES", 4 << 20, 1 << 16, 1 << 30),
    snapshotRecords: integer(environment, "SNAPSHOT_RECORDS", 20_000, 1_000, 10_000_000),
    ...(cluster === undefined ? {} : { cluster }),
    roles: rolesOf(environment),
    stores: storesOf(environment),
    ...options,
  };
  if (settings.demo && !LOOPBACK.has(settings.host)) {
    throw new SettingInvalid(
      `Cannot start as 'HOST' must be a loopback address while DEMO is on: received ${settings.host}`,
    );
  }
  const { cluster: many, roles, stores } = settings;
  const keeper = roles.find(role => KEEPS_DOCUMENTS.has(role));
  if (many !== undefined && stores.mongoUrl === undefined && keeper !== undefined) {
    throw new SettingInvalid(
      `Cannot start as 'MONGO_URL' must be given together with 'NATS_URL' where 'SERVICES' has ${keeper}: ` +
        "documents that lie on one node are lost to the next owner of its accounts",
    );
  }
  return settings;
}
