/** The cluster's store: streams, buckets of keys, objects, documents, and each process's way there. */
import type { Documents } from "../../mixins/documents/documents.ts";
import type { Keys, Objects, Streams } from "../../mixins/nats/ports.ts";
import type { Process } from "../kernel/process.ts";
import { DocumentServer } from "./document-server.ts";
import { SimDocuments } from "./sim-documents.ts";
import { KeyServer, SimKeys } from "./sim-keys.ts";
import { ObjectServer, SimObjects } from "./sim-objects.ts";
import { SimStreams } from "./sim-streams.ts";
import type { StoreLink } from "./store-link.ts";
import { StreamServer } from "./stream-server.ts";

export class Store {
  readonly link: StoreLink;
  readonly streams: StreamServer;
  readonly documents = new DocumentServer();
  readonly #buckets = new Map<string, KeyServer>();
  readonly #objects = new Map<string, ObjectServer>();

  constructor(link: StoreLink) {
    this.link = link;
    this.streams = new StreamServer(() => link.now);
  }

  streamsOf(process: Process): Streams {
    return new SimStreams(this.link, this.streams, process);
  }

  keysOf(process: Process, bucket: string): Keys {
    let server = this.#buckets.get(bucket);
    if (server === undefined) {
      server = new KeyServer(() => this.link.now);
      this.#buckets.set(bucket, server);
    }
    return new SimKeys(this.link, server, process);
  }

  objectsOf(process: Process, bucket: string): Objects {
    let server = this.#objects.get(bucket);
    if (server === undefined) {
      server = new ObjectServer();
      this.#objects.set(bucket, server);
    }
    return new SimObjects(this.link, server, process);
  }

  documentsOf(process: Process): Documents {
    return new SimDocuments(this.link, this.documents, process);
  }
}
