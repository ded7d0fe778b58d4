/** Where the actors of the venue are, as operators see it. */

export interface PlacedActorView {
  /** "market.EURUSD", "risk.0", "singleton.reference" */
  readonly actor: string;
  /** Of the node that has it; none while nobody has. */
  readonly node?: string;
  readonly epoch?: number;
  /** The node that should have it; none where no node may. */
  readonly preferred?: string;
  readonly pinned?: string;
}

export interface PlacedNodeView {
  readonly node: string;
  readonly roles: readonly string[];
  readonly weight: number;
  readonly drained: boolean;
  /** How many it has. */
  readonly actors: number;
}

export interface PlacementView {
  readonly nodes: readonly PlacedNodeView[];
  readonly actors: readonly PlacedActorView[];
}
