"""Drives the registered kernel over ZeroMQ. Reads a JSON list of steps on standard input, prints what each one gave.

A step is {"execute": code, "interrupt": seconds or absent, "history": true or false}, {"all": [codes]} (sent at once),
{"complete": code, "at": position} or {"inspect": code, "at": position}. Needs jupyter_client.
"""
import json
import os
import sys
import threading
import time

from jupyter_client.manager import KernelManager

TIMEOUT = 60


def replies(client, ids):
    """The reply to each request, and the messages that it published until the kernel was idle again."""
    published = {id: [] for id in ids}
    busy = set(ids)
    while busy:
        message = client.get_iopub_msg(timeout=TIMEOUT)
        id = message["parent_header"].get("msg_id")
        if id not in published:
            continue
        if message["msg_type"] == "status":
            if message["content"]["execution_state"] == "idle":
                busy.discard(id)
        else:
            published[id].append({"type": message["msg_type"], "content": message["content"]})
    shell = {}
    while len(shell) < len(ids):
        message = client.get_shell_msg(timeout=TIMEOUT)
        id = message["parent_header"]["msg_id"]
        if id in published:  # and not an answer to wait_for_ready
            shell[id] = message["content"]
    return [{"reply": shell[id], "published": published[id]} for id in ids]


def step(manager, client, request):
    started = time.monotonic()
    if "execute" in request:
        if "interrupt" in request:
            threading.Timer(request["interrupt"], manager.interrupt_kernel).start()
        id = client.execute(request["execute"], store_history=request.get("history", True))
        [result] = replies(client, [id])
    elif "all" in request:
        result = {"cells": replies(client, [client.execute(code) for code in request["all"]])}
    elif "complete" in request:
        [result] = replies(client, [client.complete(request["complete"], request["at"])])
    else:
        [result] = replies(client, [client.inspect(request["inspect"], request["at"])])
    return {**result, "ms": round((time.monotonic() - started) * 1000)}


def main():
    # The kernel inherits standard output, so the results go out by another way.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    manager = KernelManager(kernel_name="agentbank-ts")
    started = time.monotonic()
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=TIMEOUT)
        ready = round((time.monotonic() - started) * 1000)
        results = [step(manager, client, request) for request in json.load(sys.stdin)]
        json.dump({"ready": ready, "results": results}, out)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


main()
