/**
 * Table 5 and Figure 4 (section 5.3): what code does for an agent, as the base's training and as a share of what it is
 * tuned on. Table 5 compares a code base with the plain one before and after tuning; its runs are those of Figure 2.
 */
import type { Interval } from "../evaluation/bootstrap";
import type { SeedRewards } from "../evaluation/seeds";
import { bars } from "../report/figures/bars";
import { footnote } from "../report/figures/figure";
import { publishedNumber, readPublished } from "../report/published";
import { getTask } from "../tasks/registry";
import { type Skill, skills } from "../trajectory/schema";
import { beforeAndAfter, sized } from "./base-models";
import type { Drawn, Experiment } from "./experiment";
import type { Preset } from "./preset";
import { drawRatio, measureRatio, type RatioPoint, type RatioSweep, ratioRuns, sharesOf } from "./ratio";
import { average, bounds, evaluations, gain, rewardsOf } from "./scores";
import { aboveZero, allAboveZero, notTestable, type Verdict } from "./verdict";

/** Table 5, one skill of one base. */
export interface CodeBaseRow {
  base: "plain" | "code";
  standsFor: "Llama-2-7B-Chat" | "CodeLlama-7B";
  tuned: boolean;
  skills: Partial<Record<Skill, Interval>>;
}

export interface CodeRatio {
  points: RatioPoint[];
  table: CodeBaseRow[];
  /** Code base − plain base by skill in points, paired by instance. */
  leads: { tuned: boolean; skills: Partial<Record<Skill, Interval>> }[];
  verdicts: Verdict[];
}

const sweep = (preset: Preset): RatioSweep => ({ kind: "code", ...preset.experiments.codeRatio });

const stages = ["before", "after"] as const;

/** The two bases of Table 5 by name. */
const pair = (preset: Preset) =>
  [
    { base: "plain", standsFor: "Llama-2-7B-Chat", models: beforeAndAfter(preset, preset.bases[0]!.name) },
    { base: "code", standsFor: "CodeLlama-7B", models: beforeAndAfter(preset, "code") },
  ] as const;

export const codeRatio: Experiment<CodeRatio> = {
  name: "code-ratio",
  title: "The effect of code data",
  reproduces: "Table 5 and Figure 4",
  published: ["table-5", "figure-4"],
  claim:
    "A small share of code helps held-out tasks, a large one harms; a code base leads in programming and web.",

  runs: (preset) => [
    ...ratioRuns(preset, sweep(preset)),
    ...pair(preset).flatMap(({ models }) =>
      evaluations(sized(preset), [...models.before, ...models.after], preset.data.heldOut),
    ),
  ],

  async measure(preset) {
    const { points, at } = await measureRatio(preset, sweep(preset));
    const table: CodeBaseRow[] = [];
    const leads: CodeRatio["leads"] = [];
    const covered = skills.filter((skill) => tasksOf(preset, skill).length > 0);
    for (const stage of stages) {
      const lead: Partial<Record<Skill, Interval>> = {};
      const rows = pair(preset).map(
        ({ base, standsFor }): CodeBaseRow => ({
          base,
          standsFor,
          tuned: stage === "after",
          skills: {},
        }),
      );
      for (const skill of covered) {
        const [plain, code] = (await Promise.all(
          pair(preset).map(({ models }) => rewardsOf(sized(preset), models[stage], tasksOf(preset, skill))),
        )) as [SeedRewards[], SeedRewards[]];
        rows[0]!.skills[skill] = average(plain);
        rows[1]!.skills[skill] = average(code);
        lead[skill] = gain(code, plain);
      }
      table.push(...rows);
      leads.push({ tuned: stage === "after", skills: lead });
    }
    return { points, table, leads, verdicts: [...tableVerdicts(leads), ...ratioVerdicts(preset, at)] };
  },

  draw: ({ points, table, leads }, preset) => [
    ...(preset.data.heldOut.length > 0 ? [drawLeads(preset, table, leads)] : []),
    drawRatio(preset, points, { name: "code-ratio", data: "code data" }),
  ],
};

/** Held-out tasks of a skill. */
const tasksOf = (preset: Preset, skill: Skill) =>
  preset.data.heldOut.filter((task) => getTask(task).skill === skill);

function drawLeads(preset: Preset, table: readonly CodeBaseRow[], leads: CodeRatio["leads"]): Drawn {
  const note = footnote({
    preset: preset.name,
    simulated: preset.teacher.kind === "simulated",
    seeds: preset.experiments.baseModels.seeds.length,
    level: 0.95,
  });
  const covered = skills.filter((skill) => leads[0]!.skills[skill]);
  const printed = readPublished("table-5");
  const publishedLead = (tuned: boolean, skill: Skill) => {
    const of = (base: CodeBaseRow["standsFor"]) => publishedNumber(printed, { base, tuned }, skill)!;
    return of("CodeLlama-7B") - of("Llama-2-7B-Chat");
  };
  const stage = (tuned: boolean) => (tuned ? "after tuning" : "before tuning");
  return {
    name: "code-base",
    title: "Lead of the code base on held-out tasks",
    caption: "Code base − plain base (points) by skill, paired, 95 % intervals; hatched: Table 5.",
    draw: bars({
      title: "Lead of the code base on held-out tasks",
      note,
      label: "Code base − plain base",
      unit: "points",
      categories: covered,
      series: [
        ...leads.map((lead) => ({
          name: stage(lead.tuned),
          values: covered.map((skill) => bounds(lead.skills[skill]!)),
        })),
        ...leads.map(({ tuned }) => ({
          name: `${stage(tuned)} (published)`,
          values: covered.map((skill) => publishedLead(tuned, skill)),
          published: true,
        })),
      ],
    }),
    rows: table.map(({ skills: scores, ...row }) => ({
      ...row,
      ...Object.fromEntries(covered.map((skill) => [skill, bounds(scores[skill]!)])),
      ...Object.fromEntries(
        covered.map((skill) => [
          `published ${skill}`,
          publishedNumber(printed, { base: row.standsFor, tuned: row.tuned }, skill),
        ]),
      ),
    })),
  };
}

function tableVerdicts(leads: CodeRatio["leads"]): Verdict[] {
  const published = { programming: "14.8 before, 8.5 after", web: "40.9 before, 18.0 after" } as const;
  return (["programming", "web"] as const).map((skill) => {
    const statement = {
      source: "table-5",
      claim: "a code base keeps its lead in programming and web after tuning",
      part: skill,
      published: published[skill],
      test: `held-out ${skill} tasks, code base − plain base, paired by instance, is above 0 before and after tuning`,
    };
    const measured = leads.flatMap((lead) => lead.skills[skill] ?? []);
    if (measured.length < stages.length)
      return notTestable(statement, `the preset has no held-out ${skill} task`);
    return allAboveZero(statement, measured);
  });
}

function ratioVerdicts(preset: Preset, at: Awaited<ReturnType<typeof measureRatio>>["at"]): Verdict[] {
  const { least, little, most } = sharesOf(sweep(preset));
  const source = "figure-4";
  return sweep(preset).bases.flatMap((base): Verdict[] => {
    const rise = {
      source,
      claim: "held-out rises with a small share of Evol-CodeAlpaca",
      part: base,
      test: `held-out average at share ${little} − at share ${least}, paired by instance, is above 0`,
    };
    const fall = (held: "in" | "out") => ({
      source,
      claim: "with a larger share both held-in and held-out fall",
      part: `${base}, held-${held}`,
      test: `held-${held} average at share ${little} − at share ${most}, paired by instance, is above 0`,
    });
    const heldIn = aboveZero(fall("in"), gain(at("in", base, little), at("in", base, most)));
    if (preset.data.heldOut.length === 0)
      return [
        notTestable(rise, "the preset has no held-out task"),
        heldIn,
        notTestable(fall("out"), "the preset has no held-out task"),
      ];
    return [
      aboveZero(rise, gain(at("out", base, little), at("out", base, least))),
      heldIn,
      aboveZero(fall("out"), gain(at("out", base, little), at("out", base, most))),
    ];
  });
}
