/**
 * Which records lie where: the segments that are there, oldest first, and the runs that have been dropped.
 * Together they cover 1 … last without a hole. The last segment is the one being written; all before it are
 * sealed.
 */
import { runHolding, withDropped } from "./dropped-runs.ts";
import type { JournalRun } from "./journal.ts";
import { JournalGap } from "./journal-fault.ts";
import type { Segment } from "./segment.ts";

/** A segment and the sequence of its last record. */
export interface SealedSegment {
  readonly segment: Segment;
  readonly last: number;
}

export class SegmentList {
  readonly name: string;
  readonly #segments: Segment[];
  #dropped: readonly JournalRun[];

  constructor(name: string, segments: readonly Segment[], dropped: readonly JournalRun[]) {
    this.name = name;
    this.#segments = [...segments];
    this.#dropped = dropped;
  }

  get dropped(): readonly JournalRun[] {
    return this.#dropped;
  }

  /** First record of the oldest segment. */
  get oldest(): number {
    return this.#segments[0]?.first ?? 1;
  }

  /** The newest record that has been dropped; 0 for none. */
  get droppedTo(): number {
    return this.#dropped.at(-1)?.last ?? 0;
  }

  add(segment: Segment): void {
    this.#segments.push(segment);
  }

  /** The segment that holds `sequence`. Throws JournalGap where it has been dropped. */
  holding(sequence: number): Segment {
    const segment = this.#segments.findLast(held => held.first <= sequence);
    const gap = runHolding(this.#dropped, sequence);
    if (segment !== undefined && gap === undefined) return segment;
    throw new JournalGap(this.name, sequence, gap === undefined ? this.oldest : gap.last + 1);
  }

  /** All but the one being written, oldest first. */
  sealed(): SealedSegment[] {
    return this.#segments.slice(0, -1).map(segment => ({ segment, last: this.lastOf(segment) }));
  }

  /** Last record of a sealed segment: the next one begins behind it, or a dropped run does. */
  lastOf(segment: Segment): number {
    const next = this.#segments[this.#segments.indexOf(segment) + 1];
    if (next === undefined) throw new Error("Invariant: a sealed segment has one behind it");
    const gap = runHolding(this.#dropped, next.first - 1);
    return gap === undefined ? next.first - 1 : gap.first - 1;
  }

  isDropped(sequence: number): boolean {
    return runHolding(this.#dropped, sequence) !== undefined;
  }

  /**
   * Sequences whose state opens a run: the ones right before a segment whose predecessor has been dropped.
   */
  openings(): number[] {
    return this.#segments.map(segment => segment.first - 1).filter(sequence => this.isDropped(sequence));
  }

  drop(gone: readonly SealedSegment[]): void {
    this.#dropped = withDropped(this.#dropped, gone.map(runOf));
    for (const { segment } of gone) this.#segments.splice(this.#segments.indexOf(segment), 1);
  }

  /** What can be read up to `last`, oldest first. */
  runs(last: number): JournalRun[] {
    const runs: JournalRun[] = [];
    let first = this.oldest;
    for (const run of this.#dropped.filter(dropped => dropped.first > first)) {
      runs.push({ first, last: run.first - 1 });
      first = run.last + 1;
    }
    if (first <= last) runs.push({ first, last });
    return runs;
  }
}

export function runOf(sealed: SealedSegment): JournalRun {
  return { first: sealed.segment.first, last: sealed.last };
}
