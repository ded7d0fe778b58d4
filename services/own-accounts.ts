/**
 * The accounts of one user: those that still have to be opened, and further ones that he opens himself, at
 * most ACCOUNTS_PER_USER_MAX. A number is kept for him before the ledger learns of it; where the opening was
 * not confirmed it is asked for again at the next sign-in, with the same terms.
 */
import type { Context } from "moleculer";
import { ACCOUNTS_PER_USER_MAX, type NewUser, type UserDocuments } from "../mixins/documents/documents.ts";
import { Fault } from "../mixins/fault.ts";
import type { TokenPair, Tokens } from "../mixins/tokens.ts";
import type { AccountTerms, UserDocument } from "../models/user.model.ts";
import { ACCOUNT_NAME, KIND_FIELDS, type KindParams, OWN_LEVERAGE_MAX } from "./orders/account-schema.ts";
import { ownAccount, type PrincipalMeta, principalOf } from "./principal.ts";

const { environment: _demoOnly, parent: _byId, ...CHOICES } = KIND_FIELDS;

/** What a user may choose for an account of his own; such a one is a demo account, opened without money. */
export const OWN_ACCOUNT_PARAMS = {
  $$strict: true,
  currency: { type: "string", length: 3, pattern: /^[A-Z]{3}$/, default: "USD" },
  leverage: { type: "number", integer: true, min: 1, max: OWN_LEVERAGE_MAX, default: 30 },
  ...CHOICES,
  /** The account that the new one is a sub-account of. */
  parentId: { type: "string", pattern: /^\d{1,16}$/, optional: true },
  name: { ...ACCOUNT_NAME, optional: true },
} as const;

export interface OwnAccountParams extends Omit<KindParams, "parent" | "environment"> {
  readonly currency: string;
  readonly leverage: number;
  readonly parentId?: string;
  readonly name?: string;
}

interface OpenedAccount extends TokenPair {
  readonly accountId: string;
}

/** A user as he sees himself. */
export function viewUser({ _id: id, email, roles, accounts, createdAt }: UserDocument, name: string) {
  const named = accounts.flatMap(each => (each.name === undefined ? [] : [[each.id, each.name] as const]));
  return {
    ...{ id, email, name, roles },
    accounts: accounts.map(each => String(each.id)),
    /** What he calls them, by id. */
    accountNames: Object.fromEntries(named),
    createdAt,
  };
}

/** Opens what the ledger hasn't confirmed; opening twice is opening once. */
export async function openPending(
  ctx: Context,
  store: UserDocuments,
  user: UserDocument,
  terms: AccountTerms,
): Promise<void> {
  const waiting = user.accounts.filter(({ opened }) => !opened);
  if (waiting.length === 0) return;
  const liquidity = user.roles.includes("liquidity");
  for (const { id, terms: own } of waiting) {
    await ctx.call("accounts.open", { account: id, liquidity, ...(own ?? terms) });
  }
  await store.setOpened(
    user._id,
    waiting.map(({ id }) => id),
  );
}

/** A further account, and tokens that name it. */
export async function openOwnAccount(
  ctx: Context<OwnAccountParams, PrincipalMeta & { $statusCode?: number }>,
  store: UserDocuments,
  tokens: Tokens,
): Promise<OpenedAccount> {
  const principal = principalOf(ctx);
  const { name, parentId, ...chosen } = ctx.params;
  const parent = parentId === undefined ? {} : { parent: ownAccount(principal, parentId) };
  const terms: AccountTerms = { ...chosen, ...parent, deposit: "0" };
  const id = await store.addAccount(principal.userId, name === undefined ? { terms } : { terms, name });
  if (id === undefined) {
    throw new Fault(
      "ACCOUNTS_LIMIT",
      `Cannot open account as a user may have ${ACCOUNTS_PER_USER_MAX} at most`,
    );
  }
  const user = await store.byId(principal.userId);
  if (user === undefined) throw new Fault("UNAUTHENTICATED", "Cannot act as the user must exist");
  await openPending(ctx, store, user, terms);
  ctx.meta.$statusCode = 201;
  return { accountId: String(id), ...tokens.issue(user) };
}

/** A new user, or the one that another node has made meanwhile. */
export async function insertOnce(store: UserDocuments, user: NewUser, now: number): Promise<UserDocument> {
  try {
    return await store.insert(user, now);
  } catch (error) {
    const made = await store.byEmail(user.email);
    if (made === undefined) throw error;
    return made;
  }
}
