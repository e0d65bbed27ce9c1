/** Carries out a test of abilities: its questions in, `scores.jsonl` and `summary.json` out. */
import { join } from "node:path";
import { type AbilityScore, summarizeAbility } from "../evaluation/ability";
import { scoreConversations } from "../evaluation/conversations";
import { loadMmlu } from "../evaluation/mmlu";
import { answerQuestion } from "../evaluation/multiple-choice";
import { loadBackend } from "../model/backend";
import { loadModel } from "../model/checkpoint";
import { disposeModel, type Llama } from "../model/llama";
import { loadTokenizer, type Tokenizer } from "../model/tokenizer";
import { dataPath } from "../sources/resolve";
import { tokenRows } from "../training/mask";
import { writeAtomic } from "../util/files";
import { writeJsonl } from "../util/jsonl";
import { checkpointFolder, readHeldOut } from "./read";
import { type AbilitySpec, type ConversationTest, type MmluTest, nameOf } from "./spec";

type Report = (note: string) => void;

export async function runAbility(spec: AbilitySpec, out: string, report: Report): Promise<void> {
  await loadBackend();
  const folder = checkpointFolder(spec.model);
  const model = loadModel(folder);
  try {
    const { of: test } = spec;
    const tokenizer = loadTokenizer(folder);
    const scores =
      test.test === "mmlu"
        ? answerMmlu(model, tokenizer, test, report)
        : await converse(model, tokenizer, test, report);
    writeJsonl(join(out, "scores.jsonl"), scores);
    const summary = summarizeAbility(nameOf(spec.model), scores);
    writeAtomic(join(out, "summary.json"), `${JSON.stringify(summary, null, 2)}\n`);
  } finally {
    disposeModel(model);
  }
}

function answerMmlu(model: Llama, tokenizer: Tokenizer, test: MmluTest, report: Report): AbilityScore[] {
  const questions = loadMmlu(dataPath(test.folder), test);
  return questions.map((question, i) => {
    report(`mmlu ${i}/${questions.length}`);
    return answerQuestion(model, tokenizer, question);
  });
}

async function converse(model: Llama, tokenizer: Tokenizer, test: ConversationTest, report: Report) {
  const conversations = await readHeldOut(test);
  const rows = tokenRows(conversations, tokenizer, model.config.max_position_embeddings);
  return scoreConversations(
    model,
    tokenizer,
    conversations.map((conversation, i) => ({ conversation, ...rows[i]! })),
    {
      maxTokens: test.maxTokens,
      onProgress: (done, total) => report(`${test.kind} conversations ${done}/${total}`),
    },
  );
}
