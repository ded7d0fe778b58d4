/** What a journal's message in a stream says, for whoever looks at the store from outside. */
import type { JournalBatch } from "../../mixins/journal/journal.ts";
import type { StoredMessage } from "../../mixins/nats/ports.ts";

export function batchOf({ headers, payload }: StoredMessage): JournalBatch {
  const { first, count, clients } = headers;
  return { first: Number(first), count: Number(count), clients: clients === "1", payload };
}

/** The journal whose stream this is. */
export function journalOf(stream: string): string {
  return stream.slice("CAMBIST_".length).replace("_", ".");
}
