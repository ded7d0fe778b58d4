/** What one socket, user and address may take up; the gateway refuses what goes beyond. */

/** Rooms of one socket. */
export const ROOMS_PER_SOCKET_MAX = 128;
/** Messages from one socket in a second: the next ones are refused, twice as many end the socket. */
export const MESSAGES_PER_SECOND_MAX = 100;
export const SOCKETS_PER_USER_MAX = 64;
export const SOCKETS_PER_ADDRESS_MAX = 512;
/** Bytes of one message from a client. */
export const MESSAGE_BYTES_MAX = 16_384;
/** Packets that wait for a socket whose reader is slow; with the next one it is disconnected. */
export const UNSENT_PACKETS_MAX = 1_000;

/** Counts what lives at the same time, by key; a key without any is forgotten. */
export class LiveCounts {
  readonly #most: number;
  readonly #counts = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether there was room for one more; then it counts until `leave`. */
  enter(key: string): boolean {
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.#most) return false;
    this.#counts.set(key, count + 1);
    return true;
  }

  leave(key: string): void {
    const count = this.#counts.get(key) ?? 0;
    if (count <= 1) this.#counts.delete(key);
    else this.#counts.set(key, count - 1);
  }
}
