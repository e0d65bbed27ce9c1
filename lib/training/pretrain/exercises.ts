/** Every exercise by name, as recipes weigh them. None resembles a task of the kit or its format. */
import { unknown } from "../../util/errors";
import { conversation, talk } from "./chat";
import { assign, define, lookup, loop } from "./code";
import { arithmetic, compare, count, running } from "./numbers";
import type { Exercise } from "./page";
import { facts, sentences } from "./prose";
import { keyValue, list, pattern, record, rules } from "./recall";
import { remember } from "./remember";
import { copy, dress, excerpt, repeat } from "./strings";

const written: Record<string, Exercise> = {
  repeat,
  excerpt,
  copy,
  dress,
  keyValue,
  list,
  record,
  rules,
  pattern,
  arithmetic,
  running,
  compare,
  count,
  assign,
  lookup,
  define,
  loop,
  facts,
  sentences,
};

export const exercises: Readonly<Record<string, Exercise>> = {
  ...written,
  talk,
  remember: remember([copy, excerpt, keyValue, list, record, pattern, running, compare, facts, sentences]),
  conversation: conversation([
    copy,
    dress,
    keyValue,
    list,
    record,
    rules,
    arithmetic,
    running,
    compare,
    lookup,
    facts,
  ]),
};

/** Shares by exercise name, as a function that draws one. Throws InputError on an unknown name. */
export function drawFrom(mix: Readonly<Record<string, number>>): (uniform: number) => Exercise {
  const parts = Object.entries(mix).map(([name, share]) => {
    const exercise = exercises[name];
    if (!exercise) throw unknown("exercise", name, Object.keys(exercises));
    return { exercise, share };
  });
  const total = parts.reduce((sum, p) => sum + p.share, 0);
  return (uniform) => {
    let left = uniform * total;
    for (const { exercise, share } of parts) {
      left -= share;
      if (left < 0) return exercise;
    }
    return parts.at(-1)!.exercise;
  };
}
