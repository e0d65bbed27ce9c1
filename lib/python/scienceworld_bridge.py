"""ScienceWorld's simulator over JSON lines: scienceworld_bridge.py JAR

One JVM holds any number of episodes. A request is one line on stdin, its answer one line on stdout with the same id:
    {"id": 1, "op": "splits", "task": "boil"}                -> {"id": 1, "train": [0, …], "dev": […], "test": […]}
    {"id": 2, "op": "open", "task": "boil", "variation": 21, "simplifications": "easy", "gold": false}
                                        -> {"id": 2, "episode": 0, "description": …, "observation": …, "gold": null}
    {"id": 3, "op": "step", "episode": 0, "action": "go to kitchen"} -> {"id": 3, "observation": …, "score": 3, "done": …}
    {"id": 4, "op": "close", "episode": 0}                   -> {"id": 4}
or {"id": …, "error": …}. The JVM ends with this program, and this program with its stdin.

It calls the simulator's own interface: the package's env.step also lists every valid action, looks around and asks for
the inventory, which costs ten times what the step does. Score and end are as that method computes them.
"""

import json
import os
import sys

from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway

JAVA_OPTIONS = [
    # A step leaves megabytes behind: a large young generation, collected seldom, is worth a third of the speed.
    "-Xmx1536m",
    "-Xmn512m",
    "-XX:+UseSerialGC",
    # Hash codes in place of addresses: the simulator lists the members of hash sets, so that with addresses the same
    # actions would give other lists and temperatures on every run.
    "-XX:+UnlockExperimentalVMOptions",
    "-XX:+IgnoreUnrecognizedVMOptions",
    "-XX:hashCode=2",
]


def start(jar):
    folder = os.path.dirname(jar)
    port, token, java = launch_gateway(
        classpath=jar, javaopts=JAVA_OPTIONS, cwd=folder, die_on_exit=True, enable_auth=True, return_proc=True
    )
    parameters = GatewayParameters(port=port, auth_token=token, auto_field=True)
    return JavaGateway(gateway_parameters=parameters, java_process=java)


class Simulator:
    def __init__(self, jar):
        self.gateway = start(jar)
        self.jvm = self.gateway.jvm
        self.dice = self.module("scala.util.Random")
        self.counter = self.module("util.UniqueIdentifier")
        self.episodes = {}
        self.opened = 0
        self.current = None
        self.tasks = self.new()
        self.names = list(self.tasks.getTaskNames())

    def new(self):
        return self.jvm.scienceworld.runtime.pythonapi.PythonInterface()

    def module(self, name):
        """A Scala object, whose state all episodes of the JVM share."""
        return self.jvm.java.lang.Class.forName(name + "$").getField("MODULE$").get(None)

    def check(self, task, variation):
        if task not in self.names:
            raise ValueError(f'unknown ScienceWorld task: "{task}"; known: {", ".join(self.names)}')
        known = self.tasks.getTaskMaxVariations(task)
        if not 0 <= variation < known:
            raise ValueError(f"no variation {variation} of {task}: it has {known}")

    def splits(self, task):
        self.check(task, 0)
        # The lists depend on the task's name alone; `load` would build its world, which takes a second.
        getattr(self.tasks, "taskStr_$eq")(task)
        return {
            "train": list(self.tasks.getVariationsTrain()),
            "dev": list(self.tasks.getVariationsDev()),
            "test": list(self.tasks.getVariationsTest()),
        }

    def open(self, task, variation, simplifications, gold):
        self.check(task, variation)
        self.leave()
        simulator = self.new()
        episode = self.opened
        self.opened += 1
        self.episodes[episode] = {"simulator": simulator, "variation": variation, "steps": 0, "score": 0, "count": 0}
        try:
            fault = simulator.load(task, variation, simplifications, gold)
            if fault:
                raise ValueError(fault)
            self.current = episode
            answer = {
                "episode": episode,
                "description": simulator.getTaskDescription(),
                "gold": list(simulator.getGoldActionSequence()) if gold else None,
            }
            answer["observation"] = self.step(episode, "look around")["observation"]
        except Exception:
            self.close(episode)
            raise
        return answer

    def step(self, episode, action):
        state = self.enter(episode)
        simulator = state["simulator"]
        # The dice are the JVM's; thrown afresh for each step, an episode is the same whatever else plays.
        self.dice.setSeed((state["variation"] * 1000003 + state["steps"]) * 0x9E3779B97F4A7C15 % 2**48)
        state["steps"] += 1
        observation = simulator.step(action)
        score = round(100 * simulator.getScore())
        # Whatever ends a task changes its score; to ask only then saves one exchange in four.
        done = score < 0 or (score != state["score"] and simulator.getCompleted())
        state["score"] = score
        return {"observation": observation, "score": score, "done": done}

    def enter(self, episode):
        """Makes an episode the one that plays: the numbers of new objects go on where this episode left them."""
        if episode not in self.episodes:
            raise ValueError(f"no open episode {episode}")
        if self.current != episode:
            self.leave()
            self.current = episode
            getattr(self.counter, "count_$eq")(self.episodes[episode]["count"])
        return self.episodes[episode]

    def leave(self):
        if self.current in self.episodes:
            self.episodes[self.current]["count"] = self.counter.count()
        self.current = None

    def close(self, episode):
        state = self.episodes.pop(episode, None)
        # At once: py4j's objects lie in cycles, so that Python would let go of dozens of worlds together, of 11 MB each.
        if state:
            self.gateway.detach(state["simulator"])
        return {}


def main():
    simulator = Simulator(sys.argv[1])
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)  # whatever else prints is no answer

    def tell(answer):
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    tell({"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        number, op = request.pop("id"), request.pop("op")
        try:
            tell({"id": number, **getattr(simulator, op)(**request)})
        except Exception as error:  # told, and the next request is heard
            tell({"id": number, "error": str(error)})
    simulator.gateway.shutdown()


main()
