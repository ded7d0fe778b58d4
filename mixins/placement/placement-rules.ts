/**
 * What operators have said about where actors go: an actor pinned to a node, a node that is to be empty, a
 * weight in place of a node's own. In keys that all nodes share; each node reads them about once a second,
 * so what one node is told all follow.
 */
import type { Keys } from "../nats/ports.ts";
import type { Member } from "./members.ts";
import { rank } from "./rendezvous.ts";

export interface PlacementRules {
  /** Node by actor. */
  readonly pins: ReadonlyMap<string, string>;
  readonly drained: ReadonlySet<string>;
  /** By node. */
  readonly weights: ReadonlyMap<string, number>;
}

export const NO_RULES: PlacementRules = { pins: new Map(), drained: new Set(), weights: new Map() };

/**
 * Nodes that may have the actor, the one that should first: where it is pinned, then by rank. A pin to a node
 * that is not there waits for it; a drained node has nothing, whatever is pinned to it.
 */
export function preference(
  actor: string,
  role: string,
  members: readonly Member[],
  { pins, drained, weights }: PlacementRules,
): string[] {
  const able = members
    .filter(({ node, roles }) => roles.includes(role) && !drained.has(node))
    .map(({ node, weight }) => ({ node, weight: weights.get(node) ?? weight }));
  const ranked = rank(actor, able);
  const pinned = pins.get(actor);
  if (pinned === undefined || !ranked.includes(pinned)) return ranked;
  return [pinned, ...ranked.filter(node => node !== pinned)];
}

const PIN = "pin.";
const DRAIN = "drain.";
const WEIGHT = "weight.";

/** The rules in shared keys; a node on its own keeps them in memory. */
export class RuleStore {
  readonly #keys: Keys | undefined;
  #rules = NO_RULES;

  constructor(keys: Keys | undefined) {
    this.#keys = keys;
  }

  /** As they were read last. */
  get rules(): PlacementRules {
    return this.#rules;
  }

  async read(): Promise<PlacementRules> {
    if (this.#keys === undefined) return this.#rules;
    const pins = new Map<string, string>();
    const drained = new Set<string>();
    const weights = new Map<string, number>();
    for (const { key, value } of await this.#keys.list()) {
      if (value === "") continue;
      if (key.startsWith(PIN)) pins.set(key.slice(PIN.length), value);
      if (key.startsWith(DRAIN)) drained.add(key.slice(DRAIN.length));
      if (key.startsWith(WEIGHT)) weights.set(key.slice(WEIGHT.length), Number(value));
    }
    this.#rules = { pins, drained, weights };
    return this.#rules;
  }

  /** `node` undefined: where its rank says. */
  async pin(actor: string, node: string | undefined): Promise<void> {
    await this.#put(`${PIN}${actor}`, node);
    this.#rules = { ...this.#rules, pins: changed(this.#rules.pins, actor, node) };
  }

  async drain(node: string, drained: boolean): Promise<void> {
    await this.#put(`${DRAIN}${node}`, drained ? "yes" : undefined);
    const others = [...this.#rules.drained].filter(each => each !== node);
    this.#rules = { ...this.#rules, drained: new Set(drained ? [...others, node] : others) };
  }

  /** `weight` undefined: its own. */
  async weigh(node: string, weight: number | undefined): Promise<void> {
    await this.#put(`${WEIGHT}${node}`, weight === undefined ? undefined : String(weight));
    this.#rules = { ...this.#rules, weights: changed(this.#rules.weights, node, weight) };
  }

  /** The last who says something is right: no compare-and-set. Nothing said any more is an empty value. */
  async #put(key: string, value: string | undefined): Promise<void> {
    await this.#keys?.put(key, value ?? "");
  }
}

function changed<Value>(
  map: ReadonlyMap<string, Value>,
  key: string,
  value: Value | undefined,
): ReadonlyMap<string, Value> {
  const others = [...map].filter(([each]) => each !== key);
  return new Map(value === undefined ? others : [...others, [key, value]]);
}
