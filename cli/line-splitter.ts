/**
 * Chunks of bytes to numbered lines of text, without a promise or a stream per line. A chunk's whole lines
 * are decoded at once. A line longer than `LINE_BYTES_MAX` or with bytes that are no UTF-8 is handed over as
 * `undefined` beside the reason; of a line without an end at most that many bytes are held.
 */
import { isUtf8 } from "node:buffer";

export const LINE_BYTES_MAX = 65_536;
const NEW_LINE = 10;

/** Receives a line without its end, or why it could not be read. */
export type LineHandler = (line: number, text: string | undefined, reason: string) => void;

export class LineSplitter {
  readonly #handle: LineHandler;
  #line = 0;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(handle: LineHandler) {
    this.#handle = handle;
  }

  push(chunk: Buffer): void {
    let start = 0;
    if (this.#heldBytes > 0) {
      const end = chunk.indexOf(NEW_LINE);
      if (end < 0) {
        this.#hold(chunk);
        return;
      }
      this.#hold(chunk.subarray(0, end));
      this.#release();
      start = end + 1;
    }
    const last = chunk.lastIndexOf(NEW_LINE);
    if (last >= start) this.#whole(chunk.subarray(start, last));
    if (last + 1 < chunk.length) this.#hold(chunk.subarray(Math.max(start, last + 1)));
  }

  /** Hands over the last line where it has no end. */
  end(): void {
    if (this.#heldBytes > 0) this.#release();
  }

  #hold(bytes: Buffer): void {
    if (this.#heldBytes <= LINE_BYTES_MAX) this.#held.push(Buffer.from(bytes));
    this.#heldBytes += bytes.length;
  }

  #release(): void {
    const tooLong = this.#heldBytes > LINE_BYTES_MAX;
    const bytes = tooLong ? Buffer.alloc(0) : Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    if (tooLong) this.#tooLong();
    else this.#one(bytes);
  }

  /** Lines with an end between each two. */
  #whole(bytes: Buffer): void {
    if (!isUtf8(bytes)) {
      for (let start = 0; start <= bytes.length; ) {
        const found = bytes.indexOf(NEW_LINE, start);
        const end = found < 0 ? bytes.length : found;
        this.#one(bytes.subarray(start, end));
        start = end + 1;
      }
      return;
    }
    const text = bytes.toString("utf8");
    for (let start = 0; start <= text.length; ) {
      const found = text.indexOf("\n", start);
      const end = found < 0 ? text.length : found;
      const line = text.slice(start, end);
      // A character has at most three bytes; only then is it worth counting them.
      if (line.length * 3 > LINE_BYTES_MAX && Buffer.byteLength(line) > LINE_BYTES_MAX) this.#tooLong();
      else this.#handle(++this.#line, line, "");
      start = end + 1;
    }
  }

  #one(bytes: Buffer): void {
    if (bytes.length > LINE_BYTES_MAX) this.#tooLong();
    else if (isUtf8(bytes)) this.#handle(++this.#line, bytes.toString("utf8"), "");
    else this.#handle(++this.#line, undefined, "Cannot read command as it must be UTF-8");
  }

  #tooLong(): void {
    this.#handle(
      ++this.#line,
      undefined,
      `Cannot read command as a line has at most ${LINE_BYTES_MAX} bytes`,
    );
  }
}
