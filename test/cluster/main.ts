/** `npm run cluster`: a cluster on this machine, and a console to it. Ends with `quit`, Ctrl-C or SIGTERM. */
import { createInterface } from "node:readline";
import { Cluster, FIVE_NODES } from "./cluster.ts";
import { ClusterConsole, HELP } from "./console.ts";

process.stdout.write("Starting three NATS servers, the stores and five nodes …\n");
const cluster = await Cluster.start({ nodes: FIVE_NODES });
const console = new ClusterConsole(cluster);
const lines = createInterface({ input: process.stdin, terminal: process.stdin.isTTY });
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => lines.close());
process.stdout.write(`${await console.status()}\n${HELP}\n`);
for (const { output } of cluster.gateways) {
  process.stdout.write(/^demo: .*$/m.exec(output)?.[0].concat("\n") ?? "");
}
for await (const line of lines) {
  if (line.trim() === "quit") break;
  try {
    process.stdout.write(await console.obey(line));
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}
await cluster.remove();
