/** Parameters, as papermill has them: a cell tagged `parameters` declares defaults, an injected cell after it sets others. */
import ts from "typescript";
import { InputError, unknown } from "../util/errors";
import { type Cell, type Notebook, sourceOf } from "./notebook";

export type Parameters = Readonly<Record<string, unknown>>;

/** The names that the cell tagged `parameters` declares with `let`; none where there is no such cell. */
export function parameterNames(notebook: Notebook): string[] {
  const cell = notebook.cells.find(isParameters);
  if (!cell) return [];
  return ts
    .createSourceFile("cell.ts", sourceOf(cell), ts.ScriptTarget.ES2022)
    .statements.filter((s): s is ts.VariableStatement => ts.isVariableStatement(s))
    .filter((s) => (s.declarationList.flags & ts.NodeFlags.Let) !== 0)
    .flatMap((s) => s.declarationList.declarations.map((d) => (d.name as ts.Identifier).text));
}

/**
 * A copy with a cell that assigns `parameters`, values of JSON, after the one tagged `parameters`. It assigns and does
 * not declare, so that a value of the wrong type is a type error. Throws an InputError that names every unknown one.
 */
export function injectParameters(notebook: Notebook, parameters: Parameters): Notebook {
  const names = Object.keys(parameters);
  if (names.length === 0) return notebook;
  const known = parameterNames(notebook);
  const faults = names
    .filter((name) => !known.includes(name))
    .map((name) => unknown("parameter", name, known).message);
  if (faults.length > 0) throw new InputError(faults);
  const injected: Cell = {
    cell_type: "code",
    id: "injected-parameters",
    metadata: { tags: ["injected-parameters"] },
    source: names.map((name) => `${name} = ${JSON.stringify(parameters[name])};`).join("\n"),
    outputs: [],
    execution_count: null,
  };
  return {
    ...notebook,
    cells: notebook.cells.flatMap((cell) => (isParameters(cell) ? [cell, injected] : [cell])),
  };
}

function isParameters(cell: Cell): boolean {
  return cell.cell_type === "code" && cell.metadata.tags?.includes("parameters") === true;
}
