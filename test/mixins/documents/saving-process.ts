/** Saves batches of 50 orders until it is killed, and tells the number of each one that is durable. */
import { copyOrder, newOrder, type OrderState } from "../../../engine/account/order/order.ts";
import { accountId, lots, milliseconds, orderId, ticks } from "../../../engine/units.ts";
import { LmdbDocuments } from "../../../mixins/documents/lmdb-documents.ts";

const documents = await LmdbDocuments.open(process.argv[2] ?? "");

function order(id: number): OrderState {
  const time = milliseconds(1_700_000_000_000 + id);
  const asked = {
    account: accountId(1001),
    clientOrderId: `client-${id}`,
    market: 1,
    side: "sell",
    type: "market",
    timeInForce: "IOC",
    postOnly: false,
    lots: lots(1),
    ticks: ticks(0),
    liquidity: false,
    reference: 0,
  } as const;
  return { ...copyOrder(newOrder(orderId(id), 1, id, time, asked)), status: "expired" };
}

for (let batch = 1; ; batch++) {
  const orders = Array.from({ length: 50 }, (_, index) => order(batch * 50 + index));
  await documents.save({ orders, transactions: [], transfers: [], accounts: [], revoked: [] });
  process.send?.(batch);
}
