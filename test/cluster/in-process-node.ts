/**
 * Nodes of a cluster in one process, each with a broker, a data folder and a link of its own to a real
 * server, hosting the services that a test names.
 */
import { rm } from "node:fs/promises";
import { ServiceBroker } from "moleculer";
import type { Instrument } from "../../engine/instrument.ts";
import { systemTimers } from "../../mixins/clock.ts";
import type { Role, StoreSettings } from "../../mixins/runtime/cluster-settings.ts";
import { type Runtime, runtimeOf } from "../../mixins/runtime/runtime.ts";
import { readSettings } from "../../mixins/runtime/settings.ts";
import type { PlacementView } from "../../models/placement.model.ts";
import { brokerOptions } from "../../moleculer.config.ts";
import { askAgain } from "../../services/ask-again.ts";
import { hostingOf } from "../../services/hosting.ts";
import { INSTRUMENTS } from "../../services/instruments.ts";
import placement from "../../services/placement.service.ts";
import type { Principal } from "../../services/principal.ts";
import type { NatsServer } from "../servers/nats-server.ts";
import { temporaryFolder, type VenueService } from "../venue.ts";
import { SeverableLink } from "./severable-link.ts";

const PORT = /:(\d+)$/;

export interface NodePlan {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly services: readonly VenueService[];
  /** Shared ones; what is not named stays in each node's folder. */
  readonly stores?: StoreSettings;
}

export class InProcessNode {
  readonly broker: ServiceBroker;
  readonly link: SeverableLink;
  readonly troubles: unknown[] = [];
  readonly #folder: string;

  private constructor(broker: ServiceBroker, link: SeverableLink, folder: string) {
    this.broker = broker;
    this.link = link;
    this.#folder = folder;
  }

  static async start(
    server: NatsServer,
    { name, roles, services, stores = {} }: NodePlan,
    instruments: readonly Instrument[] = INSTRUMENTS.slice(0, 2),
  ): Promise<InProcessNode> {
    const link = await SeverableLink.open(Number(PORT.exec(server.url)?.[1]));
    const dataDir = await temporaryFolder();
    const environment = {
      NATS_URL: `nats://127.0.0.1:${link.port}`,
      NODE_ID: name,
      SERVICES: "matching",
      JWT_SECRET: "a secret for tests of thirty-two characters",
      LEASE_MS: "2000",
    };
    const options = { dataDir, port: 0, demo: false, liquidity: false };
    const settings = { ...readSettings(environment, options), roles, stores };
    const broker = new ServiceBroker({ ...brokerOptions(settings, instruments), logger: false });
    const node = new InProcessNode(broker, link, dataDir);
    runtimeOf(broker).onFatal = error => node.troubles.push(error);
    for (const service of [...services, placement]) broker.createService(service);
    await broker.start();
    return node;
  }

  get name(): string {
    return this.broker.nodeID;
  }

  get runtime(): Runtime {
    return runtimeOf(this.broker);
  }

  call<Answer>(action: string, params: object = {}, caller?: Principal): Promise<Answer> {
    return this.broker.call(action, params, caller === undefined ? {} : { meta: { principal: caller } });
  }

  /** Of what may be asked twice: until whoever moves has arrived. */
  insist<Answer>(action: string, params: object = {}, caller?: Principal): Promise<Answer> {
    const ask = () => this.call<Answer>(action, params, caller);
    return askAgain(ask, { timers: systemTimers, isOver: () => false });
  }

  /** Names of the actors that this node itself says it serves. */
  serving(): string[] {
    return hostingOf(this.broker).serving().sort();
  }

  /** Node by actor, as leases say. */
  async owners(): Promise<Map<string, string | undefined>> {
    const { actors } = await this.call<PlacementView>("placement.list");
    return new Map(actors.map(({ actor, node }) => [actor, node]));
  }

  /** As on SIGTERM: everything is handed over before the node goes. */
  async leave(): Promise<void> {
    await hostingOf(this.broker).leave();
    await this.stop();
  }

  async stop(): Promise<void> {
    await this.broker.stop();
    await this.link.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
