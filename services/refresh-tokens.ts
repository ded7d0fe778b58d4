/** What becomes of a refresh token when it is used. */
import type { ServiceBroker } from "moleculer";
import { Fault } from "../mixins/fault.ts";
import type { Sessions } from "../mixins/sessions/sessions.ts";
import type { RefreshClaims } from "../mixins/tokens.ts";

export const REFRESH_TOKEN = { type: "string", min: 1, max: 2_048 } as const;

export function refreshTokenEnded(): Fault {
  return new Fault("UNAUTHENTICATED", "Cannot renew tokens as the refresh token has been ended");
}

/** The number of the next. Throws UNAUTHENTICATED where it has been used before, or its session has ended. */
export async function useRefreshToken(
  sessions: Sessions,
  { userId, session, number }: RefreshClaims,
  logger: ServiceBroker["logger"],
): Promise<number> {
  const use = await sessions.use(session, number);
  if (use.outcome === "renewed") return use.next;
  if (use.outcome === "reused") {
    logger.warn(`A refresh token of user ${userId} was used twice: its session has been ended`);
  }
  throw refreshTokenEnded();
}
