/**
 * Full-text search by Okapi BM25 over typed arrays, as Lucene scores it.
 *
 *     score(q, d) = Σ_t idf(t) · f(t,d) · (k1 + 1) / (f(t,d) + k1 · (1 − b + b · |d| / mean |d|))
 *     idf(t) = ln(1 + (N − n(t) + ½) / (n(t) + ½))
 *
 * where t runs over the words of the query, f(t,d) counts t in d, n(t) counts the documents that hold t, and N the
 * documents. The postings of all words lie one after the other: those of word w at first[w] ≤ i < first[w + 1].
 */
export interface Hit {
  /** Position of the document in the list given to `bm25`. */
  index: number;
  /** Above 0. */
  score: number;
}

export interface Bm25 {
  /** The best documents that share a word with the query, best first; equal scores in the documents' order. */
  search(query: string, limit: number): Hit[];
}

/** The words of a text: lower case, accents removed, letters and digits alone. */
export function words(text: string): string[] {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Indexes the documents. k1 (default 1.2) tells how soon repetition saturates, b (default 0.75) how much length counts. */
export function bm25(documents: readonly string[], { k1 = 1.2, b = 0.75 } = {}): Bm25 {
  const count = documents.length;
  const vocabulary = new Map<string, number>();
  const lengths = new Uint32Array(count);
  const tokens = documents.map((document, d) => {
    const list = words(document);
    lengths[d] = list.length;
    return Uint32Array.from(list, (word) => {
      const known = vocabulary.get(word);
      if (known === undefined) vocabulary.set(word, vocabulary.size);
      return known ?? vocabulary.size - 1;
    });
  });

  // Equal words of a document stand together once sorted, so that each run of them is one posting.
  const first = new Uint32Array(vocabulary.size + 1);
  for (const list of tokens) {
    list.sort();
    for (let i = 0; i < list.length; i++) if (list[i] !== list[i - 1]) first[list[i]! + 1]!++;
  }
  for (let w = 0; w < vocabulary.size; w++) first[w + 1]! += first[w]!;

  const holders = new Uint32Array(first[vocabulary.size]!);
  const weights = new Float32Array(holders.length);
  const free = first.slice();
  const mean = lengths.reduce((sum, n) => sum + n, 0) / (count || 1);
  tokens.forEach((list, d) => {
    const norm = k1 * (1 - b + (b * lengths[d]!) / mean);
    for (let i = 0; i < list.length; ) {
      const word = list[i]!;
      const start = i;
      while (list[i] === word) i++;
      const f = i - start;
      const holding = first[word + 1]! - first[word]!;
      const slot = free[word]!++;
      holders[slot] = d;
      weights[slot] = (Math.log(1 + (count - holding + 0.5) / (holding + 0.5)) * f * (k1 + 1)) / (f + norm);
    }
  });

  const scores = new Float64Array(count);
  return {
    search(query, limit) {
      const found: number[] = [];
      for (const word of words(query)) {
        const w = vocabulary.get(word);
        if (w === undefined) continue;
        for (let i = first[w]!; i < first[w + 1]!; i++) {
          if (scores[holders[i]!] === 0) found.push(holders[i]!);
          scores[holders[i]!]! += weights[i]!;
        }
      }
      const hits = found.map((index) => ({ index, score: scores[index]! }));
      for (const index of found) scores[index] = 0;
      return hits.sort((x, y) => y.score - x.score || x.index - y.index).slice(0, limit);
    },
  };
}
