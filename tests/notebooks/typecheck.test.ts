import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checkNotebooks, describeFault } from "../../lib/notebook/check";
import { NOTEBOOKS, notebookNames, readNotebook, runnableCells } from "../../lib/notebook/notebook";
import { ROOT } from "../../lib/util/files";

const names = notebookNames();
const paths = names.map((name) => join(NOTEBOOKS, `${name}.ipynb`));
const uncompiled = existsSync(join(ROOT, "dist", "index.d.ts")) ? false : "not compiled: npm run build";

test("the cells of every notebook pass strict TypeScript", { skip: uncompiled }, () => {
  assert.deepEqual(checkNotebooks(paths).map(describeFault), []);
});

for (const [i, name] of names.entries()) {
  test(`${name} is committed without outputs, for the kit's kernel`, () => {
    const notebook = readNotebook(paths[i]!);
    assert.ok(runnableCells(notebook).length > 0, "no cells");
    assert.equal((notebook.metadata["kernelspec"] as { name: string }).name, "agentbank-ts");
    for (const cell of notebook.cells) {
      if (cell.cell_type !== "code") continue;
      assert.deepEqual(cell.outputs, []);
      assert.equal(cell.execution_count, null);
      assert.equal(cell.metadata.execution, undefined, "holds the time of an execution");
    }
  });
}
