/** The way from one node to a server, which a test may cut: a TCP relay on loopback. */
import { connect, createServer, type Server, type Socket } from "node:net";

export class Cable {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** To `target` on loopback. */
  static async to(target: number): Promise<Cable> {
    const server = createServer();
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("Invariant: a port is a number");
    const cable = new Cable(server, address.port);
    server.on("connection", near => cable.#relay(near, target));
    return cable;
  }

  /** Nothing passes any more, also of what is on its way. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>(resolve => this.#server.close(() => resolve()));
  }

  #relay(near: Socket, target: number): void {
    if (this.#isCut) {
      near.destroy();
      return;
    }
    const far = connect(target, "127.0.0.1");
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.pipe(other);
      const end = () => {
        this.#sockets.delete(socket);
        other.destroy();
      };
      // A reset is an end like any other here.
      socket.on("error", end);
      socket.on("close", end);
    }
  }
}
