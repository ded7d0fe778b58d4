/** nats-server processes for a bench: one, or a cluster of three; JetStream syncs every write. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";

export interface NatsServers {
  readonly urls: readonly string[];
  readonly version: string;
  end(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  return address !== null && typeof address === "object" ? address.port : 0;
}

async function healthy(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
  } catch (error) {
    // Nobody listens yet.
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function end(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null) return Promise.resolve();
  const ended = new Promise(resolve => child.once("exit", resolve));
  child.kill("SIGTERM");
  return ended;
}

/** Throws, and says how to get it, where there is no nats-server. */
export async function startNats(folder: string, count: 1 | 3): Promise<NatsServers> {
  const { stdout, error } = spawnSync("nats-server", ["--version"], { encoding: "utf8" });
  if (error !== undefined) {
    throw new Error(
      "Cannot measure as nats-server must be in the PATH: " +
        "go install github.com/nats-io/nats-server/v2@latest",
    );
  }
  const places: { port: number; monitor: number; route: number }[] = [];
  for (let index = 0; index < count; index++) {
    places.push({ port: await freePort(), monitor: await freePort(), route: await freePort() });
  }
  const routes = places.map(({ route }) => `"nats://127.0.0.1:${route}"`).join(", ");
  const children: ChildProcess[] = [];
  for (const [index, { port, monitor, route }] of places.entries()) {
    const cluster =
      count === 1 ? "" : `cluster { name: bench, listen: "127.0.0.1:${route}", routes: [${routes}] }\n`;
    const file = join(folder, `nats-${count}-${index}.conf`);
    await writeFile(
      file,
      `server_name: bench-${index}
listen: "127.0.0.1:${port}"
http: "127.0.0.1:${monitor}"
jetstream { store_dir: "${join(folder, `nats-${port}`)}", sync_interval: always }
${cluster}`,
    );
    children.push(spawn("nats-server", ["-c", file], { stdio: "ignore" }));
  }
  for (const { monitor } of places) {
    while (!(await healthy(monitor))) await new Promise(resolve => setTimeout(resolve, 100));
  }
  return {
    urls: places.map(({ port }) => `nats://127.0.0.1:${port}`),
    version: stdout.trim(),
    end: async () => void (await Promise.all(children.map(end))),
  };
}
