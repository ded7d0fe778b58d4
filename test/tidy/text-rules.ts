/** Rules that lines and names alone can show. Each returns its breaches. */
import { breach, type Source } from "./source-tree.ts";

const FILE_LINES_MAX = 250;
const TEST_LINES_MAX = 400;
const LINE_CHARACTERS_MAX = 110;
const OPENING_LINES_MAX = 15;
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const VAGUE_NAMES = new Set(["utils", "util", "helpers", "helper", "common", "misc"]);
/** Written so that this file does not match itself. */
const UNFINISHED = /\b(TO[D]O|FIX[M]E|XX[X]|HAC[K])\b/;
const SILENCED = /@ts-(ignor[e]|nochec[k]|expect-erro[r])|biome-ignor[e]/;

const isCode = (path: string) => /\.(ts|vue|css|js)$/.test(path);
export const isTest = (path: string) => path.startsWith("test/");

function lineBreaches(
  source: Source,
  rule: string,
  isBroken: (line: string, index: number) => boolean,
): string[] {
  return source.lines.flatMap((line, index) =>
    isBroken(line, index) ? [breach(source, index + 1, rule)] : [],
  );
}

/** Lines of a file; the line end at its end opens no further one. */
export function lineCount(source: Source): number {
  return source.lines.length - (source.text.endsWith("\n") ? 1 : 0);
}

export function fileLength(source: Source): string[] {
  if (!isCode(source.path)) return [];
  const most = isTest(source.path) ? TEST_LINES_MAX : FILE_LINES_MAX;
  const count = lineCount(source);
  return count <= most ? [] : [breach(source, most + 1, `a file has at most ${most} lines: has ${count}`)];
}

/** Imports, addresses and Markdown's tables can't be broken, so they may be longer. */
export function lineLength(source: Source): string[] {
  const isWhole = /^\s*(import|export|\} from)\b|https?:\/\//;
  const isTable = (line: string) => source.path.endsWith(".md") && line.startsWith("|");
  return lineBreaches(
    source,
    `a line has at most ${LINE_CHARACTERS_MAX} characters`,
    line => line.length > LINE_CHARACTERS_MAX && !isWhole.test(line) && !isTable(line),
  );
}

export function openingComment(source: Source): string[] {
  if (!source.path.endsWith(".ts") || isTest(source.path)) return [];
  const start = source.lines.findIndex(line => !line.startsWith("#!"));
  const opening = source.lines.slice(start);
  const rule = `a file opens with 1 to ${OPENING_LINES_MAX} lines that say what it is`;
  if (opening[0]?.startsWith("//") === true) return [];
  if (opening[0]?.startsWith("/**") !== true) return [breach(source, 1, rule)];
  const end = opening.findIndex(line => line.includes("*/"));
  const delimiters = end > 0 ? 2 : 0;
  return end + 1 - delimiters <= OPENING_LINES_MAX ? [] : [breach(source, end + 1, rule)];
}

export function fileName(source: Source): string[] {
  if (!isCode(source.path)) return [];
  const segments = source.path.split("/");
  const breaches: string[] = [];
  if (!segments.every(segment => NAME.test(segment))) {
    breaches.push(breach(source, 1, "folders and files are named in kebab-case"));
  }
  if (segments.flatMap(segment => segment.split(/[-.]/)).some(word => VAGUE_NAMES.has(word))) {
    breaches.push(breach(source, 1, "a name says what is inside, so none is a catch-all"));
  }
  return breaches;
}

export function finished(source: Source): string[] {
  return lineBreaches(source, "work that is left is an issue, not a mark in the code", line =>
    UNFINISHED.test(line),
  );
}

export function unsilenced(source: Source): string[] {
  if (!isCode(source.path)) return [];
  return lineBreaches(source, "a finding of the compiler or linter is mended, not silenced", line =>
    SILENCED.test(line),
  );
}
