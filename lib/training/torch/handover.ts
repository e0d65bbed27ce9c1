/**
 * What lib/python/train_torch.py is handed, as files in one folder:
 *
 *     job.json           the model's folder and the result's, AdamW's settings, precision, attention, checkpoints, and
 *                        of each source's held-out rows, if any, those of each process's micro-batches
 *     rows.safetensors   ids [N] int32 and trained [N] uint8 of all rows end to end, starts [rows + 1] int64
 *     steps.jsonl        each step's learning rate, its trained tokens, and the rows of each process's micro-batches
 *     accelerate.yaml    machines, processes and sharding
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeAtomic } from "../../util/files";
import { writeJsonl } from "../../util/jsonl";
import type { TokenRow } from "../mask";
import type { Draw } from "../mixture";
import { learningRateAt } from "../schedule";
import type { TrainSettings } from "../settings";
import { dealRows } from "./deal";
import { accelerateConfig, type Launch, processesOf } from "./launch";

export interface TorchRun {
  /** Folder of the model to start from. */
  model: string;
  out: string;
  settings: TrainSettings;
  /** Rows of each source, and which of them each step takes. */
  sources: readonly (readonly TokenRow[])[];
  /** Rows that are evaluated and not trained on, by the name of their source. */
  heldOut: Readonly<Record<string, readonly TokenRow[]>>;
  plan: readonly (readonly Draw[])[];
  /** Hash of all that determines the result. */
  identity: string;
  checkpointEvery: number;
}

/** Writes the files. `watch`: the program ends when its standard input does. */
export function writeHandover(folder: string, run: TorchRun, launch: Launch, watch: boolean): void {
  const { settings, plan } = run;
  mkdirSync(folder, { recursive: true });
  const groups = [...run.sources, ...Object.values(run.heldOut)];
  const rows = groups.flat();
  const offsets = groups.map((_, g) => groups.slice(0, g).reduce((n, group) => n + group.length, 0));
  const deal: Deal = (drawn) => {
    const own = drawn.map((row) => rows[row]!);
    const lengths = own.map(({ ids }) => ids.length);
    return {
      tokens: lengths.reduce((sum, n) => sum + n, 0),
      // The first token of a row is predicted from nothing.
      trained: own.reduce((sum, row) => sum + row.trained.subarray(1).reduce((n, t) => n + t, 0), 0),
      processes: dealRows(lengths, processesOf(launch), settings.microTokens).map((micro) =>
        micro.map((indices) => indices.map((i) => drawn[i]!)),
      ),
    };
  };
  const heldOut = Object.entries(run.heldOut).flatMap(([name, own], i) => {
    const offset = offsets[run.sources.length + i]!;
    return own.length > 0 ? [[name, deal(own.map((_, row) => offset + row))] as const] : [];
  });
  writeAtomic(join(folder, "rows.safetensors"), rowsFile(rows));
  writeJsonl(join(folder, "steps.jsonl"), steps(offsets, plan, settings, deal));
  writeAtomic(join(folder, "accelerate.yaml"), accelerateConfig(launch, settings));
  const { precision, betas, weightDecay, clip, spikes, seed } = settings;
  const job = {
    model: run.model,
    out: run.out,
    checkpoints: join(run.out, "checkpoints", "torch"),
    checkpointEvery: run.checkpointEvery,
    identity: run.identity,
    device: launch.device,
    watch,
    attention: settings.attention ?? "sdpa",
    lora: settings.lora,
    ...{ precision, betas, weightDecay, clip, spikes, seed },
    evaluation: settings.evaluation && { ...settings.evaluation, sources: Object.fromEntries(heldOut) },
  };
  writeAtomic(join(folder, "job.json"), `${JSON.stringify(job, null, 2)}\n`);
}

/** Tokens of rows, those of them that are trained, and the rows of each process's micro-batches. */
type Deal = (rows: readonly number[]) => { tokens: number; trained: number; processes: number[][][] };

function* steps(offsets: readonly number[], plan: TorchRun["plan"], settings: TrainSettings, deal: Deal) {
  const schedule = {
    shape: settings.schedule,
    peak: settings.learningRate,
    warmup: settings.warmup,
    steps: plan.length,
  };
  for (const [step, draws] of plan.entries())
    yield {
      step: step + 1,
      learningRate: learningRateAt(step, schedule),
      ...deal(draws.map(([source, row]) => offsets[source]! + row)),
    };
}

/** Rows end to end in the safetensors format, whose readers map the file and take the rows that they need. */
function rowsFile(rows: readonly TokenRow[]): Uint8Array {
  const tokens = rows.reduce((sum, row) => sum + row.ids.length, 0);
  const starts = new BigInt64Array(rows.length + 1);
  const ids = new Int32Array(tokens);
  const trained = new Uint8Array(tokens);
  let at = 0;
  rows.forEach((row, i) => {
    ids.set(row.ids, at);
    trained.set(row.trained, at);
    at += row.ids.length;
    starts[i + 1] = BigInt(at);
  });
  // From wide to narrow, so that each begins at a multiple of its width.
  const header: Record<string, object> = {};
  let end = 0;
  const parts = Object.entries({ starts, ids, trained }).map(([name, array]) => {
    header[name] = {
      dtype: { starts: "I64", ids: "I32", trained: "U8" }[name],
      shape: [array.length],
      data_offsets: [end, end + array.byteLength],
    };
    end += array.byteLength;
    return Buffer.from(array.buffer);
  });
  const json = JSON.stringify(header);
  const text = Buffer.from(json.padEnd(8 * Math.ceil(json.length / 8)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...parts]);
}
