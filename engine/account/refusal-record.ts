/**
 * The fields of a ledger's records about orders that no market ever sees: refused by the shard, or never
 * accepted. See `record.ts`.
 */
import type { ByteReader, ByteWriter } from "../bytes.ts";
import { readTerms, writeTerms } from "../market/terms-record.ts";
import { rejectionCode, rejectionName } from "../rejection.ts";
import { type AccountId, type Lots, type Milliseconds, type OrderId, unreachable } from "../units.ts";
import type { OrderRequest, RefusalCommand } from "./command.ts";
import { flagsOf, readFlags } from "./order-flags.ts";
import { readTexts } from "./order-record.ts";

const TERMS = 1;
const TERMS_TEXT = 2;

function writeRequest(writer: ByteWriter, request: OrderRequest): void {
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
  writer.u8((terms === undefined ? 0 : TERMS) | (termsText === undefined ? 0 : TERMS_TEXT));
  if (terms !== undefined) writeTerms(writer, terms);
  if (termsText !== undefined) writer.ascii(termsText);
}

function readRequest(reader: ByteReader, layout: number): OrderRequest {
  const account = reader.whole() as AccountId;
  const clientOrderId = reader.ascii();
  const market = reader.u16();
  const flags = readFlags(reader.u8());
  return {
    account,
    clientOrderId,
    market,
    ...flags,
    lots: reader.whole() as Lots,
    ticks: reader.ticks(),
    reference: reader.whole(),
    ...readTexts(reader),
    ...(layout === 1 ? {} : readAskedTerms(reader)),
  };
}

function readAskedTerms(reader: ByteReader): Pick<OrderRequest, "terms" | "termsText"> {
  const parts = reader.bits(TERMS | TERMS_TEXT);
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
      writeRequest(writer, command.request);
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
        request: readRequest(reader, layout),
      };
    case "revoke":
      return { kind, time, account: reader.whole() as AccountId, clientOrderId: reader.ascii() };
    default:
      return unreachable(kind);
  }
}
