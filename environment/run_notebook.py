"""Runs a notebook from its first cell to its last in a fresh Java kernel.

    run_notebook.py NOTEBOOK             and writes the outputs into it
    run_notebook.py NOTEBOOK --to FILE   and writes notebook and outputs there

Its code runs in the notebook's folder, or in that of --folder. A notebook with a failing cell is not written: the cell, its
number and its error go to standard error, and the exit status is 1. Photographs are left out of the outputs where the
notebook's metadata say "graft": {"photographs": false}, because the pictures that it was run with may not be passed on.
"""

import argparse
import os
import re
import sys
import tempfile
import time

import nbformat
from check_notebooks import keeps_photographs, shows_photographs
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError


def run(notebook, folder, kernel, log):
    """Fills in the outputs of every cell; says on standard error which cell is running. The kernel's own messages go to `log`."""
    code = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    started = time.time()

    def on_start(cell, cell_index):
        first = cell.source.strip().split("\n")[0][:70]
        print(f"  cell {code.index(cell_index) + 1}/{len(code)}, {time.time() - started:.0f} s: {first}", file=sys.stderr, flush=True)

    client = NotebookClient(
        notebook,
        kernel_name=kernel,
        resources={"metadata": {"path": folder}},
        timeout=None,
        startup_timeout=120,
        record_timing=False,
        coalesce_streams=True,
        on_cell_start=lambda cell, cell_index: on_start(cell, cell_index) if cell.cell_type == "code" else None,
    )
    client.execute(stdout=log, stderr=log)


def withhold_photographs(notebook):
    """Leaves of a grid of photographs what it is called."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if shows_photographs(output):
                output["data"] = nbformat.from_dict({"text/plain": output.data["text/plain"] + " (left out here: these photographs may not be passed on)"})


def portable(notebook):
    """Leaves nothing of this machine in the metadata: any Java kernel opens the notebook."""
    notebook.metadata = nbformat.from_dict({
        **{key: value for key, value in notebook.metadata.items() if key == "graft"},
        "kernelspec": {"display_name": "Java", "language": "java", "name": "java"},
        "language_info": {"file_extension": ".jshell", "mimetype": "text/x-java-source", "name": "java"},
    })
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            if "text" in output:
                # What a terminal would show: a line that was written over leaves its last state.
                output["text"] = re.sub(r"[^\n\r]*\r(?=[^\n\r])", "", output["text"]).replace("\r\n", "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebook")
    parser.add_argument("--to", metavar="FILE", help="write there, not into the notebook")
    parser.add_argument("--folder", help="the code's current folder (default: the notebook's)")
    parser.add_argument("--kernel", default="java", help="the kernel's name (default: java)")
    arguments = parser.parse_args()

    target = arguments.to or arguments.notebook
    notebook = nbformat.read(arguments.notebook, as_version=4)
    try:
        with tempfile.TemporaryFile("w+", errors="replace") as log:
            try:
                run(notebook, arguments.folder or os.path.dirname(os.path.abspath(arguments.notebook)), arguments.kernel, log)
            except DeadKernelError:
                log.seek(0)
                print(log.read(), file=sys.stderr)
                raise
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        print(f"{arguments.notebook} failed:\n{error}", file=sys.stderr)
        return 1
    if not keeps_photographs(notebook):
        withhold_photographs(notebook)
    portable(notebook)
    nbformat.validate(notebook)
    with open(target + ".new", "w", encoding="utf-8") as file:
        nbformat.write(notebook, file)
    os.replace(target + ".new", target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
