/**
 * Trailing stops that watch one source in one direction, all by ticks or all by thousandths: those that have
 * seen the same best price are a group, and within a group the nearest distance is released first. A price
 * that is better than the best of some groups makes them one; a price that is worse is compared with the
 * highest stop price of all groups. So what a price costs doesn't grow with how many orders follow it.
 *
 * Prices are signed half ticks (`trailing.ts`). A group is a pairing heap, two become one in constant time;
 * who asks an order for its group finds it by following, and shortening, the way from group to group. The
 * groups stand by their best price, the lowest last: an order that is armed joins at the end, as what it has
 * seen the older ones have seen too.
 *
 * Worst case: an order that joins far from the end moves all groups behind it; one price that releases n
 * orders or makes n groups one costs O(n log n), once, as neither comes again.
 */
import { assert } from "../units.ts";
import { RankedHeap } from "./ranked-heap.ts";
import { groupOf, NONE, type Tracked, type TrailGroup, trailedStop } from "./trailing.ts";

const STALE_MIN = 64;

function distanceOf(tracked: Tracked): number {
  return tracked.order.trigger.trail?.distance ?? 0;
}

/** Two heaps by distance as one. */
function meld(one: Tracked | undefined, other: Tracked | undefined): Tracked | undefined {
  if (one === undefined) return other;
  if (other === undefined) return one;
  const [above, below] = distanceOf(one) <= distanceOf(other) ? [one, other] : [other, one];
  below.sibling = above.child;
  above.child = below;
  return above;
}

/** What is left of a heap without its root: its children, melded in pairs and then into one. */
function withoutRoot(root: Tracked): Tracked | undefined {
  const pairs: (Tracked | undefined)[] = [];
  let next = root.child;
  root.child = undefined;
  while (next !== undefined) {
    const one: Tracked = next;
    const other: Tracked | undefined = one.sibling;
    next = other?.sibling;
    one.sibling = undefined;
    if (other !== undefined) other.sibling = undefined;
    pairs.push(meld(one, other));
  }
  let whole: Tracked | undefined;
  for (let at = pairs.length - 1; at >= 0; at--) whole = meld(whole, pairs[at]);
  return whole;
}

export class TrailGroups {
  /** Orders that are in a group, dead ones included. */
  entries = 0;
  readonly #groups: TrailGroup[] = [];
  /** Groups by their stop price, the highest first; what isn't its group's any more is passed over. */
  #ranks = new RankedHeap<TrailGroup>();

  /** The highest stop price of all; no lower than it is. */
  get topStop(): number {
    return -this.#ranks.topRank;
  }

  /** Puts in an order that has seen `best` at best. */
  join(tracked: Tracked, best: number): void {
    const groups = this.#groups;
    let at = groups.length;
    while (at > 0 && (groups[at - 1]?.best ?? 0) < best) at--;
    let group = at === 0 ? undefined : groups[at - 1];
    if (group === undefined || group.best !== best) {
      group = { best, root: undefined, stop: NONE, into: undefined };
      groups.splice(at, 0, group);
    }
    group.root = meld(group.root, tracked);
    tracked.group = group;
    this.entries++;
    this.#rank(group, tracked);
  }

  /** A price came: groups that have seen none better have seen this one. */
  raise(price: number): void {
    const groups = this.#groups;
    // Reading before an array's first element takes V8 a hundred times as long as this.
    if (groups.length === 0) return;
    let last = groups[groups.length - 1];
    if (last === undefined || last.best >= price) return;
    let raised: TrailGroup | undefined;
    while (last !== undefined && last.best <= price) {
      groups.pop();
      if (raised === undefined) raised = last;
      else {
        raised.root = meld(raised.root, last.root);
        last.root = undefined;
        last.into = raised;
      }
      last = groups[groups.length - 1];
    }
    if (raised === undefined || raised.root === undefined) return;
    raised.best = price;
    groups.push(raised);
    raised.stop = NONE;
    this.#rank(raised, raised.root);
  }

  /** Takes out the orders whose stop price is `limit` or higher; the living ones into `released`. */
  drain(limit: number, released: Tracked[]): void {
    while (-this.#ranks.topRank >= limit) {
      const stop = -this.#ranks.topRank;
      const group = this.#ranks.pop();
      if (group === undefined || group.into !== undefined || group.stop !== stop) continue;
      this.#drainGroup(group, limit, released);
    }
  }

  /** Proves the order of the groups and their heaps; counts the living. */
  check(): number {
    let alive = 0;
    let above = Number.POSITIVE_INFINITY;
    for (const group of this.#groups) {
      assert(group.best < above && group.into === undefined, "groups stand by their best price");
      above = group.best;
      const open = group.root === undefined ? [] : [group.root];
      for (let one = open.pop(); one !== undefined; one = open.pop()) {
        assert(one.group !== undefined && groupOf(one.group) === group, "an order knows its group");
        const stop = trailedStop(
          group.best,
          one.sign,
          one.order.trigger.trail ?? { by: "ticks", distance: 0 },
        );
        assert(group.stop >= stop, "a group's stop price is that of its nearest order");
        if (one.alive) alive++;
        for (let below = one.child; below !== undefined; below = below.sibling) {
          assert(distanceOf(below) >= distanceOf(one), "a group's nearest order is at its top");
          open.push(below);
        }
      }
    }
    return alive;
  }

  #drainGroup(group: TrailGroup, limit: number, released: Tracked[]): void {
    let root = group.root;
    group.stop = NONE;
    while (root !== undefined) {
      if (root.alive && this.#stopOf(group, root) < limit) break;
      if (root.alive) {
        root.stop = Math.max(root.stop, this.#stopOf(group, root));
        root.best = group.best;
        root.group = undefined;
        released.push(root);
      }
      this.entries--;
      root = withoutRoot(root);
    }
    group.root = root;
    if (root !== undefined) this.#rank(group, root);
  }

  #stopOf(group: TrailGroup, tracked: Tracked): number {
    const { trail } = tracked.order.trigger;
    return trail === undefined ? NONE : trailedStop(group.best, tracked.sign, trail);
  }

  /** The group's stop price is at least that of one of its orders. */
  #rank(group: TrailGroup, tracked: Tracked): void {
    const stop = this.#stopOf(group, tracked);
    if (stop <= group.stop) return;
    group.stop = stop;
    this.#ranks.push(-stop, group);
    if (this.#ranks.size < STALE_MIN + 2 * this.#groups.length) return;
    this.#ranks = new RankedHeap<TrailGroup>();
    for (const one of this.#groups) if (one.stop !== NONE) this.#ranks.push(-one.stop, one);
  }
}
