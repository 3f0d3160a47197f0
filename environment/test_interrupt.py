"""Stops a cell that trains, as JupyterLab's button does, and runs it again: test_interrupt.py FOLDER

The cell ends at once with the kernel's one sentence, the kernel lives, and the same cell goes on with the run where it was
stopped, until it has what a run that was never stopped has, to the byte. The last stop is a restart of the kernel. A cell of
variants goes on with the variant at which it was stopped. FOLDER is where the code runs.
"""

import os
import re
import sys
import time

from jupyter_client.manager import start_new_kernel

BEGIN = ["""%maven graft:graft:0.1.0""", """
import graft.backbone.*;
import graft.data.*;
import graft.eval.*;
import graft.run.*;
import graft.train.*;
import static graft.augment.Transforms.*;
import static graft.notebook.Notebook.*;""", """
var recipe = Recipe.of("stopped", ImageFolder.of("builtin:groceries12").first(2)).backbone("mobilenet_v2", Weights.untrained("mobilenet_v2", 0, 32))
    .train(randomResizedCrop(32), randomHorizontalFlip()).evaluate(resize(32), centerCrop(32))
    .trainable(Trainable.all()).split(Split.stratified(0.5)).epochs(9).batch(2);"""]
WHOLE = 'var whole = run(recipe, Options.of("--out", "whole"), Published.none());'
CELL = "var run = run(recipe, Options.of(), Published.none());"
VARIANTS = """
var answer = Variants.of("Does the rate matter?").with("as it is", recipe).with("slower", recipe.optimizer(Optimizer.adamW(1e-5)))
    .run(Options.of("--out", "%s"), progress(), whole);"""
SECONDS = 300  # Not a limit on speed: a kernel that no longer answers would be waited for forever.


class Stopped(Exception):
    """What the kernel says of a cell that did not end well."""


def execute(manager, client, code, stop_at=None):
    """Runs a cell; its outputs as text. Interrupts it as soon as an output matches `stop_at`."""
    message = client.execute(code)
    shown, error = [], None
    while True:
        answer = client.get_iopub_msg(timeout=SECONDS)
        content = answer["content"]
        if answer["parent_header"].get("msg_id") != message:
            continue
        if answer["msg_type"] == "status" and content["execution_state"] == "idle":
            break
        if answer["msg_type"] == "error":
            error = "\n".join(content["traceback"])
        text = content.get("text") or content.get("data", {}).get("text/plain", "")
        shown.append(text)
        if stop_at and re.search(stop_at, text):
            manager.interrupt_kernel()
            stop_at = None
    if error is not None:
        raise Stopped(re.sub(r"\x1b\[[0-9;]*m", "", error))
    return shown


def stop(manager, client, cell, at):
    """Runs a cell until an output matches, stops it there, and looks at what it says."""
    try:
        execute(manager, client, cell, at)
    except Stopped as stopped:
        said = str(stopped)
        assert "Evaluation interrupted." in said and not re.search(r"^\s*at ", said, re.MULTILINE), said
    else:
        raise AssertionError(f"the interrupt at {at} did not end the cell")
    shown = "".join(execute(manager, client, "System.out.println(6 * 7);"))
    assert "42\n" in shown, f"the kernel does not answer any more, or says something else: {shown}"


def begun(shown):
    """The first epoch that was trained, by the progress that was shown."""
    return min(int(found) for text in shown for found in re.findall(r"epoch (\d+)/9 \d+/", text))


def content(folder):
    """What a run has come to: names and bytes of all that does not say when and where."""
    files = {}
    for path, _, names in os.walk(folder):
        for name in names:
            if name not in ("environment.json", "report.html"):
                with open(os.path.join(path, name), "rb") as file:
                    files[os.path.relpath(os.path.join(path, name), folder)] = file.read()
    return files


def same(whole, stopped):
    """Two runs have come to the same; how many files they have."""
    expected, actual = content(whole), content(stopped)
    assert expected.keys() == actual.keys(), f"files {sorted(expected)} and {sorted(actual)}"
    different = [name for name in expected if expected[name] != actual[name]]
    assert not different, f"{stopped}, which was stopped, differs from {whole} in {different}"
    return len(expected)


def main(folder):
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    manager, client = start_new_kernel(kernel_name="java")
    try:
        for code in BEGIN:
            execute(manager, client, code)
        execute(manager, client, WHOLE)
        execute(manager, client, VARIANTS % "whole-variants")
        stop(manager, client, VARIANTS % "variants", "slower")
        execute(manager, client, VARIANTS % "variants")
        for epoch in (2, 4, 6):
            stop(manager, client, CELL, rf"epoch {epoch}/9 ")
        for _ in range(600):  # The cell has ended, its run still saves: give it the time that a person takes to press the next button.
            [run] = os.listdir("runs/stopped")
            if os.path.exists(f"runs/stopped/{run}/checkpoint/mobilenet_v2/training/checkpoint.json"):
                break
            time.sleep(0.1)
        client.stop_channels()
        manager.restart_kernel(now=True)
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=SECONDS)
        for code in BEGIN:
            execute(manager, client, code)
        shown = execute(manager, client, CELL)
        assert any(text.startswith("goes on with runs/stopped/" + run) for text in shown), "it does not say that it goes on:\n" + "\n".join(shown[:9])
        assert begun(shown) >= 5, f"it was stopped in epoch 6 and began again in epoch {begun(shown)}"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert os.listdir("runs/stopped") == [run], os.listdir("runs/stopped")
    equal = same("whole", f"runs/stopped/{run}") + same("whole-variants/slower", "variants/slower")
    assert sorted(os.listdir("variants")) == sorted(os.listdir("whole-variants")), os.listdir("variants")
    print(f"stopped in epochs 2, 4 and 6, went on in epoch {begun(shown)} in another kernel; a variant stopped; {equal} equal files")


if __name__ == "__main__":
    main(sys.argv[1])
