/**
 * Passwords as bcrypt hashes, made and checked off the event loop. bcrypt reads 72 bytes and ignores the
 * rest: longer passwords are refused where they are set, and match nothing where they are checked. A check
 * against no hash takes as long as one against a hash, so an answer's time doesn't say whether an address is
 * known. Worst case: `WAITING_MAX` are at work or wait (each about 50 ms of a core); more are refused with
 * MAILBOX_FULL.
 */
import { hash, verify } from "@node-rs/bcrypt";
import { Fault } from "./fault.ts";

export const PASSWORD_CHARACTERS_MIN = 8;
export const PASSWORD_BYTES_MAX = 72;
export const WAITING_MAX = 64;
const COST = 10;
/** Of a password that nobody has: its bytes are random and forgotten. */
const NOBODYS = "$2b$10$D5nbyV/E9yBipq07tuVxOeKt2RTQC84ZHqmmdP0CERH7zHxV6s0Oe";

let waiting = 0;

async function limited<Result>(work: () => Promise<Result>): Promise<Result> {
  if (waiting >= WAITING_MAX) {
    throw new Fault("MAILBOX_FULL", `Cannot check password as ${WAITING_MAX} checks wait already`);
  }
  waiting++;
  try {
    return await work();
  } finally {
    waiting--;
  }
}

/** The hash to keep. Throws VALIDATION_FAILED where the password is longer than bcrypt reads. */
export function hashPassword(password: string): Promise<string> {
  if (Buffer.byteLength(password) > PASSWORD_BYTES_MAX) {
    const message = `The 'password' must have at most ${PASSWORD_BYTES_MAX} bytes`;
    const details = { fields: [{ field: "password", message }] };
    return Promise.reject(new Fault("VALIDATION_FAILED", `Cannot set password: ${message}`, details));
  }
  return limited(() => hash(password, { cost: COST }));
}

/** Whether the password belongs to the hash; without a hash it takes as long and is false. */
export async function checkPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  const matches = await limited(() => verify(password, passwordHash ?? NOBODYS));
  return matches && passwordHash !== undefined && Buffer.byteLength(password) <= PASSWORD_BYTES_MAX;
}
