/** Small rewrites that cure faults of tslab. They keep every line where it is, so that tracebacks stay right. */
import ts from "typescript";

interface Edit {
  start: number;
  end: number;
  text: string;
}

function apply(code: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), code);
}

function parse(code: string, kind: ts.ScriptKind): ts.SourceFile {
  return ts.createSourceFile("cell", code, ts.ScriptTarget.ES2022, false, kind);
}

/**
 * Writes `{ a }` out as `{ a: a }` in a cell's TypeScript. tslab turns a name of an earlier cell into `exports.a`
 * wherever it stands, except here.
 */
export function expandShorthand(source: string): string {
  const file = parse(source, ts.ScriptKind.TS);
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isShorthandPropertyAssignment(node)) {
      const start = node.name.getStart(file);
      edits.push({ start, end: start, text: `${node.name.text}: ` });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return apply(source, edits);
}

/**
 * Writes `export` before each top-level `let` and `var` of a cell's JavaScript. tslab lists them in a trailing
 * `export { … }` instead, with which a function keeps reading its own cell's variable after a later cell has assigned
 * to it; so all cells share one.
 */
export function exportVariables(code: string): string {
  const file = parse(code, ts.ScriptKind.JS);
  const shared = file.statements.filter(
    (s): s is ts.VariableStatement =>
      ts.isVariableStatement(s) &&
      !s.modifiers &&
      (s.declarationList.flags & ts.NodeFlags.BlockScoped & ~ts.NodeFlags.Let) === 0,
  );
  const names = new Set(
    shared.flatMap((s) => s.declarationList.declarations.flatMap((d) => namesOf(d.name))),
  );
  const edits: Edit[] = shared.map((s) => ({
    start: s.getStart(file),
    end: s.getStart(file),
    text: "export ",
  }));
  for (const s of file.statements) {
    if (!ts.isExportDeclaration(s) || !s.exportClause || !ts.isNamedExports(s.exportClause)) continue;
    const kept = s.exportClause.elements.map((e) => e.name.text).filter((name) => !names.has(name));
    edits.push({ start: s.getStart(file), end: s.end, text: `export { ${kept.join(", ")} };` });
  }
  return apply(code, edits);
}

function namesOf(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((e) => (ts.isOmittedExpression(e) ? [] : namesOf(e.name)));
}

/** Whether a cell's last statement assigns: then, as in IPython, it shows no value. */
export function endsInAssignment(source: string): boolean {
  const last = parse(source, ts.ScriptKind.TS).statements.at(-1);
  if (!last || !ts.isExpressionStatement(last) || !ts.isBinaryExpression(last.expression)) return false;
  const operator = last.expression.operatorToken.kind;
  return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
}
