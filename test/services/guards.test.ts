/**
 * Guards and margins in a running venue: a refusal explains itself, before and after a restart; operators set
 * guards and see who changed what; an account below its level is closed out through the market.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AccountView, PositionView } from "../../models/account.model.ts";
import type { AlertView } from "../../models/alert.model.ts";
import type { ExplanationView } from "../../models/explanation.model.ts";
import type { OrderView, ReplacedView } from "../../models/order.model.ts";
import alerts from "../../services/alerts.service.ts";
import guards from "../../services/guards.service.ts";
import identity from "../../services/identity.service.ts";
import type { ListPage } from "../../services/list-page.ts";
import type { GuardChangeView } from "../../services/risk/guard-questions.ts";
import { principal, startVenue, TRADING, temporaryFolder, type Venue, type VenueService } from "../venue.ts";

interface AmendRefusal {
  readonly rejection: string;
  readonly explanation: ExplanationView;
}

const trader = principal(1_001);
const operator = principal(1, "operator");
let folder: string;
let venue: Venue;
/** Alerts as they come; whoever waits for one is told. */
let heard: AlertView[];
let waiting: (() => void)[];

function start(): Promise<Venue> {
  heard = [];
  waiting = [];
  const hear = (ctx: { params: AlertView }) => {
    heard.push(ctx.params);
    for (const tell of waiting.splice(0)) tell();
  };
  const listener = { name: "listener", events: { "alert.raised": { handler: hear } } };
  const services: readonly VenueService[] = [...TRADING, identity, alerts, guards, listener];
  return startVenue(folder, { services });
}

async function until(message: RegExp): Promise<AlertView> {
  for (;;) {
    const found = heard.find(alert => message.test(alert.message));
    if (found !== undefined) return found;
    await new Promise<void>(resolve => waiting.push(resolve));
  }
}

async function requote(bid: string, ask: string): Promise<void> {
  const provider = principal(900, "liquidity");
  await venue.call("orders.cancelAll", {}, provider);
  await venue.quote("EURUSD", bid, ask);
}

function buy(quantity: string, clientOrderId = `buy-${quantity}`): Promise<OrderView> {
  const order = {
    clientOrderId,
    symbol: "EURUSD",
    side: "buy",
    type: "market",
    timeInForce: "IOC",
    quantity,
  };
  return venue.call("orders.place", order, trader);
}

const explain = (id: string, caller = trader) =>
  venue.call<ExplanationView>("guards.explain", { id }, caller);

beforeEach(async () => {
  folder = await temporaryFolder();
  venue = await start();
  await venue.openAccounts(1_001);
  await venue.quote("EURUSD", "1.10000", "1.10010");
});

afterEach(() => venue.remove());

describe("a refusal", () => {
  it("explains itself to its owner, and after a restart", async () => {
    const refused = await buy("4000000");
    const { id, status, rejection } = refused;
    expect([status, rejection]).toEqual(["rejected", "marginInsufficient"]);
    const explained = await explain(id);
    expect(refused.explanation).toEqual(explained);
    // 100,000 × 30 ÷ 1.10005 = 2,727,148 in lots of 1,000
    expect(explained).toMatchObject({
      ...{ id, accountId: "1001", outcome: "marginInsufficient", check: "margin", formula: "margin" },
      rule: expect.stringContaining("equity − marginUsed − needed"),
      inputs: [
        { name: "equity", value: "100000.00", currency: "USD" },
        { name: "marginUsed", value: "0.00" },
        { name: "needed", value: "146673.33333334" },
      ],
      marks: [{ symbol: "EURUSD", bid: "1.10000", ask: "1.10010" }],
      acceptableQuantity: "2727000",
    });
    expect((await buy("2727000")).status).not.toBe("rejected");
    await venue.stop();
    venue = await start();
    expect(await explain(id)).toEqual(explained);
    await expect(explain(id, principal(1_003))).rejects.toMatchObject({ type: "ACCOUNT_UNKNOWN" });
    await expect(explain("77")).rejects.toMatchObject({ type: "NOT_FOUND" });
    expect(await venue.call("guards.explainOf", { id })).toEqual(explained);
  });

  it("of an amend, a replace and a list explains itself too", async () => {
    const limit = { symbol: "EURUSD", type: "limit", timeInForce: "GTC", side: "buy" };
    const resting = { ...limit, price: "1.00000", quantity: "1000", clientOrderId: "rest" };
    const { id } = await venue.call<OrderView>("orders.place", resting, trader);
    const amend = venue.call("orders.amend", { id, quantity: "4000000" }, trader);
    const { data } = await amend.then(
      () => expect.unreachable(),
      (fault: { data: AmendRefusal }) => fault,
    );
    const acceptable = { formula: "margin", acceptableQuantity: "2727000" };
    expect(data).toMatchObject({ rejection: "marginInsufficient", explanation: acceptable });
    expect(data.explanation.id).toMatch(/^l\d+-\d+$/);
    expect(await explain(data.explanation.id)).toEqual(data.explanation);
    expect(await venue.call("guards.explainOf", { id: data.explanation.id })).toEqual(data.explanation);
    const replace = { ...resting, id, quantity: "4000000", clientOrderId: "other" };
    const { symbol: _same, ...other } = replace;
    const { order } = await venue.call<ReplacedView>("orders.replace", other, trader);
    expect(order).toMatchObject({ rejection: "marginInsufficient", explanation: acceptable });
    const legs = ["1.00000", "0.99000"].map((price, leg) => ({
      ...{ clientOrderId: `leg-${leg}`, side: "buy", type: "limit", timeInForce: "GTC" },
      ...{ price, quantity: "4000000" },
    }));
    const list = { symbol: "EURUSD", contingency: "OCO", legs };
    const { items } = await venue.call<{ items: OrderView[] }>("orders.placeList", list, trader);
    // The order that rests takes 1,000 of it; of the list's two only one can trade.
    const each = { formula: "margin", acceptableQuantity: "2726000" };
    expect(items.map(({ explanation }) => explanation)).toMatchObject([each, each]);
  });

  it("of the door is told by the order itself", async () => {
    const { id } = await buy("1500");
    expect(await explain(id)).toMatchObject({ outcome: "quantityNotMultiple", check: "valid", marks: [] });
  });
});

describe("guards", () => {
  it("are set by operators, hold at once, and say who changed what", async () => {
    const set = { id: "1001", leverageMaximum: 2, positionMaximums: { EURUSD: "150000" }, reason: "risk" };
    await venue.call("guards.setAccount", set, operator);
    expect((await buy("200000")).rejection).toBe("positionLimit");
    await venue.call("guards.setAccount", { id: "1001", leverageMaximum: 2, reason: "less" }, operator);
    expect((await buy("182000")).rejection).toBe("leverageLimit");
    expect((await buy("181000")).rejection).toBeUndefined();
    await venue.call("guards.setVenue", { access: "noTrading", reason: "night" }, operator);
    expect((await buy("1000")).rejection).toBe("accessForbidden");
    const account = await venue.call("guards.account", { id: "1001" });
    expect(account).toMatchObject({ access: "noTrading", account: { leverageMaximum: 2, access: "full" } });
    const first = await venue.call<ListPage<GuardChangeView>>("guards.changes", { limit: 1 });
    expect(first.items).toMatchObject([{ scope: "venue", by: operator.userId, reason: "night" }]);
    expect(first.nextCursor).toBe(first.items[0]?.id);
  });

  it("refuse a limit of a market that is not listed", async () => {
    const set = { id: "1001", positionMaximums: { NOPE: "1000" }, reason: "x" };
    await expect(venue.call("guards.setAccount", set, operator)).rejects.toMatchObject({
      type: "SYMBOL_UNKNOWN",
    });
  });
});

describe("an account below its level", () => {
  it("is told, closed out only as far as needed, and can ask why", async () => {
    const order = { clientOrderId: "rest", symbol: "EURUSD", side: "buy", type: "limit", price: "0.90000" };
    await buy("1000000");
    await venue.call("orders.place", { ...order, timeInForce: "GTC", quantity: "10000" }, trader);
    // 100,000 − 1,000,000 × (1.10010 − 1.01000) = 9,900 of a margin of about 33,670: 29 %.
    await requote("1.01000", "1.01010");
    const closed = await until(/^Closed/);
    await until(/has ended/);
    expect(heard.map(({ kind }) => kind)).toEqual(["marginCall", "closeOut", "closeOut", "closeOut"]);
    const account = await venue.call<AccountView>("accounts.get", { id: "1001" }, trader);
    expect(Number(account.equity) / Number(account.marginUsed)).toBeGreaterThanOrEqual(0.5);
    const { items } = await venue.call<ListPage<PositionView>>("accounts.positions", { id: "1001" }, trader);
    // 9,900 ÷ 0.5 = 19,800 of margin carries 19,800 × 30 ÷ 1.01005 = 588,089 units.
    expect(items).toMatchObject([{ symbol: "EURUSD", quantity: "588000" }]);
    const open = await venue.call<ListPage<OrderView>>("orders.list", { status: "open" }, trader);
    expect(open.items).toEqual([]);
    const id = /l\d+-\d+$/.exec(closed.message)?.[0] ?? "";
    expect(await explain(id)).toMatchObject({
      ...{ outcome: "closeOut.reduce", check: "closeOut", acceptableQuantity: "412000" },
      limit: { name: "closeOutPerMille", value: "500" },
    });
  });

  it("that falls through nothing is closed wholly, and the house pays", async () => {
    await buy("1000000");
    await requote("0.95000", "0.95010");
    // 1,000,000 × (1.10010 − 0.95000) = 150,100 of 100,000
    expect((await until(/house has paid/)).message).toBe("The house has paid 50100.00");
    const account = await venue.call<AccountView>("accounts.get", { id: "1001" }, trader);
    expect(account).toMatchObject({ balance: "0.00", equity: "0.00", marginUsed: "0.00" });
  });
});

describe("a user without access", () => {
  it("gets no token as long as none of the accounts may be used", async () => {
    const access = async (right: string) => {
      await venue.call("guards.setVenue", { access: right, reason: "audit" }, operator);
    };
    const user = { email: "trader@example.org", password: "long-enough-1" };
    await venue.call("identity.register", user);
    await access("noLogin");
    await expect(venue.call("identity.login", user)).rejects.toMatchObject({ type: "FORBIDDEN" });
    await access("closeOnly");
    expect(await venue.call("identity.login", user)).toHaveProperty("accessToken");
  });
});
