/** What a gateway hears from the rest of the venue, its own node's market data included. */
import type { Context } from "moleculer";
import type { Admissions } from "./admissions.ts";
import type { RoomMessage } from "./room-feed.ts";
import type { SocketGateway } from "./socket-gateway.ts";

interface Hearing {
  readonly sockets: SocketGateway;
  readonly ports: { readonly admissions: Admissions };
}

const SHARD = /^risk\.(\d+)$/;

export const gatewayEvents = {
  "room.updated"(this: Hearing, ctx: Context<RoomMessage>): void {
    this.sockets.updated(ctx.params);
  },

  /** An actor serves, perhaps on another node than before. */
  "actor.opened"(this: Hearing, ctx: Context<{ actor: string }>): void {
    const shard = SHARD.exec(ctx.params.actor)?.[1];
    if (shard !== undefined) this.sockets.reopened(Number(shard));
  },

  "cancelTimer.ended"(this: Hearing, ctx: Context<{ accountId: string }>): void {
    if (ctx.nodeID !== ctx.broker.nodeID) this.sockets.timerEnded(ctx.params.accountId);
  },

  "guard.changed"(this: Hearing): void {
    this.ports.admissions.forget();
    this.sockets.recheck();
  },
};
