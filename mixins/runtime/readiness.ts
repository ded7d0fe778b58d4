/** What a node still waits for before it takes orders: each part says when it begins and when it is done. */
export class Readiness {
  readonly #waiting = new Set<string>();
  #started = false;

  /** From here on an empty list means ready; before it the node is still loading its parts. */
  allStarted(): void {
    this.#started = true;
  }

  /** `part` has to be ready; the returned function says that it is. */
  wait(part: string): () => void {
    this.#waiting.add(part);
    return () => {
      this.#waiting.delete(part);
    };
  }

  get ready(): boolean {
    return this.#started && this.#waiting.size === 0;
  }

  get waiting(): readonly string[] {
    return this.#started ? [...this.#waiting] : ["services", ...this.#waiting];
  }
}
