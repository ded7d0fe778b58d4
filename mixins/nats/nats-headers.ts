/** The headers of a message that are its writer's; what the server was told to expect stays with it too. */
import type { MsgHdrs } from "nats";

const OF_SERVER = /^Nats-/i;

export function fieldsOf(headers: MsgHdrs | undefined): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const field of headers?.keys() ?? []) {
    if (!OF_SERVER.test(field)) fields[field] = headers?.get(field) ?? "";
  }
  return fields;
}
