/** Rules that need the syntax tree. Each returns its breaches. */
import ts from "typescript";
import { breach, lineOf, nodes, type Source } from "./source-tree.ts";
import { isTest } from "./text-rules.ts";

const FUNCTION_LINES_MAX = 70;
const SUITES = new Set(["describe", "it", "test", "suite"]);
/** `skipIf` stays: its condition is an absent server or data, of which a line tells. */
const LEFT_OUT = new Set(["skip", "only", "todo", "fails"]);

function treeBreaches(source: Source, rule: string, isBroken: (node: ts.Node) => boolean): string[] {
  if (source.tree === undefined) return [];
  const breaches: string[] = [];
  for (const node of nodes(source.tree)) {
    if (isBroken(node)) breaches.push(breach(source, lineOf(source, node), rule));
  }
  return breaches;
}

/** The name that a chain such as `it.skip.each` begins with. */
function rootName(node: ts.Expression): string {
  if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) return rootName(node.expression);
  return ts.isIdentifier(node) ? node.text : "";
}

/**
 * A function's own lines: those of the functions inside it are theirs. So a suite, a store or a schema may be
 * as long as its file, as a class may.
 */
export function functionLength(source: Source): string[] {
  const { tree } = source;
  if (tree === undefined) return [];
  const lineAt = (position: number) => tree.getLineAndCharacterOfPosition(position).line;
  const linesInside = (node: ts.Node): number => {
    let lines = 0;
    ts.forEachChild(node, child => {
      lines += ts.isFunctionLike(child) ? lineAt(child.end) - lineAt(child.getStart()) : linesInside(child);
    });
    return lines;
  };
  return treeBreaches(source, `a function has at most ${FUNCTION_LINES_MAX} lines of its own`, node => {
    if (!ts.isFunctionLike(node)) return false;
    return lineAt(node.end) - lineAt(node.getStart()) + 1 - linesInside(node) > FUNCTION_LINES_MAX;
  });
}

export function anyType(source: Source): string[] {
  const rule = "a type is named, or `unknown` and then decoded";
  return treeBreaches(source, rule, node => node.kind === ts.SyntaxKind.AnyKeyword);
}

export function nonNull(source: Source): string[] {
  return treeBreaches(source, "what may be absent is asked for, not asserted away", node => {
    if (ts.isNonNullExpression(node)) return true;
    const declares = ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node);
    return declares && node.exclamationToken !== undefined;
  });
}

export function defaultExport(source: Source): string[] {
  if (/\.(service|config|d)\.ts$|\.vue$/.test(source.path)) return [];
  return treeBreaches(source, "only services and configuration have a default export", node => {
    if (ts.isExportAssignment(node)) return true;
    if (ts.isExportSpecifier(node)) return node.name.text === "default";
    return ts.canHaveModifiers(node) && hasModifier(node, ts.SyntaxKind.DefaultKeyword);
  });
}

function hasModifier(node: ts.HasModifiers, kind: ts.SyntaxKind): boolean {
  return ts.getModifiers(node)?.some(modifier => modifier.kind === kind) === true;
}

export function barrel(source: Source): string[] {
  const statements = source.tree?.statements ?? [];
  if (source.path.endsWith(".d.ts") || statements.length === 0) return [];
  const onlyPasses = statements.every(
    statement => ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement),
  );
  const exports = statements.some(statement => ts.isExportDeclaration(statement));
  return onlyPasses && exports ? [breach(source, 1, "a thing is imported from the file that makes it")] : [];
}

export function wholeSuite(source: Source): string[] {
  if (!isTest(source.path)) return [];
  const rule = "every test is run; one whose server or data is absent says so in a line and passes over";
  return treeBreaches(source, rule, node => {
    if (!ts.isPropertyAccessExpression(node) || !LEFT_OUT.has(node.name.text)) return false;
    return SUITES.has(rootName(node.expression));
  });
}
