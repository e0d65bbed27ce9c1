import { Command } from "commander";
import { wholeNumber } from "./numbers";

interface RateOptions {
  preset: string;
  port: number;
}

/** `agentbank rate`: the pairs of the human comparison, rated by keyboard in a browser. */
export function rateCommand(): Command {
  return new Command("rate")
    .description("rate pairs of trajectories by keyboard in a browser on this machine (Table 7)")
    .option("--preset <name>", "a name in configs/, or a YAML file", "mini")
    .option("--port <n>", "port on 127.0.0.1; 0 takes a free one", wholeNumber, 0)
    .addHelpText(
      "after",
      "\nRatings go to data/ratings/RATER.jsonl (or AGENTBANK_RATINGS); the notebook human-comparison reads all of them.",
    )
    .action(rate);
}

async function rate({ preset, port }: RateOptions): Promise<void> {
  const { serveRatings } = await import("../evaluation/rating/server.js");
  const { compute } = await import("../experiments/compute.js");
  const { humanComparison, pairsToRate } = await import("../experiments/human-comparison.js");
  const { loadPreset } = await import("../experiments/preset.js");
  const config = loadPreset(preset);
  await compute(humanComparison.runs(config));
  const pairs = await pairsToRate(config);
  const differing = pairs.filter(({ identical }) => !identical).length;
  const site = await serveRatings(pairs, { port });
  console.log(
    `${differing} pairs (${pairs.length - differing} more are identical): ${site.url} (Ctrl-C ends it)`,
  );
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await site.close();
}
