/** Every experiment, in the order of the notebooks. */
import { agentTuning } from "./agent-tuning";
import { agentbench } from "./agentbench";
import { annotationStrategies } from "./annotation-strategies";
import { baseModels } from "./base-models";
import { beyond } from "./beyond";
import { codeRatio } from "./code-ratio";
import { contamination } from "./contamination";
import { datasetStatistics } from "./dataset-statistics";
import { difficultyBias } from "./difficulty-bias";
import { diversity } from "./diversity";
import { generalistRatio } from "./generalist-ratio";
import { humanComparison } from "./human-comparison";
import { mainResults } from "./main-results";
import { rationale } from "./rationale";
import { scaling } from "./scaling";
import { skillTransfer } from "./skill-transfer";

export const experiments = [
  datasetStatistics,
  annotationStrategies,
  difficultyBias,
  humanComparison,
  contamination,
  mainResults,
  baseModels,
  generalistRatio,
  codeRatio,
  scaling,
  skillTransfer,
  agentbench,
  agentTuning,
  rationale,
  diversity,
  beyond,
] as const;

/** The notebooks as a reader follows them: one instance, the whole pipeline once, then each experiment. */
export const notebookOrder: readonly string[] = [
  "walkthrough",
  "quickstart",
  ...experiments.map((e) => e.name),
];
