/** Which reference quote a request says that it was made from: only a provider may. */
import { Fault } from "../../mixins/fault.ts";
import type { Principal } from "../principal.ts";

/** Throws VALIDATION_FAILED where anybody else does. */
export function referenceOf(principal: Principal, reference: number | undefined): { reference?: number } {
  if (reference === undefined) return {};
  if (principal.roles.includes("liquidity")) return { reference };
  const message = "The 'reference' field is not one of this request";
  throw new Fault("VALIDATION_FAILED", `Cannot read request: ${message}`, {
    fields: [{ field: "reference", message }],
  });
}
