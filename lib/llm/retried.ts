import { setTimeout as sleep } from "node:timers/promises";
import { InputError } from "../util/errors";
import type { LanguageModel } from "./client";

/**
 * Asks again where a request fails, `tries` times in all, after 1, 2, 4, … seconds. What asking again cannot mend is
 * thrown at once: wrong input, and the errors that only bugs raise.
 *
 * @param delay milliseconds before the second try. Default 1000.
 */
export function retried(model: LanguageModel, tries: number, delay = 1000): LanguageModel {
  return {
    ...model,
    async complete(request) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await model.complete(request);
        } catch (error) {
          const hopeless = [InputError, TypeError, RangeError, ReferenceError].some(
            (E) => error instanceof E,
          );
          if (hopeless || attempt >= tries) throw error;
          await sleep(delay * 2 ** (attempt - 1));
        }
      }
    },
  };
}
