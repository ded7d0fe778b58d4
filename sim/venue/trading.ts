/** What clients and providers do in a run: they spend all their money, and get in each other's way. */
import { wait } from "../../mixins/clock.ts";
import { Violation } from "../check/violation.ts";
import { AccountClient, type ClientWorld } from "./account-client.ts";
import { LISTED, MARGIN_ACCOUNTS, PROVIDERS, SPOT_ACCOUNTS } from "./listed.ts";

const SPOT = 1;
const MARGIN = 2;
/** Around which everything trades. */
const MIDDLE = 100;
/** Commands of one account under way at a time. */
const HANDS = 2;
/** Orders that are placed at once, now and then. */
const BURST = 8;

export class Trading {
  readonly clients: readonly AccountClient[];
  readonly #world: ClientWorld;
  /** Milliseconds between two commands of a client, more or less. */
  readonly #pauseMs: number;
  readonly #opened: number[] = [];
  #ending = false;
  #living = 0;

  constructor(world: ClientWorld, pauseMs: number) {
    this.#world = world;
    this.#pauseMs = pauseMs;
    const accounts = [...PROVIDERS, ...SPOT_ACCOUNTS, ...MARGIN_ACCOUNTS];
    this.clients = accounts.map(account => new AccountClient(account, PROVIDERS.includes(account), world));
  }

  start(): void {
    this.#watch().catch(this.#world.onFailed);
    for (const client of this.clients) {
      this.#living++;
      this.#live(client).then(() => this.#living--, this.#world.onFailed);
    }
  }

  /** Looks at the markets as they show themselves. */
  async #watch(): Promise<void> {
    const { broker, chance, process, truth } = this.#world;
    while (!this.#ending) {
      await wait(process.timers, chance.within(10, 500));
      const { symbol } = chance.pick(LISTED);
      try {
        const { sequence } = (await broker.call(`matching.${symbol}.state`)) as { sequence: number };
        truth.shown(symbol, sequence);
      } catch (error) {
        if (error instanceof Violation) throw error;
      }
    }
  }

  /** Nobody begins anything new. */
  end(): void {
    this.#ending = true;
  }

  /** Whether everybody has an outcome for everything. */
  get isOver(): boolean {
    return this.#living === 0;
  }

  get done(): number {
    return this.clients.reduce((sum, { done }) => sum + done, 0);
  }

  async #live(client: AccountClient): Promise<void> {
    const { account } = client;
    await client.openAccount(
      account === 902 ? "EUR" : "USD",
      PROVIDERS.includes(account) ? "1000000" : "1000",
    );
    if (!PROVIDERS.includes(account)) this.#opened.push(account);
    // Several hands at once: what one command ties up the others must not have.
    await Promise.all(Array.from({ length: HANDS }, () => this.#work(client)));
  }

  async #work(client: AccountClient): Promise<void> {
    const { chance, process } = this.#world;
    while (!this.#ending) {
      await wait(process.timers, chance.within(0.2 * this.#pauseMs, 1.8 * this.#pauseMs));
      if (this.#ending) break;
      await this.#act(client);
    }
  }

  async #act(client: AccountClient): Promise<void> {
    const { chance } = this.#world;
    const draw = chance.between(1, 100);
    if (draw <= 4) await Promise.all(Array.from({ length: BURST }, () => this.#order(client)));
    else if (draw <= 58) await this.#order(client);
    else if (draw <= 73) await client.cancel();
    else if (draw <= 81) await client.amend(String(chance.between(1, 700)), this.#price(8));
    else if (draw <= 89) await this.#pay(client);
    else if (draw <= 97) await client.askAgain();
    else await client.giveUp();
  }

  /** Sizes of which two or three take all that an account has. */
  async #order(client: AccountClient): Promise<void> {
    const { chance } = this.#world;
    const { account } = client;
    const provider = PROVIDERS.includes(account);
    const market = provider ? chance.pick([SPOT, MARGIN]) : SPOT_ACCOUNTS.includes(account) ? SPOT : MARGIN;
    const spotProvider = account === 902 ? "sell" : "buy";
    const side = provider && market === SPOT ? spotProvider : chance.pick(["buy", "sell"] as const);
    const type = market === MARGIN && !provider && chance.is(0.3) ? "market" : "limit";
    const away = provider ? chance.between(0, 3) : chance.between(-4, 6);
    const ticks = type === "market" ? 0 : MIDDLE + (side === "buy" ? -away : away);
    const size = market === MARGIN ? chance.between(1, 12_000) : chance.between(1, 700);
    const timeInForce = type === "market" ? "IOC" : chance.pick(["GTC", "GTC", "GTC", "IOC", "FOK"] as const);
    await client.place({ market, side, type, timeInForce, postOnly: false, lots: size, ticks });
  }

  async #pay(client: AccountClient): Promise<void> {
    const { chance } = this.#world;
    const others = this.#opened.filter(account => account !== client.account);
    if (PROVIDERS.includes(client.account) || others.length === 0) return;
    await client.transfer(chance.pick(others), "USD", String(chance.between(1, 600)));
  }

  #price(spread: number): string {
    return ((MIDDLE + this.#world.chance.between(-spread, spread)) / 100).toFixed(2);
  }
}
