/** What a data set will be to the trainer: lengths, what is trained, what is cut, how well it packs. */
import type { TokenRow } from "./mask";
import { packingEfficiency, packRows } from "./packing";

export interface DataSummary {
  rows: number;
  tokens: number;
  /** Share of the tokens that is trained. */
  trainedShare: number;
  /** Rows cut to fit, and tokens lost by it. */
  cut: { rows: number; tokens: number };
  /** Share of the batch that is text when all rows are packed into the sequence length. */
  packing: number;
  /** Rows whose length lies in [from, to). */
  histogram: { from: number; to: number; rows: number }[];
}

/** Throws RangeError without rows. */
export function summarizeRows(rows: readonly TokenRow[], sequenceLength: number): DataSummary {
  if (rows.length === 0) throw new RangeError("no rows");
  const lengths = rows.map((r) => r.ids.length);
  const tokens = lengths.reduce((a, b) => a + b, 0);
  const longest = lengths.reduce((a, b) => Math.max(a, b), 0);
  const width = 2 ** Math.max(4, Math.ceil(Math.log2(longest / 12)));
  const histogram = Array.from({ length: Math.floor(longest / width) + 1 }, (_, i) => ({
    from: i * width,
    to: (i + 1) * width,
    rows: lengths.filter((n) => Math.floor(n / width) === i).length,
  }));
  return {
    rows: rows.length,
    tokens,
    trainedShare: rows.reduce((sum, r) => sum + r.trained.reduce((a, b) => a + b, 0), 0) / tokens,
    cut: { rows: rows.filter((r) => r.cut > 0).length, tokens: rows.reduce((sum, r) => sum + r.cut, 0) },
    packing: packingEfficiency(packRows(rows, sequenceLength)),
    histogram,
  };
}
