/** What a trader sees of the account: the real page of the real process in Chromium. */
import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../venue.ts";
import { CHROMIUM_MISSING, findChromium, openBrowser } from "./browser.ts";
import { RestClient } from "./rest-client.ts";
import { VenueProcess } from "./venue-process.ts";

const chromium = findChromium();
const OPERATOR = { email: "operator@cambist.local", password: "a long password of a test" };
let folder: string;
let venue: VenueProcess;
let browser: Browser | undefined;
const consoleErrors: string[] = [];

beforeAll(async () => {
  if (chromium === undefined) return;
  folder = await temporaryFolder();
  venue = await VenueProcess.start(folder, {
    OPERATOR_EMAIL: OPERATOR.email,
    OPERATOR_PASSWORD: OPERATOR.password,
  });
  browser = await openBrowser(chromium);
});

afterAll(async () => {
  if (chromium === undefined) return;
  await browser?.close();
  await venue.kill();
  await rm(folder, { recursive: true, force: true });
});

async function signedIn(width: number, height: number): Promise<Page> {
  const page = await browser?.newPage({ viewport: { width, height } });
  if (page === undefined) throw new Error(CHROMIUM_MISSING);
  page.on("console", message => {
    if (message.type() === "error") consoleErrors.push(message.text());
  });
  page.on("pageerror", error => consoleErrors.push(error.message));
  await page.goto(venue.address);
  await page.getByTestId("email").fill(venue.demo.email);
  await page.getByTestId("password").fill(venue.demo.password);
  await page.getByTestId("sign-in").click();
  await page.getByTestId("symbol-EURUSD").first().waitFor();
  return page;
}

async function order(page: Page, side: "buy" | "sell", quantity: string): Promise<void> {
  await page.getByTestId(`ticket-${side}`).click();
  await page.getByTestId("ticket-type").selectOption("market");
  await page.getByTestId("ticket-quantity").fill(quantity);
  await page.getByTestId("ticket-submit").click();
}

const overflow = (page: Page) => page.evaluate("document.documentElement.scrollWidth - window.innerWidth");

describe("the account", () => {
  it("closes a part of a position, and shows the money that it moved", async context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    const page = await signedIn(1440, 900);
    await order(page, "buy", "10000");
    const quantity = page.getByTestId("position-EURUSD").getByTestId("position-quantity");
    await expect.poll(() => quantity.textContent()).toContain("10,000");

    await page.getByRole("button", { name: "Close EURUSD" }).click();
    await page.getByTestId("close-quantity").fill("20000");
    await page.getByText("The position is 10,000.").waitFor();
    await page.getByRole("button", { name: "25%" }).click();
    expect(await page.getByTestId("close-quantity").inputValue()).toBe("2000");
    await page.getByTestId("close-quantity").fill("4000");
    await page.getByTestId("close-quantity").press("Enter");
    await expect.poll(() => quantity.textContent()).toContain("6,000");
    expect(await page.getByTestId("close-form").count()).toBe(0);

    await page.getByTestId("tab-transactions").click();
    await page.getByTestId("transaction-trade").first().waitFor();
    expect(await page.getByTestId("transaction-deposit").textContent()).toContain("+100,000.00");
    await page.getByTestId("tab-account").click();
    await page.getByTestId("account").getByTestId("balance-USD").waitFor();
    await page.close();
  });

  it("shows what an order would do before it is sent", async context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    const page = await signedIn(1440, 900);
    const margin = page.getByTestId("preview-margin");
    await page.getByTestId("ticket-quantity").fill("30000");
    await expect.poll(() => margin.textContent()).toMatch(/[1-9][\d,]*\.\d\d USD/);
    expect(await page.getByTestId("preview-spread").textContent()).toMatch(/\d\.\d\d USD/);
    await page.getByTestId("ticket-quantity").fill("9000000");
    await page.getByTestId("preview-rejection").waitFor();
    await page.getByTestId("preview-largest").getByRole("button").click();
    await page.getByTestId("preview-rejection").waitFor({ state: "detached" });
    await page.close();
  });

  it("explains a refusal, from the ticket and from the history", async context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    const page = await signedIn(1440, 900);
    await order(page, "buy", "9000000");
    await page.getByTestId("ticket-why").click();
    const reason = page.getByTestId("explanation-reason");
    await reason.waitFor();
    expect(await reason.textContent()).toMatch(/needs [\d,.]+ USD of margin/);
    expect(await page.getByTestId("explanation-instead").textContent()).toMatch(/Up to [\d,]+ EUR/);
    await page.keyboard.press("Escape");
    await page.getByTestId("tab-history").click();
    await page.getByRole("button", { name: /^Why was order/ }).click();
    await reason.waitFor();
    await page.close();
  });

  it("pays in, and makes a statement of it", async context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    const page = await signedIn(1440, 900);
    await page.getByTestId("tab-account").click();
    await page.getByTestId("pay-deposits").click();
    await page.getByTestId("payment-send").click();
    await page.getByText("More than nothing.").waitFor();
    await page.getByTestId("payment-amount").fill("250.50");
    await page.getByTestId("payment-send").click();
    const outcome = page.getByTestId("payment-outcome");
    await expect.poll(() => outcome.textContent()).toContain("Deposit, 250.50 USD: done.");
    await page.keyboard.press("Escape");
    await page.getByTestId("transfer-settled").waitFor();

    await page.getByTestId("tab-transactions").click();
    await page.getByText("+250.50").waitFor();
    await page.getByTestId("statement-open").click();
    await page.getByTestId("statement-USD").getByText("+100,250.50").waitFor();
    const file = page.waitForEvent("download");
    await page.getByTestId("statement-csv").click();
    expect((await file).suggestedFilename()).toMatch(/^statement-\d+-\d{4}-\d\d-01\.csv$/);
    await page.getByTestId("statement-period").selectOption("range");
    await page.getByText("Choose the first and the last day.").waitFor();
    await page.close();
  });

  it("fits a phone", async context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    const page = await signedIn(390, 844);
    await page.getByTestId("page-activity").click();
    await page.getByRole("button", { name: "Close EURUSD" }).click();
    await page.getByTestId("close-form").waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.getByTestId("close-quantity").press("Escape");
    await page.getByTestId("close-form").waitFor({ state: "detached" });
    await page.getByTestId("tab-transactions").click();
    await page.getByTestId("transaction-deposit").first().waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.getByTestId("page-account").click();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.close();
  });

  it("tells of a margin call as it comes, and of its end", async context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    const page = await signedIn(1440, 900);
    await order(page, "buy", "50000");
    const level = page.getByTestId("margin-level").first();
    await expect.poll(() => level.textContent()).toContain("%");
    const operator = await RestClient.signIn(venue.address, OPERATOR);
    const guard = (marginCallPerMille: number) =>
      operator.send("PUT", "operations/guards/venue", { marginCallPerMille, reason: "test" });
    expect((await guard(100_000)).status).toBe(200);
    await page.getByText(/^Margin call: the margin level is [\d.]+% and below 10000\.0%/).waitFor();
    await expect.poll(() => level.textContent()).toContain("Margin call");
    expect((await guard(0)).status).toBe(200);
    await page.getByText("The margin level is back above 100.0%.").waitFor();
    await expect.poll(() => level.textContent()).not.toContain("Margin call");
    await page.close();
  });

  it("closes all positions after a question", async context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    const page = await signedIn(1280, 800);
    await page.getByTestId("close-all").click();
    await page.getByRole("button", { name: "Keep" }).click();
    await page.getByTestId("close-all").click();
    await page.getByTestId("confirm").click();
    await page.getByText("Closed 1 of 1 positions.").waitFor();
    await page.getByText("No open positions.").waitFor();
    await page.close();
  });

  it("opens a hedging account, trades it ticket by ticket, and turns back", async context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    const page = await signedIn(1440, 900);
    await page.getByTestId("tab-account").click();
    await page.getByTestId("open-account").click();
    await page.getByTestId("open-positions").selectOption("hedging");
    await page.getByTestId("open-confirm").click();
    const kind = page.getByTestId("account-kind");
    await expect.poll(() => kind.textContent()).toContain("hedging");
    await page.getByTestId("pay-deposits").click();
    await page.getByTestId("payment-amount").fill("1500");
    await page.getByTestId("payment-send").click();
    await page.getByText("Deposit, 1,500.00 USD: done.").waitFor();
    await page.keyboard.press("Escape");

    await order(page, "buy", "10000");
    await page.getByTestId("tab-positions").click();
    const rows = page.getByTestId("positions").locator("tbody tr");
    await expect.poll(() => rows.count()).toBe(1);
    await order(page, "sell", "5000");
    await expect.poll(() => rows.count()).toBe(2);
    await rows
      .filter({ hasText: "Long" })
      .getByRole("button", { name: /^Close/ })
      .click();
    await page.getByTestId("close-quantity").fill("4000");
    await page.getByTestId("close-confirm").click();
    await expect.poll(() => rows.filter({ hasText: "Long" }).textContent()).toContain("6,000");
    expect(await rows.filter({ hasText: "Short" }).textContent()).toContain("5,000");

    const accounts = page.locator("#account-of-bar");
    const [first = ""] = await accounts.locator("option").allTextContents();
    await accounts.selectOption({ label: first });
    await expect.poll(() => kind.textContent()).toContain("netting");
    await page.close();
  });

  it("keeps the console free of errors", context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    expect(consoleErrors).toEqual([]);
  });
});
