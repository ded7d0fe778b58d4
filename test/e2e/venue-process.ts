/** The real program in a process of its own, started and ended as its users do. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../cli/cambist.js", import.meta.url));
const START_MS_MAX = 30_000;

export interface Demo {
  readonly email: string;
  readonly password: string;
}

export class VenueProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  output = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#exited = new Promise(resolve => child.once("exit", code => resolve(code)));
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
    });
  }

  /** Starts it on a free port; resolves when it is ready for orders. */
  static async start(dataDir: string, environment: Record<string, string> = {}, options: string[] = []) {
    const venue = VenueProcess.launch(dataDir, environment, options);
    await venue.ready();
    return venue;
  }

  /** The same, without waiting: a node of a cluster that is no gateway tells nobody when it is ready. */
  static launch(dataDir: string, environment: Record<string, string> = {}, options: string[] = []) {
    const child = spawn(process.execPath, [PROGRAM, "start", ...options], {
      env: { ...process.env, PORT: "0", DATA_DIR: dataDir, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new VenueProcess(child);
  }

  /** Resolves when it says that it takes orders. */
  ready(withinMs = START_MS_MAX): Promise<void> {
    return this.#until(async () => (await fetch(`${this.address}/api/v1/ready`)).ok, withinMs);
  }

  /** Runs it to its own end. */
  static async run(options: string[], environment: Record<string, string> = {}) {
    const child = spawn(process.execPath, [PROGRAM, ...options], {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const venue = new VenueProcess(child);
    const code = await venue.#exited;
    return { code, output: venue.output };
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get address(): string {
    return /^Cambist: (http\S+)$/m.exec(this.output)?.[1] ?? "";
  }

  get demo(): Demo {
    const [, email = "", password = ""] = /^demo: (\S+) \/ (\S+)$/m.exec(this.output) ?? [];
    return { email, password };
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  /** Asks it to end; resolves with its exit code. */
  async end(signal: "SIGTERM" | "SIGINT" = "SIGTERM"): Promise<number | null> {
    this.#child.kill(signal);
    return this.#exited;
  }

  /**
   * Waits for a condition of the outside world, and fails with the program's output where it does not come.
   */
  async #until(condition: () => Promise<boolean>, withinMs: number): Promise<void> {
    const end = Date.now() + withinMs;
    for (;;) {
      if (this.#child.exitCode !== null) throw new Error(`The venue ended: ${this.output}`);
      if (this.address !== "" && (await condition().catch(() => false))) return;
      if (Date.now() > end) throw new Error(`The venue was not ready after ${withinMs} ms: ${this.output}`);
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}
