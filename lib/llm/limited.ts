import type { LanguageModel } from "./client";

/** At most `concurrency` requests in flight; the others wait in order of arrival. */
export function limited(model: LanguageModel, concurrency: number): LanguageModel {
  let free = concurrency;
  const waiting: (() => void)[] = [];
  return {
    ...model,
    async complete(request) {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await model.complete(request);
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free++;
      }
    },
  };
}
