"""Prints tests/fixtures/contamination.json: which test instances share n-grams with training texts, by HELM's own script.

    python tests/expected/contamination.py CLONE_OF_stanford-crfm/helm > tests/fixtures/contamination.json

Runs scripts/data_overlap (commit 4edd23d60e22, the last one that holds it; no package does), nltk 3.10.4, Python 3.11.
"""
import json
import random
import sys
from collections import defaultdict
from contextlib import redirect_stdout
from pathlib import Path

WORDS = ["the", "The", "cat", "Cat", "sat", "mat", "is", "it", "it's", "well-known", "snake_case", "U.S.", "1,000", "$5", "x²", "½",
         "naïve", "İstanbul", "ΟΔΥΣΣΕΥΣ", "straße", "ﬁ", "東京", "😀", "“a”", "–", "a.b", "A&B", "\\n", "~", "^a^", "e\u0301", ""]
GAPS = [" ", " ", " ", " ", "  ", "\n", "\t", ", ", ". ", "? ", "-", "_", "\u00a0", "\u2003", "\u3000", "\u2028", "\u200b", "\ufeff", "\x1c", "\x1f", "\x85", "\x0b"]


def text(rng, longest):
    words = [rng.choice(WORDS[: rng.choice([6, len(WORDS)])]) for _ in range(rng.randint(0, longest))]
    return "".join(word + rng.choice(GAPS) for word in words) + rng.choice(["", "", ".", "?", "end"])


def excerpt(rng, whole):
    """A training text that holds part of another text, as leaked instances do."""
    start = rng.randint(0, len(whole))
    return text(rng, 4) + whole[start: start + rng.randint(0, 80)] + text(rng, 4)


def case(rng, helm, ns):
    tests = [{"input": text(rng, 20), "references": [text(rng, 14) for _ in range(rng.randint(0, 3))]} for _ in range(6)]
    held = [t for test in tests for t in [test["input"], *test["references"]]]
    documents = [rng.choice([lambda: text(rng, 30), lambda: excerpt(rng, rng.choice(held)), lambda: rng.choice(held)])() for _ in range(8)]

    key = helm.LightScenarioKey(helm.ScenarioSpec("test", {}), "test")
    instances = [helm.LightInstance(id=str(i), **test) for i, test in enumerate(tests)]
    tokenizer = helm.get_tokenizer("default")
    with redirect_stdout(sys.stderr):  # where it tells how far it is
        index = helm.create_ngram_index([helm.LightScenario(key, instances)], ns, tokenizer, defaultdict(int))
    inputs, references, counts = defaultdict(set), defaultdict(set), defaultdict(lambda: defaultdict(int))
    for document in documents:
        helm.compute_document_data_overlap(document, index, tokenizer, inputs, references, counts, True)

    expected = {}
    for n in ns:
        stats = helm.DataOverlapStatsKey(key, helm.OverlapProtocolSpec(n))
        grams = {part: [[] for _ in tests] for part in ["input", "references"]}
        for entry, shared in counts.items():
            if entry.stats_key == stats:
                grams[entry.part][int(entry.instance_id)] = sorted(" ".join(gram) for gram in shared)
        assert [bool(g) for g in grams["input"]] == [str(i) in inputs[stats] for i in range(len(tests))]
        assert [bool(g) for g in grams["references"]] == [str(i) in references[stats] for i in range(len(tests))]
        expected[n] = grams
    return {"tests": tests, "documents": documents, "expected": expected}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(sys.argv[1]) / "scripts" / "data_overlap"))
    import compute_data_overlap_metrics as helm

    rng = random.Random(0)
    tokenizer = helm.get_tokenizer("default")
    samples = [text(rng, 8) for _ in range(60)] + WORDS + GAPS
    print(json.dumps({
        "tokens": [{"text": sample, "tokens": tokenizer.tokenize(sample)} for sample in samples],
        "cases": [case(rng, helm, [2, 5, 9, 13]) for _ in range(30)],
    }))
