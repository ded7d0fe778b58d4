/** Redis for tests: in memory alone, so a restart has forgotten everything. */
import { connect } from "node:net";
import { vi } from "vitest";
import type { SharedRedis } from "../../mixins/redis/shared-redis.ts";
import { findServer, freePort, ServerProcess } from "./server-process.ts";

export const REDIS_SERVER = findServer("redis-server", "redis");

export interface RedisServer {
  readonly url: string;
  readonly process: ServerProcess;
}

/** Whether a PING is answered. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.once("data", data => {
      socket.destroy();
      resolve(String(data).startsWith("+PONG"));
    });
    socket.once("error", reject);
  });
}

export async function startRedisServer(): Promise<RedisServer> {
  if (REDIS_SERVER === undefined)
    throw new Error("Invariant: a test that needs Redis is passed over without it");
  const program = REDIS_SERVER;
  const port = await freePort();
  const args = ["--bind", "127.0.0.1", "--port", String(port), "--save", "", "--appendonly", "no"];
  const command = { program, args, ready: () => answers(port) };
  const process = await ServerProcess.start("redis", () => Promise.resolve(command));
  return { url: `redis://127.0.0.1:${port}`, process };
}

/** Resolves once the client's Redis answers, at the start or again. */
export async function answering(redis: SharedRedis): Promise<void> {
  await vi.waitFor(() => redis.ask(client => client.ping()), { timeout: 10_000 });
}
