"""`python -m graph.rules check`: reads the pack and prints what it holds; errors name file, rule and field.

It must not know facts.
"""

from __future__ import annotations

import argparse
import sys

from graph.errors import GraphError
from graph.rules.pack import load


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m graph.rules", description=__doc__)
    parser.add_argument("command", choices=["check"])
    parser.parse_args()
    try:
        pack = load()
    except GraphError as error:
        print(error.message, file=sys.stderr)
        return 1
    print(f"{pack.name} {pack.version}  {pack.digest[:16]}  {len(pack.rules)} rules")
    for rule in pack.rules:
        name = f"{rule.id}.{rule.part}" if rule.part else rule.id
        span = f"{rule.validity.start} – {rule.validity.end or '…'}"
        print(f"{name:14} {rule.version:6} {rule.way:8} {span}  {rule.confidence:10} {rule.title.zh}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
