/**
 * A TCP link that can be cut without anyone being told: one process's way to one server. While it is cut
 * nothing passes in either direction and nothing is closed, as behind a dead switch; new connections are
 * taken and hear nothing. After mending, what had been held back goes on in order.
 */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export class SeverableLink {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #cut = false;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** Listens on a free port of loopback and passes on to `targetPort`. */
  static async open(targetPort: number): Promise<SeverableLink> {
    const server = createServer({ pauseOnConnect: true });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("Invariant: it listens on a port");
    const link = new SeverableLink(server, address.port);
    server.on("connection", near => link.#join(near, connect(targetPort, "127.0.0.1")));
    return link;
  }

  get isCut(): boolean {
    return this.#cut;
  }

  cut(): void {
    this.#cut = true;
    for (const [near, far] of this.#pairs) {
      near.pause();
      far.pause();
    }
  }

  mend(): void {
    this.#cut = false;
    for (const [near, far] of this.#pairs) {
      near.resume();
      far.resume();
    }
  }

  async close(): Promise<void> {
    for (const [near, far] of this.#pairs) {
      near.destroy();
      far.destroy();
    }
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(near: Socket, far: Socket): void {
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    this.#pass(near, far, pair);
    this.#pass(far, near, pair);
    if (this.#cut) far.pause();
    else near.resume();
  }

  /** What one end sends reaches the other; where one ends, so does the other. */
  #pass(from: Socket, to: Socket, pair: readonly [Socket, Socket]): void {
    from.setNoDelay(true);
    from.on("data", bytes => {
      if (to.write(bytes)) return;
      from.pause();
      to.once("drain", () => {
        if (!this.#cut) from.resume();
      });
    });
    const end = () => {
      this.#pairs.delete(pair);
      from.destroy();
      to.destroy();
    };
    from.once("close", end);
    from.once("error", end);
  }
}
