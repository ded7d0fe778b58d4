/** Rules about who may reach what: the engine's purity and the direction of imports. */
import ts from "typescript";
import { breach, lineOf, nodes, type Source } from "./source-tree.ts";

const OUTSIDE_ENGINE = new Set([
  "Date",
  "Promise",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "process",
  "console",
  "performance",
  "globalThis",
  "fetch",
]);

/** What each folder may import from, besides packages and itself. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  engine: [],
  models: ["engine"],
  mixins: ["engine", "models"],
  services: ["engine", "models", "mixins"],
  sim: ["engine", "models", "mixins", "services"],
  public: ["models"],
};

interface Import {
  readonly from: string;
  readonly typesOnly: boolean;
  readonly node: ts.Node;
}

function importsOf(source: Source): Import[] {
  if (source.tree === undefined) return [];
  const imports: Import[] = [];
  for (const node of nodes(source.tree)) {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier !== undefined
    ) {
      if (ts.isStringLiteral(node.moduleSpecifier)) {
        imports.push({ from: node.moduleSpecifier.text, typesOnly: isTypesOnly(node), node });
      }
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [target] = node.arguments;
      const from = target !== undefined && ts.isStringLiteral(target) ? target.text : "";
      imports.push({ from, typesOnly: false, node });
    }
  }
  return imports;
}

function isTypesOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (clause === undefined) return false;
  const bindings = clause.namedBindings;
  if (clause.isTypeOnly) return true;
  if (clause.name !== undefined || bindings === undefined || !ts.isNamedImports(bindings)) return false;
  return bindings.elements.every(element => element.isTypeOnly);
}

/** Folder at the root that a relative import leads to. */
function targetFolder(source: Source, from: string): string {
  const target = new URL(from, `file:///${source.path}`).pathname;
  return target.split("/")[1] ?? "";
}

export function importDirection(source: Source): string[] {
  const [folder = ""] = source.path.split("/");
  const below = BELOW[folder];
  if (below === undefined) return [];
  const names = [folder, ...below].join(", ");
  return importsOf(source).flatMap(({ from, typesOnly, node }) => {
    if (!from.startsWith(".")) return [];
    const target = targetFolder(source, from);
    const line = lineOf(source, node);
    if (target !== folder && !below.includes(target)) {
      return [breach(source, line, `${folder}/ imports from ${names} only: imports ${from}`)];
    }
    if (folder === "public" && target === "models" && !typesOnly) {
      return [breach(source, line, `public/ imports types only from models: imports ${from}`)];
    }
    return [];
  });
}

export function enginePackages(source: Source): string[] {
  if (!source.path.startsWith("engine/")) return [];
  return importsOf(source)
    .filter(({ from }) => !from.startsWith("."))
    .map(({ from, node }) =>
      breach(source, lineOf(source, node), `engine/ imports its own files only: imports ${from}`),
    );
}

/** Whether an identifier stands for a value or type of that name, and is no name of a property. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  const named = ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent);
  return !(named && parent.name === node);
}

function isRandom(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && node.getText() === "Math.random";
}

export function enginePurity(source: Source): string[] {
  if (!source.path.startsWith("engine/") || source.tree === undefined) return [];
  const breaches: string[] = [];
  for (const node of nodes(source.tree)) {
    const waits = node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node);
    const reaches = ts.isIdentifier(node) && OUTSIDE_ENGINE.has(node.text) && isReference(node);
    if (waits || reaches || isRandom(node)) {
      const rule = `engine/ is a pure function of its commands: uses ${node.getText()}`;
      breaches.push(breach(source, lineOf(source, node), rule));
    }
  }
  return breaches;
}
