/**
 * The repository's own sources as the tidy test sees them: a walk of the folders that are written by hand,
 * each file with its lines and, where it is TypeScript or a Vue component's script, its syntax tree. What is
 * built, installed or a venue's data is left out.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LEFT_OUT = new Set(["node_modules", "dist", "data", "coverage", "results"]);
const TEXTS = /\.(ts|vue|css|js|md|yml|html)$|(^|\/)(Dockerfile|run)$/;

export interface Source {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** The syntax tree; undefined where the file holds no TypeScript. */
  readonly tree?: ts.SourceFile;
  /** Lines above the script of a component. */
  readonly linesAbove: number;
}

/** One breach of a rule, as `file:line: the positive rule`. */
export function breach(source: Source, line: number, rule: string): string {
  return `${source.path}:${line}: ${rule}`;
}

export function lineOf(source: Source, node: ts.Node): number {
  if (source.tree === undefined) return 1;
  return source.tree.getLineAndCharacterOfPosition(node.getStart()).line + 1 + source.linesAbove;
}

function walk(folder: string): string[] {
  const paths: string[] = [];
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    const own = !LEFT_OUT.has(entry.name) && entry.name !== ".git";
    if (entry.isDirectory() && own) paths.push(...walk(path));
    if (entry.isFile() && TEXTS.test(path)) paths.push(path);
  }
  return paths;
}

function readSource(path: string): Source {
  const text = readFileSync(join(ROOT, path), "utf8");
  const lines = text.split("\n");
  if (path.endsWith(".ts")) return { path, text, lines, tree: parse(path, text), linesAbove: 0 };
  const script = path.endsWith(".vue") ? /<script[^>]*lang="ts"[^>]*>/.exec(text) : null;
  if (script === null) return { path, text, lines, linesAbove: 0 };
  const start = script.index + script[0].length;
  const body = text.slice(start, text.indexOf("</script>", start));
  return {
    path,
    text,
    lines,
    tree: parse(path, body),
    linesAbove: text.slice(0, start).split("\n").length - 1,
  };
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true, ts.ScriptKind.TS);
}

/** Every text file that somebody wrote. */
export function readSources(): Source[] {
  return walk("").sort().map(readSource);
}

/** Names of the packages in a manifest, whatever they are needed for. */
export function readDependencies(manifest: string): string[] {
  const content: unknown = JSON.parse(readFileSync(join(ROOT, manifest), "utf8"));
  if (typeof content !== "object" || content === null) return [];
  return Object.entries(content)
    .filter(([field]) => field === "dependencies" || field === "devDependencies")
    .flatMap(([, packages]) => Object.keys(packages));
}

/** Every node of a tree, parents first. */
export function* nodes(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodes(child);
}
