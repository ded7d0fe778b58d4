/** What a trader sees: the real page of the real process in Chromium. */
import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../venue.ts";
import { CHROMIUM_MISSING, findChromium, openBrowser } from "./browser.ts";
import { RestClient } from "./rest-client.ts";
import { VenueProcess } from "./venue-process.ts";

const chromium = findChromium();
let folder: string;
let venue: VenueProcess;
let browser: Browser | undefined;
const consoleErrors: string[] = [];

beforeAll(async () => {
  if (chromium === undefined) return;
  folder = await temporaryFolder();
  venue = await VenueProcess.start(folder);
  browser = await openBrowser(chromium);
});

afterAll(async () => {
  if (chromium === undefined) return;
  await browser?.close();
  await venue.kill();
  await rm(folder, { recursive: true, force: true });
});

async function openPage(width: number, height: number): Promise<Page> {
  const page = await browser?.newPage({ viewport: { width, height } });
  if (page === undefined) throw new Error(CHROMIUM_MISSING);
  page.on("console", message => {
    if (message.type() === "error") consoleErrors.push(message.text());
  });
  page.on("pageerror", error => consoleErrors.push(error.message));
  await page.goto(venue.address);
  return page;
}

async function signIn(page: Page): Promise<void> {
  await page.getByTestId("email").fill(venue.demo.email);
  await page.getByTestId("password").fill(venue.demo.password);
  await page.getByTestId("sign-in").click();
  await page.getByTestId("symbol-EURUSD").first().waitFor();
}

async function order(page: Page, side: "buy" | "sell", quantity: string): Promise<void> {
  await page.getByTestId(`ticket-${side}`).click();
  await page.getByTestId("ticket-type").selectOption("market");
  await page.getByTestId("ticket-quantity").fill(quantity);
  await page.getByTestId("ticket-submit").click();
}

describe("the dashboard", () => {
  it("signs in, buys, shows the position, and still shows it after a reload", async context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    const page = await openPage(1440, 900);
    await signIn(page);
    await order(page, "buy", "10000");
    const position = page.getByTestId("position-EURUSD");
    await position.waitFor();
    expect(await position.textContent()).toContain("10,000");
    await page.reload();
    await position.waitFor();
    expect(await position.textContent()).toContain("10,000");
    await page.close();
  });

  it("moves with the market: the profit of a position changes by itself", async context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    const page = await openPage(1440, 900);
    await signIn(page);
    const position = page.getByTestId("position-EURUSD");
    await position.waitFor();
    const before = await position.textContent();
    await expect.poll(() => position.textContent(), { timeout: 30_000 }).not.toBe(before);
    await page.close();
  });

  it("sees orders that were placed elsewhere, and their end", async context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    const page = await openPage(1440, 900);
    await signIn(page);
    await page.getByTestId("tab-orders").click();
    const trader = await RestClient.signIn(venue.address, venue.demo);
    const asked = {
      clientOrderId: "elsewhere",
      symbol: "EURUSD",
      side: "buy",
      type: "limit",
      price: "0.90000",
    };
    const placed = await trader.send<{ id: string }>("POST", "orders", { ...asked, quantity: "3000" });
    const row = page.getByTestId(`order-${placed.body.id}`);
    await row.waitFor();
    await trader.send("DELETE", `orders/${placed.body.id}`);
    await row.waitFor({ state: "detached" });
    await page.close();
  });

  it("places a stop and an iceberg, amends, and cancels all of a market", async context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    const page = await openPage(1280, 800);
    await signIn(page);
    const outcome = page.getByTestId("ticket-outcome");
    const orders = page.getByTestId("orders").locator("tbody tr");
    await page.getByTestId("tab-orders").click();

    await page.getByTestId("ticket-sell").click();
    await page.getByTestId("ticket-type").selectOption("stop");
    await page.getByTestId("ticket-stop-price").fill("");
    await page.getByTestId("ticket-submit").click();
    await page.getByText("needs the price that triggers it").waitFor();
    await page.getByTestId("ticket-stop-price").fill("0.90000");
    await page.getByTestId("ticket-time-in-force").selectOption("GTD");
    await page.getByTestId("ticket-expire-time").fill("2001-01-01T00:00");
    await page.getByTestId("ticket-submit").click();
    await page.getByText("The time must lie ahead").waitFor();
    await page.getByTestId("ticket-expire-time").fill("2101-01-01T00:00");
    await page.getByTestId("ticket-submit").click();
    await expect.poll(() => outcome.textContent()).toContain("Waits for last trade ≤ 0.90000");

    await page.getByTestId("ticket-buy").click();
    await page.getByTestId("ticket-type").selectOption("limit");
    await page.getByTestId("ticket-price").fill("0.91000");
    await page.getByTestId("ticket-quantity").fill("50000");
    await page.getByTestId("ticket-conditions").click();
    await page.getByTestId("ticket-showing").selectOption("part");
    expect(await page.getByTestId("ticket-display-quantity").inputValue()).toBe("10000");
    await page.getByTestId("ticket-submit").click();
    await orders.filter({ hasText: "shows 10,000" }).waitFor();
    expect(await orders.count()).toBe(2);

    await page.getByTestId("depth-orders").click();
    const queued = page.getByTestId("order-queue").locator("tr.mine");
    await expect.poll(() => queued.textContent()).toMatch(/0\.91000\s*10,000\s*Yours/);

    await orders.filter({ hasText: "Stop" }).getByRole("button", { name: /^Edit/ }).click();
    await page.getByTestId("edit-stopPrice").fill("0.89000");
    await page.getByTestId("edit-quantity").fill("9000");
    await page.getByTestId("edit-save").click();
    const amended = orders.filter({ hasText: "≤ 0.89000" });
    await amended.waitFor();
    expect(await amended.textContent()).toContain("9,000");

    await page.getByTestId("cancel-all").click();
    await page.keyboard.press("Escape");
    expect(await orders.count()).toBe(2);
    await page.getByTestId("cancel-all").click();
    await page.getByTestId("cancel-all-side").selectOption("buy");
    await page.getByTestId("cancel-all-confirm").click();
    await expect.poll(() => orders.count()).toBe(1);
    await page.getByTestId("cancel-all").click();
    await page.getByTestId("cancel-all-symbol").selectOption("EURUSD");
    await page.getByTestId("cancel-all-confirm").click();
    await page.getByText("No open orders").waitFor();
    expect(await page.getByTestId("tab-operations").count()).toBe(0);
    expect(await page.getByTestId("phase").textContent()).toContain("Continuous");
    await page.close();
  });

  it("places an entry with exits, which go with it", async context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    const page = await openPage(1280, 800);
    await signIn(page);
    const orders = page.getByTestId("orders").locator("tbody tr");
    await page.getByTestId("tab-orders").click();
    await page.getByTestId("ticket-buy").click();
    await page.getByTestId("ticket-type").selectOption("limit");
    await page.getByTestId("ticket-price").fill("0.91000");
    await page.getByTestId("ticket-take-profit").fill("40");
    await page.getByTestId("ticket-stop-loss").fill("0.05");
    await page.getByTestId("ticket-submit").click();
    await page.getByText("More than 0 and, in pips, whole ticks.").waitFor();
    await page.getByTestId("ticket-stop-loss").fill("20");
    await page.getByTestId("ticket-submit").click();
    const outcome = page.getByTestId("ticket-outcome");
    await expect.poll(() => outcome.textContent()).toContain("Take profit and stop loss wait for it");

    await expect.poll(() => orders.count()).toBe(3);
    const shown = await orders.allTextContents();
    for (const [row, words] of ["Entry", "Take profit", "Stop loss"].entries())
      expect(shown[row]).toContain(words);
    expect(shown[2]).toContain("Waits for its entry to trade");
    await orders
      .first()
      .getByRole("button", { name: /^Cancel/ })
      .click();
    await page.getByText("No open orders").waitFor();
    await page.getByTestId("tab-history").click();
    const ended = page.getByTestId("history").locator("tbody tr").filter({ hasText: "Stop loss" });
    expect(await ended.first().textContent()).toContain("a linked order traded or ended");
    await page.close();
  });

  it("holds back an order that cannot be, and shows nothing of the last one", async context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    const page = await openPage(1440, 900);
    await signIn(page);
    const outcome = page.getByTestId("ticket-outcome");
    await order(page, "buy", "1000");
    await expect.poll(() => outcome.textContent()).toContain("Bought 1,000 EURUSD");
    await page.getByTestId("ticket-quantity").fill("1500");
    await page.getByTestId("ticket-submit").click();
    await page.getByText("must be a multiple of the lot step").waitFor();
    expect(await outcome.textContent()).toBe("");
    await page.close();
  });

  it("refuses a wrong password in plain words", async context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    const page = await openPage(390, 844);
    await page.getByTestId("email").fill(venue.demo.email);
    await page.getByTestId("password").fill("not the password");
    await page.getByTestId("sign-in").click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByTestId("email").isVisible()).toBe(true);
    await page.close();
  });

  it("works on a phone without sideways scrolling", async context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    const page = await openPage(390, 844);
    await signIn(page);
    await page.getByTestId("page-trade").click();
    await order(page, "sell", "5000");
    const overflow = () => page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
    await page.getByTestId("ticket-type").selectOption("trailing-stop-limit");
    await page.getByTestId("ticket-conditions").click();
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.getByTestId("page-activity").click();
    await page.getByTestId("position-EURUSD").waitFor();
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.close();
  });

  it("keeps the console free of errors but for the refused password", context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    expect(consoleErrors.filter(text => !text.includes("401"))).toEqual([]);
  });
});
