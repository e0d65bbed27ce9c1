/**
 * MMLU (Hendrycks et al. 2021) from its own CSV files, under the prompt of lm-evaluation-harness's task `mmlu`:
 *
 *     The following are multiple choice questions (with answers) about virology.
 *
 *     Question of the dev split
 *     A. …
 *     B. …
 *     C. …
 *     D. …
 *     Answer: A
 *
 *     Question
 *     …
 *     Answer:
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { InputError } from "../util/errors";
import type { ChoiceQuestion } from "./multiple-choice";

const letters = ["A", "B", "C", "D"] as const;
const TEST = "_test.csv";

interface Row {
  question: string;
  choices: string[];
  answer: number;
}

/**
 * The test questions of every subject that the folder has, subjects in alphabetical order.
 *
 * @param folder holds `dev/SUBJECT_dev.csv` and `test/SUBJECT_test.csv`, as in the authors' archive
 * @param options.shots examples before each question, the first of the dev split: 0 to 5
 * @param options.perSubject questions of a subject at most; null takes all
 * @throws InputError where files are missing, or with every row that is no question
 */
export function loadMmlu(
  folder: string,
  options: { shots: number; perSubject: number | null },
): ChoiceQuestion[] {
  const root = existsSync(join(folder, "data", "test")) ? join(folder, "data") : folder;
  const tests = join(root, "test");
  const files = existsSync(tests) ? readdirSync(tests).filter((file) => file.endsWith(TEST)) : [];
  if (files.length === 0)
    throw new InputError(`${folder}: no test/SUBJECT${TEST}; to fetch them: agentbank data download mmlu`);
  return files.sort().flatMap((file) => {
    const subject = file.slice(0, -TEST.length);
    const topic = subject.replaceAll("_", " ");
    const head = `The following are multiple choice questions (with answers) about ${topic}.\n\n`;
    const shots = options.shots === 0 ? [] : readRows(join(root, "dev", `${subject}_dev.csv`));
    if (shots.length < options.shots)
      throw new InputError(`${subject}: ${shots.length} dev questions, ${options.shots} asked for`);
    const examples = shots
      .slice(0, options.shots)
      .map((row) => `${ask(row)} ${letters[row.answer]}\n\n`)
      .join("");
    return readRows(join(tests, file))
      .slice(0, options.perSubject ?? undefined)
      .map((row, i) => ({
        id: `${subject}-${i}`,
        group: subject,
        context: `${head}${examples}${ask(row)}`,
        choices: letters.map((letter) => ` ${letter}`),
        answer: row.answer,
      }));
  });
}

const ask = ({ question, choices }: Row) =>
  `${question.trim()}\n${choices.map((choice, i) => `${letters[i]}. ${choice}`).join("\n")}\nAnswer:`;

/** Rows without a header: question, four choices, the letter of the right one. */
function readRows(path: string): Row[] {
  if (!existsSync(path)) throw new InputError(`${path}: no such file`);
  let rows: string[][];
  try {
    rows = parse(readFileSync(path), { relax_column_count: true });
  } catch (error) {
    throw new InputError(`${path}: ${(error as Error).message}`);
  }
  const faults: string[] = [];
  const questions = rows.map((row, i) => {
    const [question = "", ...choices] = row;
    const answer = letters.indexOf(choices.pop() as (typeof letters)[number]);
    if (choices.length !== letters.length || answer < 0)
      faults.push(`${path}: row ${i + 1} is not a question, four choices and the letter of the right one`);
    return { question, choices, answer };
  });
  if (faults.length > 0) throw new InputError(faults);
  return questions;
}
