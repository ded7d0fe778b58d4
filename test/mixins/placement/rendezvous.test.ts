/** Who gets which actor: by weight, and nothing moves that need not. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { rank, type Weighted } from "../../../mixins/placement/rendezvous.ts";

const ACTORS = Array.from({ length: 2_000 }, (_, index) => `market.PAIR${index}`);

const cluster = fc.uniqueArray(
  fc.record({ node: fc.stringMatching(/^[a-z]{1,8}-\d{1,5}$/), weight: fc.integer({ min: 1, max: 1_000 }) }),
  { minLength: 2, maxLength: 8, selector: ({ node }) => node },
);

function owners(nodes: readonly Weighted[]): Map<string, string | undefined> {
  return new Map(ACTORS.map(actor => [actor, rank(actor, nodes)[0]]));
}

it("moves only the actors of a node that leaves, and to nobody's order but its own", () => {
  fc.assert(
    fc.property(cluster, fc.nat(), (nodes, pick) => {
      const gone = nodes[pick % nodes.length];
      const left = nodes.filter(node => node !== gone);
      for (const actor of ACTORS.slice(0, 200)) {
        expect(rank(actor, left)).toEqual(rank(actor, nodes).filter(node => node !== gone?.node));
      }
    }),
    { numRuns: 50 },
  );
});

it("asks the order of the nodes for nothing", () => {
  fc.assert(
    fc.property(cluster, nodes => {
      expect(rank("market.EURUSD", [...nodes].reverse())).toEqual(rank("market.EURUSD", nodes));
    }),
    { numRuns: 100 },
  );
});

it("gives shares like the weights: within four standard deviations of that many throws", () => {
  fc.assert(
    fc.property(cluster, nodes => {
      const total = nodes.reduce((sum, { weight }) => sum + weight, 0);
      const counts = new Map<string | undefined, number>();
      for (const owner of owners(nodes).values()) counts.set(owner, (counts.get(owner) ?? 0) + 1);
      for (const { node, weight } of nodes) {
        const share = weight / total;
        const deviation = Math.sqrt(ACTORS.length * share * (1 - share));
        expect(Math.abs((counts.get(node) ?? 0) - ACTORS.length * share)).toBeLessThan(4.5 * deviation + 1);
      }
    }),
    { numRuns: 100, seed: 5 },
  );
});

it("takes from a node, when its weight grows, nothing at all", () => {
  fc.assert(
    fc.property(cluster, fc.nat(), (nodes, pick) => {
      const grown = nodes[pick % nodes.length];
      const after = nodes.map(each => (each === grown ? { ...each, weight: each.weight * 2 } : each));
      const before = owners(nodes);
      for (const [actor, owner] of owners(after)) {
        if (owner !== before.get(actor)) expect(owner).toBe(grown?.node);
      }
    }),
    { numRuns: 20 },
  );
});
