/** What one shard consists of on its node, and what its actions have in common. */
import { type AccountId, accountId } from "../../engine/units.ts";
import { Fault } from "../../mixins/fault.ts";
import type { Journal } from "../../mixins/journal/journal.ts";
import type { AccountRooms } from "./account-rooms.ts";
import type { ChargeKeeper } from "./charge-keeper.ts";
import type { CommandDesk } from "./command-desk.ts";
import type { DocumentWriter } from "./document-writer.ts";
import type { MarginKeeper } from "./margin-keeper.ts";
import type { OrderDesk } from "./order-desk.ts";
import type { RiskShard } from "./risk-shard.ts";
import type { RolloverClock } from "./rollover-clock.ts";
import type { TransferDesk } from "./transfer-desk.ts";

export interface ShardParts {
  readonly number: number;
  readonly shard: RiskShard;
  readonly desk: OrderDesk;
  readonly commands: CommandDesk;
  readonly transfers: TransferDesk;
  readonly charges: ChargeKeeper;
  readonly rollover: RolloverClock;
  readonly documents: DocumentWriter;
  readonly rooms: AccountRooms;
  readonly ledger: Journal;
  readonly margins: MarginKeeper;
}

export const ACCOUNT = "number|integer|positive";
export const TEXT = { type: "string", max: 40 } as const;

/** The account's number, if this shard has opened it. Throws ACCOUNT_UNKNOWN. */
export function knownAccount({ shard }: ShardParts, id: number): AccountId {
  const account = accountId(id);
  if (shard.machine.account(account) === undefined) {
    throw new Fault("ACCOUNT_UNKNOWN", `Cannot find account as it must be open: received ${id}`);
  }
  return account;
}
