/**
 * The fields of a ledger's records about orders and amends that no market ever sees: refused by the shard, or
 * never accepted. See `record.ts`.
 */
import type { ByteReader, ByteWriter } from "../../bytes.ts";
import { readTerms, writeTerms } from "../../market/terms-record.ts";
import { rejectionCode, rejectionName } from "../../rejection.ts";
import { type AccountId, type Lots, type Milliseconds, type OrderId, unreachable } from "../../units.ts";
import type { OrderRequest, RefusalCommand, RefuseOrder } from "../command.ts";
import type { Explanation } from "../guard/explanation.ts";
import { readExplanation, writeExplanation } from "../guard/explanation-record.ts";
import { flagsOf, readFlags } from "./order-flags.ts";
import { readTexts } from "./order-record.ts";

const TERMS = 1;
const TERMS_TEXT = 2;
const EXPLANATION = 4;

function writeRequest(writer: ByteWriter, request: OrderRequest, explanation?: Explanation): void {
  writer.f64(request.account);
  writer.ascii(request.clientOrderId);
  writer.u16(request.market);
  writer.u8(flagsOf(request));
  writer.f64(request.lots);
  writer.u32(request.ticks);
  writer.f64(request.reference);
  writer.ascii(request.quantityText ?? "");
  writer.ascii(request.priceText ?? "");
  const { terms, termsText } = request;
  const asked = (terms === undefined ? 0 : TERMS) | (termsText === undefined ? 0 : TERMS_TEXT);
  writer.u8(asked | (explanation === undefined ? 0 : EXPLANATION));
  if (terms !== undefined) writeTerms(writer, terms);
  if (termsText !== undefined) writer.ascii(termsText);
  if (explanation !== undefined) writeExplanation(writer, explanation);
}

type Asked = Pick<RefuseOrder, "request" | "explanation">;

function readRequest(reader: ByteReader, layout: number): Asked {
  const account = reader.whole() as AccountId;
  const clientOrderId = reader.ascii();
  const market = reader.u16();
  const flags = readFlags(reader.u8());
  const request: OrderRequest = {
    account,
    clientOrderId,
    market,
    ...flags,
    lots: reader.whole() as Lots,
    ticks: reader.ticks(),
    reference: reader.whole(),
    ...readTexts(reader),
  };
  if (layout === 1) return { request };
  const parts = reader.bits(TERMS | TERMS_TEXT | EXPLANATION);
  const asked = { ...request, ...readAskedTerms(reader, parts) };
  return (parts & EXPLANATION) === 0
    ? { request: asked }
    : { request: asked, explanation: readExplanation(reader) };
}

function readAskedTerms(reader: ByteReader, parts: number): Pick<OrderRequest, "terms" | "termsText"> {
  return {
    ...((parts & TERMS) === 0 ? {} : { terms: readTerms(reader) }),
    ...((parts & TERMS_TEXT) === 0 ? {} : { termsText: reader.ascii() }),
  };
}

export function writeRefusal(writer: ByteWriter, command: RefusalCommand): void {
  switch (command.kind) {
    case "refuse":
      writer.f64(command.orderId);
      writer.u16(rejectionCode(command.rejection));
      writeRequest(writer, command.request, command.explanation);
      return;
    case "refuseAmend":
      writer.f64(command.account);
      writer.u16(command.market);
      writer.f64(command.orderId);
      writer.u16(rejectionCode(command.rejection));
      writeExplanation(writer, command.explanation);
      return;
    case "revoke":
      writer.f64(command.account);
      writer.ascii(command.clientOrderId);
      return;
    default:
      unreachable(command);
  }
}

export function readRefusal(
  reader: ByteReader,
  kind: RefusalCommand["kind"],
  time: Milliseconds,
  layout: number,
): RefusalCommand {
  switch (kind) {
    case "refuse":
      return {
        kind,
        time,
        orderId: reader.whole() as OrderId,
        rejection: rejectionName(reader.u16()),
        ...readRequest(reader, layout),
      };
    case "refuseAmend":
      return {
        ...{ kind, time, account: reader.whole() as AccountId, market: reader.u16() },
        ...{ orderId: reader.whole() as OrderId, rejection: rejectionName(reader.u16()) },
        explanation: readExplanation(reader),
      };
    case "revoke":
      return { kind, time, account: reader.whole() as AccountId, clientOrderId: reader.ascii() };
    default:
      return unreachable(kind);
  }
}
