"""`python -m bench NAME …`: the benchmarks; without a name all that need nobody's home, and then what was missed.

It must not know what they measure. `--node FOLDER` beside no name: where the packages of a peer are.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from bench import api, depth, derive, engine, equality, judging, links, load, ownership, plans, questions, reads
from bench.peers import measure as peers
from bench.served import ROOT
from tests.oracle import __main__ as oracle

BENCHES: Final[Mapping[str, Callable[[Sequence[str]], object]]] = {
    "api": api.main,
    "check": questions.main,
    "depth": depth.main,
    "derive": derive.main,
    "engine": engine.main,
    "equality": equality.main,
    "judging": judging.main,
    "links": links.main,
    "load": load.main,
    "oracle": oracle.main,
    "ownership": ownership.main,
    "peers": peers.main,
    "plans": plans.main,
    "reads": reads.main,
}
NEED_NOTHING: Final = ("engine", "check", "derive", "load", "plans", "depth", "oracle")
NEED_A_CITY: Final = ("api", "judging", "peers")
FIRMS: Final = 1_000  # of the city they are asked of
NODE: Final = "--node"


def missed(name: str, arguments: Sequence[str] = ()) -> list[str]:
    """What a benchmark says it missed; one that only says that it failed is named."""
    print(f"-- {name}", flush=True)
    found = BENCHES[name](arguments)
    return found if isinstance(found, list) else [name] if found else []


@contextmanager
def city() -> Iterator[str]:
    """A home with a city, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="creditgraph-bench-") as home:
        command = [sys.executable, "-m", "loaders", "city", "--size", str(FIRMS), "--home", home]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        yield home


def everything(further: Sequence[str]) -> list[str]:
    with city() as home:
        found = [each for name in NEED_A_CITY for each in missed(name, _given(name, home, further))]
    return found + [each for name in NEED_NOTHING for each in missed(name)]


def _given(name: str, home: str, further: Sequence[str]) -> list[str]:
    return ["--home", home, *(further if name == "peers" else ())]


def main(arguments: Sequence[str]) -> None:
    if not arguments or arguments[0] == NODE:
        found = everything(arguments)
    elif arguments[0] in BENCHES:
        found = missed(arguments[0], arguments[1:])
    else:
        raise SystemExit(f"python -m bench [{NODE} FOLDER | {'|'.join(BENCHES)} …]")
    if found:
        raise SystemExit("\n".join(["missed:", *found]))


if __name__ == "__main__":
    main(sys.argv[1:])
