/** Records for tests of journals: each is a text, so that what comes back can be compared by eye. */
import type { Journal, JournalBatch } from "../../mixins/journal/journal.ts";

export function encodeRecords(texts: readonly string[]): Uint8Array {
  const parts = texts.map(text => {
    const record = Buffer.from(text, "utf8");
    const length = Buffer.alloc(4);
    length.writeUInt32LE(record.length);
    return Buffer.concat([length, record]);
  });
  return Buffer.concat(parts);
}

export function decodeRecords(batch: JournalBatch): string[] {
  const payload = Buffer.from(batch.payload);
  const texts: string[] = [];
  for (let offset = 0; offset < payload.length; ) {
    const length = payload.readUInt32LE(offset);
    texts.push(payload.toString("utf8", offset + 4, offset + 4 + length));
    offset += 4 + length;
  }
  return texts;
}

export function text(sequence: number, bytes = 0): string {
  return `record ${sequence} `.padEnd(bytes, "x");
}

/** Appends `count` records of at least `bytes` bytes each as one batch, each naming its sequence. */
export async function appendTexts(
  journal: Journal,
  count: number,
  clients = false,
  bytes = 0,
): Promise<boolean> {
  const texts = Array.from({ length: count }, (_, at) => text(journal.last + 1 + at, bytes));
  const { sealed } = await journal.append(journal.last, count, encodeRecords(texts), clients);
  return sealed;
}

/** Everything from `from` on by sequence: fails on a gap, a repeat or a wrong number of records. */
export async function readTexts(journal: Journal, from = 1, last = journal.last): Promise<string[]> {
  const texts: string[] = [];
  let next: number | undefined;
  for await (const batch of journal.read(from)) {
    const records = decodeRecords(batch);
    if (next !== undefined && batch.first !== next)
      throw new Error(`batch ${batch.first} comes after ${next - 1}`);
    if (records.length !== batch.count) throw new Error(`${records.length} records for ${batch.count}`);
    next = batch.first + batch.count;
    texts.push(...records);
    if (next > last) break;
  }
  return texts;
}

export function expectedTexts(from: number, last: number, bytes = 0): string[] {
  return Array.from({ length: last - from + 1 }, (_, at) => text(from + at, bytes));
}
