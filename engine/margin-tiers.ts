/** The leverage that an instrument allows by the size of a position: the more, the less. */

export interface MarginTierSpecification {
  /** Units of the base currency; left out of the last. */
  readonly upTo?: string;
  readonly leverage: number;
}

/** Of a position's lots up to so many, beyond those of the tier before. */
export interface MarginTier {
  readonly upToLots: number;
  readonly leverage: number;
}

/** Throws RangeError where the tiers don't go up to one without an end. */
export function marginTiersOf(
  marginTiers: readonly MarginTierSpecification[] | undefined,
  lotsOf: (name: string, text: string) => number,
): { readonly marginTiers?: readonly MarginTier[] } {
  if (marginTiers === undefined || marginTiers.length === 0) return {};
  let before = 0;
  const tiers = marginTiers.map(({ upTo, leverage }, index) => {
    const isLast = index === marginTiers.length - 1;
    const upToLots = upTo === undefined ? Number.MAX_SAFE_INTEGER : lotsOf("marginTiers", upTo);
    if ((upTo === undefined) !== isLast || upToLots <= before || !(leverage >= 1) || leverage % 1 !== 0) {
      const received = JSON.stringify(marginTiers[index]);
      throw new RangeError(
        "Cannot list instrument as 'marginTiers' must go up and end with one that has no end, each with a " +
          `leverage from 1: received ${received}`,
      );
    }
    before = upToLots;
    return { upToLots, leverage };
  });
  return { marginTiers: tiers };
}
