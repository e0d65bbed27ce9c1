"""Prints tests/fixtures/fleiss.json: Fleiss' kappa by statsmodels.

    python tests/expected/fleiss.py > tests/fixtures/fleiss.json

statsmodels 0.15.0, Python 3.11. The first case is Fleiss' own example (1971; 14 raters, 10 subjects, kappa .210).
"""
import json
import random

from statsmodels.stats.inter_rater import fleiss_kappa

FLEISS = [[0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
          [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]]


def case(rng):
    raters, categories = rng.randint(2, 6), rng.randint(2, 4)
    habits = [rng.random() ** 3 + 0.02 for _ in range(categories)]
    rows = []
    for _ in range(rng.randint(2, 40)):
        liked = rng.randrange(categories)
        weights = [habit + (2 * (c == liked) if raters % 2 else 0) for c, habit in enumerate(habits)]
        votes = rng.choices(range(categories), weights, k=raters)
        rows.append([votes.count(c) for c in range(categories)])
    return rows


if __name__ == "__main__":
    rng = random.Random(0)
    cases = [FLEISS] + [case(rng) for _ in range(60)]
    rows = [{"counts": counts, "kappa": float(fleiss_kappa(counts))} for counts in cases]
    print("[" + ",\n".join(json.dumps(row) for row in rows if row["kappa"] == row["kappa"]) + "]")
