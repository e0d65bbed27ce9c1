"""Writes tests/fixtures/ic-sql-reward.json: rewards that InterCode's own code gives for random and chosen results.

    python tests/expected/ic_sql_reward.py PATH_TO_A_CLONE_OF princeton-nlp/intercode

Needs scipy; runs `SqlEnv.get_reward` of the clone (commit c3e46d827cfc) with a cursor that hands out prepared rows, so
that no MySQL server is needed. Every case keeps both results as JSON rows and the official value, which may be below 0.
"""
import json
import random
import sys
import types
from pathlib import Path


class Cursor:
    def __init__(self, rows):
        self.rows = rows
        self.description = () if rows is not None else None

    def execute(self, _):
        pass

    def fetchall(self):
        return self.rows


def official_environment(clone):
    sys.path.insert(0, clone)
    for name in ["mysql", "mysql.connector", "gymnasium", "docker", "rich", "rich.logging", "pandas"]:
        sys.modules[name] = types.ModuleType(name)
    import logging

    sys.modules["gymnasium"].Env = object
    sys.modules["rich.logging"].RichHandler = lambda **_: logging.NullHandler()
    sys.modules["mysql"].connector = sys.modules["mysql.connector"]
    sys.modules["mysql.connector"].errors = types.SimpleNamespace(ProgrammingError=KeyError, DatabaseError=KeyError)
    # Only the modules that hold the reward: the package's __init__ would bring docker in.
    for package in ["intercode", "intercode.envs"]:
        module = types.ModuleType(package)
        module.__path__ = [str(Path(clone, *package.split(".")))]
        sys.modules[package] = module
    utils = types.ModuleType("intercode.utils")
    utils.IntercodeDataLoader = utils.get_container = None
    sys.modules["intercode.utils"] = utils
    from intercode.envs.sql.sql_env import SqlEnv

    SqlEnv.__abstractmethods__ = frozenset()
    return SqlEnv.__new__(SqlEnv)


def reward(env, agent, gold):
    import logging

    env.logger, env.gold, env.observation = logging.getLogger("quiet"), "", [tuple(r) for r in agent]
    env.cur = Cursor([tuple(r) for r in gold])
    return float(env.get_reward()[0])


def cases():
    yield [], []
    yield [[1]], []
    yield [], [[1]]
    yield [[1]], [["1"]]
    yield [[None, "it's", 'a "b"', "back\\slash", "line\nend"]], [[None, "it's", 'a "b"', "back\\slash", "line\nend"]]
    yield [[1], [2], [3]], [[3], [2], [1]]
    yield [[10], [9], [8]], [[8], [9], [10]]
    yield [["b"], ["a"], ["a"]], [["a"], ["b"], ["a"]]
    yield [["a"]] * 3, [["a"]] * 5
    yield [[i] for i in range(8)], [[0]]
    yield [[0], [1], [99]], [[0], [1], *[[i] for i in range(2, 15)]]
    rng = random.Random(0)
    values = [1, 2, 10, "a", "b", "B", "it's", None, 2.5, "10"]
    for _ in range(150):
        pool = [[rng.choice(values) for _ in range(rng.choice([1, 2]))] for _ in range(rng.randint(1, 8))]
        yield rng.choices(pool, k=rng.randint(0, 8)), rng.choices(pool, k=rng.randint(0, 8))
    for _ in range(50):
        rows = [[i, rng.choice(values)] for i in range(rng.randint(2, 12))]
        yield rng.sample(rows, rng.randint(1, len(rows))), rng.sample(rows, len(rows))


if __name__ == "__main__":
    env = official_environment(sys.argv[1])
    rows = [{"agent": a, "gold": g, "reward": reward(env, a, g)} for a, g in cases()]
    out = Path(__file__).parent.parent / "fixtures" / "ic-sql-reward.json"
    out.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
    print(f"{len(rows)} cases, {sum(r['reward'] < 0 for r in rows)} below 0: {out}")
