/** Every limit of the engine, in one place; each is asserted or refused where it is met. */

/** Orders that may rest in one book. */
export const ORDERS_IN_BOOK_MAX = 4_194_304;
/** Orders that may wait for their trigger in one market. */
export const ARMED_ORDERS_MAX = 1_048_576;
/** Orders that may wait for an auction in one market. */
export const PARKED_ORDERS_MAX = 1_048_576;
/** Pegged orders of one market: each change of the best prices may enter all of them anew. */
export const PEGGED_ORDERS_MAX = 1_000;
/** Parts that an iceberg may come in. */
export const ICEBERG_PARTS_MAX = 1_000;
/** Orders of one list, and lists of one market whose orders still depend on each other. */
export const LIST_LEGS_MAX = 10;
export const LISTS_MAX = 262_144;
/** What a bracket's exit may lose or win by its distance, in 1e-8 units of money. */
export const EXIT_MONEY_MAX = 10n ** 26n;
/** Price levels of one side of one book. */
export const LEVELS_MAX = 1_048_576;
/** Open orders of one account over all markets; liquidity providers are not exempt. */
export const OPEN_ORDERS_PER_ACCOUNT_MAX = 1_000;
/** Transfers of one account that may be pending. */
export const PENDING_TRANSFERS_PER_ACCOUNT_MAX = 100;
/** Legs of one transfer. */
export const TRANSFER_LEGS_MAX = 8;
/** Tickets of one hedging account over all markets, its open orders counted as tickets to be. */
export const TICKETS_PER_ACCOUNT_MAX = 2_000;
/** Close-bys of an account whose ids are remembered. */
export const CLOSE_BYS_KEPT = 256;
/** Clients' closed orders that a shard holds until their documents are written; then it refuses new ones. */
export const CLOSED_ORDERS_IN_MEMORY_MAX = 100_000;
/** Client order ids of a liquidity provider that a shard remembers after the orders have closed. */
export const LIQUIDITY_IDS_MAX = 4_096;
/** Bytes of a shard's filter of client order ids: a power of two. */
export const ID_FILTER_BYTES = 2_097_152;
/** Risk shards of a venue. */
export const SHARDS_MAX = 1_024;
/** Phases that a session of a calendar may name. */
export const PHASES_PER_SESSION_MAX = 32;
/** Holidays, early closes and late opens of a calendar, each. */
export const CALENDAR_DATES_MAX = 2_000;
/** Days in a row on which a calendar may be closed. */
export const CLOSED_DAYS_MAX = 31;
/** Transitions of a calendar that one call returns. */
export const TRANSITIONS_MAX = 1_000;
/** Quotes of one mass quote. */
export const MASS_QUOTE_MAX = 100;
/** Accounts whose quotes a market knows as such. */
export const QUOTING_ACCOUNTS_MAX = 65_536;
/** Accounts that a market protects. */
export const PROTECTED_ACCOUNTS_MAX = 65_536;
/** Longest window of a market maker's protection; a market keeps its fills by the millisecond. */
export const PROTECTION_WINDOW_MS_MAX = 60_000;
/** Largest limit of a protection, so that its sums are exact. */
export const PROTECTION_LIMIT_MAX = 2 ** 52 - 1;
/** Longest time after which a dead-man timer cancels. */
export const CANCEL_ALL_AFTER_MS_MAX = 86_400_000;
/** Dead-man timers of one market. */
export const DEAD_MAN_TIMERS_MAX = 1_048_576;
/** Fee tiers that a shard knows. */
export const FEE_TIERS_MAX = 1_000;
/** Groups of markets of one fee tier. */
export const FEE_GROUPS_MAX = 64;
/** Days whose volumes decide an account's fee tier. */
export const VOLUME_DAYS = 30;
/** Charges and volumes of one rollover record, beyond which the next account begins another. */
export const ROLLOVER_ITEMS_MAX = 1_000;
