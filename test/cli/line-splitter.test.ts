/** Lines do not depend on how their bytes come in pieces, nor does what is refused. */
import { expect, test } from "vitest";
import { LINE_BYTES_MAX, LineSplitter } from "../../cli/line-splitter.ts";
import { LineFault } from "../../cli/match-fields.ts";
import { MatchSession } from "../../cli/match-session.ts";
import { defineInstrument } from "../../engine/instrument.ts";

function split(bytes: Buffer, pieceBytes: number): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line, text, reason) => lines.push(`${line} ${text?.length ?? reason}`));
  for (let at = 0; at < bytes.length; at += pieceBytes) splitter.push(bytes.subarray(at, at + pieceBytes));
  splitter.end();
  return lines;
}

test("a line is measured in bytes, in one piece and in many", () => {
  const most = "é".repeat(LINE_BYTES_MAX / 2);
  const bytes = Buffer.from(`a\n${most}\n${most}x\n\xffb\nc`);
  const whole = split(bytes, bytes.length);
  const tooLong = `3 Cannot read command as a line has at most ${LINE_BYTES_MAX} bytes`;
  expect(whole).toEqual(["1 1", `2 ${LINE_BYTES_MAX / 2}`, tooLong, "4 2", "5 1"]);
  for (const pieceBytes of [1_000, 4_096, 70_000, 130_000]) expect(split(bytes, pieceBytes)).toEqual(whole);
});

test("a field of lists within lists is a fault, however deep they are", () => {
  const plain = { symbol: "TEST", tickSize: "1", lotStep: "1", minimumQuantity: "1" };
  const session = new MatchSession(defineInstrument(plain));
  const deep = "[".repeat(32_000) + "]".repeat(32_000);
  for (const field of ["command", "orderId", "surplus"]) {
    const line = `{"command":"cancel","orderId":"1","${field}":${deep}}`;
    expect(() => session.apply(line)).toThrow(LineFault);
  }
  expect(() => session.apply(deep)).toThrow(LineFault);
});
