/** The bytes of a list of orders that depend on each other. */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { assert, type Money } from "../units.ts";
import { numberOf } from "../word-list.ts";
import { BODY_FLAGS, readBody, writeBody } from "./body-record.ts";
import { CONTINGENCIES, type ExitDistance, type ListLeg, type PlaceList } from "./command.ts";

const NO_DISTANCE = 0;
const BY_TICKS = 1;
const BY_MONEY = 2;

export function writeList(writer: ByteWriter, list: PlaceList): void {
  writer.u8(numberOf(CONTINGENCIES, list.contingency));
  writer.u8(list.legs.length);
  for (const leg of list.legs) {
    writeBody(writer, leg, flags => writer.u8(flags));
    writeDistance(writer, leg.distance);
  }
}

export function readList(reader: ByteReader, layout: number): Pick<PlaceList, "contingency" | "legs"> {
  const contingency = reader.choice(CONTINGENCIES);
  const legs: ListLeg[] = [];
  for (let left = reader.u8(); left > 0; left--) {
    const body = readBody(reader, reader.bits(BODY_FLAGS), layout);
    const distance = readDistance(reader);
    legs.push(distance === undefined ? body : { ...body, distance });
  }
  return { contingency, legs };
}

export function writeDistance(writer: ByteWriter, distance: ExitDistance | undefined): void {
  if (distance === undefined) writer.u8(NO_DISTANCE);
  else if (distance.by === "ticks") {
    writer.u8(BY_TICKS);
    writer.u32(distance.ticks);
  } else {
    writer.u8(BY_MONEY);
    writer.i128(distance.money);
  }
}

export function readDistance(reader: ByteReader): ExitDistance | undefined {
  const by = reader.u8();
  if (by === BY_TICKS) return { by: "ticks", ticks: reader.ticks() };
  if (by === BY_MONEY) return { by: "money", money: reader.i128() as Money };
  assert(by === NO_DISTANCE, "a distance is one of a known kind");
  return undefined;
}
