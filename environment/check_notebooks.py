"""Says what is wrong with committed notebooks: check_notebooks.py NOTEBOOK…

Each was run from top to bottom without an error, shows what it did, loads the library with the one line that every Java
kernel knows, names no folder of the machine that ran it, and has no photograph that may not be passed on (see
run_notebook.py). The status is 77 where one has not been run yet.
"""

import json
import re
import sys

import nbformat

FIRST = "%maven graft:graft:0.1.0"
MACHINE = re.compile(r"(?<![\w.:/-])/(work|root|home|tmp|Users|private|var|opt|builds)/[\w.-]+|\b[A-Z]:\\\\?Users\b")


def keeps_photographs(notebook):
    """Whether its outputs may have the photographs that it was run with."""
    return notebook.metadata.get("graft", {}).get("photographs", True)


def shows_photographs(output):
    """Plots are PNG, grids of photographs JPEG."""
    return "image/jpeg" in output.get("data", {})


def problems(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if not cells:
        yield "has no code"
        return
    if cells[0].source.strip() != FIRST:
        yield f"its first code cell is not the line {FIRST}"
    counts = [cell.execution_count for cell in cells]
    if counts != list(range(1, len(cells) + 1)):
        yield f"its execution counts are {counts}: run it whole, in a fresh kernel"
    if not any(cell.outputs for cell in cells):
        yield "has no outputs"
    for number, cell in enumerate(cells, 1):
        for output in cell.outputs:
            if output.output_type == "error":
                yield f"cell {number} ended in {output.ename}: {output.evalue}"
            if output.output_type == "stream" and output.name == "stderr":
                yield f"cell {number} writes to standard error: {output.text.strip().splitlines()[0]}"
            if not keeps_photographs(notebook) and shows_photographs(output):
                yield f"cell {number} shows photographs, which its metadata forbid: run it with environment/notebook"
    for number, cell in enumerate(notebook.cells, 1):
        text = cell.source + json.dumps([
            {kind: data for kind, data in output.get("data", {}).items() if not kind.startswith("image/")} or output.get("text", "")
            for output in cell.get("outputs", [])
        ])
        found = MACHINE.search(text)
        if found:
            yield f"cell {number} (counting prose) names a folder of one machine: {found.group()}"


NOT_RUN = 77


def not_run(path):
    """Whether it still waits to be run for real: no cell of it was, so that nothing in it can be wrong."""
    return all(cell.cell_type != "code" or cell.execution_count is None and not cell.outputs for cell in nbformat.read(path, as_version=4).cells)


def main(paths):
    wrong = 0
    waiting = 0
    for path in paths:
        if not_run(path):
            print(f"{path} has not been run for real yet, so it has no outputs to check")
            waiting += 1
            continue
        for problem in problems(path):
            print(f"{path}: {problem}")
            wrong += 1
    return 1 if wrong else NOT_RUN if waiting else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
