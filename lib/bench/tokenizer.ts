/** `agentbank bench tokenizer`: megabytes of text to ids a second, one text after another, beside transformers. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { replay } from "../agent";
import { loadTokenizer, type Tokenizer } from "../model/tokenizer";
import { toMarkdown } from "../report/tables/markdown";
import { columnsOf } from "../report/tables/table";
import { getTask } from "../tasks/registry";
import { ROOT } from "../util/files";
import type { Bench } from "./bench";
import { childBout } from "./child";
import { measure, printRatio } from "./paired";
import { generatePassages } from "./passages";
import { program } from "./program";

type Request = { rounds: number; seconds: number; model?: string; json: boolean };

program(async ({ rounds, seconds, model, json }: Request) => {
  const tokenizer = loadTokenizer(resolve(model ?? join(ROOT, "data", "base")));
  const home = mkdtempSync(join(tmpdir(), "agentbank-bench-tokenizer-"));
  try {
    // Both sides read the same two files; those inside GGUF are written out for the other one.
    writeFileSync(join(home, "tokenizer.json"), JSON.stringify(tokenizer.files.tokenizer));
    writeFileSync(join(home, "tokenizer_config.json"), JSON.stringify(tokenizer.files.config));
    const kinds = {
      // Words that hardly come again: the cache of pieces is of little use.
      "passages of ever new words": [...generatePassages(2000, 1)].map(({ text }) => text),
      trajectories: await trajectories(),
    };
    const results = [];
    for (const [name, texts] of Object.entries(kinds))
      results.push(await measure(benchOf(name, tokenizer, texts, home), { rounds, seconds }));
    if (json) return console.log(JSON.stringify(results, null, 2));
    const rows = results.map((m) => ({
      text: m.name,
      unit: m.unit,
      ours: m.oursRate,
      transformers: m.theirsRate,
      ratio: printRatio(m),
    }));
    console.log(toMarkdown({ columns: columnsOf(rows), rows, notes: results.flatMap(({ notes }) => notes) }));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

async function trajectories(): Promise<string[]> {
  const texts: string[] = [];
  for (const name of ["gsm8k", "webshop", "alfworld"]) {
    const task = getTask(name);
    for (const instance of task.generate({ split: "train", count: 100, seed: 1 })) {
      const steps = await task.gold(instance);
      if (!steps) continue;
      const { turns } = await replay({ task, instance, steps, shots: 0 });
      texts.push(turns.map(({ content }) => content).join("\n"));
    }
  }
  return texts;
}

function benchOf(name: string, tokenizer: Tokenizer, texts: readonly string[], home: string): Bench {
  const python = process.env["AGENTBANK_REFERENCE_PYTHON"];
  const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
  const encode = () => {
    for (const text of texts) tokenizer.encode(text);
    return megabytes;
  };
  return {
    name,
    unit: "MB/s",
    atLeast: null,
    ours: {
      name: "this kit",
      missing: () => null,
      async open() {
        encode();
        return {
          async run(seconds) {
            const start = performance.now();
            let done = 0;
            while (performance.now() - start < 1000 * seconds) done += encode();
            return done / ((performance.now() - start) / 1000);
          },
          async close() {},
        };
      },
    },
    theirs: {
      name: "transformers",
      missing: () =>
        python && existsSync(python) ? null : "set AGENTBANK_REFERENCE_PYTHON to a Python with transformers",
      open() {
        const file = join(home, "texts.json");
        writeFileSync(file, JSON.stringify(texts));
        return childBout(python!, [join(ROOT, "lib", "python", "bench_tokenizer.py"), home, file]);
      },
    },
  };
}
