/** Tests of general abilities: their parts on hand-made input, MMLU beside lm-evaluation-harness (tests/expected/mmlu.py). */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { summarizeAbility } from "../../lib/evaluation/ability";
import { scoreConversations } from "../../lib/evaluation/conversations";
import { loadMmlu } from "../../lib/evaluation/mmlu";
import { answerQuestion, logLikelihoods } from "../../lib/evaluation/multiple-choice";
import { languageModel } from "../../lib/llm/local";
import { loadBackend } from "../../lib/model/backend";
import { loadModel } from "../../lib/model/checkpoint";
import { disposeModel, type Llama } from "../../lib/model/llama";
import { nextLogprobs, scoreTokens } from "../../lib/model/score";
import { loadTokenizer } from "../../lib/model/tokenizer";
import { generateInstructions } from "../../lib/training/instruct";
import { tokenRow } from "../../lib/training/mask";
import { InputError } from "../../lib/util/errors";
import { ROOT } from "../../lib/util/files";
import { benchmarks } from "../benchmarks";

const folder = join(ROOT, "data", "base");
const tokenizer = loadTokenizer(folder);
let model: Llama;
before(async () => {
  await loadBackend();
  model = loadModel(folder);
});
after(() => disposeModel(model));
const nearly = (actual: number, expected: number, by: number) =>
  assert.ok(Math.abs(actual - expected) < by, `${actual} ≠ ${expected}`);

const official = benchmarks("mmlu");
interface Expected {
  limit: number;
  cases: {
    shots: number;
    maxLength: number;
    subjects: Record<string, { answer: number; logprobs: number[]; acc: number }[]>;
  }[];
}

test("MMLU: lm-evaluation-harness's log-likelihoods and choices, with and without examples, cut prompts too", {
  skip: official ? false : "no MMLU files",
}, () => {
  const path = join(__dirname, "..", "fixtures", "mmlu.json");
  const { limit, cases }: Expected = JSON.parse(readFileSync(path, "utf8"));
  for (const { shots, maxLength, subjects } of cases) {
    const questions = loadMmlu(official!, { shots, perSubject: limit });
    const reader = { ...model, config: { ...model.config, max_position_embeddings: maxLength } };
    for (const [subject, answers] of Object.entries(subjects)) {
      const own = questions.filter((q) => q.group === subject);
      assert.deepEqual(
        own.map((q) => q.answer),
        answers.map((a) => a.answer),
      );
      for (const [i, question] of own.entries()) {
        const { context, choices } = question;
        logLikelihoods(reader, tokenizer, context, choices).forEach((logprob, c) => {
          nearly(logprob, answers[i]!.logprobs[c]!, 2e-3);
        });
        assert.equal(answerQuestion(reader, tokenizer, question).score, answers[i]!.acc, question.id);
      }
    }
  }
});

test("MMLU: every official question is read", { skip: official ? false : "no MMLU files" }, () => {
  const questions = loadMmlu(official!, { shots: 5, perSubject: null });
  assert.equal(questions.length, 1224);
  assert.equal(new Set(questions.map((q) => q.id)).size, 1224);
});

function writeMmlu(dev: string, test: string): string {
  const root = mkdtempSync(join(tmpdir(), "mmlu-"));
  for (const split of ["dev", "test"]) mkdirSync(join(root, split));
  writeFileSync(join(root, "dev", "folk_music_dev.csv"), dev);
  writeFileSync(join(root, "test", "folk_music_test.csv"), test);
  return root;
}

test("MMLU: the prompt, of examples and question", () => {
  const root = writeMmlu("One?,1,2,3,4,A\nTwo?,1,2,3,4,B\n", '" Which, ""old""\nsong?","a, b",c,d,e,C\n');
  const [question] = loadMmlu(root, { shots: 1, perSubject: null });
  assert.equal(
    question!.context,
    "The following are multiple choice questions (with answers) about folk music.\n\n" +
      "One?\nA. 1\nB. 2\nC. 3\nD. 4\nAnswer: A\n\n" +
      'Which, "old"\nsong?\nA. a, b\nB. c\nC. d\nD. e\nAnswer:',
  );
  assert.deepEqual([question!.answer, question!.choices[2]], [2, " C"]);
});

test("MMLU: rows that are no question, and files that are not there, are told", () => {
  const root = writeMmlu("One?,1,2,3,4,A\n", "One?,1,2,3,A\nTwo?,1,2,3,4,A\nThree?,1,2,3,4,E\n");
  assert.throws(
    () => loadMmlu(root, { shots: 0, perSubject: null }),
    (error: InputError) =>
      error instanceof InputError && error.faults.length === 2 && /row 3/.test(error.message),
  );
  assert.throws(() => loadMmlu(root, { shots: 2, perSubject: null }), /1 dev questions, 2 asked for/);
  assert.throws(() => loadMmlu(tmpdir(), { shots: 0, perSubject: null }), /agentbank data download mmlu/);
});

test("a text's likelihood is the sum over its tokens, however many; the context's last space is the text's", () => {
  const context = "The colour of the sky is";
  const [short, long] = logLikelihoods(model, tokenizer, context, [" red", " red and green."]);
  const all = scoreTokens(model, tokenizer.encode(`${context} red and green.`));
  const start = tokenizer.encode(context).length;
  const sum = (end?: number) => all.slice(start, end).reduce((total, t) => total + t.logprob!, 0);
  nearly(long!, sum(), 1e-4);
  nearly(short!, sum(start + 1), 1e-4);
  assert.equal(logLikelihoods(model, tokenizer, `${context} `, ["red"])[0], short);
});

test("what comes next has probability 1 in all, and each token that of its score", () => {
  const word = fc.constantFrom(" red", " dog", " house", " 12", "\n", ".");
  const texts = fc.array(word, { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(texts, (words) => {
      const ids = tokenizer.encode(words.join(""));
      const logprobs = nextLogprobs(model, ids.slice(0, -1));
      nearly(
        logprobs.reduce((sum, l) => sum + Math.exp(l), 0),
        1,
        1e-3,
      );
      nearly(logprobs[ids.at(-1)!]!, scoreTokens(model, ids).at(-1)!.logprob!, 1e-4);
    }),
    { numRuns: 20 },
  );
});

test("a conversation's score is the share of answers that the model gives itself, its loss that of training", async () => {
  const [given] = generateInstructions("general", 1, 0, "test");
  const [question] = given!.turns;
  const { text } = await languageModel(model, tokenizer, { maxTokens: 16 }).complete({
    messages: [{ role: "user", content: question!.content }],
  });
  const turn = (role: "user" | "assistant", content: string) => ({
    role,
    content,
    loss: role === "assistant",
  });
  const conversation = {
    ...given!,
    turns: [
      question!,
      turn("assistant", text),
      turn("user", "Thank you!"),
      turn("assistant", "zebra zebra zebra"),
    ],
  };
  const row = tokenRow(conversation, tokenizer);
  const [scored] = await scoreConversations(model, tokenizer, [{ conversation, ...row }], { maxTokens: 16 });
  assert.equal(scored!.score, 0.5);
  const trained = scoreTokens(model, [...row.ids]).filter((_, i) => row.trained[i] === 1);
  nearly(scored!.loss, trained.reduce((sum, t) => sum - t.logprob!, 0) / trained.length, 1e-6);
});

test("every question counts alike, whatever its group", () => {
  const score = (group: string, score: number) => ({ id: group, group, score, loss: Math.log(2) });
  const summary = summarizeAbility("m", [score("a", 1), score("b", 0), score("b", 0), score("b", 1)]);
  assert.deepEqual([summary.score, summary.groups["a"], summary.questions], [0.5, 1, 4]);
  nearly(summary.perplexity, 2, 1e-12);
  assert.throws(() => summarizeAbility("m", []), RangeError);
});
