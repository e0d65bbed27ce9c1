/**
 * Data contamination as HELM counts it (Liang et al. 2022; scripts/data_overlap of stanford-crfm/helm): a test
 * instance overlaps with training data where some n consecutive tokens of its input, or of one of its references,
 * stand in one of the training texts.
 */

/** n tokens that an instance shares with the training data. */
export interface SharedGram {
  text: string;
  /** Training documents that hold it: many for a template, one for a leaked instance. */
  documents: number;
}

export interface Overlap {
  /** Distinct n-grams that there are to share; 0 where every text is shorter than n tokens. */
  grams: number;
  shared: SharedGram[];
}

/** The texts of a test instance by part; HELM's parts are `input` and `references`, the correct answers. */
export type Parts<P extends string> = Readonly<Record<P, readonly string[]>>;

export interface OverlapIndex<P extends string> {
  /** Reads one training document. No n-gram goes from one of its texts over to the next. */
  add(...texts: readonly string[]): void;
  /** What each instance, in the order given, shares with the documents read so far. */
  overlaps(n: number): Record<P, Overlap>[];
}

/** Python's white space and string.punctuation: what HELM's default tokenizer splits at. */
const SEPARATORS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Python counts the four separators of ASCII as white space
  /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000!-/:-@[-`{-~]+/u;

/**
 * Lower-case tokens between runs of white space and ASCII punctuation. A text that begins or ends with such a run has
 * an empty token there, as in HELM: `"Is it?"` gives `["is", "it", ""]`.
 */
export function overlapTokens(text: string): string[] {
  return text.toLowerCase().split(SEPARATORS);
}

/** Tokens by number; 0 stands for all that no test holds, and so for what no shared n-gram spans. */
type Ids = Int32Array;
const UNKNOWN = 0;

/** One n-gram of the tests: n tokens of `ids` from `at`. Those of equal hash form a chain. */
interface Gram {
  ids: Ids;
  at: number;
  next: Gram | undefined;
  documents: number;
  /** Number of the last document that held it, so that none counts twice. */
  last: number;
}

/**
 * Holds the tests' n-grams, for each of `ns`, and reads training data of any size past them: memory grows with the
 * tests alone. Exact, for equal hashes are compared token by token.
 *
 *     const index = overlapIndex([{ input: [question], references: [answer] }], [9, 13]);
 *     for await (const { turns } of bank) index.add(...turns.map((t) => t.content));
 *     index.overlaps(13)[0].input.shared; // what the question shares with the bank
 *
 * @throws RangeError for an n below 1, and in `overlaps` for one that the index was not made with
 */
export function overlapIndex<P extends string>(
  tests: readonly Parts<P>[],
  ns: readonly number[],
): OverlapIndex<P> {
  const vocabulary = new Map<string, number>();
  const words = [""];
  const learn = (word: string) => {
    let id = vocabulary.get(word);
    if (id === undefined) {
      id = words.push(word) - 1;
      vocabulary.set(word, id);
    }
    return id;
  };
  const known = tests.map((parts) =>
    mapParts(parts, (texts) => texts.map((text) => Int32Array.from(overlapTokens(text), learn))),
  );
  const tables = new Map(
    ns.map((n) => {
      const table = gramTable(n);
      return [n, { table, owned: known.map((parts) => mapParts(parts, table.insert)) }];
    }),
  );
  let documents = 0;

  return {
    add(...texts) {
      documents++;
      for (const text of texts) {
        const ids = Int32Array.from(overlapTokens(text), (word) => vocabulary.get(word) ?? UNKNOWN);
        for (const { table } of tables.values()) table.count(ids, documents);
      }
    },
    overlaps(n) {
      const found = tables.get(n);
      if (!found) throw new RangeError(`no index of ${n}-grams; there is one of ${ns.join(", ")}`);
      const overlap = (own: ReadonlySet<Gram>): Overlap => ({
        grams: own.size,
        shared: [...own]
          .filter((gram) => gram.documents > 0)
          .map(({ ids, at, documents }) => ({
            text: Array.from(ids.subarray(at, at + n), (id) => words[id]).join(" "),
            documents,
          })),
      });
      return found.owned.map((parts) => mapParts(parts, overlap));
    },
  };
}

function mapParts<P extends string, A, B>(parts: Readonly<Record<P, A>>, to: (part: A) => B): Record<P, B> {
  const entries = Object.entries(parts) as [P, A][];
  return Object.fromEntries(entries.map(([name, part]) => [name, to(part)])) as Record<P, B>;
}

/** Any odd number spreads the hashes. */
const BASE = 0x01000193;

function gramTable(n: number) {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`an n-gram has at least one token, not ${n}`);
  const chains = new Map<number, Gram>();
  /** BASE to the n: what the token that leaves the window of n still weighs in the hash. */
  let leaving = 1;
  for (let i = 0; i < n; i++) leaving = Math.imul(leaving, BASE);

  /** Visits each window of n known tokens; its hash rolls on from that of the window before. */
  const eachGram = (ids: Ids, visit: (hash: number, at: number) => void) => {
    let hash = 0;
    let run = 0;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      run = id === UNKNOWN ? 0 : run + 1;
      if (run === 0) hash = 0;
      else hash = (Math.imul(hash, BASE) + id - (run > n ? Math.imul(ids[i - n]!, leaving) : 0)) | 0;
      if (run >= n) visit(hash, i - n + 1);
    }
  };
  const find = (hash: number, ids: Ids, at: number): Gram | undefined => {
    for (let gram = chains.get(hash); gram; gram = gram.next) {
      let same = 0;
      while (same < n && gram.ids[gram.at + same] === ids[at + same]) same++;
      if (same === n) return gram;
    }
  };

  return {
    /** The n-grams of some texts, in the order in which they first come. */
    insert(texts: readonly Ids[]): Set<Gram> {
      const own = new Set<Gram>();
      for (const ids of texts)
        eachGram(ids, (hash, at) => {
          let gram = find(hash, ids, at);
          if (!gram) {
            gram = { ids, at, next: chains.get(hash), documents: 0, last: 0 };
            chains.set(hash, gram);
          }
          own.add(gram);
        });
      return own;
    },
    count(ids: Ids, document: number): void {
      eachGram(ids, (hash, at) => {
        const gram = find(hash, ids, at);
        if (!gram || gram.last === document) return;
        gram.last = document;
        gram.documents++;
      });
    },
  };
}
