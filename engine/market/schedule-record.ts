/** The bytes of which transition of its calendar a command is, and of how far a market has followed it. */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import type { Milliseconds } from "../units.ts";
import { numberOf } from "../word-list.ts";
import type { Scheduled } from "./command.ts";
import { PHASES } from "./phase.ts";
import type { Schedule } from "./schedule.ts";

const FOLLOWED = 1;
const HELD = 2;

export function writeScheduled(writer: ByteWriter, scheduled: Scheduled | undefined): void {
  writer.u8(scheduled === undefined ? 0 : 1);
  if (scheduled === undefined) return;
  writer.f64(scheduled.time);
  writer.u16(scheduled.index);
}

export function readScheduled(reader: ByteReader): { scheduled?: Scheduled } {
  if (reader.bits(1) === 0) return {};
  return { scheduled: { time: reader.integer() as Milliseconds, index: reader.u16() } };
}

export function writeSchedule(writer: ByteWriter, { followed, held }: Schedule): void {
  writer.u8((followed === undefined ? 0 : FOLLOWED) | (held ? HELD : 0));
  if (followed === undefined) return;
  writer.f64(followed.time);
  writer.u16(followed.index);
  writer.u8(numberOf(PHASES, followed.phase));
}

export function readSchedule(reader: ByteReader, schedule: Schedule): void {
  const flags = reader.bits(FOLLOWED | HELD);
  schedule.held = (flags & HELD) !== 0;
  if ((flags & FOLLOWED) === 0) return;
  const time = reader.integer() as Milliseconds;
  schedule.followed = { time, index: reader.u16(), phase: reader.choice(PHASES) };
}
