/** What an order would do, before it is sent. */
import { fields, optionalText, text } from "./fields.ts";
import type { OrderRequest } from "./wire.ts";

/** An order without who places it. */
export type PreviewRequest = Omit<OrderRequest, "clientOrderId" | "accountId">;

/** Amounts in the account's currency, `undefined` while a mark is missing. */
export interface Preview {
  readonly currency: string;
  /** Why it would be refused now. */
  readonly rejection: string | undefined;
  readonly marginBefore: string | undefined;
  readonly marginAfter: string | undefined;
  readonly freeMarginAfter: string | undefined;
  /** Largest that would be let through now; "0" for none. */
  readonly largestQuantity: string;
  /** What buying and selling it at once would lose. */
  readonly spreadCost: string | undefined;
  readonly commission: string | undefined;
  /** What a night gives, held long or short; negative: what it takes. */
  readonly swapLong: string | undefined;
  readonly swapShort: string | undefined;
}

export function decodePreview(value: unknown): Preview {
  const source = fields(value, "preview");
  return {
    currency: text(source, "currency"),
    rejection: optionalText(source, "rejection"),
    marginBefore: optionalText(source, "marginBefore"),
    marginAfter: optionalText(source, "marginAfter"),
    freeMarginAfter: optionalText(source, "freeMarginAfter"),
    largestQuantity: text(source, "largestQuantity"),
    spreadCost: optionalText(source, "spreadCost"),
    commission: optionalText(source, "commission"),
    swapLong: optionalText(source, "swapLong"),
    swapShort: optionalText(source, "swapShort"),
  };
}
