"""`python -m bench [check|load]`: the benchmarks, all of them without a name.

It must not know what they measure.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bench import load, questions

BENCHES: Final[Mapping[str, Callable[[Sequence[str]], None]]] = {"check": questions.main, "load": load.main}


def main(arguments: Sequence[str]) -> None:
    if not arguments:
        for run in BENCHES.values():
            run(())
    elif arguments[0] in BENCHES:
        BENCHES[arguments[0]](arguments[1:])
    else:
        raise SystemExit(f"python -m bench [{'|'.join(BENCHES)}] …")


if __name__ == "__main__":
    main(sys.argv[1:])
