/**
 * A ledger's journal record: one command of a risk shard, binary like a market's.
 *
 *   u8 layout · u8 kind · f64 time · (the command's fields)
 *
 * Layout 1 had no terms of a refused order. Money takes sixteen bytes, numbers eight, strings a length byte
 * and ASCII.
 */
import { ByteReader, ByteWriter } from "../bytes.ts";
import { readTerms, writeTerms } from "../market/terms-record.ts";
import { rejectionCode, rejectionName } from "../rejection.ts";
import {
  type AccountId,
  assert,
  type Lots,
  type Milliseconds,
  type Money,
  type OrderId,
  unreachable,
} from "../units.ts";
import { type AccountLimits, type LedgerCommand, type OrderRequest, TRADING_STATES } from "./command.ts";
import { flagsOf, readFlags } from "./order-flags.ts";
import { readTexts } from "./order-record.ts";

/** Version of this layout; a reader takes the earlier ones too and refuses others. */
const LAYOUT = 2;
const TERMS = 1;
const TERMS_TEXT = 2;
const KINDS = ["owner", "open", "deposit", "refuse", "revoke", "listMarket", "restrict", "limit"] as const;

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

export function writeLimits(writer: ByteWriter, limits: AccountLimits): void {
  writer.f64(limits.openOrdersMaximum);
  writer.i128(limits.notionalMaximum);
  writer.f64(limits.selfTradeGroup);
}

export function readLimits(reader: ByteReader): AccountLimits {
  const openOrdersMaximum = reader.whole();
  const notionalMaximum = reader.i128() as Money;
  return { openOrdersMaximum, notionalMaximum, selfTradeGroup: reader.whole() };
}

function writeFields(writer: ByteWriter, command: LedgerCommand): void {
  switch (command.kind) {
    case "owner":
      writer.f64(command.epoch);
      return;
    case "open":
      writer.f64(command.account);
      writer.ascii(command.currency);
      writer.u32(command.leverage);
      writer.u8(command.liquidity ? 1 : 0);
      writer.i128(command.deposit);
      return;
    case "deposit":
      writer.f64(command.account);
      writer.ascii(command.currency);
      writer.i128(command.amount);
      writer.ascii(command.reference);
      return;
    case "refuse":
      writer.f64(command.orderId);
      writer.u16(rejectionCode(command.rejection));
      writeRequest(writer, command.request);
      return;
    case "revoke":
      writer.f64(command.account);
      writer.ascii(command.clientOrderId);
      return;
    case "listMarket":
      writer.u16(command.market);
      return;
    case "restrict":
      writer.f64(command.account);
      writer.u8(TRADING_STATES.indexOf(command.state));
      writer.ascii(command.reason);
      return;
    case "limit":
      writer.f64(command.account);
      writeLimits(writer, command);
      return;
    default:
      unreachable(command);
  }
}

export function encodeLedgerCommand(command: LedgerCommand): Uint8Array {
  const writer = new ByteWriter(128);
  writer.u8(LAYOUT);
  writer.u8(KINDS.indexOf(command.kind));
  writer.f64(command.time);
  writeFields(writer, command);
  return writer.copy();
}

/** Throws where the bytes are of another layout, end early or say what no writer says. */
export function decodeLedgerCommand(bytes: Uint8Array): LedgerCommand {
  const reader = new ByteReader(bytes);
  const layout = reader.u8();
  assert(layout >= 1 && layout <= LAYOUT, "a ledger's record has a known layout");
  const command = readFields(reader, layout);
  reader.end();
  return command;
}

function readFields(reader: ByteReader, layout: number): LedgerCommand {
  const kind = reader.choice(KINDS);
  const time = reader.integer() as Milliseconds;
  switch (kind) {
    case "owner":
      return { kind, time, epoch: reader.whole() };
    case "open":
      return {
        kind,
        time,
        account: reader.whole() as AccountId,
        currency: reader.ascii(),
        leverage: reader.u32(),
        liquidity: reader.bits(1) === 1,
        deposit: reader.i128() as Money,
      };
    case "deposit":
      return {
        kind,
        time,
        account: reader.whole() as AccountId,
        currency: reader.ascii(),
        amount: reader.i128() as Money,
        reference: reader.ascii(),
      };
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
    case "listMarket":
      return { kind, time, market: reader.u16() };
    case "restrict": {
      const account = reader.whole() as AccountId;
      return { kind, time, account, state: reader.choice(TRADING_STATES), reason: reader.ascii() };
    }
    case "limit":
      return { kind, time, account: reader.whole() as AccountId, ...readLimits(reader) };
    default:
      return unreachable(kind);
  }
}
