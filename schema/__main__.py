"""`python -m schema print` writes the served schema to `schema.graphql`, which is committed; `--check` only compares.

It must not know a database.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from schema.served import build_schema

COMMITTED: Final = Path(__file__).parent / "schema.graphql"
ONE_OF: Final = "directive @oneOf on INPUT_OBJECT"  # of the specification itself, printed without its words


def printed() -> str:
    described = f'"""恰好给出一个字段 · exactly one field is given"""\n{ONE_OF}'
    return f"{build_schema().as_str().replace(ONE_OF, described)}\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m schema", description=__doc__)
    parser.add_argument("command", choices=["print"])
    parser.add_argument("--check", action="store_true", help="fail when the committed file differs")
    arguments = parser.parse_args()
    text = printed()
    if arguments.check:
        same = COMMITTED.is_file() and COMMITTED.read_text(encoding="utf-8") == text
        print("schema.graphql is up to date" if same else "schema.graphql differs: run python -m schema print")
        return 0 if same else 1
    COMMITTED.write_text(text, encoding="utf-8")
    print(f"{COMMITTED.name}: {len(text.splitlines())} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
