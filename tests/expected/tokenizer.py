"""Writes tests/fixtures/tokenizer: a byte-level BPE trained by `tokenizers`, and what transformers does with it.

Needs tokenizers and transformers:  python tests/expected/tokenizer.py
"""

import json
import os

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures", "tokenizer")
PRE_TOKEN = r"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
SPECIAL = ["<|pad|>", "<|im_start|>", "<|im_end|>"]
TEXTS = [
    "The kettle is in the cabinet. The cabinet is in the kitchen, and the kitchen is cold.\n" * 3,
    "aaa aaaa aaaaa abababab babab aabb aabb\n\n\n   spaces   and\ttabs  \n",
    "Numbers: 7 42 365 1024 65536 3.14159 1,000,000; prices $19.99 and $5.00!\r\n" * 2,
    "for (let i = 0; i < n; i++) { total += rows[i].count; } // sums\n" * 4,
    "Müller läuft über die Straße; naïve café, Ελληνικά, русский текст, 漢字とかな, 👩‍👧 🏳️‍🌈\n" * 2,
    "don't won't it's I'LL they've — “quoted” … ﬁn",
]
HARD = [
    "", " ", "\n", "  x", "a\r\nb", "é naïve ﬁ ﷽ 漢字かな", "👩‍👩‍👧‍👦🏳️‍🌈", "12 123 1234 ٣٤٥ ⅷ ½", "\t\ttab", "don't I'LL",
    "a\u00a0b\u200bc\ufeffd\u0085e\u2028f", "<|im_end|>x<|im_start|> <|pad|>", "<|im_end", "x" * 100, "A\u0301 \u1100\u1161",
    "\u0000\u0001\u007f", "a  \n  \n\n b   ", "$%^&*()_+ {}[]\n;;", "İ ß ẞ ǅ", "kettle cabinet 4096 kitchen",
]
CHATS = [
    [{"role": "user", "content": "Where is it?"}],
    [
        {"role": "system", "content": "Act. "},
        {"role": "user", "content": "Go\n\nnow"},
        {"role": "assistant", "content": "Thought: é\nAction: go 1"},
        {"role": "user", "content": ""},
        {"role": "assistant", "content": " done"},
    ],
]
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% if message.role == 'assistant' %}{% generation %}{{ message.content }}<|im_end|>{% endgeneration %}"
    "{% else %}{{ message.content }}<|im_end|>{% endif %}\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)

tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
    [
        pre_tokenizers.Split(Regex(PRE_TOKEN), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ]
)
tokenizer.decoder = decoders.ByteLevel()
trainer = trainers.BpeTrainer(
    vocab_size=480, special_tokens=SPECIAL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
)
tokenizer.train_from_iterator(TEXTS, trainer=trainer)

fast = PreTrainedTokenizerFast(
    tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|pad|>", clean_up_tokenization_spaces=False
)
fast.chat_template = TEMPLATE
fast.save_pretrained(FOLDER)
# Older and newer transformers put the template in different files; the kit reads both, and writes this one.
config_file = os.path.join(FOLDER, "tokenizer_config.json")
config = json.load(open(config_file))
config["chat_template"] = TEMPLATE
json.dump(config, open(config_file, "w"), indent=2)
for name in ("special_tokens_map.json", "chat_template.jinja"):
    path = os.path.join(FOLDER, name)
    if os.path.exists(path):
        os.remove(path)


def chat(messages):
    masked = fast.apply_chat_template(messages, return_dict=True, return_assistant_tokens_mask=True)
    return {
        "messages": messages,
        "text": fast.apply_chat_template(messages, tokenize=False),
        "prompt": fast.apply_chat_template(messages, tokenize=False, add_generation_prompt=True),
        "ids": masked["input_ids"],
        "mask": masked["assistant_masks"],
    }


encoded = [fast.encode(text, add_special_tokens=False) for text in HARD]
expected = {
    "vocabSize": 480,
    "specialTokens": SPECIAL,
    "texts": TEXTS,
    "hard": [
        {"text": text, "ids": ids, "decoded": fast.decode(ids), "plain": fast.decode(ids, skip_special_tokens=True)}
        for text, ids in zip(HARD, encoded)
    ],
    "chats": [chat(messages) for messages in CHATS],
}
with open(os.path.join(FOLDER, "expected.json"), "w") as file:
    json.dump(expected, file)
