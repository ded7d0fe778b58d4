/** What may be asked of a shard about positions beyond looking at them. */
import type { Context, ServiceSchema } from "moleculer";
import type { Runtime } from "../../mixins/runtime/runtime.ts";
import { ORDER_FIELDS, ORDER_ID, SYMBOL } from "../orders/order-schema.ts";
import type { NamedForm } from "./asked-order.ts";
import { type CloseByParams, CloseBys } from "./close-bys.ts";
import { type CloseParams, closeAll, closePosition, previewOrder } from "./position-questions.ts";
import { ACCOUNT, knownAccount, type ShardParts, TEXT } from "./shard-parts.ts";

type InMarket<Asked> = Context<Asked & { readonly account: number; readonly symbol: string }>;

export function positionActions(runtime: Runtime, parts: ShardParts): NonNullable<ServiceSchema["actions"]> {
  const known = (id: number) => knownAccount(parts, id);
  const closeBys = new CloseBys(parts);
  return {
    closePosition: {
      visibility: "public",
      params: {
        $$strict: true,
        account: ACCOUNT,
        symbol: SYMBOL,
        clientOrderId: TEXT,
        quantity: { ...TEXT, optional: true },
        position: { ...ORDER_ID, optional: true },
      },
      handler: (ctx: InMarket<CloseParams>) => {
        const { account, symbol, ...asked } = ctx.params;
        return closePosition(runtime, parts, known(account), runtime.instrument(symbol), asked);
      },
    },
    closeBy: {
      visibility: "public",
      params: {
        $$strict: true,
        account: ACCOUNT,
        requestId: TEXT,
        position: ORDER_ID,
        by: ORDER_ID,
        quantity: { ...TEXT, optional: true },
      },
      handler(ctx: Context<CloseByParams & { readonly account: number }>) {
        const { account, ...asked } = ctx.params;
        return closeBys.close(known(account), asked);
      },
    },
    closeAll: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT, requestId: TEXT },
      handler: (ctx: Context<{ account: number; requestId: string }>) =>
        closeAll(runtime, parts, known(ctx.params.account), ctx.params.requestId),
    },
    preview: {
      visibility: "public",
      params: { $$strict: true, account: ACCOUNT, symbol: SYMBOL, ...ORDER_FIELDS },
      handler: (ctx: InMarket<Omit<NamedForm, "clientOrderId" | "reference">>) => {
        const { account, symbol, ...form } = ctx.params;
        const named = { ...form, clientOrderId: "preview" };
        return previewOrder(parts, known(account), runtime.instrument(symbol), named);
      },
    },
  };
}
