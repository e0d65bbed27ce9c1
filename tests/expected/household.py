"""Plays the games of tests/fixtures/household.json in the original and writes down what it says.

Needs the PyPI packages textworld[pddl] 1.7 and alfworld 0.4.2 (the latter without its dependencies):
    python tests/expected/household.py

Only the observations are rewritten: problems, goals and actions are the fixture's own.
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURE = os.path.join(HERE, "..", "fixtures", "household.json")


def play(game):
    from collections import Counter

    import textworld
    from textworld.envs import PddlEnv

    root = os.path.dirname(importlib.util.find_spec("alfworld").origin)
    with open(os.path.join(root, "data", "alfred.pddl")) as f:
        domain = f.read()
    with open(os.path.join(root, "data", "alfred.twl2")) as f:
        grammar = f.read().replace("UNKNOWN GOAL", game["task"])

    env = PddlEnv(textworld.EnvInfos(won=True))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "game.tw-pddl")
        with open(path, "w") as f:
            json.dump({"pddl_domain": domain, "grammar": grammar, "pddl_problem": game["problem"]}, f)
        env.load(path)
    # The names that alfworld's own wrapper gives: sorted by identifier, numbers counting down.
    infos = [i for i in env._entity_infos.values() if "_bar_" in i.id]
    kind = lambda id: id.split("_bar_")[0] + ("basin" if "basin" in id else "")
    left = Counter(kind(i.id) for i in infos)
    for info in sorted(infos, key=lambda i: i.id):
        info.name = f"{kind(info.id)} {left[kind(info.id)]}"
        left[kind(info.id)] -= 1

    state = env.reset()
    observations = [state.feedback.strip()]
    for action in game["actions"]:
        state, _, done = env.step(action)
        observations.append(state.feedback.strip())
    return observations, bool(state["won"])


def main():
    with open(FIXTURE) as f:
        games = json.load(f)
    for number, game in enumerate(games):
        # A process a game: the planner behind textworld takes one game, and keeps its hands on standard output.
        reply = subprocess.run([sys.executable, __file__, str(number)], stdout=subprocess.PIPE, text=True, check=True)
        game["observations"], game["won"] = json.loads(reply.stdout.splitlines()[-1])
    with open(FIXTURE, "w") as f:
        f.write(json.dumps(games, indent=1) + "\n")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        with open(FIXTURE) as f:
            print("\n" + json.dumps(play(json.load(f)[int(sys.argv[1])])), flush=True)
    else:
        main()
