/**
 * The peer of the REST bench: one bare moleculer-web route with the venue's broker options, JWT check and
 * body parser, whose action answers with an object of an order's size. Prints its address.
 */
import { ServiceBroker, type ServiceSchema } from "moleculer";
import ApiGateway from "moleculer-web";
import { readSettings } from "../../mixins/runtime/settings.ts";
import { Tokens } from "../../mixins/tokens.ts";
import { brokerOptions } from "../../moleculer.config.ts";

const tokens = new Tokens(process.env.JWT_SECRET ?? "");
const answer: unknown = JSON.parse(process.env.ANSWER ?? "{}");
const {
  middlewares: _runtime,
  created: _created,
  started: _started,
  ...options
} = brokerOptions(readSettings({}));
const broker = new ServiceBroker(options);

const api = {
  name: "api",
  mixins: [ApiGateway as unknown as ServiceSchema],
  settings: {
    port: 0,
    ip: "127.0.0.1",
    routes: [
      {
        path: "/api/v1",
        mappingPolicy: "restrict",
        authentication: true,
        bodyParsers: { json: true },
        aliases: { "POST orders": "bare.place" },
      },
    ],
  },
  methods: {
    authenticate(_ctx: unknown, _route: unknown, request: { headers: Record<string, string | undefined> }) {
      return tokens.session((request.headers.authorization ?? "").slice("Bearer ".length)).principal;
    },
  },
};

broker.createService(api);
broker.createService({ name: "bare", actions: { place: () => answer } });
await broker.start();
const server: unknown = Reflect.get(broker.getLocalService("api"), "server");
if (!(server instanceof Object && "address" in server && typeof server.address === "function")) {
  throw new Error("Invariant: the gateway has a server");
}
process.stdout.write(`Cambist: http://127.0.0.1:${server.address().port}\n`);
process.once("SIGTERM", () => void broker.stop().then(() => process.exit(0)));
