/** Pegged orders of the naive market: hidden ones that are moved until each stands at its price. */
import type { AmendOrder } from "../../engine/market/command.ts";
import type { MarketEvent } from "../../engine/market/market-event.ts";
import type { RestingOrder } from "../../engine/market/market-machine.ts";
import type { Peg } from "../../engine/market/terms.ts";
import type { Lots, Side, Ticks } from "../../engine/units.ts";
import { NaiveAmends } from "./naive-amends.ts";
import { firstOf, isPostponement, postponed, rejectedAmend, TICKS_MAX } from "./naive-order.ts";
import { bestShown } from "./naive-prices.ts";
import type { NaivePeg } from "./naive-state.ts";
import { brokenTrail } from "./naive-triggers.ts";

export abstract class NaivePegs extends NaiveAmends {
  /** The price that a peg has now. */
  pegPrice(side: Side, { to, offset }: Peg, cap: number): Ticks | undefined {
    const other = side === "buy" ? "sell" : "buy";
    const own = bestShown(this.resting, side);
    const opposite = bestShown(this.resting, other);
    if (!this.matches()) return undefined;
    let price: number | undefined;
    if (to === "own") price = own;
    if (to === "other") price = opposite;
    if (to === "mid" && own !== undefined && opposite !== undefined) {
      const middle = (own + opposite) / 2;
      price = side === "buy" ? Math.floor(middle) : Math.ceil(middle);
    }
    if (price === undefined) return undefined;
    price += offset;
    if (cap !== 0 && side === "buy" && price > cap) price = cap;
    if (cap !== 0 && side === "sell" && price < cap) price = cap;
    return price < 1 || price > TICKS_MAX ? undefined : (price as Ticks);
  }

  /** Where a pegged order is now; undefined where it has ended. */
  standing({ orderId, parked }: NaivePeg): RestingOrder | undefined {
    return parked ?? this.resting.find(order => order.orderId === orderId);
  }

  openPegs(): NaivePeg[] {
    return this.pegs.filter(peg => this.standing(peg) !== undefined);
  }

  /** The order's limit is its cap. */
  placePegged(order: RestingOrder, peg: Peg, first: "accepted" | "triggered" = "accepted"): MarketEvent[] {
    const { orderId, account, side, ticks: capTicks, lots } = order;
    const asked = { orderId, account, side, ticks: capTicks, lots };
    if (this.openPegs().length >= 1_000) return [{ event: "rejected", ...asked, rejection: "bookFull" }];
    const price = this.pegPrice(side, peg, capTicks);
    const hidden = { ...order, hidden: true as const };
    this.pegs.push({ orderId, peg, capTicks, parked: price === undefined ? hidden : undefined });
    if (price !== undefined) return this.enter({ ...hidden, ticks: price }, "GTC", first, true);
    return [{ event: first, ...asked }, this.parkedEvent(hidden)];
  }

  parkedEvent({ orderId, account, side, ticks, lots }: RestingOrder): MarketEvent {
    return { event: "parked", orderId, account, side, ticks, lots, reason: "reference", unseen: true };
  }

  parkPeg(peg: NaivePeg, order: RestingOrder): MarketEvent {
    this.resting = this.resting.filter(({ orderId }) => orderId !== order.orderId);
    this.setPeg(peg, { parked: order });
    return this.parkedEvent(order);
  }

  setPeg(peg: NaivePeg, changes: Partial<NaivePeg>): void {
    this.pegs = this.pegs.map(one => (one.orderId === peg.orderId ? { ...one, ...changes } : one));
  }

  /** Moves the first order that doesn't stand where it belongs; undefined where all do. */
  override movePegged(): MarketEvent[] | undefined {
    for (const peg of this.openPegs()) {
      const order = this.standing(peg);
      if (order === undefined) continue;
      const price = this.pegPrice(order.side, peg.peg, peg.capTicks);
      const now = peg.parked === undefined ? order.ticks : undefined;
      if (price === now) continue;
      if (price === undefined) {
        const { arrival: _, ...kept } = { arrival: 0, ...order };
        return [this.parkPeg(peg, { ...kept, ticks: peg.capTicks })];
      }
      if (peg.parked === undefined) {
        const moved = this.amendResting(this.move(order, price), true);
        return moved[0]?.event === "rejected" ? this.takeOut(order, "noReference") : moved;
      }
      this.setPeg(peg, { parked: undefined });
      const entered = this.enter({ ...peg.parked, ticks: price }, "GTC", "triggered", true);
      return entered[0]?.event === "triggered" ? entered : this.takeOut(peg.parked, "noReference");
    }
    return undefined;
  }

  /** The amend that moves an order. */
  move({ orderId, account }: RestingOrder, ticks: Ticks): AmendOrder {
    const none = { lots: 0 as Lots, reserved: 0n as AmendOrder["reserved"], liquidity: false, reference: 0 };
    const time = 0 as AmendOrder["time"];
    return { kind: "amend", orderId, account, ticks, time, shard: 0, number: 0, ...none };
  }

  override alter(command: AmendOrder): MarketEvent[] {
    const pegged = this.openPegs().find(({ orderId }) => orderId === command.orderId);
    const order = pegged && this.standing(pegged);
    if (pegged === undefined || order?.account !== command.account) return super.alter(command);
    return this.amendPegged(pegged, order, command);
  }

  amendPegged(pegged: NaivePeg, order: RestingOrder, command: AmendOrder): MarketEvent[] {
    const { orderId, account, side } = order;
    const { terms } = command;
    const peg = terms?.peg ?? pegged.peg;
    const capTicks = command.ticks === 0 ? pegged.capTicks : command.ticks;
    const totalLots = command.lots === 0 ? order.totalLots : command.lots;
    const lots = (totalLots - (order.totalLots - order.lots)) as Lots;
    const minimumLots = terms?.minimumLots ?? order.minimumLots;
    const broken = this.brokenChange(command, order);
    const worth = this.brokenWorth(command, { ...order, ticks: pegged.capTicks });
    broken.push(...worth.filter(name => name !== "priceOutsideBand"));
    if (terms?.stopTicks !== undefined) broken.push("stopPriceUnexpected");
    broken.push(...brokenTrail(terms?.trail, {}));
    if (Math.abs(peg.offset) > TICKS_MAX) broken.push("pegOutOfRange");
    if (lots > 0 && (minimumLots ?? 0) > lots) broken.push("minimumQuantityOutOfRange");
    broken.push(...this.sizedBy(command));
    if (lots <= 0) return this.close(command, order, broken);
    const rejection = firstOf(broken);
    if (rejection !== undefined) return [rejectedAmend(command, order, rejection)];
    if (isPostponement(command)) return [postponed(order)];
    const price = this.pegPrice(side, peg, capTicks);
    this.setPeg(pegged, { peg, capTicks });
    if (price !== undefined && pegged.parked === undefined) {
      const { peg: _, ...others } = terms ?? {};
      const events = this.amendResting({ ...command, ticks: price, terms: others }, true);
      return events.map(event => (event.event === "rejected" ? { ...event, ticks: command.ticks } : event));
    }
    const old = { oldTicks: order.ticks, oldLots: order.lots };
    const amended = {
      orderId,
      account,
      side,
      ticks: capTicks,
      lots,
      ...old,
      totalLots,
      unseen: true,
    } as const;
    const { arrival: _, ...kept } = { arrival: 0, ...order };
    const changed = { ...kept, ticks: capTicks, lots, totalLots };
    const whole = minimumLots === undefined ? changed : { ...changed, minimumLots };
    return [{ event: "amended", ...amended }, this.parkPeg({ ...pegged, peg, capTicks }, whole)];
  }
}
