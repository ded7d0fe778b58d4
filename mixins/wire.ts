/**
 * What calls between nodes are made of beyond JSON: bytes as they are, and faults that stay faults. In one
 * process nothing of this is used: what is called there gets the very objects.
 */
import Moleculer from "moleculer";
import { Fault, isFaultCode } from "./fault.ts";

/** Bytes in a packet of the JSONExt serializer, which by itself makes a list of numbers of a Buffer first. */
const BYTES = {
  prefix: "U8",
  check: (value: unknown): boolean => value instanceof Uint8Array,
  serialize: (bytes: Uint8Array): string =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
  deserialize: (text: string): Uint8Array => Buffer.from(text, "base64"),
};

/** How a node's packets are written. Money is bigint: plain JSON throws on it. */
export const SERIALIZER = { type: "JSONExt" as const, options: { customs: [BYTES] } };

/** A fault that another node has thrown, with its code, details and whether it may be tried again. */
export class FaultRegenerator extends Moleculer.Errors.Regenerator {
  override restoreCustomError(
    ...given: Parameters<Moleculer.Errors.Regenerator["restoreCustomError"]>
  ): Error {
    const [{ name, type, message, data }] = given;
    return name === "Fault" && isFaultCode(type)
      ? new Fault(type, message, data)
      : super.restoreCustomError(...given);
  }
}
