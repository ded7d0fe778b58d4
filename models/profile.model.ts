/** What a user tells about himself; its key is the user's. Nothing is decided by it. */
export interface ProfileDocument {
  readonly _id: string;
  readonly name: string;
  readonly createdAt: string;
}
