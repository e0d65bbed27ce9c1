/**
 * The published numbers against one another: totals, averages and differences are recomputed from their parts. Where
 * the paper contradicts itself the contradiction is asserted too, so that nobody mends the transcription by mistake.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { publishedNames, publishedNumber, readPublished } from "../lib/report/published";

const table = (n: number) => readPublished(`table-${n}`);
const numbers = (row: Record<string, unknown>, columns: readonly string[]) =>
  columns.map((c) => Number(row[c]));
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
/** True where `printed` is `exact` rounded to one decimal, whichever way a five goes. */
const rounds = (exact: number, printed: unknown) => Math.abs(exact - Number(printed)) <= 0.05 + 1e-9;

const skills = ["reasoning", "math", "programming", "web", "embodied"];

test("every file reads, and says where it comes from", () => {
  const names = publishedNames();
  const expected = [
    ...Array.from({ length: 10 }, (_, i) => `table-${i + 1}`),
    ...[2, 3, 4, 5, 6].map((i) => `figure-${i}`),
  ];
  assert.deepEqual(
    new Set(names),
    new Set([
      ...expected,
      "section-3.4",
      "open-questions",
      "agentbank-card",
      "rationale",
      "agenttuning",
      "agenttuning-open-questions",
      "agenttuning-rationale",
    ]),
  );
  for (const name of names) {
    const { paper, source, rows, claims } = readPublished(name);
    if (paper === "AgentBank") assert.equal(source.toLowerCase().replace(" ", "-"), name);
    assert.ok(rows.length > 0 || claims.length > 0, `${name} holds nothing`);
    for (const row of rows) assert.deepEqual(Object.keys(row), Object.keys(rows[0]!), `${name}: uneven rows`);
  }
});

test("Table 2: the rows do not give the printed total, nor the printed average", () => {
  const rows = table(2).rows;
  const tasks = rows.slice(0, -1);
  assert.equal(tasks.length, 16);
  const instances = tasks.map((r) => Number(r["instances"]));
  assert.equal(sum(instances), 52370);
  assert.equal(rows.at(-1)!["instances"], 51287);
  const turns = sum(tasks.map((r, i) => Number(r["turns"]) * instances[i]!)) / sum(instances);
  assert.equal(turns.toFixed(2), "4.22");
  assert.equal(rows.at(-1)!["turns"], 3.9);
  assert.deepEqual([...new Set(tasks.map((r) => r["skill"]))], skills);
});

test("Table 1 repeats Table 2's totals, and names the skills that Table 2 has", () => {
  const ours = table(1).rows[0]!;
  const total = table(2).rows.at(-1)!;
  assert.deepEqual(
    [ours["instances"], ours["turns"], ours["tasks"]],
    [total["instances"], total["turns"], 16],
  );
  assert.ok(skills.every((skill) => ours[skill] === true));
});

test("Table 3: nine held-in tasks, all in Table 2, and five held-out ones, none in it", () => {
  const collected = new Set(table(2).rows.map((r) => r["task"]));
  const held = (side: string) => table(3).rows.filter((r) => r["held"] === side);
  assert.equal(held("in").length, 9);
  assert.deepEqual(
    held("out").map((r) => r["skill"]),
    skills,
  );
  assert.ok(held("in").every((r) => collected.has(r["task"]!)));
  assert.ok(held("out").every((r) => !collected.has(r["task"]!)));
});

test("Table 9: each average is the mean of its nine tasks", () => {
  const tasks = table(3)
    .rows.filter((r) => r["held"] === "in")
    .map((r) => String(r["task"]));
  assert.equal(table(9).rows.length, 12);
  for (const row of table(9).rows)
    assert.ok(rounds(mean(numbers(row, tasks)), row["average"]), `${row["model"]}`);
});

test("Table 4: held-in columns follow from Table 9, but for Vicuna-7B's programming and average", () => {
  const heldIn = table(3).rows.filter((r) => r["held"] === "in");
  const tasksOf = (skill: string) => heldIn.filter((r) => r["skill"] === skill).map((r) => String(r["task"]));
  const off: unknown[] = [];
  for (const row of table(9).rows) {
    const printed = (column: string) =>
      publishedNumber(table(4), { model: row["model"]!, held: "in" }, column);
    for (const skill of skills) {
      const exact = mean(numbers(row, tasksOf(skill)));
      if (!rounds(exact, printed(skill))) off.push([row["model"], skill, exact.toFixed(2), printed(skill)]);
    }
    if (row["average"] !== printed("average"))
      off.push([row["model"], "average", row["average"], printed("average")]);
  }
  assert.deepEqual(off, [
    ["Vicuna-7B", "programming", "19.15", 19],
    ["Vicuna-7B", "average", 17.2, 17.1],
  ]);
});

test("Table 4: each held-out average is the mean of its five tasks, but for two models", () => {
  const off = table(4)
    .rows.filter((r) => r["held"] === "out" && !rounds(mean(numbers(r, skills)), r["average"]))
    .map((r) => [r["model"], mean(numbers(r, skills)).toFixed(2), r["average"]]);
  assert.deepEqual(off, [
    ["Llama-2-7B-Chat", "6.24", 6.3],
    ["AgentLM-7B", "24.90", 25],
  ]);
});

test("Table 5 repeats Table 4's held-out rows for the bases it shares", () => {
  const [llama, tuned, code] = table(5).rows;
  const held = (model: string) => table(4).rows.find((r) => r["model"] === model && r["held"] === "out")!;
  assert.deepEqual(numbers(llama!, skills), numbers(held("Llama-2-7B-Chat"), skills));
  assert.deepEqual(numbers(tuned!, skills), numbers(held("SAMOYED-7B"), skills));
  assert.deepEqual(numbers(code!, skills), numbers(held("CodeLlama-7B"), skills));
});

test("Table 6: the differences are those of its rewards", () => {
  for (const row of table(6).rows) {
    const [train, pseudo, testing, delta1, delta2] = numbers(row, [
      "train",
      "pseudo",
      "test",
      "delta1",
      "delta2",
    ]);
    assert.ok(Math.abs(pseudo! - train! - delta1!) < 1e-9);
    assert.ok(Math.abs(testing! - train! - delta2!) < 1e-9);
  }
});

test("Table 7: wins, losses and ties sum to the totals", () => {
  for (const row of table(7).rows) assert.equal(sum(numbers(row, ["win", "lose", "tie"])), row["total"]);
});

test("Table 8: the evaluation tasks of Table 3, and no longer match is commoner than a shorter one", () => {
  const tasks = new Map(table(3).rows.map((r) => [r["task"], r["instances"]]));
  assert.equal(table(8).rows.length, 14 * 3);
  for (const row of table(8).rows) {
    const task = row["task"] === "SciWorld" ? "ScienceWorld" : row["task"]!;
    assert.equal(tasks.get(task), row["instances"], `${task}`);
    assert.ok(Number(row["gram13"]) <= Number(row["gram9"]));
  }
});

test("Table 10: the overall scores follow from AgentBench's weights", () => {
  const weights = { OS: 10.8, DB: 13, KG: 13.9, DCG: 12, LTP: 3.5, HH: 13, WS: 30.7, WB: 11.6 };
  assert.deepEqual(table(10).weights, weights);
  for (const row of table(10).rows) {
    const overall = mean(Object.entries(weights).map(([task, weight]) => Number(row[task]) / weight));
    assert.ok(Math.abs(overall - Number(row["overall"])) <= 0.005, `${row["model"]}: ${overall}`);
  }
});

test("Figure 2: the printed gain of Llama-2 is neither Table 4's nor Table 5's", () => {
  const gain = publishedNumber(readPublished("figure-2"), { base: "Llama-2-7B-Chat" }, "gain");
  const [base, tuned] = table(5).rows.map((r) => mean(numbers(r, skills)));
  assert.equal(gain, 442);
  assert.equal(Math.round((100 * (34.3 - 6.3)) / 6.3), 444);
  assert.equal(Math.round((100 * (tuned! - base!)) / base!), 450);
});

test("an unknown name or row is told", () => {
  assert.throws(
    () => readPublished("table-11"),
    /^InputError: unknown published table or figure: "table-11"; known: agent/,
  );
  assert.throws(
    () => publishedNumber(table(4), { model: "GPT-4" }, "average"),
    /Table 4: 2 rows with .*, expected one/,
  );
});
