/** Saves batches of 50 orders until it is killed, and tells the number of each one that is durable. */
import { OrderDocuments } from "../../../mixins/documents/order-documents.ts";
import type { OrderDocument } from "../../../models/order.model.ts";

const documents = await OrderDocuments.open(process.argv[2] ?? "");

function order(id: number): OrderDocument {
  const time = new Date(1_700_000_000_000 + id).toISOString();
  return {
    id: String(id),
    clientOrderId: `client-${id}`,
    accountId: "1001",
    symbol: "EURUSD",
    side: "sell",
    type: "market",
    timeInForce: "IOC",
    postOnly: false,
    quantity: "1000",
    filledQuantity: "0",
    status: "cancelled",
    fills: [],
    sequence: id,
    createdAt: time,
    updatedAt: time,
    version: 1,
    requested: { quantity: "1000" },
  };
}

for (let batch = 1; ; batch++) {
  const orders = Array.from({ length: 50 }, (_, index) => order(batch * 50 + index));
  await documents.save({ orders, transactions: [], revoked: [] });
  process.send?.(batch);
}
