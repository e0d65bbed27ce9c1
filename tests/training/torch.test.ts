/** The torch engine: what it is handed, and what comes of it on processes of this machine's CPU. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { parse } from "yaml";
import { main } from "../../lib/cli";
import { loadBackend } from "../../lib/model/backend";
import { prepareTorch } from "../../lib/training/engines/torch";
import { readEvaluations, type StepMetrics } from "../../lib/training/loop";
import { dealRows } from "../../lib/training/torch/deal";
import { accelerateConfig, parseLaunch } from "../../lib/training/torch/launch";
import { torchMissing, torchPython } from "../../lib/training/torch/python";
import { prepareRun, train } from "../../lib/training/train";
import { InputError } from "../../lib/util/errors";
import { ROOT } from "../../lib/util/files";
import { writeJsonl } from "../../lib/util/jsonl";
import { conversations, writeTinyModel } from "./fixtures";

process.env["AGENTBANK_TORCH_PYTHON"] ||= process.env["AGENTBANK_REFERENCE_PYTHON"] ?? "";

const folder = mkdtempSync(join(tmpdir(), "agentbank-torch-"));
const base = join(folder, "base");
const agent = join(folder, "agent.jsonl");
const STEPS = 10;
const settings = {
  model: base,
  data: { agent },
  batch: { rows: 7 },
  microTokens: 64,
  budget: { steps: STEPS },
  learningRate: 0.01,
  weightDecay: 0.01,
  // Some steps are clipped, some are not.
  clip: 1.6,
  checkpointEvery: 2,
};

before(async () => {
  await loadBackend({ threads: 1 });
  writeTinyModel(base);
  writeJsonl(agent, conversations(40, 1));
});
after(() => rmSync(folder, { recursive: true }));

const out = (name: string) => join(folder, name);
const metrics = (name: string): StepMetrics[] =>
  readFileSync(join(out(name), "metrics.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Skips where no Python with torch and accelerate is at hand. */
function hasTorch(t: TestContext): boolean {
  const missing = torchMissing();
  if (missing) t.skip(missing);
  return !missing;
}

test("every row of a step is read once, by processes that take as many turns, and no micro-batch is too large", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 100 }),
      (lengths, processes, most) => {
        const dealt = dealRows(lengths, processes, most);
        assert.equal(dealt.length, processes);
        assert.deepEqual(new Set(dealt.map((micro) => micro.length)).size, 1);
        assert.deepEqual(
          dealt.flat(2).sort((a, b) => a - b),
          [...lengths.keys()],
        );
        for (const rows of dealt.flat())
          assert.ok(rows.length <= 1 || rows.reduce((sum, i) => sum + lengths[i]!, 0) <= most);
      },
    ),
  );
  assert.deepEqual(dealRows([9, 7, 6, 4, 3, 3], 2, 10), [
    [[0], [1]],
    [
      [2, 5],
      [3, 4],
    ],
  ]);
});

test("launches are read; others are refused with the forms that are known", () => {
  assert.deepEqual(parseLaunch("4xA100"), { machines: 1, processesPerMachine: 4, device: "cuda" });
  assert.deepEqual(parseLaunch("2x8"), { machines: 2, processesPerMachine: 8, device: "cuda" });
  assert.deepEqual(parseLaunch("2xCPU"), { machines: 1, processesPerMachine: 2, device: "cpu" });
  for (const text of ["", "4", "x8", "0x8", "4xA100x2", "-1xGPU"])
    assert.throws(() => parseLaunch(text), /unknown launch: ".*"; known: 4xA100/);
});

test("settings that torch does not have are all told, before anything is written", async () => {
  const faulty = { ...settings, engine: "torch" as const, launch: "2xCPU", tied: true, out: out("faulty") };
  await assert.rejects(
    train({ ...faulty, attention: "flash_attention_2" }),
    (error) => error instanceof InputError && error.faults.length === 3,
  );
  assert.equal(existsSync(out("faulty")), false);
});

test("a dry run prints the command and the config of each machine, and writes what they read", async (t) => {
  for (const name of ["1xGPU", "4xA100", "2x8"]) {
    const lines: string[] = [];
    t.mock.method(console, "log", (line: string) => lines.push(line));
    const config = join(ROOT, "configs", "torch", `${name}.yaml`);
    const flags = ["--model", base, "--agent", agent, "--out", out(name), "--dry-run"];
    assert.equal(await main(["train", "--config", config, ...flags]), 0);
    t.mock.restoreAll();
    const [command, yaml] = lines.join("\n").split("\n\n");
    assert.match(command!, /-m accelerate\.commands\.launch --config_file \S+accelerate\.yaml/);
    assert.equal(command!.includes("--machine_rank $RANK --main_process_ip $MAIN_ADDRESS"), name === "2x8");
    const { num_machines, num_processes, mixed_precision } = parse(yaml!);
    const expected = { "1xGPU": [1, 1], "4xA100": [1, 4], "2x8": [2, 16] }[name];
    assert.deepEqual([num_machines, num_processes, mixed_precision], [...expected!, "bf16"]);
    const files = readdirSync(join(out(name), "torch")).sort();
    assert.deepEqual(files, ["accelerate.yaml", "job.json", "rows.safetensors", "steps.jsonl"]);
  }
});

test("accelerate reads the configs as they are meant", (t) => {
  if (!hasTorch(t)) return;
  for (const [name, precision] of [
    ["2xCPU", "float32"],
    ["1xGPU", "bfloat16"],
    ["4xA100", "bfloat16"],
    ["2x8", "bfloat16"],
  ] as const) {
    const text = accelerateConfig(parseLaunch(name), { precision, recompute: true });
    writeFileSync(join(folder, `accelerate-${name}.yaml`), text);
  }
  const program = `
import glob, json
from accelerate.commands.launch import _validate_launch_command, launch_command_parser
from accelerate.utils.launch import prepare_multi_gpu_env
for path in sorted(glob.glob("${folder}/accelerate-*.yaml")):
    rank = ["--machine_rank", "1", "--main_process_ip", "10.0.0.1"] if "2x8" in path else []
    args, _, _ = _validate_launch_command(launch_command_parser().parse_args(["--config_file", path, *rank, "x.py"]))
    env = prepare_multi_gpu_env(args)
    print(json.dumps([args.use_fsdp, str(args.nproc_per_node), str(getattr(args, "nnodes", 1)), str(getattr(args, "node_rank", 0)),
        *(env[k] for k in ("FSDP_VERSION", "FSDP_RESHARD_AFTER_FORWARD", "FSDP_ACTIVATION_CHECKPOINTING", "ACCELERATE_MIXED_PRECISION"))]))`;
  const { stdout, stderr } = spawnSync(torchPython(), ["-c", program], { encoding: "utf8" });
  const read = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    read,
    [
      [true, "1", "1", "0", "2", "true", "true", "bf16"],
      [true, "8", "2", "1", "2", "true", "true", "bf16"],
      [true, "2", "1", "0", "2", "true", "true", "no"],
      [true, "4", "1", "0", "2", "true", "true", "bf16"],
    ],
    stderr,
  );
});

test("two processes under FSDP: losses and gradient norms of ten steps are the eager engine's, and so are the weights", async (t) => {
  if (!hasTorch(t)) return;
  const summary = await train({ ...settings, engine: "torch", launch: "2xCPU", out: out("two") });
  await train({ ...settings, engine: "eager", out: out("eager") });
  assert.equal(summary.steps, STEPS);
  const expected = metrics("eager");
  metrics("two").forEach((found, i) => {
    const { loss, gradNorm, ...rest } = expected[i]!;
    assert.ok(Math.abs(found.loss - loss) < 1e-4, `step ${i + 1}: loss ${found.loss}, ${loss}`);
    assert.ok(
      Math.abs(found.gradNorm / gradNorm - 1) < 1e-3,
      `step ${i + 1}: ${found.gradNorm}, ${gradNorm}`,
    );
    assert.deepEqual({ ...found, loss, gradNorm }, { ...rest, loss, gradNorm });
  });
  // What it leaves is read, and evaluated, as any checkpoint is.
  const { loadModel } = await import("../../lib/model/checkpoint.js");
  const [a, b] = [loadModel(out("eager")), loadModel(out("two"))];
  for (const [name, weight] of Object.entries(a.weights)) {
    const found = b.weights[name]!.dataSync();
    weight
      .dataSync()
      .forEach((value, i) => void assert.ok(Math.abs(value - found[i]!) < 2e-3, `${name}[${i}]`));
  }
  assert.deepEqual(readdirSync(out("two")).sort(), [
    "config.json",
    "generation_config.json",
    "metrics.jsonl",
    "model.safetensors",
    "tensorboard",
    "timing.jsonl",
    "tokenizer.json",
    "tokenizer_config.json",
    "train.json",
  ]);
});

test("TRL's SFTTrainer takes the same ten steps", async (t) => {
  if (!hasTorch(t)) return;
  const has = spawnSync(torchPython(), ["-c", "import trl, datasets"], { encoding: "utf8" });
  if (has.status !== 0) return t.skip(`${torchPython()} has no trl`);
  prepareTorch(await prepareRun({ ...settings, engine: "torch", launch: "1xCPU", out: out("trl") }));
  const script = join(ROOT, "tests", "expected", "trl_steps.py");
  const { stdout, stderr } = spawnSync(torchPython(), [script, join(out("trl"), "torch"), out("sft")], {
    encoding: "utf8",
    env: { ...process.env, OMP_NUM_THREADS: "1", HF_HUB_OFFLINE: "1" },
  });
  const expected: [number, number][] = JSON.parse(stdout.trim().split("\n").at(-1) ?? stderr);
  const found = metrics("two");
  assert.equal(expected.length, STEPS);
  for (const [i, [loss, gradNorm]] of expected.entries()) {
    assert.ok(Math.abs(found[i]!.loss - loss) < 1e-4, `step ${i + 1}: loss ${found[i]!.loss}, ${loss}`);
    assert.ok(
      Math.abs(found[i]!.gradNorm / gradNorm - 1) < 1e-3,
      `step ${i + 1}: ${found[i]!.gradNorm}, ${gradNorm}`,
    );
  }
});

test("killed, a training leaves no process; run again, it ends with the same numbers", async (t) => {
  if (!hasTorch(t)) return;
  const options = { ...settings, engine: "torch", launch: "2xCPU", out: out("killed") };
  const program = `
    const { train } = require(${JSON.stringify(join(ROOT, "lib/training/train"))});
    train({ ...${JSON.stringify(options)}, onStep: ({ step }) => { if (step === 5) process.kill(process.pid, "SIGKILL"); } });`;
  const parent = spawn(process.execPath, ["--require", "ts-node/register/transpile-only", "-e", program], {
    cwd: ROOT,
  });
  const [, signal] = await once(parent, "exit");
  assert.equal(signal, "SIGKILL");
  const handover = join(out("killed"), "torch");
  for (let i = 0; i < 100 && running(handover); i++) await sleep(100);
  assert.equal(running(handover), false);
  const taken: number[] = [];
  await train({ ...options, engine: "torch", onStep: ({ step }) => void taken.push(step) });
  assert.ok(taken[0]! >= 5, `gone on from the checkpoint of step 4, not from step ${taken[0]}`);
  assert.deepEqual(metrics("killed"), metrics("two"));
});

/** Whether a process was started with this argument. */
function running(argument: string): boolean {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        return readFileSync(join("/proc", pid, "cmdline"), "utf8")
          .split("\0")
          .includes(argument);
      } catch {
        return false;
      }
    });
}

test("LoRA with layers computed again: the curve is the eager engine's but for the adapters' start, the adapter is peft's", async (t) => {
  if (!hasTorch(t)) return;
  const lora = { rank: 4, alpha: 8 };
  const options = { ...settings, budget: { steps: 3 }, recompute: true, lora };
  await train({ ...options, engine: "torch", launch: "1xCPU", out: out("lora") });
  await train({ ...options, engine: "eager", out: out("lora-eager") });
  const [found, expected] = [metrics("lora"), metrics("lora-eager")];
  // B starts at zero, so the first loss is the base's; from then on A's random numbers tell.
  assert.ok(Math.abs(found[0]!.loss - expected[0]!.loss) < 1e-5);
  assert.ok(found[2]!.loss < found[0]!.loss && Math.abs(found[2]!.loss - expected[2]!.loss) < 0.02);
  const { loadModel } = await import("../../lib/model/checkpoint.js");
  const { mergedWeights, withAdapter } = await import("../../lib/model/adapter.js");
  const merged = mergedWeights(withAdapter(loadModel(base), join(out("lora"), "adapter")));
  for (const [name, weight] of Object.entries(loadModel(out("lora")).weights)) {
    const expected = merged[name]!.dataSync();
    weight.dataSync().forEach((value, i) => void assert.ok(Math.abs(value - expected[i]!) < 1e-5, name));
  }
});

const evaluations = (name: string) => readEvaluations(join(out(name), "evaluations.jsonl"));

test("held-out losses are the eager engine's", async (t) => {
  if (!hasTorch(t)) return;
  const options = { ...settings, evaluation: { every: 3, heldOut: 0.4 } };
  await train({ ...options, engine: "eager", out: out("held-eager") });
  const told: number[] = [];
  const onEvaluation = ({ step }: { step: number }) => void told.push(step);
  await train({ ...options, engine: "torch", launch: "2xCPU", out: out("held"), onEvaluation });
  assert.deepEqual(told, [3, 6, 9, 10]);
  for (const [i, { step, loss, sources }] of evaluations("held").entries()) {
    const expected = evaluations("held-eager")[i]!;
    assert.equal(step, expected.step);
    assert.ok(Math.abs(loss - expected.loss) < 1e-4, `step ${step}: ${loss}, ${expected.loss}`);
    assert.deepEqual(sources, { agent: loss });
  }
});

test("patience ends a training with the model of the lowest held-out loss", async (t) => {
  if (!hasTorch(t)) return;
  // So fast that it soon goes astray.
  const evaluation = { every: 2, heldOut: 0.4, patience: 2 };
  const options = { ...settings, budget: { steps: 40 }, batch: { rows: 4 }, learningRate: 0.1, evaluation };
  const summary = await train({ ...options, engine: "torch", launch: "2xCPU", out: out("patient") });
  const { best, steps } = summary;
  assert.ok(best && steps < 40, "the case tells nothing");
  assert.equal(steps - best.step, evaluation.every * evaluation.patience);
  // The eager engine finds that loss again in what was left: it trains no further at such a rate.
  const again = { ...options, model: out("patient"), budget: { steps: 1 }, learningRate: 1e-12 };
  await train({ ...again, engine: "eager", out: out("patient-again") });
  const [found] = evaluations("patient-again");
  assert.ok(Math.abs(found!.loss - best.loss) < 1e-4, `${found!.loss}, ${best.loss}`);
});

test("a spike is skipped, or stops the training with its rows, as in the other engines", async (t) => {
  if (!hasTorch(t)) return;
  // Hardly anything is learned, so that losses stay about the median, and some lie above it by chance.
  const spikes = { factor: 1.003, action: "skip" as const };
  const options = { ...settings, batch: { rows: 1 }, budget: { steps: 24 }, learningRate: 1e-5, spikes };
  for (const [engine, name] of [
    ["torch", "skip"],
    ["eager", "skip-eager"],
  ] as const)
    await train({ ...options, engine, launch: "2xCPU", out: out(name) });
  const skipped = (name: string) => metrics(name).flatMap((m) => (m.skipped ? [m.step] : []));
  assert.ok(skipped("skip-eager").length > 0, "the case tells nothing");
  assert.deepEqual(skipped("skip"), skipped("skip-eager"));
  metrics("skip-eager").forEach(({ loss }, i) => {
    assert.ok(Math.abs(metrics("skip")[i]!.loss - loss) < 1e-3, `step ${i + 1}`);
  });
  const stop = { ...options, spikes: { ...spikes, action: "stop" as const }, engine: "torch" as const };
  await assert.rejects(
    train({ ...stop, launch: "2xCPU", out: out("stop") }),
    new RegExp(
      `^Error: step ${skipped("skip")[0]}: loss .* is above .* 1.003 times the median before it; rows: `,
    ),
  );
});

test("what goes wrong in Python is told in one line; a loss that is not finite names step and rows", async (t) => {
  if (!hasTorch(t)) return;
  const options = { ...settings, engine: "torch" as const, out: out("wrong") };
  if (!existsSync("/dev/nvidiactl"))
    await assert.rejects(
      train({ ...options, launch: "1xGPU" }),
      /^Error: torch: ValueError: 1 GPUs .* finds 0$/,
    );
  await assert.rejects(
    train({ ...options, launch: "1xCPU", learningRate: 1e30, clip: 1e30, warmup: 0, out: out("nan") }),
    /^Error: step \d+: loss .*; rows: row-/,
  );
});
