"""What lm-evaluation-harness scores the shipped base model on MMLU questions, for tests/fixtures/mmlu.json.

    python tests/expected/mmlu.py MMLU_FOLDER         (holds dev/ and test/, as in the authors' archive)

lm_eval 0.4.13 with transformers 4.57.6 and torch 2.6 was used. Its own tasks run as they are; only the data set comes
from the CSV files. The fixture holds log-likelihoods alone, no question.
"""

import csv
import json
import os
import sys

import datasets
import lm_eval

HERE = os.path.dirname(os.path.abspath(__file__))
BASE = os.path.join(HERE, "..", "..", "data", "base")
SUBJECTS = ["virology", "college_computer_science", "jurisprudence"]
LIMIT = 6
# Examples, and tokens that the model reads: with 512, every prompt of 5 examples loses its beginning.
CASES = [(0, 2048), (5, 2048), (5, 512)]

folder = sys.argv[1]


def rows(split, subject):
    with open(os.path.join(folder, split, f"{subject}_{split}.csv"), newline="", encoding="utf8") as file:
        return [
            {"question": q, "subject": subject, "choices": choices, "answer": "ABCD".index(answer)}
            for q, *choices, answer in csv.reader(file)
        ]


def load_dataset(path, name=None, **_):
    assert path == "cais/mmlu"
    return datasets.DatasetDict({s: datasets.Dataset.from_list(rows(s, name)) for s in ("dev", "test")})


datasets.load_dataset = load_dataset
expected = []
for shots, max_length in CASES:
    results = lm_eval.simple_evaluate(
        model="hf",
        model_args=f"pretrained={BASE},dtype=float32,max_length={max_length}",
        tasks=[f"mmlu_{subject}" for subject in SUBJECTS],
        num_fewshot=shots,
        limit=LIMIT,
        batch_size=1,
        device="cpu",
        log_samples=True,
    )
    subjects = {
        subject: [
            {
                "answer": sample["target"],
                "logprobs": [round(response[0][0], 5) for response in sample["resps"]],
                "acc": sample["acc"],
            }
            for sample in sorted(results["samples"][f"mmlu_{subject}"], key=lambda s: s["doc_id"])
        ]
        for subject in SUBJECTS
    }
    expected.append({"shots": shots, "maxLength": max_length, "subjects": subjects})
with open(os.path.join(HERE, "..", "fixtures", "mmlu.json"), "w") as file:
    json.dump({"limit": LIMIT, "cases": expected}, file)
    file.write("\n")
