/** A venue with the console on its standard input, as `npm run dev` starts one; to be run by tsx. */
import { ServiceBroker } from "moleculer";
import { readSettings } from "../../mixins/runtime/settings.ts";
import { brokerOptions } from "../../moleculer.config.ts";
import guards from "../../services/guards.service.ts";
import { INSTRUMENTS } from "../../services/instruments.ts";
import { TRADING } from "../venue.ts";

const broker = new ServiceBroker(brokerOptions(readSettings(process.env), INSTRUMENTS.slice(0, 2)));
for (const service of [...TRADING, guards]) broker.createService(service);
await broker.start();
broker.repl();
