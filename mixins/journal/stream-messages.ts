/** A part of a stream as something to iterate: one message at a time is handed over, the next waits. */
import type { StoredMessage, Streams } from "../nats/ports.ts";

interface Handed {
  readonly message: StoredMessage;
  /** The reader wants the next one. */
  readonly taken: () => void;
}

/** Messages `from` … `to`, both there or to come. Throws what the subscription fails with. */
export async function* readMessages(
  streams: Streams,
  stream: string,
  from: number,
  to: number,
): AsyncGenerator<StoredMessage> {
  let hand: (handed: Handed) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const waitForNext = () =>
    new Promise<Handed>((resolve, reject) => {
      hand = resolve;
      fail = reject;
    });
  let next = waitForNext();
  let release: () => void = () => undefined;
  let ended = false;
  const subscription = streams.subscribe(
    stream,
    from,
    message =>
      new Promise<void>(resolve => {
        release = resolve;
        if (ended) resolve();
        else hand({ message, taken: resolve });
      }),
    error => fail(error),
  );
  try {
    for (let sequence = from; sequence <= to; sequence++) {
      const { message, taken } = await next;
      next = waitForNext();
      // Nobody waits for it where the reader leaves here.
      next.catch(() => undefined);
      yield message;
      if (sequence < to) taken();
    }
  } finally {
    ended = true;
    release();
    await subscription.close();
  }
}
