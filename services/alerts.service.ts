/**
 * What operators have to know of: any service raises an alert, and it is logged, told as the event
 * `alert.raised` to whoever listens, and kept for `GET operations/alerts`. The newest ALERTS_MAX are kept, in
 * memory: an alert is told at least once and is no fact; what it tells of is in the journals.
 */
import type { Context, ServiceSchema, ServiceSettingSchema } from "moleculer";
import { runtimeOf } from "../mixins/runtime/runtime.ts";
import { ALERT_KINDS, type AlertKind, type AlertView } from "../models/alert.model.ts";
import { type ListPage, PAGE_PARAMS, type PageParams, pageOfList } from "./list-page.ts";
import { timeText } from "./orders/order-view.ts";

/** Alerts that are kept; the oldest go first. */
export const ALERTS_MAX = 1_000;

/** What `alerts.raise` takes. */
export type RaisedAlert = Pick<AlertView, "kind" | "subject" | "message" | "details">;

interface Kept {
  alerts: AlertView[];
  raised: number;
}

const schema: ServiceSchema<ServiceSettingSchema, object, Kept> = {
  name: "alerts",

  actions: {
    /** For services, not reachable from outside. Nothing secret belongs into an alert: it is logged. */
    raise: {
      visibility: "public",
      params: {
        $$strict: true,
        kind: { type: "enum", values: [...ALERT_KINDS] },
        subject: { type: "string", min: 1, max: 80 },
        message: { type: "string", min: 1, max: 1_000 },
        details: { type: "object", optional: true },
      },
      handler(ctx: Context<RaisedAlert>): AlertView {
        const { kind, subject, message } = ctx.params;
        const time = timeText(runtimeOf(ctx.broker).clock.now());
        const alert: AlertView = { ...ctx.params, id: String(++this.raised), time };
        this.alerts.unshift(alert);
        if (this.alerts.length > ALERTS_MAX) this.alerts.pop();
        this.logger.warn(`Alert ${kind} of ${subject}: ${message}`);
        ctx.broker.broadcast("alert.raised", alert);
        return alert;
      },
    },

    /** Operators: newest first, of one kind where one is asked for. */
    list: {
      params: {
        $$strict: true,
        kind: { type: "enum", values: [...ALERT_KINDS], optional: true },
        ...PAGE_PARAMS,
      },
      handler(ctx: Context<PageParams & { kind?: AlertKind }>): ListPage<AlertView> {
        const { kind, ...page } = ctx.params;
        const asked = kind === undefined ? this.alerts : this.alerts.filter(alert => alert.kind === kind);
        return pageOfList(asked, ({ id }) => id, page);
      },
    },
  },

  created() {
    this.alerts = [];
    this.raised = 0;
  },
};

export default schema;
