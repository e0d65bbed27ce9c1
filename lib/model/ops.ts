/**
 * The operations of Llama that deserve their own gradient, and the matrix product beneath them.
 *
 * Autodiff through tfjs's small kernels keeps every intermediate and visits it again; each gradient here is the
 * closed form over what must be kept. Shapes: N = B·T tokens, H heads, K key/value heads, G = H / K, d per head,
 * D model width, F feed-forward width, V vocabulary.
 */
import * as tf from "@tensorflow/tfjs";
import { segmentSum } from "../compile/segment-sum";

/** a·b with either side transposed (last two axes) first. The wasm kernel is 15 times slower on a flag than on a copy. */
export function matMul<T extends tf.Tensor>(a: T, b: T, transposeA = false, transposeB = false): T {
  if (tf.getBackend() !== "wasm") return tf.matMul(a, b, transposeA, transposeB);
  return tf.tidy(() => tf.matMul(transposeA ? swapLast(a) : a, transposeB ? swapLast(b) : b));
}

function swapLast<T extends tf.Tensor>(x: T): T {
  const axes = x.shape.map((_, i) => i);
  return tf.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

/**
 * An operation with its own gradient: `compute` gives the value, what the gradient needs, and the gradient with
 * respect to each input. Only what is saved outlives the forward pass.
 */
export function differentiable<X extends tf.Tensor[], S extends tf.Tensor[], Y extends tf.Tensor>(
  inputs: [...X],
  compute: (...inputs: X) => { value: Y; saved: [...S]; gradient: (dy: Y, ...saved: S) => tf.Tensor[] },
): Y {
  const op = tf.customGrad((...args) => {
    const save = args.pop() as tf.GradSaveFunc;
    const { value, saved, gradient } = compute(...(args as X));
    save(saved);
    return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradient(dy as Y, ...(saved as S)) };
  });
  return op(...inputs) as Y;
}

/** x·Wᵀ: x [N, in]; W [out, in], or in panels [out/w, in, w] as decoding has it; [N, out]. */
function product(x: tf.Tensor2D, weight: tf.Tensor): tf.Tensor2D {
  if (weight.rank === 2) return matMul(x, weight as tf.Tensor2D, false, true);
  const [panels, , width] = weight.shape as [number, number, number];
  const y = matMul<tf.Tensor>(tf.expandDims(x, 0), weight);
  return tf.reshape(tf.transpose(y, [1, 0, 2]), [-1, panels * width]);
}

/**
 * y = x·Wᵀ: x [N, in], W [out, in] as in the checkpoint, y [N, out]. Without a gradient W may be in panels.
 *
 * @param frozen W gets no gradient, which saves a third of the work. Default false.
 */
export function linear(x: tf.Tensor2D, weight: tf.Tensor, frozen = false): tf.Tensor2D {
  if (frozen)
    return differentiable([x], (x) => ({
      value: product(x, weight),
      saved: [],
      gradient: (dy) => [matMul(dy, weight as tf.Tensor2D)],
    }));
  return differentiable([x, weight as tf.Tensor2D], (x, w) => ({
    value: product(x, w),
    saved: [x, w],
    gradient: (dy, x, w) => [matMul(dy, w), matMul(dy, x, true, false)],
  }));
}

/**
 * y = x·Wᵀ + s·(x·Aᵀ)·Bᵀ with W frozen (LoRA, Hu et al. 2021): x [N, in], W [out, in], A [r, in], B [out, r].
 * dx = dy·W + s·(dy·B)·A; dA = s·(dy·B)ᵀ·x; dB = s·dyᵀ·(x·Aᵀ). W gets none, which saves a third of the work.
 */
export function adaptedLinear(
  x: tf.Tensor2D,
  weight: tf.Tensor,
  { a, b, scale }: { a: tf.Tensor; b: tf.Tensor; scale: number },
): tf.Tensor2D {
  const w = weight as tf.Tensor2D;
  return differentiable([x, a as tf.Tensor2D, b as tf.Tensor2D], (x, a, b) => {
    const low = tf.mul(matMul(x, a, false, true), scale) as tf.Tensor2D;
    return {
      value: tf.add(product(x, w), matMul(low, b, false, true)) as tf.Tensor2D,
      saved: [x, a, b, low],
      gradient: (dy, x, a, b, low) => {
        const back = tf.mul(matMul(dy, b as tf.Tensor2D), scale) as tf.Tensor2D;
        const dx = tf.add(matMul(dy, w), matMul(back, a as tf.Tensor2D));
        return [dx, matMul(back, x as tf.Tensor2D, true, false), matMul(dy, low as tf.Tensor2D, true, false)];
      },
    };
  });
}

/** Rows of a table: table [V, D], ids [N], result [N, D]. The gradient adds up the rows that were read more than once. */
export function gatherRows(table: tf.Tensor, ids: tf.Tensor1D): tf.Tensor2D {
  return differentiable([table as tf.Tensor2D], (table) => ({
    value: tf.gather(table, ids),
    saved: [table, ids],
    gradient: (dy, table, ids) => [scatterRows(dy, ids as tf.Tensor1D, table as tf.Tensor2D)],
  }));
}

/** out[ids[i]] += x[i]: x [N, D], result as the table. On the host under wasm, which has no segment sum. */
function scatterRows(x: tf.Tensor2D, ids: tf.Tensor1D, table: tf.Tensor2D): tf.Tensor2D {
  if (tf.getBackend() !== "wasm") return segmentSum(x, ids, table);
  const [rows, D] = table.shape;
  const values = x.dataSync();
  const out = new Float32Array(rows * D);
  ids.dataSync().forEach((id, i) => {
    for (let j = 0; j < D; j++) out[id * D + j]! += values[i * D + j]!;
  });
  return tf.tensor2d(out, [rows, D]);
}

/**
 * RMSNorm (Zhang & Sennrich 2019): y = g ∘ x̂, x̂ = x·r, r = (mean(x²) + ε)^-½ over each row.
 * x [N, D], g [D]. dx = r·(δ − x̂·mean(δ ∘ x̂)) with δ = dy ∘ g; dg = Σₙ dy ∘ x̂.
 */
export function rmsNorm(x: tf.Tensor2D, gain: tf.Tensor, epsilon: number): tf.Tensor2D {
  return differentiable([x, gain as tf.Tensor1D], (x, g) => {
    const r = tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon));
    const xHat = tf.mul(x, r);
    return {
      value: tf.mul(xHat, g) as tf.Tensor2D,
      saved: [xHat, r, g],
      gradient: (dy, xHat, r, g) => {
        const delta = tf.mul(dy, g);
        const along = tf.mean(tf.mul(delta, xHat), -1, true);
        return [tf.mul(tf.sub(delta, tf.mul(xHat, along)), r), tf.sum(tf.mul(dy, xHat), 0)];
      },
    };
  });
}

/** Cosines and signed sines of the rotation, each [N, 1, d]. */
export interface Rotation {
  cos: tf.Tensor3D;
  sin: tf.Tensor3D;
}

/**
 * The rotations of RoPE (Su et al. 2021) for tokens at `positions` [N], in the half-split order of the checkpoint:
 *
 *     component     0 … d/2−1        d/2 … d−1
 *     cos         cos(p·ωᵢ)        cos(p·ωᵢ)
 *     sin        −sin(p·ωᵢ)        sin(p·ωᵢ)
 *
 * The angle is rounded to float32 as in transformers. Under webgpu the host takes the cosines: a GPU's may be off by
 * 2⁻¹¹ (Vulkan's precision of cos), and by anything beyond ±π.
 *
 * @param omega ω [d/2], from `ropeFrequencies`
 */
export function rotation(positions: tf.Tensor1D, omega: Float32Array): Rotation {
  const angles = tf.mul(tf.reshape(tf.cast(positions, "float32"), [-1, 1, 1]), tf.tensor1d(omega));
  const onHost = tf.getBackend() === "webgpu";
  const of = (exact: (x: number) => number, kernel: typeof tf.cos) =>
    onHost ? tf.tensor((angles.dataSync() as Float32Array).map(exact), angles.shape) : kernel(angles);
  const sin = of(Math.sin, tf.sin);
  return {
    cos: tf.tile(of(Math.cos, tf.cos), [1, 1, 2]) as tf.Tensor3D,
    sin: tf.concat([tf.neg(sin), sin], 2) as tf.Tensor3D,
  };
}

/**
 * RoPE: y = x ∘ cos + swap(x) ∘ sin, where swap exchanges the halves of each head. x [N, heads, d].
 * A rotation's transpose is its inverse: dx = dy ∘ cos − swap(dy) ∘ sin.
 */
export function rotate(x: tf.Tensor3D, { cos, sin }: Rotation): tf.Tensor3D {
  const [N, heads, d] = x.shape;
  const swap = (x: tf.Tensor3D) => {
    const half = (start: number) => tf.slice(x, [0, 0, start], [N, heads, d / 2]);
    return tf.concat([half(d / 2), half(0)], 2);
  };
  return differentiable([x], (x) => ({
    value: tf.add(tf.mul(x, cos), tf.mul(swap(x), sin)) as tf.Tensor3D,
    saved: [cos, sin],
    gradient: (dy, cos, sin) => [tf.sub(tf.mul(dy, cos), tf.mul(swap(dy), sin))],
  }));
}

/**
 * Softmax attention: y = P·v, P = softmax(q·kᵀ/√d + mask).
 * q [B, K, G·T, d] (the G query heads that share a key head, one below the other), k and v [B, K, S, d],
 * mask [B, 1, T, S]: 0 where a query sees a key, −1e9 where not. Result as q.
 * dP = dy·vᵀ, dS = P ∘ (dP − rowsum(dy ∘ y)); dq = dS·k/√d, dk = dSᵀ·q/√d, dv = Pᵀ·dy. The row sum is that of
 * dP ∘ P, by way of d columns rather than S (Dao et al. 2022).
 */
export function attention(q: tf.Tensor4D, k: tf.Tensor4D, v: tf.Tensor4D, mask: tf.Tensor4D): tf.Tensor4D {
  const [B, K, rows, d] = q.shape;
  const [T, S] = [mask.shape[2], mask.shape[3]];
  const H = (K * rows) / T;
  const scale = 1 / Math.sqrt(d);
  return differentiable([q, k, v], (q, k, v) => {
    // Scaling q costs d per query, scaling the scores S.
    const scaled = tf.mul(q, scale);
    const p = tf.tidy(() => {
      const scores = tf.reshape(matMul(scaled, k, false, true), [B, H, T, S]);
      return tf.reshape(tf.softmax(tf.add(scores, mask)), [B, K, rows, S]) as tf.Tensor4D;
    });
    const y = matMul(p, v);
    return {
      value: y,
      saved: [scaled, k, v, p, y],
      gradient: (dy, scaled, k, v, p, y) => {
        const dv = matMul(p, dy, true, false);
        const ds = tf.tidy(() => {
          const along = tf.sum(tf.mul(dy, y), -1, true);
          return tf.mul(p, tf.sub(matMul(dy, v, false, true), along)) as tf.Tensor4D;
        });
        return [tf.mul(matMul(ds, k), scale), matMul(ds, scaled, true, false), dv];
      },
    };
  });
}

/**
 * SwiGLU (Shazeer 2020): y = s ∘ b, s = a·σ(a). a and b [N, F].
 * da = dy ∘ b ∘ (σ + s − s ∘ σ), db = dy ∘ s.
 */
export function swiGlu(gate: tf.Tensor2D, up: tf.Tensor2D): tf.Tensor2D {
  return differentiable([gate, up], (a, b) => {
    const sigma = tf.sigmoid(a);
    const s = tf.mul(a, sigma);
    return {
      value: tf.mul(s, b),
      saved: [b, sigma, s],
      gradient: (dy, b, sigma, s) => {
        const slope = tf.add(sigma, tf.sub(s, tf.mul(s, sigma)));
        return [tf.mul(tf.mul(dy, b), slope), tf.mul(dy, s)];
      },
    };
  });
}
