"""Says what differs between two runs of one notebook: same_outputs.py NOTEBOOK NOTEBOOK

Texts and static pictures have to be the same; times, speeds and memory, and the time in the name of a run's folder, need not be.
"""

import re
import sys

import nbformat

TIMES = [
    (re.compile(r"\d{4}-\d\d-\d\d-\d{6}"), "TIME"),
    (re.compile(r" *[\d.,]+ pictures/s"), ""),
    (re.compile(r"\d+(:\d\d)? (seconds|minutes)(, [\d.]+ GB of memory at most)?"), ""),
    (re.compile(r" *\b\d+:\d\d(:\d\d)?\b( left)?"), ""),
]


def outputs(path):
    """Each code cell's outputs: texts without times, pictures as they are."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            yield cell.source, [shown(output) for output in cell.outputs]


def shown(output):
    data = output.get("data", {})
    text = output.get("text", data.get("text/plain", ""))
    for time, instead in TIMES:
        text = time.sub(instead, text)
    return text, {kind: content for kind, content in data.items() if kind.startswith("image/")}


def main(first, second):
    wrong = pictures = texts = 0
    for (source, before), (_, after) in zip(outputs(first), outputs(second)):
        texts += sum(text != "" for text, _ in before)
        pictures += sum(len(images) for _, images in before)
        if before != after:
            wrong += 1
            print(f"cell {source.strip().splitlines()[0]}\n{[text for text, _ in before]}\n{[text for text, _ in after]}")
    print(f"{texts} texts, {pictures} pictures, {wrong} cells that differ")
    return 1 if wrong or not texts or not pictures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
