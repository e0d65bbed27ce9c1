import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "../../lib/cli";
import { tasks } from "../../lib/tasks/registry";

async function output(...args: string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const log = console.log;
  console.log = (text: string) => lines.push(text);
  try {
    return { code: await main(args), text: lines.join("\n") };
  } finally {
    console.log = log;
  }
}

test("agentbank tasks lists every task", async () => {
  const { code, text } = await output("tasks", "--json");
  assert.equal(code, 0);
  assert.deepEqual(
    JSON.parse(text).map((row: { task: string }) => row.task),
    tasks.map(({ name }) => name),
  );
});

test("agentbank tasks --check plays them, and says which official files are missing", async () => {
  const { code, text } = await output("tasks", "--count", "2", "--data", "/nonexistent", "--json");
  assert.equal(code, 0);
  const rows: Record<string, unknown>[] = JSON.parse(text);
  for (const { name } of tasks) {
    const [generated, official] = rows.filter((row) => row["task"] === name);
    assert.deepEqual(
      [generated!["checked"], generated!["gold = 1"], generated!["flawed < 1"]],
      [6, 6, 6],
      name,
    );
    assert.deepEqual(generated!["faults"], []);
    assert.equal(official!["checked"], 0);
    assert.match((official!["notes"] as string[]).join(), /nonexistent/);
  }
});
