/**
 * The sessions behind refresh tokens. A session's tokens are numbered 1, 2, 3 …; each is good for one use,
 * which gives the next. One that was used before shows that two have it, a thief and his victim: then all of
 * the session's tokens end. The newest use may be repeated for a while, with the same answer, as an answer
 * may be lost on its way.
 *
 * Kept is the next number of each session that was ever renewed. One that is not kept is as its token says:
 * tokens are signed, and a session whose first token was never used has nothing to tell.
 */

/** How long the newest use of a token may be repeated. */
export const REPEATED_MS = 30_000;

export type Use =
  /** The number of the token that comes next. */
  | { readonly outcome: "renewed"; readonly next: number }
  /** It was used before: this has ended the session now. */
  | { readonly outcome: "reused" }
  | { readonly outcome: "ended" };

export interface Sessions {
  /** Uses token `number` of the session. */
  use(session: string, number: number): Promise<Use>;
  /** Ends the session: none of its tokens can be used any more. Throws NOT_READY where it can't be. */
  end(session: string): Promise<void>;
  close(): Promise<void>;
}
