/**
 * Ownership in one process that holds the data folder's lock: a claim is never lost, and epochs come from one
 * counter that is durable before a claim is given, in `epoch` in the data folder.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DataFolder } from "../data-folder.ts";
import { placeFile } from "../journal/durable-file.ts";
import { type Claim, type Holder, type Ownership, OwnershipTaken } from "./ownership.ts";

/** There is no other. */
const THIS_NODE = "local";

export class LocalOwnership implements Ownership {
  readonly #path: string;
  /** Epochs by actor; 0 while the claim is under way. */
  readonly #claimed = new Map<string, number>();
  #epoch: number;
  /** Settles when the claim before has its epoch. */
  #counting: Promise<unknown> = Promise.resolve();

  private constructor(path: string, epoch: number) {
    this.#path = path;
    this.#epoch = epoch;
  }

  static async open(folder: DataFolder): Promise<LocalOwnership> {
    const path = join(folder.path, "epoch");
    return new LocalOwnership(path, await storedEpoch(path));
  }

  async claim(actor: string): Promise<Claim> {
    if (this.#claimed.has(actor)) throw new OwnershipTaken(actor);
    this.#claimed.set(actor, 0);
    const counted = this.#next(this.#counting);
    this.#counting = counted;
    try {
      const epoch = await counted;
      this.#claimed.set(actor, epoch);
      let standing = true;
      return {
        actor,
        epoch,
        get standing() {
          return standing;
        },
        lost: new Promise(() => undefined),
        release: async () => {
          if (standing) this.#claimed.delete(actor);
          standing = false;
        },
      };
    } catch (error) {
      this.#claimed.delete(actor);
      throw error;
    }
  }

  async holders(): Promise<ReadonlyMap<string, Holder>> {
    const held = [...this.#claimed].filter(([, epoch]) => epoch > 0);
    return new Map(held.map(([actor, epoch]) => [actor, { node: THIS_NODE, epoch, dead: false }]));
  }

  async close(): Promise<void> {}

  async #next(before: Promise<unknown>): Promise<number> {
    await Promise.allSettled([before]);
    const epoch = this.#epoch + 1;
    await placeFile(this.#path, [Buffer.from(`${epoch}\n`)]);
    this.#epoch = epoch;
    return epoch;
  }
}

async function storedEpoch(path: string): Promise<number> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
    throw error;
  }
  if (!/^\d{1,15}\n$/.test(text))
    throw new Error(`Cannot open ownership as 'epoch' must be a number: ${path}`);
  return Number(text);
}
