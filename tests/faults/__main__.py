"""`make test-fault`: a load of 200,000 rows, interrupted 50 times in all; after each resume the graph is the same.

Prints a line for every load; exit code 1 where one of them left another graph.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

from tests.faults.interruption import Lost, interrupted, whole
from tests.faults.penalties import penalties


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=50, help="interruptions in all")
    parser.add_argument("--each", type=int, default=5, help="interruptions of one load")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    different = 0
    with tempfile.TemporaryDirectory(prefix="creditgraph-faults-") as folder:
        command = "double-publicity", str(penalties(Path(folder) / "penalties.csv", chosen.rows))
        expected, course = whole(Path(folder) / "whole", command)
        print(f"whole: {course.seconds:.1f} s {expected}", flush=True)
        for number in range(-(-chosen.times // chosen.each)):
            chance, began = random.Random(chosen.seed * 1_000 + number), time.monotonic()
            try:
                found = interrupted(Path(folder) / f"load-{number}", command, chance, chosen.each, course)
                said = "the same graph" if set(found) == {expected} else f"ANOTHER: {found}"
            except Lost as lost:
                said = f"LOST: {lost}"
            different += said != "the same graph"
            print(f"load {number}: {chosen.each} interruptions, {time.monotonic() - began:.1f} s, {said}", flush=True)
    return min(different, 1)


if __name__ == "__main__":
    raise SystemExit(main())
