/**
 * Which users may use the venue, as the gateway knows it: asked once for each user and kept until a guard
 * changes, or a while has passed, as an account's group may change too. At most ADMISSIONS_MAX are kept, the
 * oldest go first.
 */
import type { ServiceBroker } from "moleculer";
import { Fault } from "../../mixins/fault.ts";
import { isAdmitted } from "../admission.ts";
import type { Principal } from "../principal.ts";

export const ADMISSIONS_MAX = 10_000;
const KEPT_MS = 10_000;

interface Known {
  readonly admitted: boolean;
  readonly until: number;
}

export class Admissions {
  readonly #broker: ServiceBroker;
  #known = new Map<string, Known>();

  constructor(broker: ServiceBroker) {
    this.#broker = broker;
  }

  /** Undefined where the shards have to be asked. */
  known({ userId }: Principal): boolean | undefined {
    const known = this.#known.get(userId);
    return known !== undefined && known.until > Date.now() ? known.admitted : undefined;
  }

  async ask(principal: Principal): Promise<boolean> {
    const known = this.#known;
    const admitted = await isAdmitted(this.#broker, principal);
    // A guard has changed meanwhile: what was heard may be of before.
    if (known !== this.#known) return this.ask(principal);
    const { userId } = principal;
    known.delete(userId);
    if (known.size >= ADMISSIONS_MAX) {
      for (const oldest of known.keys()) {
        known.delete(oldest);
        break;
      }
    }
    known.set(userId, { admitted, until: Date.now() + KEPT_MS });
    return admitted;
  }

  /** A guard has changed. */
  forget(): void {
    this.#known = new Map();
  }
}

export function notAdmitted(): Fault {
  return new Fault(
    "UNAUTHENTICATED",
    "Cannot act as none of the user's accounts may be used: the token has ended",
  );
}
