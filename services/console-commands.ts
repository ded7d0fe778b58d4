/** What an operator may type at a node's console beside Moleculer's own commands. */
import type { ServiceBroker } from "moleculer";
import type { PlacementView } from "../models/placement.model.ts";

/** The console hands over an object of the names in the command, whatever its type says. */
type Named = Readonly<Record<string, string | undefined>>;

export interface ConsoleCommand {
  readonly command: string;
  readonly description: string;
  action(broker: ServiceBroker, named: object): Promise<void>;
}

function command(
  text: string,
  description: string,
  answer: (broker: ServiceBroker, named: Named) => Promise<string>,
): ConsoleCommand {
  return {
    command: text,
    description,
    async action(broker, named) {
      process.stdout.write(`${await answer(broker, { ...named })}\n`);
    },
  };
}

/** Columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0))) ?? [];
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export function placementText({ nodes, actors }: PlacementView): string {
  const placedActors = actors.map(({ actor, node, epoch, preferred, pinned }) => [
    ...[actor, node ?? "nobody", epoch === undefined ? "" : String(epoch)],
    ...[preferred ?? "nobody", pinned ?? ""],
  ]);
  const placedNodes = nodes.map(({ node, roles, weight, drained, actors: count }) => [
    ...[node, String(count), String(weight), drained ? "drained" : "", roles.join(",")],
  ]);
  return [
    table([["ACTOR", "NODE", "EPOCH", "SHOULD BE", "PINNED"], ...placedActors]),
    table([["NODE", "ACTORS", "WEIGHT", "", "ROLES"], ...placedNodes]),
  ].join("\n\n");
}

async function placed(broker: ServiceBroker, action: string, params: object): Promise<string> {
  return placementText(await broker.call<PlacementView, object>(`placement.${action}`, params));
}

export const CONSOLE_COMMANDS: readonly ConsoleCommand[] = [
  command(
    "explain <id>",
    "Tells why an order was refused or an account closed out",
    async (broker, named) => {
      const explained = await broker.call("guards.explainOf", { id: named.id ?? "" });
      return JSON.stringify(explained, null, 2);
    },
  ),
  command("actors", "Tells which node has which actor, and which should have it", broker =>
    placed(broker, "list", {}),
  ),
  command("pin <actor> <node>", "Keeps an actor on a node as long as the node is there", (broker, named) =>
    placed(broker, "pin", { actor: named.actor, node: named.node }),
  ),
  command("unpin <actor>", "Lets an actor go where the weights say", (broker, named) =>
    placed(broker, "unpin", { actor: named.actor }),
  ),
  command("drain <node>", "Empties a node, a few actors at a time", (broker, named) =>
    placed(broker, "drain", { node: named.node, drained: true }),
  ),
  command("undrain <node>", "Lets a node have actors again", (broker, named) =>
    placed(broker, "drain", { node: named.node, drained: false }),
  ),
];
