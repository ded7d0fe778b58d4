/** The ports of a node that its settings choose between: in a data folder of its own, or shared by nodes. */
import type { Keys } from "../nats/ports.ts";
import type { Ownership } from "../ownership/ownership.ts";
import type { Cursors } from "./cursors.ts";
import type { HostedJournals } from "./hosted-journals.ts";

export interface RuntimePorts {
  readonly journals: HostedJournals;
  readonly ownership: Ownership;
  readonly cursors: Cursors;
  /** Keys that all nodes share; undefined where there is one node. */
  keys(bucket: string): Promise<Keys> | undefined;
  /** After the last service has stopped. */
  close(): Promise<void>;
}
