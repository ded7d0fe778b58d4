/**
 * Commands from one process to a market in another over NATS, numbered and sent by a shard's own link, each
 * durable before it is answered. The market's answer stands for what a shard would hear from the journal.
 */
import { ServiceBroker } from "moleculer";
import { composeOrderId } from "../../engine/ids.ts";
import { accountId, lots, milliseconds, money, ticks } from "../../engine/units.ts";
import { systemTimers } from "../../mixins/clock.ts";
import type { Submitted } from "../../services/matching/market-service.ts";
import { MarketLink, type Submit } from "../../services/risk/market-link.ts";
import { instrument } from "../instrument.ts";
import { launch } from "./launch.ts";
import type { NatsServers } from "./nats-servers.ts";
import { benchNode } from "./node-options.ts";

export interface CommandsAsked {
  readonly journal: "file" | "jetstream";
  readonly folder: string;
  /** Of the journal: one of its own for each round on the same servers. */
  readonly symbol?: string;
  readonly warmUp: number;
  readonly count: number;
  /** Sent and not answered at any time, at most. */
  readonly unanswered: number;
}

export interface CommandsRow {
  readonly journal: string;
  readonly commands: number;
  readonly commandsPerSecond: number;
  readonly messages: number;
  readonly commandsPerMessage: number;
  /** Of each side's processor, by command. */
  readonly gatewayMicroseconds: number;
  readonly marketMicroseconds: number;
}

const NOW = milliseconds(0);
const ACCOUNT = accountId(1);
const RESERVED = money(1_000_000n);

type Usage = NodeJS.CpuUsage;

/** 55 % limit orders, 35 % cancels of one of the last 10,000, 10 % market orders; made when they are sent. */
class Commands {
  #state = 7;
  #orders = 0;
  #middle = 110_000;

  sendNext(link: MarketLink): void {
    const common = {
      time: NOW,
      shard: 0,
      number: link.next,
      account: ACCOUNT,
      liquidity: false,
      reference: 0,
      feeTier: 1,
    };
    const roll = this.#random(100);
    this.#middle += this.#random(3) - 1;
    if (roll >= 65 && this.#orders > 0) {
      const count = Math.max(1, this.#orders - this.#random(10_000));
      link.send({ kind: "cancel", ...common, orderId: composeOrderId(count, instrument.number) });
      return;
    }
    const isBuy = this.#random(2) === 0;
    const isMarket = roll < 10;
    const away = this.#random(this.#random(200) + 1) - 2;
    link.send({
      kind: "place",
      ...common,
      clientOrderId: `order-${1_000_000 + ++this.#orders}`,
      side: isBuy ? "buy" : "sell",
      type: isMarket ? "market" : "limit",
      timeInForce: isMarket ? "IOC" : "GTC",
      postOnly: false,
      lots: lots(1 + this.#random(100)),
      ticks: ticks(isMarket ? 0 : this.#middle + (isBuy ? -away : away)),
      reserved: RESERVED,
    });
  }

  /** A small linear congruential generator (Numerical Recipes): the same commands at every run. */
  #random(below: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * below);
  }
}

function microseconds(from: Usage, to: Usage, count: number): number {
  return Number(((to.user + to.system - from.user - from.system) / count).toFixed(2));
}

/** Commands `from` to before `to`; `next` is called whenever some have been answered. */
class Sending {
  readonly #link: MarketLink;
  readonly #commands = new Commands();
  readonly #most: number;
  #next = 0;
  #end = 0;
  #done: () => void = () => undefined;

  constructor(link: MarketLink, most: number) {
    this.#link = link;
    this.#most = most;
  }

  /** Resolves when so many more are durable. */
  send(count: number): Promise<void> {
    this.#end = this.#next + count;
    return new Promise(resolve => {
      this.#done = resolve;
      this.fill();
    });
  }

  fill(): void {
    while (this.#next < this.#end && this.#link.unconfirmed < this.#most) {
      this.#next++;
      this.#commands.sendNext(this.#link);
    }
    if (this.#next === this.#end && this.#link.unconfirmed === 0) this.#done();
  }
}

export async function measureCommands(asked: CommandsAsked, servers: NatsServers): Promise<CommandsRow> {
  const { journal, folder, symbol: name = "BENCH", warmUp, count, unanswered } = asked;
  const environment = { NATS_URL: servers.urls.join(","), DATA_DIR: folder, JOURNAL: journal, NAME: name };
  const market = await launch("market-process.js", environment);
  const broker = new ServiceBroker(benchNode("gateway", servers.urls));
  await broker.start();
  await broker.waitForServices([`matching.${instrument.symbol}`, "usage"], 30_000, 50);
  let messages = 0;
  const submit: Submit = async ({ last, bytes }) => {
    messages++;
    const params = { epoch: 1, commands: bytes };
    const action = `matching.${instrument.symbol}.submit`;
    const answer = await broker.call<Awaited<ReturnType<Submit>>, Submitted>(action, params);
    if (answer.admitted === "ok") link.confirm(last);
    sending.fill();
    return answer;
  };
  const fail = (error: unknown) => {
    throw error;
  };
  const { symbol } = instrument;
  const link = new MarketLink({ symbol, submit, onStale: fail, onRetry: fail, timers: systemTimers });
  const sending = new Sending(link, unanswered);
  try {
    await sending.send(warmUp);
    messages = 0;
    const usage = () => broker.call<Usage>("usage.market");
    const [market1, gateway1, begun] = [await usage(), process.cpuUsage(), performance.now()];
    await sending.send(count);
    const seconds = (performance.now() - begun) / 1_000;
    const [market2, gateway2] = [await usage(), process.cpuUsage()];
    return {
      journal,
      commands: count,
      commandsPerSecond: Math.round(count / seconds),
      messages,
      commandsPerMessage: Math.round(count / messages),
      gatewayMicroseconds: microseconds(gateway1, gateway2, count),
      marketMicroseconds: microseconds(market1, market2, count),
    };
  } finally {
    link.close();
    await broker.stop();
    await market.end();
  }
}
