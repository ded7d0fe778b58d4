/** The console of a local cluster: one command a line, from a terminal or from a pipe. */
import type { Cluster } from "./cluster.ts";
import type { ClusterNode } from "./cluster-node.ts";

const LOG_LINES = 20;

export const HELP = `Commands:

  status               nodes, servers and stores; which node has which actor
  logs NODE [LINES]    the end of what a node has said
  kill NAME            as kill -9: a node, nats-1 … nats-3, mongo, influx or redis
  freeze NAME          as SIGSTOP; thaw NAME goes on
  stop NODE            as SIGTERM: it hands over what it has, and ends
  start NAME           starts it again, with what it left on disk
  cut NODE             cuts a node off the servers; mend NODE joins it again
  restart              kills everything but the stores, and starts it again
  help                 this text
  quit                 ends and removes all of it
`;

/** Faults on processes that are no nodes. */
interface Server {
  kill(): Promise<void>;
  start(): Promise<void>;
  pause(): void;
  resume(): void;
}

export class ClusterConsole {
  readonly #cluster: Cluster;
  readonly #servers: ReadonlyMap<string, Server>;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    const nats = cluster.nats.servers.map(({ process }, at) => [`nats-${at + 1}`, process] as const);
    this.#servers = new Map([...nats, ...cluster.stores]);
  }

  /** Does what a line says; resolves with what to print. Throws with what is wrong with it. */
  async obey(line: string): Promise<string> {
    const [command = "", name = "", count = String(LOG_LINES)] = line.trim().split(/\s+/);
    switch (command) {
      case "":
        return "";
      case "help":
        return HELP;
      case "status":
        return this.status();
      case "logs":
        return `${await this.#cluster.node(name).log(Number(count))}\n`;
      case "restart":
        return this.#restart();
      case "stop":
        await this.#cluster.node(name).terminate();
        return `${name} has ended\n`;
      case "cut":
        this.#cluster.node(name).cut();
        return `${name} is cut off\n`;
      case "mend":
        this.#cluster.node(name).mend();
        return `${name} is joined\n`;
      default:
        return this.#fault(command, name);
    }
  }

  async status(): Promise<string> {
    const owned = await this.#owners();
    const nodes = [...this.#cluster.nodes.values()].map(node => {
      const { name, state, pid, roles } = node;
      const address = node.hasGateway ? node.address : "";
      const actors = owned.get(name)?.join(" ") ?? "";
      return [name, state, pid === 0 ? "" : String(pid), roles, address, actors].join("  ");
    });
    const servers = [...this.#servers.keys()].join(" ");
    return `${nodes.join("\n")}\nservers: ${servers}\n`;
  }

  async #fault(command: string, name: string): Promise<string> {
    const node = this.#cluster.nodes.get(name);
    const server = this.#servers.get(name);
    const known = node !== undefined || server !== undefined;
    if (!["kill", "freeze", "thaw", "start"].includes(command)) {
      throw new Error(`Cannot obey as the command must be one of help's: received ${command}`);
    }
    if (!known) throw new Error(`Cannot ${command} as its name must be in status: received ${name}`);
    if (command === "kill") await (node ?? server)?.kill();
    else if (command === "start") await (node ?? server)?.start();
    else if (command === "freeze") freeze(node, server);
    else thaw(node, server);
    return `${name}: ${command}\n`;
  }

  async #restart(): Promise<string> {
    await this.#cluster.restart();
    return "all of it was killed, and runs again\n";
  }

  /** Actors by the node that has them, from the first gateway that answers. */
  async #owners(): Promise<ReadonlyMap<string, string[]>> {
    const owned = new Map<string, string[]>();
    for (const { actor, node = "nobody" } of await this.#cluster.owners()) {
      owned.set(node, [...(owned.get(node) ?? []), actor]);
    }
    return owned;
  }
}

function freeze(node: ClusterNode | undefined, server: Server | undefined): void {
  node?.freeze();
  server?.pause();
}

function thaw(node: ClusterNode | undefined, server: Server | undefined): void {
  node?.thaw();
  server?.resume();
}
