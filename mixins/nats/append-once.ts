/**
 * One append, sent again until its outcome is known or its time is over.
 *
 * It may be sent again because every copy expects the same last sequence: the stream takes one of them at
 * most, and none once it has moved on. Each try has half a second: where a server dies with the answer, the
 * next try finds another one, or the new leader. A copy that is refused after another got no answer is
 * perhaps refused because of that one: the message that took the place says whose it is. The server's own
 * message id is not used: a repeated one is answered as a success before the sequence is looked at.
 */
import { headers as makeHeaders, nuid } from "nats";
import type { JetStream } from "./nats-connection.ts";
import { isAbsent, isUnanswered, isWrongSequence, NatsRefused } from "./nats-fault.ts";
import { StreamMoved } from "./ports.ts";

const TRY_MS = 500;
const PAUSE_MS = 100;
/** Leaders are chosen anew within 4 to 9 s: an append outlives that. */
const APPEND_MS = 10_000;
/** Tells one append's message from all others. */
const MARK = "Nats-Cambist-Append";

interface Append {
  readonly name: string;
  readonly subject: string;
  readonly expected: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
}

/** Resolves with the message's sequence. Throws StreamMoved: nothing is stored; NatsRefused: unknown. */
export async function appendOnce(jetStream: JetStream, append: Append): Promise<number> {
  const { name, subject, expected, payload } = append;
  const mark = nuid.next();
  const fields = makeHeaders();
  for (const [field, value] of Object.entries(append.headers)) fields.set(field, value);
  fields.set(MARK, mark);
  const options = { headers: fields, expect: { lastSequence: expected }, timeout: TRY_MS };
  const end = performance.now() + APPEND_MS;
  let unanswered = false;
  for (;;) {
    try {
      return (await jetStream.client.publish(subject, payload, options)).seq;
    } catch (error) {
      if (isWrongSequence(error)) {
        if (!unanswered) throw new StreamMoved(name, expected);
        const owner = await markAt(jetStream, name, expected + 1);
        if (owner === mark) return expected + 1;
        if (owner !== undefined) throw new StreamMoved(name, expected);
      } else if (!isUnanswered(error)) throw new NatsRefused(`append to stream ${name}`, error);
      unanswered = true;
      if (performance.now() > end || jetStream.connection.isClosed()) {
        throw new NatsRefused(`append to stream ${name}`, error);
      }
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** Whose append the message is, "" for one without a mark; undefined where it is not there, or not told. */
async function markAt({ manager }: JetStream, name: string, sequence: number): Promise<string | undefined> {
  try {
    return (await manager.streams.getMessage(name, { seq: sequence })).header.get(MARK);
  } catch (error) {
    if (isAbsent(error) || isUnanswered(error)) return undefined;
    throw new NatsRefused(`read message ${sequence} of stream ${name}`, error);
  }
}
