"""Executes a notebook in place, cell by cell, and saves it after each: python execute_notebook.py FILE KERNEL TIMEOUT

TIMEOUT is in seconds a cell; 0 waits for ever. Prints one JSON object a line: {"event": "started" | "finished" |
"failed" | "progress", "cell", …}; progress is what a cell updates in place, as text. Cells are numbered as Jupyter numbers them when all are run: by their execution count,
which empty cells and injected parameters (cell 0) do not have. Exits with 0 or, where a cell failed, 1.
"""
import json
import os
import re
import sys
import threading
import time
from contextlib import ExitStack

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

# The kernel inherits standard output, and what TensorFlow writes there must not come between the events.
EVENTS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

# Times that a kernel is started before it counts as one that cannot be.
STARTS = 3


class Client(NotebookClient):
    """Tells what cells update in place: long ones show so how far they are."""

    def process_message(self, msg, cell, cell_index):
        data = msg["content"].get("data", {})
        if msg["msg_type"] == "update_display_data" and set(data) == {"text/plain"}:
            emit(event="progress", cell=cell.execution_count or 0, text=data["text/plain"])
        return super().process_message(msg, cell, cell_index)


def main(path, kernel, timeout):
    notebook = nbformat.read(path, as_version=4)
    with ExitStack() as stack:
        client = start(stack, notebook, path, kernel, timeout)
        number = 0
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            counts = "injected-parameters" not in cell.metadata.get("tags", [])
            number += counts
            emit(event="started", cell=number if counts else 0)
            if not execute(client, cell, index, number if counts else 0):
                save(notebook, path)
                return 1
            save(notebook, path)
        # What was rejected since the last cell ended still fails the notebook.
        notebook.cells.append(nbformat.v4.new_code_cell("// the end"))
        if execute(client, notebook.cells[-1], len(notebook.cells) - 1, 0, quiet=True):
            return 0
        save(notebook, path)
        return 1


def start(stack, notebook, path, kernel, timeout):
    """A client whose kernel runs until the stack ends. Where two kernels start at once, one may take a port that Jupyter
    has just chosen for the other, which then dies: it is started again with other ports."""
    for left in reversed(range(STARTS)):
        client = Client(
            notebook,
            kernel_name=kernel,
            timeout=timeout or None,
            coalesce_streams=True,
            resources={"metadata": {"path": os.path.dirname(path)}},
        )
        try:
            stack.enter_context(client.setup_kernel())
            return client
        except RuntimeError:
            if left == 0:
                raise


def execute(client, cell, index, number, quiet=False):
    started = time.monotonic()
    try:
        client.execute_cell(cell, index, store_history=number > 0)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        emit(event="failed", ms=since(started), **failure(error, cell, number))
        return False
    if not quiet:
        emit(event="finished", cell=number, ms=since(started))
    return True


def failure(error, cell, number):
    """Where and why: the line in this cell if the traceback has one, else the first that it has of any cell."""
    if not isinstance(error, CellExecutionError):
        evalue = str(error).strip().split("\n")[0]
        return dict(cell=number, line=None, ename=type(error).__name__, evalue=evalue)
    faults = [output for output in cell.outputs if output.output_type == "error"]
    traceback = "\n".join(faults[-1].traceback) if faults else ""
    here = re.search(rf"\bcell {number}(?:, line |:)(\d+)", traceback)
    there = re.search(r"\bcell (\d+)(?:, line |:)(\d+)", traceback)
    if here:
        cell_number, line = number, int(here[1])
    elif there:
        cell_number, line = int(there[1]), int(there[2])
    else:
        cell_number, line = number, None
    return dict(cell=cell_number, line=line, ename=error.ename, evalue=error.evalue)


def save(notebook, path):
    with open(path + ".tmp", "w", encoding="utf-8") as file:
        nbformat.write(notebook, file)
    os.replace(path + ".tmp", path)


def since(started):
    return round((time.monotonic() - started) * 1000)


def emit(**event):
    print(json.dumps(event), file=EVENTS, flush=True)


def leave_with_parent():
    """Standard input ends when the program that started this one does, however it ends."""
    while os.read(0, 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=leave_with_parent, daemon=True).start()
    sys.exit(main(os.path.abspath(sys.argv[1]), sys.argv[2], float(sys.argv[3])))
