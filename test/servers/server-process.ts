/**
 * A real server for tests: found on this machine or told of in one line, started on free loopback ports in a
 * folder of its own, ready by what it answers, and ended with the test.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const READY_MS_MAX = 20_000;
const POLL_MS = 20;
const OUTPUT_CHARACTERS_MAX = 4_000;

export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Throws, or says false, as long as the server does not answer. */
  readonly ready: () => Promise<boolean>;
}

/**
 * Path of a server's program. Where it is missing: a line that says how to get it, and undefined; under CI an
 * error.
 */
export function findServer(program: string, service: string): string | undefined {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // In the next folder, perhaps.
    }
  }
  const missing = `${program} is not on this machine: install it, or see \`docker compose up -d ${service}\``;
  if (process.env.CI === "true") throw new Error(missing);
  process.stderr.write(`Tests passed over as ${missing}\n`);
  return undefined;
}

/** A loopback port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("Invariant: a TCP port is a number");
  return address.port;
}

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Ends a process with this one, however this one ends in order. */
export function endWithThis(child: ChildProcess): void {
  running.add(child);
  child.once("exit", () => running.delete(child));
}

export class ServerProcess {
  readonly folder: string;
  readonly #command: ServerCommand;
  #child: ChildProcess | undefined;
  #output = "";

  private constructor(folder: string, command: ServerCommand) {
    this.folder = folder;
    this.#command = command;
  }

  /** Starts what `commandOf` makes for a folder of its own; resolves once it answers. */
  static async start(
    name: string,
    commandOf: (folder: string) => Promise<ServerCommand>,
  ): Promise<ServerProcess> {
    const folder = await mkdtemp(join(tmpdir(), `cambist-${name}-`));
    const server = new ServerProcess(folder, await commandOf(folder));
    await server.start();
    return server;
  }

  /** Starts it again, with what it left in its folder. */
  async start(): Promise<void> {
    const { program, args, ready } = this.#command;
    const child = spawn(program, args, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    const keep = (text: unknown) => {
      this.#output = `${this.#output}${text}`.slice(-OUTPUT_CHARACTERS_MAX);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    endWithThis(child);
    const deadline = performance.now() + READY_MS_MAX;
    for (;;) {
      if (await ready().catch(() => false)) return;
      if (child.exitCode !== null || performance.now() > deadline) {
        await this.kill();
        throw new Error(`Cannot start ${program} as it does not answer: ${this.#output}`);
      }
      await pause(POLL_MS);
    }
  }

  /** As a power cut would: nothing is written any more. */
  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  stop(): Promise<void> {
    return this.#end("SIGTERM");
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Freezes it: connections stay, nothing answers. */
  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  async remove(): Promise<void> {
    await this.#end("SIGKILL");
    await rm(this.folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise(resolve => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }
}
