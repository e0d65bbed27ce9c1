/** The human comparison on hand-written banks: what people and the judge say of known pairs. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import type { Judgement } from "../../lib/evaluation/judge";
import type { Preference } from "../../lib/evaluation/matched";
import { appendRating } from "../../lib/evaluation/rating/ratings";
import { humanComparison, pairsToRate } from "../../lib/experiments/human-comparison";
import { loadPreset } from "../../lib/experiments/preset";
import { light } from "../../lib/report/theme";
import type { JudgeSpec } from "../../lib/runs/spec";
import { runFolder } from "../../lib/runs/store";
import type { Strategy, Trajectory } from "../../lib/trajectory/schema";
import { writeJsonl } from "../../lib/util/jsonl";
import { trajectory } from "../evaluation/trajectories";
import { ownRuns, shown } from "./fake-runs";

const preset = loadPreset("smoke");
const [sql, shop] = humanComparison.runs(preset) as [JudgeSpec, JudgeSpec];
let ratings: string;

beforeEach(() => {
  ownRuns();
  ratings = mkdtempSync(join(tmpdir(), "ratings-"));
  process.env.AGENTBANK_RATINGS = ratings;
});

const by = (strategy: Strategy, ...rows: Trajectory[]): Trajectory[] =>
  rows.map((row) => ({ ...row, provenance: { ...row.provenance, strategy } }));
const say = (what: string, ...instances: string[]) => instances.map((id) => trajectory(id, [what]));

/** Five pairs of IC-SQL, one of them identical, and one of WebShop; an explored one is none of answer forcing. */
async function write(judged: readonly Preference[]) {
  const banks: [JudgeSpec, Trajectory[], Trajectory[]][] = [
    [
      sql,
      [
        ...by("answer-forcing", ...say("forced", "a", "b", "c", "d"), ...say("same", "e")),
        ...by("explore", ...say("x", "f")),
      ],
      [...say("explored", "a", "b", "c", "d", "f"), ...say("same", "e")],
    ],
    [shop, say("ours", "s"), say("theirs", "s")],
  ];
  for (const [{ pairs }, first, second] of banks)
    for (const [spec, rows] of [
      [pairs.first, first],
      [pairs.second, second],
    ] as const) {
      mkdirSync(runFolder(spec), { recursive: true });
      writeJsonl(join(runFolder(spec), "trajectories.jsonl"), rows);
    }
  const pairs = (await pairsToRate(preset)).filter(({ identical }) => !identical);
  const usage = { calls: 2, promptTokens: 0, completionTokens: 0, cost: null };
  const rows = pairs.map(({ id }, i): Judgement => {
    const verdict = judged[i]!;
    return { pair: id, verdict, orders: verdict === "tie" ? ["win", "lose"] : [verdict, verdict], usage };
  });
  for (const [spec, own] of [
    [sql, rows.slice(0, 4)],
    [shop, rows.slice(4)],
  ] as const) {
    mkdirSync(runFolder(spec), { recursive: true });
    writeJsonl(join(runFolder(spec), "judgements.jsonl"), own);
  }
  return pairs;
}

const shares = ({ share }: { share: Record<Preference, { mean: number }> }) => [
  share.win.mean,
  share.lose.mean,
  share.tie.mean,
];

test("where nobody has rated the simulated judge stands in, and says that it shows nothing", async () => {
  await write(["win", "win", "lose", "tie", "lose"]);
  const measured = await humanComparison.measure(preset);
  const [ours] = measured.comparisons;
  assert.deepEqual([ours!.ratedBy, ours!.pairs, ours!.identical], ["simulated judge", 5, 1]);
  assert.deepEqual(shares(ours!), [40, 20, 40], "the identical pair is a tie");
  assert.equal(ours!.lead.mean, 20);
  assert.equal(measured.agreement, null);
  assert.deepEqual(measured.judge, { pairs: 5, consistent: 80, asPeople: null });
  assert.deepEqual(shown(measured.verdicts), ["not testable", "not testable"]);
  assert.match(measured.verdicts[0]!.note!, /nobody has rated/);
  const [figure] = humanComparison.draw(measured, preset);
  const drawn = JSON.stringify(figure!.draw(light));
  assert.match(drawn, /rated by simulated judge/);
  assert.match(drawn, /72\.5/, "58 of Table 7's 80");
  rmSync(ratings, { recursive: true });
});

test("people count by majority, their agreement is told, and the judge is held against them", async () => {
  const pairs = await write(["win", "win", "lose", "tie", "lose"]);
  const said: Record<string, Preference[]> = {
    ann: ["win", "win", "win", "win"],
    bob: ["win", "win", "lose", "tie"],
    cleo: ["win", "win", "tie", "win"],
  };
  for (const [rater, verdicts] of Object.entries(said))
    for (const [i, verdict] of verdicts.entries())
      appendRating(ratings, {
        version: 1,
        pair: pairs[i]!.id,
        rater,
        verdict,
        seconds: 1,
        at: "2024-01-01T00:00:00Z",
      });
  const { comparisons, agreement, judge, verdicts } = await humanComparison.measure(preset);
  assert.deepEqual(
    comparisons.map((c) => [c.task, c.ratedBy]),
    [
      ["ic-sql", "ann, bob, cleo"],
      ["ic-sql", "simulated judge"],
      ["webshop", "simulated judge"],
    ],
  );
  assert.deepEqual(shares(comparisons[0]!), [60, 0, 40], "of three different words none has a majority");
  assert.deepEqual([agreement!.raters.length, agreement!.pairs], [3, 4]);
  assert.equal(agreement!.observed, (1 + 1 + 0 + 1 / 3) / 4);
  assert.equal(judge.asPeople, 50);
  assert.deepEqual(shown(verdicts), ["not shown", "not testable"], "three wins of five against no loss");
  rmSync(ratings, { recursive: true });
});

test("pairs that are all identical tell nothing", async () => {
  await write(["win", "win", "lose", "tie", "lose"]);
  writeJsonl(join(runFolder(sql.pairs.second), "trajectories.jsonl"), say("forced", "a", "b"));
  writeJsonl(join(runFolder(shop.pairs.second), "trajectories.jsonl"), say("theirs", "other"));
  const { verdicts, comparisons } = await humanComparison.measure(preset);
  assert.deepEqual([comparisons[0]!.pairs, comparisons[0]!.identical], [2, 2]);
  assert.match(verdicts[0]!.note!, /all 2 pairs are word for word the same/);
  assert.match(verdicts[1]!.note!, /no instance has a trajectory of either kind/);
  rmSync(ratings, { recursive: true });
});
