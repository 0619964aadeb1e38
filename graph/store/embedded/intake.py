"""Neo4j's own offline import of tables into a fresh home that no server has used.

It must not know what the tables hold.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from typing import Final

from graph.store.embedded import configuration
from graph.store.embedded.dump import WORDS, failed
from graph.store.embedded.home import DATABASE, Home
from graph.store.embedded.java import Java, Launcher
from graph.store.embedded.options import EmbeddedOptions
from graph.store.embedded.processes import die_with_parent

COMMAND: Final = ("database", "import", "full", DATABASE)
HEAP_MEGABYTES: Final = 1024  # what the importer suggests for 20 million nodes; its maps lie outside the heap
OFF_HEAP: Final = "2g"  # its default is 90 % of the machine
PERCENT: Final = re.compile(rb"(\d+)%")
STAGE: Final = re.compile(rb"\((\d)/(\d)\) ")
PARTS: Final = 400  # percent of four stages
TABLES: Final = (
    "--id-type=integer",
    "--array-delimiter=U+001F",
    "--multiline-fields=true",
    "--bad-tolerance=0",
    "--high-parallel-io=on",
)


def take_in(options: EmbeddedOptions, home: Home, tables: Sequence[str], advance: Callable[[int], object]) -> None:
    """Import tables (`--nodes=…`, `--relationships=…`); `advance` hears of 400 parts. Raises EmbeddedError.

    Blocking, in the main thread: the importer ends with the thread that started it.
    """
    configuration.write(home, options, configuration.size(options), 0)
    launcher = Launcher(options, home, Java.find(options))
    limits = (
        f"--threads={os.cpu_count() or 1}",
        f"--max-off-heap-memory={OFF_HEAP}",
        f"--report-file={home.path('logs/import.report')}",
    )
    with home.path(WORDS).open("wb") as words:
        process = subprocess.Popen(
            launcher.admin(*COMMAND, *TABLES, *limits, *tables, heap_megabytes=HEAP_MEGABYTES),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=words,
            env=launcher.admin_environment(),
            preexec_fn=die_with_parent(),
        )
        assert process.stdout is not None  # noqa: S101
        try:
            stage, told = 0, 0
            for line in process.stdout:
                words.write(line)
                words.flush()  # before what it complains of on the other stream
                if found := STAGE.match(line):
                    stage = int(found[1]) - 1
                elif found := PERCENT.search(line):
                    reached = 100 * stage + int(found[1])
                    advance(max(0, reached - told))
                    told = max(told, reached)
            code = process.wait()
        finally:
            process.stdout.close()
            if process.poll() is None:
                process.kill()
                process.wait()
    if code:
        raise failed(home, "离线导入失败 / the offline import failed")
