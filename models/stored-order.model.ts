/**
 * An order as MongoDB keeps it: the engine's own bytes, which are read as exactly as they were written, and
 * beside them what it is found, listed and replaced by.
 */
import { Schema } from "mongoose";

export interface StoredOrder {
  /** The order's id. */
  readonly _id: number;
  readonly account: number;
  readonly clientOrderId: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly open: boolean;
  /** A larger one replaces a smaller one. */
  readonly sequence: number;
  /** As `engine/account/order/order-record.ts` writes it. */
  readonly bytes: Uint8Array;
}

/** A client order id that was given up for ever. */
export interface StoredRevocation {
  /** `account:clientOrderId` */
  readonly _id: string;
}

const OPTIONS = { versionKey: false, autoIndex: false, autoCreate: false, bufferCommands: false } as const;

export const ORDER_SCHEMA = new Schema<StoredOrder>(
  {
    _id: { type: Number, required: true },
    account: { type: Number, required: true },
    clientOrderId: { type: String, required: true },
    createdAt: { type: Number, required: true },
    open: { type: Boolean, required: true },
    sequence: { type: Number, required: true },
    bytes: { type: Buffer, required: true },
  },
  { ...OPTIONS, collection: "orders" },
);
ORDER_SCHEMA.index({ account: 1, clientOrderId: 1 }, { unique: true });
ORDER_SCHEMA.index({ account: 1, createdAt: -1, _id: -1 });
ORDER_SCHEMA.index({ account: 1, open: 1, createdAt: -1, _id: -1 });

export const REVOCATION_SCHEMA = new Schema<StoredRevocation>(
  { _id: { type: String, required: true } },
  { ...OPTIONS, collection: "revocations" },
);
