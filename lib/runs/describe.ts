/** A run in words. */
import { type ModelSpec, nameOf, type RunSpec, type TrainSpec } from "./spec";

/** `reformat of 1000 gsm8k train instances, simulated teacher`, in about a line. */
export function describeRun(spec: RunSpec): string {
  switch (spec.kind) {
    case "annotate": {
      const { instances, strategies, teacher } = spec;
      const { task, split, count } = instances;
      const by = teacher.kind === "simulated" ? "simulated teacher" : teacher.model;
      return `${strategies.join(" + ")} of ${count} ${task} ${split} instances, ${by}`;
    }
    case "scratch":
    case "train":
    case "prefer":
      return describeModel(spec);
    case "explore": {
      const { model, bank } = spec;
      return `${describeModel(model)} explores ${describeInstances(bank)}`;
    }
    case "judge": {
      const { first, second, strategy } = spec.pairs;
      const sides = [strategy ?? first.strategies.join(" + "), second.strategies.join(" + ")];
      const by = spec.judge.kind === "simulated" ? "simulated judge" : spec.judge.model;
      return `${sides.join(" against ")} on ${first.instances.task}, ${by}`;
    }
    case "evaluate": {
      const { model, instances, mechanism } = spec;
      const by = mechanism ? ` by ${mechanism.kind}` : "";
      return `${describeModel(model)} plays ${describeInstances(instances)}${by}`;
    }
    case "ability": {
      const { model, of } = spec;
      const what =
        of.test === "mmlu"
          ? `MMLU with ${of.shots} examples`
          : `${of.count} held-out ${of.kind} conversations`;
      return `${describeModel(model)} answers ${what}`;
    }
  }
}

/** `base tuned on 5 tasks 80 % + general 20 % for 2000000 tokens, seed 0`. */
export function describeModel(model: ModelSpec): string {
  if (model.kind === "prefer") {
    const tasks = model.pairs.map(({ bank }) => bank.from.instances.task);
    const { budget, beta } = model.settings;
    return `${nameOf(model.base)} contrasted on ${tasks.join(", ")} for ${amountOf(budget)}, β ${beta}`;
  }
  if (model.kind !== "train") return nameOf(model);
  const { agent, general, code, settings, reflections = [] } = model;
  const { ratio, budget, seed } = settings;
  const banks = [
    ...(agent.length > 0 ? [describeBank(agent)] : []),
    ...(reflections.length > 0 ? ["reflections"] : []),
  ];
  const rows = banks.join(" and ");
  const parts = [
    ...(rows ? [[rows, ratio.agent] as const] : []),
    ...(general ? [["general", ratio.general] as const] : []),
    ...(code ? [["code", ratio.code] as const] : []),
  ];
  const all = parts.reduce((sum, [, share]) => sum + share, 0);
  const mixture = parts.map(([what, share]) =>
    parts.length > 1 ? `${what} ${Math.round((100 * share) / all)} %` : what,
  );
  return `${nameOf(model.base)} tuned on ${mixture.join(" + ")} for ${amountOf(budget)}, seed ${seed}`;
}

/** `300 steps`. */
function amountOf(budget: TrainSpec["settings"]["budget"]): string {
  const [[unit, amount] = ["", ""]] = Object.entries(budget);
  return `${amount} ${unit}`;
}

/** A few tasks by name, one with how it was annotated. */
function describeBank(agent: TrainSpec["agent"]): string {
  const tasks = [...new Set(agent.map(({ from }) => from.instances.task))];
  const forms = [...new Set(agent.flatMap(({ form }) => form ?? []))];
  const as = forms.length > 0 ? ` as ${forms.join(" and ")} rows` : "";
  if (tasks.length > 3) return `${tasks.length} tasks${as}`;
  if (tasks.length > 1 || as) return `${tasks.join(", ")}${as}`;
  return `${tasks[0]} by ${[...new Set(agent.flatMap(({ from }) => from.strategies))].join("/")}`;
}

function describeInstances(source: Extract<RunSpec, { kind: "evaluate" }>["instances"]): string {
  if (!("from" in source)) return `${source.count} ${source.task} ${source.split} instances`;
  const { from, start, count } = source;
  const which = count === null ? "all" : `${count}`;
  return `${which} ${from.instances.task} trajectories' instances from number ${start}`;
}
