/**
 * One node of a local cluster: the real program in a process of its own, on links to the servers that can be
 * cut. It is killed, frozen, ended and started again as the same node, with what it left in its folder.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { endWithThis } from "../servers/server-process.ts";
import { until } from "../servers/until.ts";
import type { SeverableLink } from "./severable-link.ts";

const PROGRAM = fileURLToPath(new URL("../../cli/cambist.js", import.meta.url));
const OUTPUT_CHARACTERS_MAX = 100_000;

export interface NodeSpec {
  readonly name: string;
  /** As SERVICES takes them. */
  readonly roles: string;
}

export type NodeState = "running" | "frozen" | "cut" | "ended";

export class ClusterNode {
  readonly name: string;
  readonly roles: string;
  readonly port: number;
  readonly #folder: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #links: readonly SeverableLink[];
  #child: ChildProcess | undefined;
  #frozen = false;
  #output = "";

  constructor(
    spec: NodeSpec,
    folder: string,
    port: number,
    links: readonly SeverableLink[],
    environment: Readonly<Record<string, string>>,
  ) {
    this.name = spec.name;
    this.roles = spec.roles;
    this.port = port;
    this.#folder = folder;
    this.#links = links;
    this.#environment = environment;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get hasGateway(): boolean {
    return this.roles.split(",").includes("gateway");
  }

  get state(): NodeState {
    if (this.#child === undefined) return "ended";
    if (this.#frozen) return "frozen";
    return this.#links.some(link => link.isCut) ? "cut" : "running";
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** What it has said since it was started last, the end of it. */
  get output(): string {
    return this.#output;
  }

  /** Starts the process; it joins in its own time: see `ready`. */
  async start(): Promise<void> {
    if (this.#child !== undefined) return;
    await mkdir(this.#folder, { recursive: true });
    const log = createWriteStream(join(this.#folder, "log"), { flags: "a" });
    const child = spawn(process.execPath, [PROGRAM, "start"], {
      env: {
        ...process.env,
        ...this.#environment,
        NODE_ID: this.name,
        SERVICES: this.roles,
        NATS_URL: this.#links.map(({ port }) => `nats://127.0.0.1:${port}`).join(","),
        DATA_DIR: join(this.#folder, "data"),
        PORT: String(this.port),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.#output = "";
    const keep = (text: string) => {
      log.write(text);
      this.#output = `${this.#output}${text}`.slice(-OUTPUT_CHARACTERS_MAX);
    };
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    endWithThis(child);
    child.once("exit", () => {
      log.end();
      if (this.#child === child) this.#child = undefined;
    });
  }

  /** Resolves when it says that it is ready; for a gateway: when orders are taken. */
  async ready(withinMs = 60_000): Promise<void> {
    await until(
      `${this.name} to be ready`,
      async () => {
        if (this.#child === undefined) throw new Error(`${this.name} ended: ${this.#output.slice(-2_000)}`);
        if (!this.hasGateway) return true;
        return (await fetch(`${this.address}/api/v1/ready`)).ok;
      },
      withinMs,
    );
  }

  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  /** It hands over what it has, and ends. */
  terminate(): Promise<void> {
    return this.#end("SIGTERM");
  }

  freeze(): void {
    this.#frozen = true;
    this.#child?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#frozen = false;
    this.#child?.kill("SIGCONT");
  }

  cut(): void {
    for (const link of this.#links) link.cut();
  }

  mend(): void {
    for (const link of this.#links) link.mend();
  }

  async log(lines: number): Promise<string> {
    const text = await readFile(join(this.#folder, "log"), "utf8");
    return text.trimEnd().split("\n").slice(-lines).join("\n");
  }

  async remove(): Promise<void> {
    if (this.#frozen) this.thaw();
    await this.kill();
    for (const link of this.#links) await link.close();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise(resolve => child.once("exit", resolve));
    child.kill(signal);
    await ended;
    this.#child = undefined;
    this.#frozen = false;
  }
}
