/**
 * Pre-training with one matrix S [V, D] for input and output, in a model that is saved untied:
 *
 *     embed_tokens = √D · S        lm_head = S
 *
 * Shared, what is learnt about copying one token holds for all; scaled by √D (Vaswani et al. 2017, section 3.4), the
 * input is as large as what the layers add to it. A Llama has no such factor, so it is folded into its own matrix.
 */
import * as tf from "@tensorflow/tfjs";
import { saveModel } from "../../model/checkpoint";
import type { Llama } from "../../model/llama";
import type { Parameters } from "../parameters";

const EMBED = "model.embed_tokens.weight";
const HEAD = "lm_head.weight";
const SHARED = "shared";

/** Starts from the model's lm_head. Throws RangeError where the model has none of its own. */
export function tieEmbeddings(model: Llama): Parameters {
  const { [EMBED]: embed, [HEAD]: head, ...rest } = model.weights;
  if (!embed || !head) throw new RangeError("only a model with an lm_head of its own can be tied and untied");
  const factor = Math.sqrt(model.config.hidden_size);
  // Without a name of its own: two engines may hold the same model while one is checked against the other.
  const shared = tf.variable(head, true);
  return {
    variables: { [SHARED]: shared, ...rest },
    frozen: {},
    view: ({ [SHARED]: shared, ...rest }) => ({
      ...model,
      // The model's functions only read weights: a computed tensor serves as well as a variable.
      weights: { ...rest, [EMBED]: tf.mul(shared!, factor) as tf.Variable, [HEAD]: shared! },
    }),
    save(folder, tokenizer) {
      tf.tidy(() => {
        embed.assign(tf.mul(shared, factor));
        head.assign(shared);
      });
      saveModel(folder, model, tokenizer);
    },
    dispose: () => shared.dispose(),
  };
}
