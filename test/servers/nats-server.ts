/**
 * Real nats-server processes for tests: one, or a cluster of three, on free ports of loopback, every write
 * synced. They are killed, stopped, paused and started again at the same port with what they had on disk.
 */
import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "nats";
import { freePorts } from "./free-ports.ts";
import { findServer, ServerProcess } from "./server-process.ts";
import { until } from "./until.ts";

/** Below it the race for one sequence has more than one winner. */
const MINOR_MIN = 12;

const program = findServer("nats-server", "nats");
if (program !== undefined) {
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  const [, major = "0", minor = "0"] = /v(\d+)\.(\d+)/.exec(stdout) ?? [];
  if (major === "2" && Number(minor) < MINOR_MIN) {
    throw new Error(`Cannot test with nats-server as it must be 2.${MINOR_MIN} or newer: found ${stdout}`);
  }
}

/** Whether servers can be started here. */
export const CAN_START_NATS = program !== undefined;

/** Whether there is a server: one that is started here, or one that runs already at TEST_NATS_URL. */
export const HAS_NATS = CAN_START_NATS || process.env.TEST_NATS_URL !== undefined;

interface Place {
  readonly name: string;
  readonly port: number;
  readonly monitorPort: number;
  /** Further lines of the configuration. */
  readonly lines: string;
}

export class NatsServer {
  readonly url: string;
  readonly process: ServerProcess;

  private constructor(url: string, process: ServerProcess) {
    this.url = url;
    this.process = process;
  }

  /** One server by itself, with JetStream ready; `lines` are added to its configuration. */
  static async start(lines = ""): Promise<NatsServer> {
    const [port = 0, monitorPort = 0] = await freePorts(2);
    return NatsServer.startAt({ name: "one", port, monitorPort, lines });
  }

  static async startAt({ name, port, monitorPort, lines }: Place): Promise<NatsServer> {
    if (program === undefined) throw new Error("Invariant: a test that starts NATS is passed over without");
    const ready = async () => (await fetch(`http://127.0.0.1:${monitorPort}/healthz`)).ok;
    const server = await ServerProcess.start(`nats-${name}`, async folder => {
      const configuration = join(folder, "nats.conf");
      await writeFile(
        configuration,
        `server_name: ${name}
listen: "127.0.0.1:${port}"
http: "127.0.0.1:${monitorPort}"
jetstream { store_dir: "${join(folder, "store")}", sync_interval: always }
${lines}
`,
      );
      return { program, args: ["-c", configuration], ready };
    });
    return new NatsServer(`nats://127.0.0.1:${port}`, server);
  }
}

export class NatsServers {
  readonly servers: readonly NatsServer[];

  private constructor(servers: readonly NatsServer[]) {
    this.servers = servers;
  }

  /** A cluster that takes replicated streams when it resolves; `line` is added to the cluster's part. */
  static async start(count = 3, line = ""): Promise<NatsServers> {
    const ports = await freePorts(count * 3);
    const routePorts = ports.slice(count * 2);
    const routes = routePorts.map(port => `"nats-route://127.0.0.1:${port}"`).join(", ");
    const servers = routePorts.map((routePort, at) => {
      const lines = `cluster { name: cambist, listen: "127.0.0.1:${routePort}", routes: [${routes}]
${line} }`;
      const [port = 0, monitorPort = 0] = [ports[at], ports[count + at]];
      return NatsServer.startAt({ name: `n${at + 1}`, port, monitorPort, lines });
    });
    const made = new NatsServers(await Promise.all(servers));
    await made.ready();
    return made;
  }

  get urls(): string[] {
    return this.servers.map(({ url }) => url);
  }

  get ports(): number[] {
    return this.urls.map(url => Number(new URL(url).port));
  }

  /** Resolves when a stream with a replica on each server can be made. */
  async ready(): Promise<void> {
    const connection = await connect({ servers: this.urls });
    const manager = await connection.jetstreamManager({ timeout: 2_000, checkAPI: false });
    await until("three replicas", async () => {
      await manager.streams.add({ name: "probe", subjects: ["probe"], num_replicas: this.servers.length });
      return manager.streams.delete("probe");
    });
    await connection.close();
  }

  async remove(): Promise<void> {
    await Promise.all(this.servers.map(server => server.process.remove()));
  }
}
