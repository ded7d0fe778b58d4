/**
 * A batch of a journal as one message of a stream. The payload is the batch's own bytes; what else is known
 * of it are headers:
 *
 *   first, count, clients   as in JournalBatch
 *   segment, filled, sealed the segment's first record, its payload bytes up to here, "1" where it ends here
 *   time                    milliseconds since 1970, by its writer's clock
 *   object                  where the payload is too large for a message: the name of the object that has it
 *   crc                     CRC32C of the payload, begun from that of the journal's name and all of the above
 *
 * So a message of another journal, or of another place in this one, is none here.
 */
import { crc32c } from "@node-rs/crc32";
import type { StoredMessage } from "../nats/ports.ts";
import { countRecords } from "./frame.ts";
import type { JournalBatch } from "./journal.ts";
import { JournalCorrupt } from "./journal-fault.ts";

export interface StreamBatch {
  readonly batch: JournalBatch;
  readonly segment: number;
  readonly filled: number;
  readonly sealed: boolean;
  readonly time: number;
  /** The object that has the payload; "" where the message has it. */
  readonly object: string;
}

export type BatchHeaders = Readonly<Record<string, string>>;

const FIELDS = ["first", "count", "clients", "segment", "filled", "sealed", "time", "object"] as const;

export function encodeHeaders(name: string, stamped: StreamBatch): BatchHeaders {
  const { batch, segment, filled, sealed, time, object } = stamped;
  const headers = {
    first: String(batch.first),
    count: String(batch.count),
    clients: batch.clients ? "1" : "0",
    segment: String(segment),
    filled: String(filled),
    sealed: sealed ? "1" : "0",
    time: String(time),
    ...(object === "" ? {} : { object }),
  };
  return { ...headers, crc: crcOf(name, headers, batch.payload) };
}

/** `payload`: of the message or of its object. Throws JournalCorrupt where it is not what was written. */
export function decodeBatch(
  name: string,
  place: string,
  { headers }: StoredMessage,
  payload: Uint8Array,
): StreamBatch {
  if (headers.crc !== crcOf(name, headers, payload)) {
    throw new JournalCorrupt(place, 0, "a message must match its CRC");
  }
  const [first, count, segment, filled, time] = [
    headers.first,
    headers.count,
    headers.segment,
    headers.filled,
    headers.time,
  ].map(integerOf);
  if (
    first === undefined ||
    count === undefined ||
    segment === undefined ||
    filled === undefined ||
    time === undefined ||
    countRecords(payload) !== count
  ) {
    throw new JournalCorrupt(place, 0, "a message must hold as many records as it says");
  }
  const batch = { first, count, clients: headers.clients === "1", payload };
  return { batch, segment, filled, sealed: headers.sealed === "1", time, object: headers.object ?? "" };
}

function crcOf(name: string, headers: BatchHeaders, payload: Uint8Array): string {
  const text = [name, ...FIELDS.map(field => headers[field] ?? "")].join("\n");
  return crc32c(payload, crc32c(text)).toString(16).padStart(8, "0");
}

function integerOf(text: string | undefined): number | undefined {
  const value = Number(text);
  return text !== undefined && text !== "" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
