"""Runs as tasks of a Ray cluster, for lib/runs/ray-pool.ts.

Reads lines of JSON: first {"address", "cpus"}, then one for every task, {"id", "command", "environment", "folder",
"spec", "cpus", "gpus"}. A task hands its spec to a process of that command, which answers in lines of JSON, of which
the last one's "kind" is not "progress", and then stays for the next task that Ray gives to the same worker.

Writes lines of JSON: {"ready": {"nodes", "cpus", "gpus", "mostGpus"}}, or {"error"}; {"id", "reply"} for every line of
a process, or {"id", "ended"} where it dies. The end of the input ends every task.
"""

import json
import os
import subprocess
import sys
import threading

# What Ray and its libraries print must not pass for a message.
messages = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
lock = threading.Lock()


def say(**message):
    with lock:
        messages.write(json.dumps(message) + "\n")
        messages.flush()


asked = json.loads(sys.stdin.readline())
if (asked["address"] or "localhost").split(":")[0] in ("localhost", "127.0.0.1"):
    # Ray takes an address of the network in the place of the loopback one, unless clusters are off; more machines than
    # this one cannot be asked for anyway.
    os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
try:
    import ray
except ImportError as error:
    say(error=f"no ray in {sys.executable}: {error}")
    sys.exit(1)


kept = {}


def process_of(task):
    """A process that is there, or a new one: those that see other GPUs, or were told other things, are others."""
    key = json.dumps([task["command"], task["environment"], os.environ.get("CUDA_VISIBLE_DEVICES")])
    process = kept.pop(key, None)
    for other in kept.values():
        other.kill()
    kept.clear()
    if process is None or process.poll() is not None:
        process = subprocess.Popen(
            task["command"],
            cwd=task["folder"],
            env={**os.environ, **task["environment"]},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    kept[key] = process
    return process


# Nothing is known of a task whose process died: whoever asked for it decides whether it is tried again.
@ray.remote(max_retries=0, num_returns="streaming")
def carry_out(task):
    # Its input stays open: the process ends with this one, however that ends.
    process = process_of(task)
    process.stdin.write(json.dumps(task["spec"]) + "\n")
    process.stdin.flush()
    for line in process.stdout:
        if line.startswith("{"):
            reply = json.loads(line)
            yield {"reply": reply}
            if reply["kind"] != "progress":
                return
    code = process.wait()
    yield {"ended": f"exit code {code}" if code >= 0 else f"signal {-code}"}


def follow(task):
    resources = {"num_cpus": task["cpus"], "num_gpus": task["gpus"]}
    try:
        for reply in carry_out.options(**resources, name=task["id"]).remote(task):
            say(id=task["id"], **ray.get(reply))
    except Exception as error:  # Whatever befell the worker is told of its run alone.
        say(id=task["id"], ended=f"{type(error).__name__}: {str(error).splitlines()[0]}")


def connect(address, cpus):
    quiet = {"log_to_driver": False, "logging_level": "error"}
    if address:
        ray.init(address=address, **quiet)
    else:
        ray.init(num_cpus=cpus, include_dashboard=False, **quiet)
    resources = ray.cluster_resources()
    nodes = [node for node in ray.nodes() if node["Alive"]]
    # A task has all its GPUs on one machine.
    most = max(node["Resources"].get("GPU", 0) for node in nodes)
    return {"nodes": len(nodes), "cpus": resources.get("CPU", 0), "gpus": resources.get("GPU", 0), "mostGpus": most}


def main():
    try:
        say(ready=connect(asked["address"], asked["cpus"]))
    except Exception as error:
        say(error=f"{type(error).__name__}: {error}")
        sys.exit(1)
    for line in sys.stdin:
        threading.Thread(target=follow, args=(json.loads(line),), daemon=True).start()
    # Ray ends the tasks of a driver that is gone, and a local cluster with it.
    ray.shutdown()


main()
