/**
 * Runs a command beside one nats-server (NATS_ONE) and a cluster of three (NATS_THREE), which end with it;
 * their process ids are in NATS_ONE_PIDS and NATS_THREE_PIDS:
 * `npx tsx test/servers/with-nats.ts npm run bench:journal`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { NatsServer, NatsServers } from "./nats-server.ts";

const [command = "true", ...options] = process.argv.slice(2);
const one = await NatsServer.start();
const three = await NatsServers.start();
const env = {
  ...process.env,
  NATS_ONE: one.url,
  NATS_ONE_PIDS: String(one.process.pid),
  NATS_THREE: three.urls.join(","),
  NATS_THREE_PIDS: three.servers.map(server => server.process.pid).join(","),
};
const [code] = await once(spawn(command, options, { env, stdio: "inherit" }), "exit");
await one.process.remove();
await three.remove();
process.exitCode = Number(code ?? 1);
