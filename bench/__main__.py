"""`python -m bench NAME …`: the benchmarks; without a name those that need no home.

It must not know what they measure.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bench import api, derive, judging, links, load, ownership, questions, reads
from bench.peers import measure as peers

BENCHES: Final[Mapping[str, Callable[[Sequence[str]], None]]] = {
    "api": api.main,
    "check": questions.main,
    "derive": derive.main,
    "judging": judging.main,
    "links": links.main,
    "load": load.main,
    "ownership": ownership.main,
    "peers": peers.main,
    "reads": reads.main,
}
NEED_NOTHING: Final = ("check", "derive", "load")


def main(arguments: Sequence[str]) -> None:
    if not arguments:
        for name in NEED_NOTHING:
            BENCHES[name](())
    elif arguments[0] in BENCHES:
        BENCHES[arguments[0]](arguments[1:])
    else:
        raise SystemExit(f"python -m bench [{'|'.join(BENCHES)}] …")


if __name__ == "__main__":
    main(sys.argv[1:])
