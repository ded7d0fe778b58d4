/** A node's documents and users in MongoDB: two ports over one connection, which is closed with the first. */
import type { Timers } from "../clock.ts";
import { MongoConnection } from "./mongo-connection.ts";
import { MongoDocuments } from "./mongo-documents.ts";
import { MongoUsers } from "./mongo-users.ts";

export class MongoStore {
  readonly connection: MongoConnection;
  readonly documents: MongoDocuments;
  readonly users: MongoUsers;

  /** Connects when it is opened; `onTrouble` hears why it is not connected yet, at each try. */
  constructor(url: string, timers: Timers, onTrouble: (error: unknown) => void) {
    this.connection = new MongoConnection(url, timers, onTrouble);
    this.documents = new MongoDocuments(this.connection);
    this.users = new MongoUsers(this.connection);
  }
}
