"""Writes the kernelspec `java` of this environment, in place of the one that the package jjava brings.

Two things differ from that one: the library and all it needs are on the kernel's class path, and Java starts at once with
our options, not through a second Java that starts the first.
"""

import json
import os
import sys

java, repository, jar, classpath = sys.argv[1:]
folder = os.path.join(sys.prefix, "share", "jupyter", "kernels", "java")

spec = {
    "argv": [
        java,
        # Half of the machine for decoded pictures and plots; libtorch takes its memory beside that.
        "-XX:MaxRAMPercentage=50",
        # Plots are pictures in the notebook, never windows.
        "-Djava.awt.headless=true",
        # %maven finds the library where it was installed, also where that is not the usual place.
        "-Dmaven.repo.local=" + repository,
        # JJava reaches into JShell.
        "--add-opens", "jdk.jshell/jdk.jshell=ALL-UNNAMED",
        "-jar", "{resource_dir}/jjava.jar",
        "{connection_file}",
    ],
    "display_name": "Java (Graft)",
    "language": "java",
    # The kernel stops a cell when it is told to; a signal would end it.
    "interrupt_mode": "message",
    "env": {
        "JJAVA_CLASSPATH": os.pathsep.join([jar, classpath]),
        # Finds the library's extension, which shows figures, tables and pictures.
        "JJAVA_LOAD_EXTENSIONS": "1",
        # How memory is kept between training steps; see library.sh.
        **{name: value for name, value in os.environ.items() if name.startswith("MALLOC_")},
    },
}

path = os.path.join(folder, "kernel.json")
with open(path + ".new", "w", encoding="utf-8") as file:
    json.dump(spec, file, indent=2)
os.replace(path + ".new", path)
