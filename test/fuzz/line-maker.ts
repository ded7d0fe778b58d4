/**
 * Lines for `cambist match`, made from the table of what a line may have, so that a new field is fuzzed as
 * soon as it is read. Most are plausible: prices close together, known orders. Some have one part that isn't:
 * a value of another type, an extreme number, a field twice, a strange name, broken bytes.
 */
import { type FieldForm, LINE_FORMS } from "../../cli/match-forms.ts";
import type { Instrument } from "../../engine/instrument.ts";
import { formatPrice, formatQuantity } from "../../engine/instrument.ts";
import type { Lots, Ticks } from "../../engine/units.ts";
import type { SeededRandom } from "../../mixins/seeded-random.ts";
import { mutate } from "./byte-mutation.ts";
import { onceIn, pick } from "./target.ts";

type Command = keyof typeof LINE_FORMS;
type Fields = Readonly<Record<string, FieldForm>>;

/** More places than others, as the rest needs orders. */
const COMMANDS: readonly Command[] = [
  ...(Object.keys(LINE_FORMS) as Command[]),
  ...(["place", "place", "place", "place", "place", "place", "amend", "amend", "cancel"] as const),
];
const MIDDLE = 1_000;
const FORGOTTEN = 40;
const DEEP = "[".repeat(32_000) + "]".repeat(32_000);
/** JSON of any kind, put where something else belongs. */
const STRANGE = [
  ...["1e400", "-1e400", "-0", "1E-400", "0", "1.5", "9007199254740993", "null", "true", "[]", "{}", '""'],
  ...['"1e400"', '"-0"', '"0"', '"00000001"', '"1."', '".5"', '"+1"', '"1,000"', '" 1"', '"1 "', '"0x10"'],
  ...['"Infinity"', '"NaN"', '"١٢"', '"９"', '"9007199254740993"', '"99999999999999999999999999"', '"-5"'],
  ...[`"${"9".repeat(64)}"`, `"${"9".repeat(65)}"`, `"0.${"0".repeat(62)}"`, `"1.${"0".repeat(400)}"`],
  ...['"\\u0000"', '"\\ud800"', '"__proto__"', '"constructor"', '"toString"', '"é𝄞"', '"\\"\\\\"', '"GTC "'],
  ...[`"${"x".repeat(128)}"`, `"${"x".repeat(129)}"`, '{"toString":1}', "[[[[[[[[[[1]]]]]]]]]]", "1", '"2"'],
  ...['"2147483647"', '"2147483648"', '"0.00000001"', '"9007199254740991"', '"9007199254740992"', "-1"],
  ...['{"__proto__":{"price":"1"}}', "1_000", "'1'", "undefined", "NaN", "01", "+1", '"\t"', '"\\x"'],
];
const STRANGE_NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "Price", "price ", "", "0"];

export class LineMaker {
  readonly #random: SeededRandom;
  readonly #instrument: Instrument;
  #placed = 0;

  constructor(random: SeededRandom, instrument: Instrument) {
    this.#random = random;
    this.#instrument = instrument;
  }

  /** A line that may be nonsense, without its end. */
  next(): Buffer {
    const random = this.#random;
    const roll = random.integer() % 100;
    if (roll < 70) return Buffer.from(this.sound());
    if (roll < 90) return Buffer.from(this.#odd());
    const line = Buffer.from(this.sound());
    if (!onceIn(random, 200)) return mutate(line, random, Buffer.from(this.sound()));
    if (onceIn(random, 2)) return Buffer.from(`{"command":"cancel","orderId":${DEEP}}`);
    const most = onceIn(random, 2) ? " ".repeat(65_000) : "\u00a0".repeat(32_600);
    return Buffer.concat([line, Buffer.from(most), Buffer.alloc(random.integer() % 1_000, 32)]);
  }

  /** A plausible line of ASCII. */
  sound(): string {
    const command = pick(this.#random, COMMANDS);
    return `{${this.#parts(LINE_FORMS[command], command).join(",")}}`;
  }

  #odd(): string {
    const random = this.#random;
    const command = pick(random, COMMANDS);
    const parts = this.#parts(LINE_FORMS[command], command);
    const at = random.integer() % parts.length;
    const [name = ""] = (parts[at] ?? "").split(":");
    switch (random.integer() % 8) {
      case 0:
        parts.splice(at, 1);
        break;
      case 1:
        parts.push(`${name}:${pick(random, STRANGE)}`);
        break;
      case 2:
        parts.push(`"${pick(random, STRANGE_NAMES)}":${pick(random, STRANGE)}`);
        break;
      case 3:
        parts.push(pick(random, this.#parts(LINE_FORMS[pick(random, COMMANDS)], command)));
        break;
      default:
        parts[at] = `${name}:${pick(random, STRANGE)}`;
    }
    const line = `{${parts.join(onceIn(random, 20) ? " , " : ",")}}`;
    return onceIn(random, 50) ? `[${line}]` : line;
  }

  /** Fields as JSON, each `"name":value`. */
  #parts(forms: Fields, command: Command): string[] {
    const type = "type" in forms ? this.#value("type", forms.type ?? "id", command) : "";
    const parts: string[] = [];
    for (const name in forms) {
      const dated = parts.at(-1) === '"timeInForce":"GTD"';
      if (!this.#has(name, command, type, dated)) continue;
      const value = name === "type" ? type : this.#value(name, forms[name] ?? "id", command);
      parts.push(`"${name}":${value}`);
    }
    return parts;
  }

  /** Whether a plausible line has a field; of one that is not known here, now and then. */
  #has(name: string, command: Command, type: string, dated: boolean): boolean {
    const random = this.#random;
    switch (name) {
      case "command":
      case "side":
      case "type":
      case "phase":
      case "orderId":
      case "newOrderId":
      case "quotes":
      case "legs":
      case "contingency":
      case "timeoutMs":
      case "windowMs":
        return command !== "massCancel" || name !== "side" || onceIn(random, 2);
      case "quantity":
        return command !== "amend" || onceIn(random, 2);
      case "price":
        if (command === "price" || command === "massQuote") return true;
        return type !== "" ? /limit/.test(type) !== onceIn(random, 40) : onceIn(random, 3);
      case "trailDistance":
      case "trailPips":
      case "trailPerMille":
        return onceIn(random, /trailing/.test(type) ? 3 : 40);
      case "expireTime":
        return dated !== onceIn(random, command === "amend" ? 12 : 80);
      case "timeInForce":
        return onceIn(random, 5);
      case "stopPrice":
        return type !== "" ? !/^"(limit|market)"$/.test(type) !== onceIn(random, 40) : onceIn(random, 9);
      default:
        return onceIn(random, 12);
    }
  }

  #value(name: string, form: FieldForm, command: Command): string {
    const random = this.#random;
    if (form === "decimal") return `"${this.#decimal(name)}"`;
    if (form === "flag") return onceIn(random, 4) ? "false" : "true";
    if (form === "time") return String(random.integer() % 100_000);
    if (form === "moment") return this.#moment();
    if (form === "id") return `"${this.#id(name, command)}"`;
    if ("either" in form) return this.#value(name, pick(random, form.either), command);
    if ("each" in form) {
      const one = () => this.#parts(form.each, command).join(",");
      const all = Array.from({ length: 1 + (random.integer() & 3) }, () => `{${one()}}`);
      return `[${all.join(",")}]`;
    }
    const usual = form.length > 2 && onceIn(random, 3);
    return JSON.stringify(usual ? form[0] : pick(random, form));
  }

  #decimal(name: string): string {
    const random = this.#random;
    const few = 1 + (random.integer() % 12);
    if (name === "trailPips" || name === "trailPerMille") return String(few);
    if (name === "distancePips" || name === "distanceMoney") return String(few);
    if (name === "trailDistance" || name === "limitOffset" || name === "distance")
      return formatPrice(this.#instrument, few as Ticks);
    if (/rice/.test(name)) {
      const ticks = MIDDLE + (random.integer() % 16) - 8;
      return formatPrice(this.#instrument, ticks as Ticks);
    }
    const lots = this.#instrument.minimumLots + (random.integer() % 60);
    return formatQuantity(this.#instrument, lots as Lots);
  }

  /** A second that may come, or a text of one. */
  #moment(): string {
    const random = this.#random;
    const seconds = random.integer() % 100;
    const text = `1970-01-01T00:0${seconds % 9}:${10 + (seconds % 50)}`;
    if (onceIn(random, 3)) return `"${text}${pick(random, ["Z", "+00:00", "-00:01", ".000Z", ".5Z", ""])}"`;
    return String(seconds * 1_000);
  }

  #id(name: string, command: Command): string {
    const random = this.#random;
    if (!/order/i.test(name)) return pick(random, ["a", "b", "c", "d"]);
    const isNew = name === "newOrderId" || /^(place|massQuote|list)$/.test(command);
    if (isNew && !onceIn(random, 40)) return `o${++this.#placed}`;
    return `o${Math.max(1, this.#placed - (random.integer() % FORGOTTEN))}`;
  }
}
