/**
 * Writing documents of which a newer one replaces an older one, never the other way, without transactions:
 * each by itself, in a way that a copy of the same write, or an older one, changes nothing.
 *
 * They are written through the driver, as they are typed: to have Mongoose build, cast and check one costs
 * the event loop some fifty times what it takes to make it, thousands of times a second.
 */
import mongoose from "mongoose";

const { MongoBulkWriteError, MongoServerError } = mongoose.mongo;
const DUPLICATE = 11_000;
type Collection<Stored extends Keyed> = mongoose.mongo.Collection<Stored>;

interface Keyed {
  readonly _id: number | string;
}

/** Inserts what is not there; resolves with those whose `_id`, or another unique field, is there already. */
export async function insertNew<Stored extends Keyed>(
  collection: Collection<Stored>,
  documents: readonly Stored[],
): Promise<Stored[]> {
  if (documents.length === 0) return [];
  try {
    await collection.insertMany(documents as mongoose.mongo.OptionalUnlessRequiredId<Stored>[], {
      ordered: false,
    });
    return [];
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const errors = [error.writeErrors].flat();
    if (errors.length === 0 || errors.some(({ code }) => code !== DUPLICATE)) throw error;
    return errors.flatMap(({ index }) => documents[index] ?? []);
  }
}

/** Stores each document unless one with the same `_id` is there whose version is as large. */
export async function putNewest<Stored extends Keyed>(
  collection: Collection<Stored>,
  documents: readonly Stored[],
  version: keyof Stored & string,
): Promise<void> {
  if (documents.length === 0) return;
  const stored = await versionsOf(collection, documents, version);
  const missing = documents.filter(({ _id }) => !stored.has(_id));
  const older = documents.filter(each => Number(stored.get(each._id)) < Number(each[version]));
  // Somebody else has inserted them meanwhile, older or newer.
  const raced = await insertNew(collection, missing);
  await replaceOlder(collection, [...older, ...raced], version);
  if (raced.length === 0) return;
  const there = await versionsOf(collection, raced, version);
  for (const { _id } of raced) {
    if (!there.has(_id)) throw new Error(`Cannot store '${_id}' as a unique field of it is another's`);
  }
}

async function versionsOf<Stored extends Keyed>(
  collection: Collection<Stored>,
  documents: readonly Stored[],
  version: keyof Stored & string,
): Promise<Map<number | string, unknown>> {
  const filter = { _id: { $in: documents.map(({ _id }) => _id) } } as mongoose.mongo.Filter<Stored>;
  const found = await collection.find(filter, { projection: { [version]: 1 } }).toArray();
  return new Map(found.map(each => [each._id as number | string, Reflect.get(each, version) as unknown]));
}

async function replaceOlder<Stored extends Keyed>(
  collection: Collection<Stored>,
  documents: readonly Stored[],
  version: keyof Stored & string,
): Promise<void> {
  if (documents.length === 0) return;
  await collection.bulkWrite(
    documents.map(document => {
      const { _id, ...fields } = document;
      const filter = { _id, [version]: { $lt: document[version] } } as mongoose.mongo.Filter<Stored>;
      return { updateOne: { filter, update: { $set: fields } as mongoose.mongo.UpdateFilter<Stored> } };
    }),
    { ordered: false },
  );
}

/** Whether a document was not inserted as one with the same unique fields is there. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE;
}

/** Inserts one document; false where one with the same unique field is there. */
export async function insertOne<Stored extends Keyed>(
  collection: Collection<Stored>,
  document: Stored,
): Promise<boolean> {
  try {
    await collection.insertOne(document as mongoose.mongo.OptionalUnlessRequiredId<Stored>);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}
