/** What every journal asks of an append before anything is written, and of where a reader begins. */
import { countRecords, FRAME_PAYLOAD_BYTES_MAX } from "./frame.ts";
import { JournalConflict, JournalShort } from "./journal-fault.ts";

/** Throws JournalConflict where it isn't the next one, RangeError where the payload isn't `count` records. */
export function checkAppend(
  journal: { readonly name: string; readonly last: number; readonly appending: boolean },
  expected: number,
  count: number,
  payload: Uint8Array,
): void {
  const { name, last } = journal;
  if (journal.appending) throw new JournalConflict(name, "another append is in flight", last);
  if (expected !== last) {
    const reason = `'expected' must be its last record, ${last}: received ${expected}`;
    throw new JournalConflict(name, reason, last);
  }
  if (payload.length > FRAME_PAYLOAD_BYTES_MAX) {
    throw new RangeError(
      `Cannot append as 'payload' must have at most ${FRAME_PAYLOAD_BYTES_MAX} bytes: ` +
        `received ${payload.length}`,
    );
  }
  if (count < 1 || countRecords(payload) !== count) {
    throw new RangeError(`Cannot append as 'payload' must be 'count' whole records: received ${count}`);
  }
}

/** Throws where `from` is no sequence, or beyond what follows the last record. */
export function checkFrom(name: string, from: number, last: number): void {
  if (!Number.isSafeInteger(from) || from < 1) {
    throw new RangeError(`Cannot read journal as 'from' must be a sequence from 1: received ${from}`);
  }
  if (from > last + 1) throw new JournalShort(name, from, last);
}
