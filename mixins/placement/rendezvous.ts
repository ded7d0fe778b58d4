/**
 * Rendezvous hashing with weights: every node gets a score for every actor, and the node with the highest
 * has it. The scores of two nodes don't depend on a third, so when a node leaves only its own actors move,
 * and when one joins only those move that it gets.
 *
 * Score = −weight / ln(h), h a hash of node and actor spread evenly over (0, 1): then a node's share of the
 * actors is its share of the weights (Schindelhauer and Schomaker, "Weighted Distributed Hash Tables", 2005).
 * Floats are right here: a score is no price, and all nodes compute it alike.
 */

export interface Weighted {
  readonly node: string;
  /** Above 0. */
  readonly weight: number;
}

/** The nodes for an actor, the one to have it first. */
export function rank(actor: string, nodes: readonly Weighted[]): string[] {
  const scored = nodes.map(({ node, weight }) => ({ node, score: -weight / Math.log(spread(node, actor)) }));
  scored.sort((one, other) => other.score - one.score || (one.node < other.node ? -1 : 1));
  return scored.map(({ node }) => node);
}

/** Evenly in (0, 1), of 53 bits. */
function spread(node: string, actor: string): number {
  const text = `${node}\n${actor}`;
  const high = mix(text, 0x811c9dc5);
  const low = mix(text, 0x9e3779b1);
  return ((high >>> 5) * 0x4000000 + (low >>> 6) + 0.5) / 2 ** 53;
}

/** FNV-1a over UTF-16 units, and the last step of MurmurHash3, which makes one bit of the text reach all. */
function mix(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
