/** What notebooks import: `import { … } from "agentbank-lab"`. */
export { type Episode, endings, replay, runEpisode, toTrajectory } from "./agent";
export { type AnnotateOptions, annotate } from "./annotate/annotate";
export { rewardAbove } from "./annotate/plan";
export { type Competence, simulatedTeacher } from "./annotate/teacher";
export { bootstrapDifference, bootstrapMean, type Interval } from "./evaluation/bootstrap";
export { type MatchedPair, pairUp } from "./evaluation/matched";
export { readRatings } from "./evaluation/rating/ratings";
export { type Evaluation, evaluate } from "./evaluation/runner";
export { bootstrapSeeds, paired } from "./evaluation/seeds";
export { agentTuning } from "./experiments/agent-tuning";
export { agentbench } from "./experiments/agentbench";
export { annotationStrategies } from "./experiments/annotation-strategies";
export { baseModels } from "./experiments/base-models";
export { beyond } from "./experiments/beyond";
export { exampleEpisode, examplePair } from "./experiments/beyond/example";
export { codeRatio } from "./experiments/code-ratio";
export { compute } from "./experiments/compute";
export { contamination } from "./experiments/contamination";
export { datasetStatistics } from "./experiments/dataset-statistics";
export { difficultyBias } from "./experiments/difficulty-bias";
export { diversity } from "./experiments/diversity";
export { generalistRatio } from "./experiments/generalist-ratio";
export { humanComparison, pairsToRate } from "./experiments/human-comparison";
export { experiments } from "./experiments/index";
export { mainResults } from "./experiments/main-results";
export { loadPreset, type Preset, presetNames } from "./experiments/preset";
export { publish } from "./experiments/publish";
export { quickstart } from "./experiments/quickstart";
export { rationale } from "./experiments/rationale";
export { scaling } from "./experiments/scaling";
export {
  showConversation,
  showFigure,
  showJson,
  showPublished,
  showTable,
  showTokens,
} from "./experiments/show";
export { showRating } from "./experiments/show-rating";
export { skillTransfer } from "./experiments/skill-transfer";
export { verdictRows } from "./experiments/verdict";
export { cached } from "./llm/cached";
export type { LanguageModel, Message } from "./llm/client";
export { limited } from "./llm/limited";
export { localModel } from "./llm/local";
export { openaiModel } from "./llm/openai";
export { serveModel } from "./llm/server";
export { loadBackend } from "./model/backend";
export { loadModel, saveModel } from "./model/checkpoint";
export { loadTokenizer } from "./model/tokenizer";
export { bars } from "./report/figures/bars";
export { heatmap } from "./report/figures/heatmap";
export { lines } from "./report/figures/lines";
export { type Published, publishedNames, readPublished } from "./report/published";
export { toLatex } from "./report/tables/latex";
export { toMarkdown } from "./report/tables/markdown";
export { selectInstances } from "./tasks/instances";
export { mind2webMetrics } from "./tasks/mind2web/metrics";
export { openingPrompt } from "./tasks/prompt";
export { getTask, tasks } from "./tasks/registry";
export type { Instance, Split, Step, Task } from "./tasks/task";
export { liveCurve } from "./training/live-curve";
export { type TrainOptions, train } from "./training/train";
export { readTrajectories, writeTrajectories } from "./trajectory/files";
export { parseReact, printReact } from "./trajectory/react";
export type { Trajectory, Turn } from "./trajectory/schema";
export { display, type MimeBundle } from "./util/display";
export { createRng } from "./util/random";
