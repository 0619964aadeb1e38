"""`python -m graph.rules check [PACK]` and `diff A B`: what a pack holds, and how two differ, in words.

A pack is a name (`cn-credit`, `ofac50`), a folder of TOML files, or one file; it must not know facts.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from graph.errors import GraphError
from graph.rules.compare import WINDOWS, differences
from graph.rules.pack import SHIPPED, Pack, load, read


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m graph.rules", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    checked = commands.add_parser("check", help="read a pack and print what it holds")
    checked.add_argument("pack", nargs="?", default=SHIPPED)
    compared = commands.add_parser("diff", help="say in words how two packs differ")
    compared.add_argument("before")
    compared.add_argument("after")
    asked = parser.parse_args(arguments)
    try:
        if asked.command == "diff":
            return _diff(_pack(asked.before, former=True), _pack(asked.after))
        return _check(_pack(asked.pack))
    except GraphError as error:
        print(error.message, file=sys.stderr)
        return 1


def _pack(name: str, *, former: bool = False) -> Pack:
    path = Path(name)
    return read(path, former=former) if path.exists() else load(name)


def _check(pack: Pack) -> int:
    print(f"{pack.name} {pack.version}  {pack.digest[:16]}  {len(pack.rules)} ways of {len(_names(pack))} rules")
    for rule in pack.rules:
        span = f"{rule.validity.start} – {rule.validity.end or '…'}"
        print(f"{rule.name:26} {rule.version:6} {rule.way:9} {span:25} {rule.confidence:10} {rule.title.zh}")
    for regime in pack.windows.regimes if pack.windows else ():
        span = f"{regime.validity.start} – {regime.validity.end or '…'}"
        longest = ", ".join(f"{each} {months} months" for each, months in regime.longest.items())
        print(f"{WINDOWS} {span:25} {regime.confidence:10} {regime.name}: {longest}")
    return 0


def _names(pack: Pack) -> set[str]:
    return {rule.name for rule in pack.rules}


def _diff(before: Pack, after: Pack) -> int:
    """Like `diff`: 0 for equal packs, 1 for others."""
    lines = list(differences(before, after))
    for line in lines:
        print(line)
    return 1 if lines else 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `check | head`: who reads no further has read enough
    raise SystemExit(main())
