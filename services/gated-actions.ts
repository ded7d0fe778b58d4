/** Actions of an actor's service that are answered only while the actor is this node's. */
import type { ActionHandler, Context, Service, ServiceSchema } from "moleculer";
import { Fault } from "../mixins/fault.ts";

type Actions = NonNullable<ServiceSchema["actions"]>;

/** The same actions; each throws NOT_READY, before anything is done, while `mayAnswer` says no. */
export function gatedActions(actor: string, mayAnswer: () => boolean, actions: Actions): Actions {
  const gate = (handler: ActionHandler): ActionHandler =>
    function asked(this: Service, ctx: Context) {
      if (!mayAnswer()) throw new Fault("NOT_READY", `Cannot ask '${actor}' as it is moving: try again`);
      return handler.call(this, ctx);
    };
  return Object.fromEntries(
    Object.entries(actions).map(([name, action]) => {
      if (typeof action === "function") return [name, gate(action)];
      if (typeof action === "boolean" || action.handler === undefined) return [name, action];
      return [name, { ...action, handler: gate(action.handler) }];
    }),
  );
}
