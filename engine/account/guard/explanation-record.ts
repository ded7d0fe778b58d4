/** An explanation as bytes: of a ledger's record and of an order's document. */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import { assert, type Lots } from "../../units.ts";
import { type Explanation, FORMULAS, INPUTS, type Input, type UsedMark, unitOf } from "./explanation.ts";

const LIMIT = 1;
const ACCEPTABLE = 2;
const BYTES_AN_INPUT = 18;
const BYTES_A_MARK = 18;

export function writeExplanation(writer: ByteWriter, explanation: Explanation): void {
  const { formula, inputs, limit, marks, acceptable } = explanation;
  writer.u8(FORMULAS.findIndex(([name]) => name === formula));
  writer.u8((limit === undefined ? 0 : LIMIT) | (acceptable === undefined ? 0 : ACCEPTABLE));
  writer.u32(inputs.length);
  for (const each of inputs) writeInput(writer, each);
  if (limit !== undefined) writeInput(writer, limit);
  writer.u32(marks.length);
  for (const { market, bid, ask, sequence } of marks) {
    writer.u16(market);
    writer.u32(bid);
    writer.u32(ask);
    writer.f64(sequence);
  }
  if (acceptable !== undefined) writer.f64(acceptable);
}

export function readExplanation(reader: ByteReader): Explanation {
  const [formula] = reader.choice(FORMULAS);
  const parts = reader.bits(LIMIT | ACCEPTABLE);
  const inputs = Array.from({ length: reader.count(BYTES_AN_INPUT) }, () => readInput(reader));
  const limit = (parts & LIMIT) === 0 ? undefined : readInput(reader);
  const marks = Array.from({ length: reader.count(BYTES_A_MARK) }, () => readMark(reader));
  const acceptable = (parts & ACCEPTABLE) === 0 ? undefined : (reader.whole() as Lots);
  return {
    formula,
    inputs,
    ...(limit === undefined ? {} : { limit }),
    marks,
    ...(acceptable === undefined ? {} : { acceptable }),
  };
}

function writeInput(writer: ByteWriter, { name, value, currency }: Input): void {
  writer.u8(INPUTS.findIndex(([known]) => known === name));
  writer.i128(value);
  writer.ascii(currency ?? "");
}

function readInput(reader: ByteReader): Input {
  const [name] = reader.choice(INPUTS);
  const value = reader.i128();
  const currency = reader.ascii();
  assert((currency === "") === (unitOf(name) !== "money"), "money, and nothing else, has a currency");
  return currency === "" ? { name, value } : { name, value, currency };
}

function readMark(reader: ByteReader): UsedMark {
  const market = reader.u16();
  const [bid, ask] = [reader.ticks(), reader.ticks()];
  return { market, bid, ask, sequence: reader.whole() };
}
