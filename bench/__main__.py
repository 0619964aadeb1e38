"""`python -m bench NAME …`: the benchmarks; without a name those that need no home.

It must not know what they measure.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bench import api, depth, derive, equality, judging, links, load, ownership, plans, questions, reads
from bench.peers import measure as peers
from tests.oracle import __main__ as oracle

BENCHES: Final[Mapping[str, Callable[[Sequence[str]], object]]] = {
    "api": api.main,
    "check": questions.main,
    "depth": depth.main,
    "derive": derive.main,
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
NEED_NOTHING: Final = ("check", "derive", "load", "plans", "depth", "oracle")


def main(arguments: Sequence[str]) -> None:
    if not arguments:
        failed = [name for name in NEED_NOTHING if BENCHES[name](())]
        if failed:
            raise SystemExit(", ".join(failed))
    elif arguments[0] in BENCHES:
        if BENCHES[arguments[0]](arguments[1:]):
            raise SystemExit(1)
    else:
        raise SystemExit(f"python -m bench [{'|'.join(BENCHES)}] …")


if __name__ == "__main__":
    main(sys.argv[1:])
