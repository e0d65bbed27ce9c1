import type { Interval } from "../../evaluation/bootstrap";
import type { TableRow } from "../../report/cell";
import { bars } from "../../report/figures/bars";
import { footnote } from "../../report/figures/figure";
import { lines } from "../../report/figures/lines";
import type { AgentTuning } from "../agent-tuning";
import type { Drawn } from "../experiment";
import type { Preset } from "../preset";
import { bounds } from "../scores";

export function drawAgentTuning({ points, filters }: AgentTuning, preset: Preset): Drawn[] {
  const { seeds, filterEta, trajectories } = preset.experiments.agentTuning;
  const simulated = preset.teacher.kind === "simulated";
  const note = footnote({ preset: preset.name, simulated, seeds: seeds.length, level: 0.95 });
  const eta = { xLabel: "η, the share of agent data", xUnit: "% of tokens read" };
  const [start, ...tuned] = points;
  const tests = Object.keys(start!.abilities);
  const ends = [tuned[0]!, tuned.at(-1)!].map((p) => p.eta! * 100);
  const line = (name: string, of: (point: AgentTuning["points"][number]) => Interval | null) => ({
    name,
    points: tuned.map((p) => ({ x: p.eta! * 100, y: cell(of(p)) })),
  });
  const unchanged = (name: string, value: Interval) => ({
    name,
    points: ends.map((x) => ({ x, y: value.mean })),
  });
  const halves = filters.some((f) => f.out) ? (["in", "out"] as const) : (["in"] as const);
  return [
    {
      name: "agent-tuning-eta",
      title: "Agent tasks and general abilities against η",
      caption:
        "Average score over tasks and share of held-out answers given word for word (%), 95 % intervals; " +
        "every model is tuned on the same number of tokens.",
      draw: lines({
        title: "Agent tasks and general abilities against η",
        note,
        label: "Score",
        unit: "%",
        ...eta,
        series: [
          ...halves.map((held) => line(`held-${held} tasks`, (p) => p[held])),
          ...tests.map((test) => line(test, (p) => p.abilities[test]!.score)),
        ],
      }),
      rows: points.map(etaRow),
    },
    {
      name: "agent-tuning-forgetting",
      title: "What tuning does to the likelihood of held-out answers",
      caption: "Loss in nats a token of the right answers, before tuning and after; 95 % intervals.",
      draw: lines({
        title: "What tuning does to the likelihood of held-out answers",
        note,
        label: "Loss",
        unit: "nats a token",
        ...eta,
        series: tests.flatMap((test) => [
          line(`${test}, tuned`, (p) => p.abilities[test]!.loss),
          unchanged(`${test}, before`, start!.abilities[test]!.loss),
        ]),
      }),
      rows: points.map((p) => ({ eta: p.eta ?? "before", ...abilityCells(p, "loss") })),
    },
    {
      name: "agent-tuning-filter",
      title: "What the filter by reward is worth",
      caption:
        `Average score (%), 95 % intervals; ${trajectories} explored trajectories of each task that reach the reward, ` +
        `at η = ${filterEta}.`,
      draw: bars({
        title: "What the filter by reward is worth",
        note,
        label: "Average score",
        unit: "%",
        categories: halves.map((held) => `held-${held}`),
        series: filters.map((f) => ({
          name: filterName(f.reward),
          values: halves.map((held) => cell(f[held])),
        })),
      }),
      rows: filters.map((f) => ({
        filter: filterName(f.reward),
        kept: f.kept,
        of: f.of,
        meanReward: f.meanReward,
        difficulty: f.difficulty,
        seeds: f.seeds,
        heldIn: bounds(f.in),
        heldOut: cell(f.out),
      })),
      columns: [
        { key: "filter" },
        { key: "kept" },
        { key: "of" },
        { key: "meanReward", title: "mean reward", digits: 2 },
        { key: "difficulty", digits: 2 },
        { key: "seeds" },
        { key: "heldIn", title: "held-in" },
        { key: "heldOut", title: "held-out" },
      ],
    },
  ];
}

export const filterName = (reward: number): string =>
  reward === 0 ? "unfiltered" : `reward ${reward === 1 ? "=" : "≥"} ${reward}`;

const cell = (interval: Interval | null) => interval && bounds(interval);

function etaRow(point: AgentTuning["points"][number]): TableRow {
  return {
    eta: point.eta ?? "before",
    seeds: point.seeds,
    heldIn: bounds(point.in),
    heldOut: cell(point.out),
    ...abilityCells(point, "score"),
  };
}

const abilityCells = ({ abilities }: AgentTuning["points"][number], of: "score" | "loss"): TableRow =>
  Object.fromEntries(Object.entries(abilities).map(([test, measured]) => [test, bounds(measured[of])]));
