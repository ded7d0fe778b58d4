/** Chromium for tests: found here, or one line that says how to get it. In CI it has to be there. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PATHS = [
  process.env.CHROMIUM_PATH ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const OPTIONS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function findChromium(): string | undefined {
  const path = PATHS.find(candidate => candidate !== "" && existsSync(candidate));
  if (path === undefined && process.env.CI === "true")
    throw new Error("CI needs Chromium: apt-get install chromium");
  return path;
}

export const CHROMIUM_MISSING =
  "Chromium is not on this machine: install Debian's 'chromium', " +
  "or set CHROMIUM_PATH to a Chrome or Chromium";

export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: OPTIONS });
}
