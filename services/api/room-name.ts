/**
 * Names of socket rooms: `book:`, `orders:`, `trades:`, `ticker:` and `statistics:` of a symbol, which are
 * public, and `account:ID`.
 */

export type RoomName =
  | { readonly kind: "market"; readonly symbol: string }
  | { readonly kind: "account"; readonly account: number };

const ROOM = /^(book|orders|trades|ticker|statistics|account):([A-Z0-9]{1,20})$/;
const ACCOUNT = /^[1-9]\d{0,15}$/;

export function parseRoom(room: string): RoomName | undefined {
  const match = ROOM.exec(room);
  const [, kind, key] = match ?? [];
  if (kind === undefined || key === undefined) return undefined;
  if (kind !== "account") return { kind: "market", symbol: key };
  return ACCOUNT.test(key) ? { kind: "account", account: Number(key) } : undefined;
}
