/**
 * House style as a test. A breach is printed as `file:line: the positive rule`. What the compiler and the
 * linter already refuse (unused names, imports of `node:` in the engine) is theirs; here stands what they
 * can't see.
 */
import { describe, expect, it } from "vitest";
import { enginePackages, enginePurity, importDirection } from "./tidy/fence-rules.ts";
import { breach, readDependencies, readSources, type Source } from "./tidy/source-tree.ts";
import * as text from "./tidy/text-rules.ts";
import * as tree from "./tidy/tree-rules.ts";

const sources = readSources();

const RULES: readonly (readonly [name: string, rule: (source: Source) => string[]])[] = [
  ["files are short", text.fileLength],
  ["lines are short", text.lineLength],
  ["files open with what they are", text.openingComment],
  ["names are kebab-case nouns", text.fileName],
  ["nothing is marked as unfinished", text.finished],
  ["no finding is silenced", text.unsilenced],
  ["functions are short", tree.functionLength],
  ["every type is named", tree.anyType],
  ["nothing is asserted to be there", tree.nonNull],
  ["default exports are services and configuration", tree.defaultExport],
  ["no file only passes on", tree.barrel],
  ["every test is run", tree.wholeSuite],
  ["imports point one way", importDirection],
  ["the engine imports itself only", enginePackages],
  ["the engine is pure", enginePurity],
];

/**
 * Every package named at the start of a list item or a table's row of docs/DEPENDENCIES.md, with its line.
 */
function documented(source: Source): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [index, line] of source.lines.entries()) {
    const name = /^\| `([^`]+)` *\|/.exec(line)?.[1];
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), index + 1]);
  }
  return found;
}

/** Breaches of a document that has to name each of a set of packages in one row. */
function dependencyBreaches(document: Source, packages: ReadonlySet<string>): string[] {
  const rows = documented(document);
  const breaches = [...packages]
    .filter(name => !rows.has(name))
    .map(name => breach(document, 1, `every dependency has one row: ${name} has none`));
  for (const [name, lines] of rows) {
    const [, second] = lines;
    if (second !== undefined)
      breaches.push(breach(document, second, `${name} has one row: has another above`));
    const [line = 1] = lines;
    if (!packages.has(name)) breaches.push(breach(document, line, `${name} is in a package.json`));
  }
  return breaches;
}

describe("tidy", () => {
  it.each(RULES)("%s", (_, rule) => {
    expect(sources.flatMap(rule).join("\n")).toBe("");
  });

  it("every dependency has one line that says why", () => {
    const packages = new Set([
      ...readDependencies("package.json"),
      ...readDependencies("public/package.json"),
    ]);
    const document = sources.find(({ path }) => path === "docs/DEPENDENCIES.md");
    expect(
      document === undefined
        ? "docs/DEPENDENCIES.md is there"
        : dependencyBreaches(document, packages).join("\n"),
    ).toBe("");
  });

  it("sees the tree that it judges", () => {
    const lengths = sources
      .filter(({ path }) => /\.(ts|vue)$/.test(path))
      .map(text.lineCount)
      .sort((one, other) => one - other);
    console.info(`${lengths.length} files, ${lengths[lengths.length >> 1]} lines in the median`);
    expect(lengths.length).toBeGreaterThan(100);
  });
});
