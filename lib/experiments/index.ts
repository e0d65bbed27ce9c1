/** Every experiment, in the order of the notebooks. */
import { agentTuning } from "./agent-tuning";
import { agentbench } from "./agentbench";
import { annotationStrategies } from "./annotation-strategies";
import { beyond } from "./beyond";
import { contamination } from "./contamination";
import { datasetStatistics } from "./dataset-statistics";
import { difficultyBias } from "./difficulty-bias";
import { generalistRatio } from "./generalist-ratio";
import { humanComparison } from "./human-comparison";
import { mainResults } from "./main-results";

export const experiments = [
  datasetStatistics,
  annotationStrategies,
  difficultyBias,
  humanComparison,
  contamination,
  mainResults,
  generalistRatio,
  agentbench,
  agentTuning,
  beyond,
] as const;

/** The notebooks as a reader follows them: one instance, the whole pipeline once, then each experiment. */
export const notebookOrder: readonly string[] = [
  "walkthrough",
  "quickstart",
  ...experiments.map((e) => e.name),
];
