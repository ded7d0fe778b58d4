/** Traders of every market in every shard, so that no actor of the venue is without traffic. */
import { randomBytes } from "node:crypto";
import { shardOf } from "../../engine/ids.ts";
import { INSTRUMENTS } from "../../services/instruments.ts";
import { RestClient } from "../e2e/rest-client.ts";
import { Trader } from "./traffic.ts";

const USERS_MAX = 64;

/** One for each market and shard; `symbols` of them. */
export async function openTraders(
  addresses: readonly string[],
  shards: number,
  symbols: number,
): Promise<Trader[]> {
  const client = new RestClient(addresses[0] ?? "");
  const users = new Map<number, { accountId: string; email: string; password: string }>();
  for (let count = 0; users.size < shards; count++) {
    if (count === USERS_MAX) throw new Error(`Cannot trade as ${shards} shards must have an account each`);
    const login = { email: `trader-${count}@example.org`, password: randomBytes(12).toString("hex") };
    const { body } = await client.send<{ accessToken: string }>("POST", "auth/register", login);
    client.token = body.accessToken;
    const { body: me } = await client.get<{ accounts: string[] }>("me");
    const accountId = me.accounts[0] ?? "";
    users.set(shardOf(Number(accountId), shards), { accountId, ...login });
  }
  const markets = INSTRUMENTS.slice(0, symbols);
  return [...users].flatMap(([shard, { accountId, ...login }]) =>
    markets.map(({ symbol }) => new Trader(`${symbol}-${shard}`, symbol, accountId, login, addresses)),
  );
}
