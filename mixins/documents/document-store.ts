/** A node's documents and users: in its data folder, or in MongoDB where the settings name one. */
import { join } from "node:path";
import type { Timers } from "../clock.ts";
import type { Settings } from "../runtime/settings.ts";
import type { Documents, UserDocuments } from "./documents.ts";
import { LmdbDocuments } from "./lmdb-documents.ts";
import { MongoStore } from "./mongo-store.ts";
import { NedbUsers } from "./nedb-users.ts";

export interface DocumentStore {
  readonly users: UserDocuments;
  /** Does not wait for a server that is away. */
  open(): Promise<Documents>;
}

export interface DocumentTroubles {
  /** A file of users could not be written: the process has to end. */
  readonly onFailed: (error: unknown) => void;
  /** A server is not connected yet, at each try, and why. */
  readonly onAway: (error: unknown) => void;
}

export function documentStore(
  { dataDir, stores: { mongoUrl } }: Pick<Settings, "dataDir" | "stores">,
  timers: Timers,
  { onFailed, onAway }: DocumentTroubles,
): DocumentStore {
  if (mongoUrl === undefined) {
    return {
      users: new NedbUsers(dataDir, onFailed),
      open: () => LmdbDocuments.open(join(dataDir, "documents")),
    };
  }
  const { connection, users, documents } = new MongoStore(mongoUrl, timers, onAway);
  return {
    users,
    async open() {
      connection.open();
      return documents;
    },
  };
}
