"""The command: asks a server that holds the demo world what the README asks, and writes what it answers as pictures.

It must not know what they look like.
"""

from __future__ import annotations

import json
import sys
from urllib.request import Request, urlopen

from docs.pages import ROOT, Asked, page
from docs.pictures.pictures import drawn


def answer(address: str, token: str, asked: Asked) -> dict[str, object]:
    request = Request(
        address,
        json.dumps({"query": asked.text, "variables": asked.variables}).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    with urlopen(request) as reply:
        body = json.loads(reply.read())
    if "errors" in body:
        raise SystemExit(body["errors"])
    data: dict[str, object] = body["data"]
    return data


def main(address: str, token: str) -> None:
    for name, asked in page("README.md").pictures.items():
        path = ROOT / "docs" / f"{name}.svg"
        path.write_text(drawn(name, asked.text, answer(address, token, asked)), encoding="utf-8")
        print(path)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("python -m docs.pictures ADDRESS/graphql TOKEN")
    main(*sys.argv[1:])
