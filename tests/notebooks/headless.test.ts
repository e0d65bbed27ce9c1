import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Notebook } from "../../lib/notebook/notebook";
import type { NotebookEvent } from "../../lib/notebook/run";
import { ROOT } from "../../lib/util/files";
import { unavailable } from "../kernel/drive";

const fixtures = join(__dirname, "..", "fixtures", "notebooks");
const out = mkdtempSync(join(tmpdir(), "agentbank-notebooks-"));
after(() => rmSync(out, { recursive: true }));

function agentbank(...args: string[]) {
  const flags = ["--from", fixtures];
  return spawnSync(process.execPath, [join(ROOT, "bin", "agentbank.cjs"), "notebook", ...args, ...flags], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
}

const executed = (name: string): Notebook => JSON.parse(readFileSync(join(out, `${name}.ipynb`), "utf8"));

let all: ReturnType<typeof agentbank>;
before(() => {
  if (unavailable) return;
  all = agentbank("run", "throws", "rejects", "type_error", "sound", "--out", out);
});

test("a failure names notebook, cell and line; the other notebooks go on; the exit code is 1", {
  skip: unavailable,
}, () => {
  assert.equal(all.status, 1);
  assert.deepEqual(all.stderr.trim().split("\n"), [
    "throws cell 2 line 2: RangeError: 7 is over 3",
    "rejects cell 2 line 3: Error: no model",
    "type_error cell 2 line 4: TypeScriptError: Type 'number' is not assignable to type 'string'. (TS2322)",
  ]);
});

test("each cell's progress is told with its duration, and the time left", { skip: unavailable }, () => {
  const lines = all.stdout.trim().split("\n");
  assert.match(lines[0]!, /^throws cell 1\/3 done in \d+\.\d s · ETA \d+\.\d s$/);
  assert.match(lines[1]!, /^throws cell 2\/3 failed after \d+\.\d s$/);
  assert.match(lines.at(-1)!, /^sound cell 4\/4 done in \d+\.\d s$/);
});

test("the executed copy holds what was done until the failure, and no more", { skip: unavailable }, () => {
  const cells = executed("throws").cells.filter((cell) => cell.cell_type === "code");
  assert.deepEqual(
    cells.map((cell) => cell.execution_count),
    [1, 2, null],
  );
  const [error] = cells[1]!.outputs as { output_type: string; ename: string }[];
  assert.deepEqual([error!.output_type, error!.ename], ["error", "RangeError"]);
});

test("no output is lost in the executed copy", { skip: unavailable }, () => {
  const [stream] = executed("sound").cells[4]!.outputs as { text: string[] }[];
  assert.equal(stream!.text.length, 20_000);
});

test("parameters are injected as in papermill, and events are printed as JSON", { skip: unavailable }, () => {
  const flags = ["--json", "--preset", "smoke", "-p", "seeds=5", "--out", out];
  const { status, stdout, stderr } = agentbank("run", "sound", ...flags);
  assert.equal(status, 0, stderr);
  const events: NotebookEvent[] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const finished = events.filter((event) => event.event === "finished").map((event) => event.cell);
  assert.deepEqual(finished, [1, 0, 2, 3, 4]);
  const { cells } = executed("sound");
  assert.deepEqual(cells[2]!.metadata.tags, ["injected-parameters"]);
  const [value] = cells.at(-1)!.outputs as { data: Record<string, string[]> }[];
  assert.equal(value!.data["text/plain"]!.join(""), "[ 'smoke', 2.5 ]");
});

test("a parameter of the wrong type is a type error of the injected cell", { skip: unavailable }, () => {
  const { status, stderr } = agentbank("run", "sound", "-p", "seeds=many", "--out", out);
  assert.equal(status, 1);
  assert.match(stderr, /^sound injected parameters line 2: TypeScriptError: Type 'string' is not assignable/);
});

test("an unknown notebook or parameter is refused with code 2, before anything runs", {
  skip: unavailable,
}, () => {
  const notebook = agentbank("run", "sound", "nosuch", "--out", out);
  assert.equal(notebook.status, 2);
  assert.equal(
    notebook.stderr.trim(),
    'unknown notebook: "nosuch"; known: rejects, slow, sound, throws, type_error',
  );
  const parameter = agentbank("run", "sound", "-p", "sedes=1", "--out", out);
  assert.equal(parameter.status, 2);
  assert.equal(parameter.stderr.trim(), 'unknown parameter: "sedes"; known: preset, seeds');
});

test("a cell that takes too long fails", { skip: unavailable }, () => {
  const { status, stderr } = agentbank("run", "slow", "--timeout", "1", "--out", out);
  assert.equal(status, 1);
  assert.match(stderr, /^slow cell 1: CellTimeoutError: /);
});

test("check finds type errors without running", () => {
  const { status, stderr } = agentbank("check");
  assert.equal(status, 1);
  assert.equal(stderr.trim(), "type_error cell 2 line 4: Type 'number' is not assignable to type 'string'.");
});

test("a kernel that dies as it starts, its port taken, is started again", { skip: unavailable }, async () => {
  const kernels = join(ROOT, ".venv", "share", "jupyter", "kernels", "agentbank-ts", "kernel.json");
  const spec = JSON.parse(readFileSync(kernels, "utf8"));
  const died = join(out, "died");
  // Ends the first time that it is started.
  const dying = `if [ -e "${died}" ]; then exec "$@"; else touch "${died}"; exit 1; fi`;
  const folder = join(out, "jupyter", "kernels", "dies-once");
  mkdirSync(folder, { recursive: true });
  const argv = ["bash", "-c", dying, "bash", ...spec.argv];
  writeFileSync(join(folder, "kernel.json"), JSON.stringify({ ...spec, argv }));
  const notebook = join(out, "once.ipynb");
  cpSync(join(fixtures, "sound.ipynb"), notebook);
  const python = join(ROOT, ".venv", "bin", "python");
  const program = join(ROOT, "lib", "python", "execute_notebook.py");
  // Its standard input stays open: the program ends with whoever started it.
  const child = spawn(python, [program, notebook, "dies-once", "0"], {
    stdio: ["pipe", "ignore", "pipe"],
    env: { ...process.env, JUPYTER_PATH: join(out, "jupyter") },
  });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  const [code] = await once(child, "exit");
  assert.equal(code, 0, said);
  assert.ok(existsSync(died));
});
