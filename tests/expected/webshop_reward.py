"""Writes tests/fixtures/webshop-reward.json: rewards that WebShop's own code gives for made-up products and goals.

    python tests/expected/webshop_reward.py PATH_TO_A_CLONE_OF princeton-nlp/WebShop [SPACY_MODEL]

Needs thefuzz (0.22, on rapidfuzz) and spaCy with en_core_web_sm 3.8, or the model of that name under another; runs
`get_reward` of the clone's web_agent_site/engine/goal.py (commit 64fa2a5c15c7).
"""
import json
import random
import sys
import types
from pathlib import Path


def official_goal(clone, model):
    import spacy

    load = spacy.load
    spacy.load = lambda _: load(model)
    rich = types.ModuleType("rich")
    rich.print = print
    sys.modules.setdefault("rich", rich)
    sys.path.insert(0, clone)
    from web_agent_site.engine import goal

    return goal


TITLES = [
    "Cotton Shirt for Men, Long Sleeve, Red",
    "Women's Soft Cotton Shirt with Pockets",
    "Linen Shirt",
    "LED Desk Lamp with USB Charging Port",
    "Floor Lamp for Living Room and Bedroom",
    "Steel Water Bottle 24 oz with Straw Lid",
    "Glass Bottle",
    "Bluetooth Speaker with Deep Bass and Microphone",
    "Phone Case for Galaxy, Clear",
    "Chocolate Chip Cookies, Pack of 12, Gluten Free Snacks for Kids and School Lunch Boxes, Bakery Fresh Cookies",
    "Almond Butter Cookies",
    "Leather Wallet for Men with Coin Pocket",
]
QUERIES = ["shirts", "lamps", "bottles", "electronics", "snacks", "wallets"]
PATHS = ["Home › Kitchen › Lamps", "Home › Kitchen › Bottles", "Clothing › Men › Shirts", "Clothing › Women › Shirts", "Food"]
ATTRIBUTES = ["easy to clean", "machine wash", "washable by machine", "long sleeve", "gluten free", "free of gluten",
              "stainless steel", "steel", "deep bass", "bass deep", "water-proof", "water proof", "usb", "kids"]
OPTIONS = ["dark red", "red", "grey heather", "gray", "x-large", "large", "xx-large big", "pack of 12", "12 pack",
           "6 ft", "6ft", "a | b", "size 10", "10"]


def product(rng):
    title = rng.choice(TITLES)
    return {
        "name": title,
        "Title": title,
        "query": rng.choice(QUERIES),
        "product_category": rng.choice(PATHS),
        "Attributes": rng.sample(ATTRIBUTES, rng.randint(0, 4)),
        "BulletPoints": rng.sample(["Machine wash cold", "Gluten free recipe", "USB cable included"], rng.randint(0, 2)),
        "Description": rng.choice(["", "Made of stainless steel.", "For kids and adults"]),
    }


def case(rng, goal):
    bought = product(rng)
    wanted = product(rng)
    wanted = {k: wanted[k] for k in ["name", "query", "product_category"]}
    if rng.random() < 0.5:
        wanted["name"] = bought["name"]
    wanted |= {
        "attributes": rng.sample(ATTRIBUTES, rng.randint(1, 3)),
        "goal_options": rng.sample(OPTIONS, rng.randint(0, 3)),
        "price_upper": rng.choice([20.0, 40.0, 1000000]),
    }
    price = round(rng.uniform(5, 60), 2)
    options = {f"option {i}": o for i, o in enumerate(rng.sample(OPTIONS, rng.randint(0, 3)))}
    reward, info = goal.get_reward(bought, wanted, price, options, verbose=True)
    _, options_matched = goal.get_option_reward(list(options.values()), wanted["goal_options"])
    _, attributes_matched = goal.get_attribute_reward(bought, wanted)
    return {
        "product": bought,
        "goal": wanted,
        "price": price,
        "options": options,
        "reward": reward,
        "type": info["r_type"],
        "attributesMatched": attributes_matched,
        "optionsMatched": options_matched,
    }


if __name__ == "__main__":
    official = official_goal(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "en_core_web_sm")
    rng = random.Random(0)
    rows = [case(rng, official) for _ in range(200)]
    out = Path(__file__).parent.parent / "fixtures" / "webshop-reward.json"
    out.write_text("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n")
    print(f"{len(rows)} cases, types {sorted({row['type'] for row in rows})}: {out}")
