/** InfluxDB 1.x for tests. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findServer, freePort, ServerProcess } from "./server-process.ts";

export const INFLUXD = findServer("influxd", "influx");

export interface InfluxServer {
  readonly url: string;
  readonly process: ServerProcess;
}

export async function startInfluxd(): Promise<InfluxServer> {
  if (INFLUXD === undefined)
    throw new Error("Invariant: a test that needs influxd is passed over without it");
  const program = INFLUXD;
  const url = `http://127.0.0.1:${await freePort()}`;
  const backupPort = await freePort();
  const process = await ServerProcess.start("influxd", async folder => {
    const path = (name: string) => JSON.stringify(join(folder, name));
    const configuration = `reporting-disabled = true
bind-address = "127.0.0.1:${backupPort}"
[meta]
dir = ${path("meta")}
[data]
dir = ${path("data")}
wal-dir = ${path("wal")}
query-log-enabled = false
[monitor]
store-enabled = false
[http]
bind-address = "${new URL(url).host}"
log-enabled = false
`;
    const file = join(folder, "influxdb.conf");
    await writeFile(file, configuration);
    const ready = async () => (await fetch(`${url}/ping`)).status === 204;
    return { program, args: ["-config", file], ready };
  });
  return { url, process };
}
