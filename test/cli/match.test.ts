/** `cambist match` as a real child process: what goes in, what comes out, and the exit code. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const CAMBIST = fileURLToPath(new URL("../../cli/cambist.js", import.meta.url));
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cambist-match-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly code: number | null;
  readonly lines: string[];
  readonly errors: string[];
}

function linesOf(chunks: Buffer[]): string[] {
  return Buffer.concat(chunks)
    .toString("utf8")
    .split("\n")
    .filter(line => line !== "");
}

/** Runs the command with this input; objects become lines of JSON. */
function match(input: (object | string | Buffer)[], ...options: string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CAMBIST, "match", ...options]);
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.on("error", reject);
    child.on("close", code => resolve({ code, lines: linesOf(output), errors: linesOf(errors) }));
    for (const line of input) {
      if (Buffer.isBuffer(line)) child.stdin.write(line);
      else child.stdin.write(typeof line === "string" ? line : `${JSON.stringify(line)}\n`);
    }
    child.stdin.end();
  });
}

function place(orderId: string, side: string, quantity: string, price?: string, more: object = {}): object {
  const type = price === undefined ? "market" : "limit";
  return { command: "place", orderId, side, type, quantity, ...(price && { price }), ...more };
}

function events(run: Run): object[] {
  return run.lines.map(line => JSON.parse(line));
}

describe("events", () => {
  test("a trade, told as the issue tells it", async () => {
    const run = await match([
      {
        command: "place",
        orderId: "7",
        accountId: "a",
        side: "buy",
        type: "limit",
        quantity: "100",
        price: "1.10500",
        timeInForce: "GTC",
        postOnly: false,
        time: 0,
      },
      place("8", "sell", "30", "1.105"),
      { command: "amend", orderId: "7", quantity: "50", price: "1.10500" },
      { command: "cancel", orderId: "7" },
    ]);
    expect(run.code).toBe(0);
    expect(run.errors).toEqual([]);
    expect(events(run)).toEqual([
      { event: "accepted", orderId: "7", side: "buy", quantity: "100", price: "1.10500" },
      { event: "rested", orderId: "7", side: "buy", quantity: "100", price: "1.10500" },
      { event: "accepted", orderId: "8", side: "sell", quantity: "30", price: "1.10500" },
      {
        event: "traded",
        price: "1.10500",
        quantity: "30",
        makerOrderId: "7",
        takerOrderId: "8",
        aggressor: "sell",
      },
      { event: "amended", orderId: "7", side: "buy", quantity: "50", price: "1.10500", resting: "20" },
      { event: "cancelled", orderId: "7", side: "buy", quantity: "20", price: "1.10500" },
    ]);
  });

  test("refusals are events, exit code 0", async () => {
    const run = await match([
      place("1", "buy", "5", "1.1"),
      place("1", "buy", "5", "1.1"),
      { command: "cancel", orderId: "1" },
      place("1", "buy", "5", "1.1"),
      { command: "cancel", orderId: "1" },
      { command: "cancel", orderId: "never" },
      { command: "amend", orderId: "never", quantity: "1" },
      place("2", "buy", "5", "1.100001"),
      place("2", "buy", "5", "1.1"),
      place("3", "buy", "5.5", "1.1"),
      place("4", "buy", "0", "1.1"),
      place("5", "buy", "5", "0"),
      place("6", "buy", "5", "-1"),
      place("7", "buy", "5", "99999999999999999999999999"),
      { command: "place", orderId: "8", side: "buy", type: "limit", quantity: "5" },
      { command: "place", orderId: "9", side: "buy", type: "market", quantity: "5", price: "1" },
      place("10", "buy", "5", undefined, { timeInForce: "GTC" }),
      place("11", "buy", "5", "1", { timeInForce: "IOC", postOnly: true }),
    ]);
    expect(run.code).toBe(0);
    const told = events(run).map(event =>
      "reason" in event ? event.reason : "event" in event && event.event,
    );
    expect(told).toEqual([
      "accepted",
      "rested",
      "orderIdDuplicate",
      "cancelled",
      "orderIdDuplicate",
      "orderUnknown",
      "orderUnknown",
      "orderUnknown",
      "priceNotMultiple",
      "orderIdDuplicate",
      "quantityNotMultiple",
      "quantityBelowMinimum",
      "priceOutOfRange",
      "priceOutOfRange",
      "priceOutOfRange",
      "priceMissing",
      "priceUnexpected",
      "timeInForceNotAllowed",
      "postOnlyNotAllowed",
    ]);
    expect(run.lines[2]).toBe(
      '{"event":"rejected","orderId":"1","command":"place","reason":"orderIdDuplicate"}',
    );
  });

  test("orders that wait are armed, listed, triggered; their rejections are named", async () => {
    const stop = { command: "place", side: "buy", type: "stop", quantity: "5", stopPrice: "1.2" };
    const run = await match(
      [
        { ...stop, orderId: "1" },
        { ...stop, orderId: "2", type: "take-profit-limit", price: "1.1", stopPrice: "1", trigger: "ask" },
        { ...stop, orderId: "3", stopPrice: undefined },
        { ...stop, orderId: "4", type: "stop-limit" },
        { ...stop, orderId: "5", type: "limit", price: "1" },
        { ...stop, orderId: "6", stopPrice: "1.000001" },
        { ...stop, orderId: "7", stopPrice: "0" },
        { command: "amend", orderId: "1", stopPrice: "1.3" },
        place("8", "sell", "1", "1.3"),
        place("9", "buy", "1", "1.3"),
      ],
      "--orders",
    );
    expect(run.lines[1]).toBe(
      '{"event":"armed","orderId":"1","side":"buy","quantity":"5","stopPrice":"1.20000"}',
    );
    const told = events(run).flatMap(event =>
      "reason" in event ? event.reason : "event" in event ? event.event : [],
    );
    expect(told.slice(0, 4)).toEqual(["accepted", "armed", "accepted", "armed"]);
    expect(told.slice(4, 9)).toEqual([
      "stopPriceMissing",
      "priceMissing",
      "stopPriceUnexpected",
      "stopPriceNotMultiple",
      "stopPriceOutOfRange",
    ]);
    expect(told.slice(9)).toEqual([
      ...["amended", "armed", "accepted", "rested", "accepted", "traded", "triggered", "expired"],
    ]);
    expect(run.lines.at(-1)).toBe(
      '{"orders":[{"orderId":"2","side":"buy","price":"1.10000","quantity":"5","totalQuantity":"5",' +
        '"type":"take-profit-limit","stopPrice":"1.00000","trigger":"ask"}]}',
    );
  });

  test("a call collects, shows what it would trade, and uncrosses", async () => {
    const call = [
      { command: "phase", phase: "opening-auction", reason: "schedule" },
      place("1", "buy", "5", "1.2"),
      place("2", "sell", "3", "1.1"),
    ];
    const waiting = await match(call, "--book");
    expect(waiting.lines[0]).toBe('{"event":"phase","phase":"opening-auction","reason":"schedule"}');
    expect(waiting.lines.at(-1)).toContain('"indicative":{"price":"1.20000","quantity":"3"}');
    const run = await match([...call, { command: "phase", phase: "continuous" }]);
    expect(run.lines.slice(-3)[0]).toContain('"event":"traded","price":"1.20000","quantity":"3"');
  });

  test("market orders are IOC unless they say FOK", async () => {
    const run = await match([
      place("1", "sell", "5", "1"),
      place("2", "buy", "7", undefined, { timeInForce: "FOK" }),
      place("3", "buy", "7"),
    ]);
    expect(run.lines.slice(2)).toEqual([
      '{"event":"accepted","orderId":"2","side":"buy","quantity":"7"}',
      '{"event":"expired","orderId":"2","side":"buy","quantity":"7"}',
      '{"event":"accepted","orderId":"3","side":"buy","quantity":"7"}',
      '{"event":"traded","price":"1.00000","quantity":"5",' +
        '"makerOrderId":"1","takerOrderId":"3","aggressor":"buy"}',
      '{"event":"expired","orderId":"3","side":"buy","quantity":"2"}',
    ]);
  });

  test("an account that is named must own the order", async () => {
    const run = await match([
      place("1", "sell", "5", "1", { accountId: "a" }),
      { command: "cancel", orderId: "1", accountId: "b" },
      { command: "cancel", orderId: "1", accountId: "a" },
    ]);
    expect(run.lines.slice(2).map(line => JSON.parse(line).event)).toEqual(["rejected", "cancelled"]);
  });
});

describe("the end", () => {
  test("--orders in priority order, then --book with the hash", async () => {
    const input = [
      place("a", "buy", "5", "1"),
      place("b", "buy", "6", "2", { accountId: "x" }),
      place("c", "buy", "7", "2"),
      place('d"\\é', "sell", "8", "3"),
      place("e", "sell", "1", "2"),
    ];
    const run = await match(input, "--orders", "--book");
    const [orders = "", book = ""] = run.lines.slice(-2);
    expect(JSON.parse(orders)).toEqual({
      orders: [
        { orderId: "b", accountId: "x", side: "buy", price: "2.00000", quantity: "5", totalQuantity: "6" },
        { orderId: "c", side: "buy", price: "2.00000", quantity: "7", totalQuantity: "7" },
        { orderId: "a", side: "buy", price: "1.00000", quantity: "5", totalQuantity: "5" },
        { orderId: 'd"\\é', side: "sell", price: "3.00000", quantity: "8", totalQuantity: "8" },
      ],
    });
    expect(JSON.parse(book)).toEqual({
      book: {
        bids: [
          ["2.00000", "12", 2],
          ["1.00000", "5", 1],
        ],
        asks: [["3.00000", "8", 1]],
      },
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    const again = await match(input, "--book");
    expect(again.lines.at(-1)).toBe(book);
  });

  test("an empty input has an empty book", async () => {
    const run = await match([], "--book", "--orders");
    expect(run.code).toBe(0);
    expect(run.lines[0]).toBe('{"orders":[]}');
    expect(run.lines[1]).toMatch(/^\{"book":\{"bids":\[\],"asks":\[\]\},"hash":"[0-9a-f]{16}"\}$/);
  });
});

describe("lines that are no commands", () => {
  test("go to standard error with their numbers; the rest is processed; exit code 2", async () => {
    const good = place("1", "buy", "5", "1");
    const run = await match([
      "nonsense\n",
      "\n",
      good,
      "[]\n",
      "null\n",
      { command: "explode", orderId: "1" },
      { ...good, colour: "red" },
      { ...good, quantity: 5 },
      { ...good, quantity: "5e3" },
      { ...good, price: "1." },
      { ...good, price: null },
      { ...good, side: "BUY" },
      { ...good, type: "stopped" },
      { ...good, timeInForce: "day" },
      { ...good, postOnly: "yes" },
      { ...good, time: 1.5 },
      { ...good, orderId: 7 },
      { ...good, orderId: "" },
      { ...good, accountId: 1 },
      { command: "cancel" },
      { command: "cancel", orderId: "1", quantity: "5" },
      { command: "amend", orderId: "1", side: "buy" },
      '{"command":"cancel","orderId":"1","__proto__":{}}\n',
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d, 0x0a]),
      `${" ".repeat(70_000)}x\n`,
      { command: "cancel", orderId: "1" },
      '{"command":"cancel"',
    ]);
    expect(run.code).toBe(2);
    expect(events(run).map(event => "event" in event && event.event)).toEqual([
      "accepted",
      "rested",
      "cancelled",
    ]);
    const bad = run.errors.map(line => Number(/^line (\d+): Cannot read command as /.exec(line)?.[1]));
    expect(bad).toEqual([
      1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 27,
    ]);
    expect(run.errors[5]).toBe(
      "line 8: Cannot read command as 'quantity' must be a decimal string: received 5",
    );
  });

  test("Windows line ends and a last line without one are fine", async () => {
    const line = JSON.stringify(place("1", "buy", "5", "1"));
    const run = await match([`\uFEFF${line}\r\n`, '{"command":"cancel","orderId":"1"}']);
    expect(run.code).toBe(0);
    expect(run.lines).toHaveLength(3);
  });
});

describe("options", () => {
  function instrumentFile(name: string, content: string): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }

  test("the instrument's steps and digits", async () => {
    const text = '{"symbol":"TEST","tickSize":"0.25","lotStep":"10","minimumQuantity":"20"}';
    const path = instrumentFile("steps.json", text);
    const run = await match(
      [place("1", "buy", "20", "1.5"), place("2", "buy", "20", "1.3"), place("3", "buy", "10", "1.5")],
      "--instrument",
      path,
    );
    expect(run.lines[1]).toBe('{"event":"rested","orderId":"1","side":"buy","quantity":"20","price":"1.50"}');
    expect(run.lines.slice(2).map(line => JSON.parse(line).reason)).toEqual([
      "priceNotMultiple",
      "quantityBelowMinimum",
    ]);
  });

  test("how far prices may go", async () => {
    const bands = '{"static":"2","onBreach":"reject"}';
    const steps = '"symbol":"TEST","tickSize":"0.25","lotStep":"1","minimumQuantity":"1"';
    const path = instrumentFile("bands.json", `{${steps},"executionRange":"0.5","priceBands":${bands}}`);
    const reference = { command: "price", which: "reference", price: "5" };
    const run = await match([reference, place("1", "buy", "2", "7.25")], "--instrument", path);
    expect(run.lines.slice(1).map(line => JSON.parse(line).reason)).toEqual(["priceOutsideBand"]);
  });

  test.each([
    ["{", "JSON"],
    ["[]", "must hold a JSON object"],
    ['{"symbol":"TEST"}', "'tickSize' must be a string: received nothing"],
    ['{"symbol":"TEST","tickSize":1,"lotStep":"1","minimumQuantity":"1"}', "'tickSize' must be a string"],
    ['{"symbol":"TEST","tickSize":"0","lotStep":"1","minimumQuantity":"1"}', "'tickSize' must be a positive"],
    [
      '{"symbol":"TEST","tickSize":"1","lotStep":"1","minimumQuantity":"1","number":8192}',
      "'number' must be a whole number from 0 to 8191",
    ],
  ])("an instrument %s is refused", async (text, message) => {
    const run = await match([], "--instrument", instrumentFile("bad.json", text));
    expect(run.code).toBe(2);
    expect(run.errors).toEqual([expect.stringContaining(message)]);
    expect(run.errors[0]).toContain("bad.json: ");
  });

  test("unknown options, words and files are refused; help is not", async () => {
    for (const options of [["--what"], ["word"], ["--instrument", join(folder, "absent.json")]]) {
      const run = await match([], ...options);
      expect([run.code, run.lines.length, run.errors.length > 0]).toEqual([2, 0, true]);
    }
    const help = await match([], "--help");
    expect([help.code, help.errors]).toEqual([0, []]);
    expect(help.lines[0]).toContain("Usage: cambist match");
  });
});

test("100,000 commands in one piece, whatever the chunks", async () => {
  const lines = Array.from({ length: 50_000 }, (_, index) => {
    const order = place(String(index), index % 2 === 0 ? "buy" : "sell", "3", `${1 + (index % 7)}`);
    return `${JSON.stringify(order)}\n{"command":"cancel","orderId":"${index - 3}"}\n`;
  }).join("");
  const bytes = Buffer.from(lines);
  const [whole, pieces] = await Promise.all([
    match([bytes], "--book"),
    match(
      Array.from({ length: Math.ceil(bytes.length / 9_973) }, (_, at) =>
        bytes.subarray(at * 9_973, (at + 1) * 9_973),
      ),
      "--book",
    ),
  ]);
  expect(whole.code).toBe(0);
  expect(pieces.lines.length).toBe(whole.lines.length);
  expect(pieces.lines.at(-1)).toBe(whole.lines.at(-1));
});
