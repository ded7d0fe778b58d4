/** What an operator sees and turns: the page of a venue that has one, in Chromium. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import api from "../../services/api.service.ts";
import history from "../../services/history.service.ts";
import killSwitch from "../../services/kill-switch.service.ts";
import marketdata from "../../services/marketdata.service.ts";
import markets from "../../services/markets.service.ts";
import reference from "../../services/reference.service.ts";
import { startVenue, TRADING, type Venue } from "../services/venue.ts";
import { CHROMIUM_MISSING, findChromium, openBrowser } from "./browser.ts";

const chromium = findChromium();
const OPERATOR = { email: "operator@cambist.local", password: "a long password of a test" };
let venue: Venue;
let browser: Browser | undefined;

beforeAll(async () => {
  if (chromium === undefined) return;
  process.env.JWT_SECRET = "a secret of the test, long enough to be one";
  venue = await startVenue([...TRADING, reference, history, marketdata, markets, killSwitch, api]);
  await venue.broker.call("identity.provision", { ...OPERATOR, name: "Operator", role: "operator" });
  await venue.quote("EURUSD", "1.05000", "1.15000");
  browser = await openBrowser(chromium);
});

afterAll(async () => {
  if (chromium === undefined) return;
  await browser?.close();
  await venue.stop();
  delete process.env.JWT_SECRET;
});

async function openOperations(): Promise<Page> {
  const page = await browser?.newPage({ viewport: { width: 1280, height: 800 } });
  if (page === undefined) throw new Error(CHROMIUM_MISSING);
  await page.goto(venue.runtime.address);
  await page.getByTestId("email").fill(OPERATOR.email);
  await page.getByTestId("password").fill(OPERATOR.password);
  await page.getByTestId("sign-in").click();
  await page.getByTestId("symbol-EURUSD").first().click();
  await page.getByTestId("tab-operations").click();
  return page;
}

describe("an operator", () => {
  it("changes the phase and turns the kill switch, each with its reason", async context => {
    if (chromium === undefined) return context.skip(CHROMIUM_MISSING);
    const page = await openOperations();
    const phase = page.getByTestId("phase");
    await expect.poll(() => phase.textContent()).toContain("Continuous");
    await page.getByTestId("op-phase").selectOption("intraday-auction");
    expect(await page.getByTestId("op-phase-go").isDisabled()).toBe(true);
    await page.getByTestId("op-phase-reason").fill("a test");
    await page.getByTestId("op-phase-go").click();
    await expect.poll(() => phase.textContent()).toContain("Intraday auction");
    await page.getByTestId("indicative").waitFor();

    await page.getByTestId("op-of").selectOption("market");
    await page.getByTestId("op-state").selectOption("halted");
    await page.getByTestId("op-kill-reason").fill("a test");
    await page.getByTestId("op-kill-go").click();
    await expect.poll(() => phase.textContent()).toContain("Halted");
    expect(await page.getByTestId("op-outcome").textContent()).toContain("EURUSD is halted.");
    await page.close();
  });
});
