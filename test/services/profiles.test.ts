/** Leverage and profile of accounts in a running venue: by owners and operators, kept by a restart. */
import { afterEach, beforeEach, expect, it } from "vitest";
import type { AccountView, OrderPreviewView } from "../../models/account.model.ts";
import type { OrderView } from "../../models/order.model.ts";
import type { TransferView } from "../../models/transfer.model.ts";
import payments from "../../services/payments.service.ts";
import { principal, startVenue, TRADING, temporaryFolder, type Venue } from "../venue.ts";

const OWNER = principal(1001);
const HEDGER = principal(1002);
const OPERATOR = principal(1, "operator");
const SERVICES = { services: [...TRADING, payments], settings: { shards: 1 } };
let folder: string;
let venue: Venue;
let placed = 0;

beforeEach(async () => {
  folder = await temporaryFolder();
  venue = await startVenue(folder, SERVICES);
  await venue.openAccounts(1001);
  const terms = { currency: "USD", leverage: 30, liquidity: false, deposit: "100000", positions: "hedging" };
  await venue.call("accounts.open", { account: 1002, ...terms });
  await venue.quote("EURUSD", "1.10000", "1.10010");
});

afterEach(() => venue.remove());

const change = (params: object, caller = OWNER) =>
  venue.call<AccountView>("accounts.change", { id: String(caller.accounts[0]), ...params }, caller);

const operate = (params: object) =>
  venue.call<AccountView>("accounts.setProfile", { id: "1001", reason: "documents", ...params }, OPERATOR);

const account = (caller = OWNER) =>
  venue.call<AccountView>("accounts.get", { id: String(caller.accounts[0]) }, caller);

function trade(caller: typeof OWNER, side: "buy" | "sell", quantity: string): Promise<OrderView> {
  const order = { clientOrderId: `t-${++placed}`, symbol: "EURUSD", side, type: "market", quantity };
  return venue.call("orders.place", order, caller);
}

it("a margin mode that its owner changes is what previews go by, also after a restart", async () => {
  await trade(HEDGER, "buy", "30000");
  await trade(HEDGER, "sell", "30000");
  const asked = { id: "1002", symbol: "EURUSD", side: "buy", type: "market", quantity: "30000" };
  const preview = () => venue.call<OrderPreviewView>("accounts.preview", asked, HEDGER);
  // EUR 30,000 at the middle, 1.10005, over 30, of the larger side; then of both; then over 10.
  expect(await preview()).toMatchObject({ marginBefore: "1100.05", marginAfter: "2200.10" });
  const changed = await change({ marginCombination: "sum" }, HEDGER);
  expect(changed).toMatchObject({ marginBasis: "symbol", marginCombination: "sum", marginUsed: "2200.10" });
  expect(await preview()).toMatchObject({ marginBefore: "2200.10", marginAfter: "3300.15" });
  await change({ leverage: 10 }, HEDGER);
  await venue.stop();
  venue = await startVenue(folder, SERVICES);
  expect(await account(HEDGER)).toMatchObject({ leverage: 10, marginCombination: "sum" });
  expect(await preview()).toMatchObject({ marginBefore: "6600.30", marginAfter: "9900.45" });
});

it("a leverage under which the account would be called is refused, with figures", async () => {
  await trade(OWNER, "buy", "1000000");
  // 100,000 less the spread of 100, over 1,000,000 × 1.10005 ÷ 10.
  await expect(change({ leverage: 10 })).rejects.toMatchObject({
    ...{ code: 409, type: "PROFILE_REJECTED", retryable: false },
    data: {
      ...{ rejection: "marginInsufficient", equity: "99900.00", marginUsed: "110005.00" },
      ...{ marginLevel: "90.8", marginCallLevel: "100.0" },
    },
  });
  expect(await account()).toMatchObject({ leverage: 30 });
  expect(await change({ leverage: 12 })).toMatchObject({ leverage: 12, marginUsed: "91670.83333334" });
  expect((await trade(OWNER, "buy", "100000")).rejection).toBe("marginInsufficient");
});

it("nothing of the account that needs margin is decided while a change is on its way", async () => {
  const resting = { symbol: "EURUSD", side: "buy", type: "limit", price: "1.00000", quantity: "1000" };
  const { id } = await venue.call<OrderView>("orders.place", { ...resting, clientOrderId: "resting" }, OWNER);
  const first = change({ leverage: 20 });
  const meanwhile = [
    change({ leverage: 30 }),
    trade(OWNER, "buy", "1000"),
    venue.call("orders.amend", { id, quantity: "2000" }, OWNER),
  ];
  for (const each of await Promise.allSettled(meanwhile)) {
    expect(each).toMatchObject({ reason: { type: "NOT_READY", retryable: true } });
  }
  expect(await first).toMatchObject({ leverage: 20 });
  expect((await trade(OWNER, "buy", "1000")).status).toBe("filled");
});

it("an owner changes his own account only, and no more than is his to change", async () => {
  const foreign = venue.call("accounts.change", { id: "1002", leverage: 10 }, OWNER);
  await expect(foreign).rejects.toMatchObject({ code: 403 });
  for (const wrong of [{ leverage: 31 }, { leverage: 0 }, { kycLevel: 3 }, { swapFree: true }]) {
    await expect(change(wrong)).rejects.toMatchObject({ type: "VALIDATION_ERROR" });
  }
});

it("operators change all of it, and limits of payments follow the KYC level", async () => {
  const deposit = (transferId: string) =>
    venue.call<TransferView>(
      "payments.deposit",
      { id: "1001", transferId, currency: "USD", amount: "50000" },
      OWNER,
    );
  await expect(deposit("d-1")).rejects.toMatchObject({ data: { rejection: "paymentLimit" } });
  const changed = { leverage: 100, swapFree: true, group: "vip", kycLevel: 2 };
  expect(await operate(changed)).toMatchObject({ leverage: 100, swapFree: true, kycLevel: 2 });
  expect(await deposit("d-2")).toMatchObject({ settledAmount: "50000.00" });
  expect(await operate({ leverage: 50 })).toMatchObject({ leverage: 50, swapFree: true, kycLevel: 2 });
  await venue.stop();
  venue = await startVenue(folder, SERVICES);
  expect(await account()).toMatchObject({ leverage: 50, swapFree: true, kycLevel: 2 });
  await expect(operate({ reason: "" })).rejects.toMatchObject({ type: "VALIDATION_ERROR" });
});
