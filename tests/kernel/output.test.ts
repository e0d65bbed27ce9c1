import assert from "node:assert/strict";
import { before, test } from "node:test";
import { driveNamed, printed, type Result, shown, unavailable } from "./drive";

const steps = {
  lines: { execute: "for (let i = 0; i < 20_000; i++) console.log('line', i);" },
  order: {
    execute: `console.log("a"); console.error("b"); console.log("c");
              await new Promise((resolve) => setTimeout(resolve, 20)); process.stdout.write("d");`,
  },
  value: { execute: "console.log('first');\n({ answer: 42 })" },
  nothing: { execute: "let n = 1;\nn = 2;" },
  bundle: {
    execute: `import { display } from "./dist/util/display";
const shown = display({ "text/plain": "0 %" });
shown.update({ "text/plain": "100 %" });
display({
  "application/vnd.plotly.v1+json": { data: [{ y: [1, 2] }] },
  "image/svg+xml": "<svg/>",
  "image/png": new Uint8Array([1, 2, 3]),
});`,
  },
  tslab: {
    execute: `import * as tslab from "tslab";
tslab.display.html("<b>x</b>");
const cell = tslab.newDisplay();
cell.text("1");
cell.text("2");`,
  },
} as const;

const results = {} as Record<keyof typeof steps, Result>;

before(() => {
  if (!unavailable) Object.assign(results, driveNamed(steps));
});

test("20,000 lines printed in one go all arrive, in order", { skip: unavailable }, () => {
  const expected = Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join("");
  assert.equal(printed(results.lines), expected);
});

test("stdout and stderr keep their order, and output of later turns arrives", { skip: unavailable }, () => {
  const streams = results.order.published.filter((m) => m.type === "stream");
  assert.deepEqual(
    streams.map(({ content }) => [content.name, content.text]),
    [
      ["stdout", "a\n"],
      ["stderr", "b\n"],
      ["stdout", "c\n"],
      ["stdout", "d"],
    ],
  );
});

test("execution counts are announced with the code and told with the value", { skip: unavailable }, () => {
  const [input, stream, value] = results.value.published;
  assert.deepEqual(input, {
    type: "execute_input",
    content: { code: steps.value.execute, execution_count: 3 },
  });
  assert.equal(stream!.content.text, "first\n");
  assert.equal(value!.content.execution_count, 3);
  assert.equal(shown(results.value), "{ answer: 42 }");
  assert.equal(results.value.reply.execution_count, 3);
});

test("an assignment shows no value", { skip: unavailable }, () => {
  assert.equal(results.nothing.reply.status, "ok");
  assert.equal(shown(results.nothing), undefined);
});

test("one display carries several MIME types and is updated in place", { skip: unavailable }, () => {
  const [, first, update, figure, ...more] = results.bundle.published;
  assert.deepEqual(more, [], "what display gives back is not printed");
  assert.equal(first!.type, "display_data");
  assert.equal(update!.type, "update_display_data");
  assert.deepEqual(update!.content.data, { "text/plain": "100 %" });
  assert.equal(update!.content.transient.display_id, first!.content.transient.display_id);
  assert.deepEqual(figure!.content.data, {
    "application/vnd.plotly.v1+json": { data: [{ y: [1, 2] }] },
    "image/svg+xml": "<svg/>",
    "image/png": "AQID",
  });
});

test("tslab's own display and newDisplay work", { skip: unavailable }, () => {
  const types = results.tslab.published.map((m) => m.type);
  assert.deepEqual(types, ["execute_input", "display_data", "display_data", "update_display_data"]);
});
