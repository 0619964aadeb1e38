"""Times pages and search against one lookup by id, through the same server over HTTP, on a city in a home.

It loads the city where the home has none; it must not know how the answers are made.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from bench.served import ROOT, post, serving
from graph.texts import fold

LOOKUP: Final = "query($id: ID!) { node(id: $id) { id ... on Subject { name kind } } }"
PAGE: Final = (
    "query($after: String) { enterprises(first: 20, after: $after) { nodes { id name } pageInfo { endCursor } } }"
)
SEARCH: Final = "query($text: String!) { search(text: $text, first: 20) { edges { matched snippet node { id } } } }"
FRAGMENTS: Final = {"2 characters": 2, "3 characters": 3, "4 characters": 4, "6 characters": 6, "whole names": 0}


def timed(ask: Callable[[], dict[str, Any]]) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = ask()
    taken = (time.perf_counter() - began) * 1000
    assert "errors" not in answer, answer
    return taken, answer["data"]


def middle(figures: Sequence[float]) -> tuple[float, float]:
    """p50 and p95."""
    return statistics.median(figures), statistics.quantiles(figures, n=20)[-1]


def ratios(figures: Sequence[float], floor: Sequence[float]) -> tuple[float, float]:
    (p50, p95), (low, high) = middle(figures), middle(floor)
    return p50 / low, p95 / high


def shown(name: str, figures: Sequence[float], floor: Sequence[float]) -> str:
    (p50, p95), (times, high) = middle(figures), ratios(figures, floor)
    return f"{name:14} p50 {p50:7.2f} ms = {times:4.1f} x   p95 {p95:7.2f} ms = {high:4.1f} x"


def walk(connection: http.client.HTTPConnection, pages: int) -> tuple[list[tuple[str, str]], list[float]]:
    """Firms by name with the time of every page, the first of all, then on by cursor."""
    firms: list[tuple[str, str]] = []
    figures: list[float] = []
    after = None
    for _ in range(pages):
        taken, data = timed(lambda after=after: post(connection, PAGE, after=after))  # type: ignore[misc]
        figures.append(taken)
        firms += [(each["id"], each["name"]) for each in data["enterprises"]["nodes"]]
        after = data["enterprises"]["pageInfo"]["endCursor"]
    assert len({id for id, _ in firms}) == len(firms)
    return firms, figures


def search(connection: http.client.HTTPConnection, text: str, whole: bool) -> float:
    """Every hit contains the text, and a whole name comes first."""
    taken, data = timed(lambda: post(connection, SEARCH, text=text))
    edges = data["search"]["edges"]
    assert edges, text
    assert all(fold(text) in fold(each["snippet"]) for each in edges), (text, edges)
    assert not whole or edges[0]["matched"] == "EXACT_NAME", (text, edges[0])
    return taken


def main(given: Sequence[str]) -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench reads", description=__doc__)
    arguments.add_argument("--home", type=Path, required=True, help="folder of a graph with a city; made when absent")
    arguments.add_argument(
        "--size", type=int, default=100_000, help="enterprises of the city that is loaded first; 0: what is there"
    )
    arguments.add_argument("--rounds", type=int, default=200)
    arguments.add_argument("--pages", type=int, default=600)
    chosen = arguments.parse_args(given)
    command = [sys.executable, "-m", "loaders", "city", "--size", str(chosen.size), "--home", str(chosen.home)]
    if chosen.size:
        subprocess.run(command, cwd=ROOT, check=True)
    drawn = random.Random(7)
    with serving(chosen.home, "none") as (connection, _):
        for _ in range(3):
            firms, _ = walk(connection, chosen.pages // 3)  # warm
        firms, figures = walk(connection, chosen.pages)
        floor: list[float] = []
        found: dict[str, list[float]] = {name: [] for name in FRAGMENTS}
        for turn in range(2 * chosen.rounds):
            asked = {}
            for name, size in FRAGMENTS.items():
                firm = drawn.choice(firms)[1]
                start = drawn.randrange(max(1, len(firm) - size + 1))
                asked[name] = firm if size == 0 else firm[start : start + size]
            id = drawn.choice(firms)[0]
            lookup, _ = timed(lambda id=id: post(connection, LOOKUP, id=id))  # type: ignore[misc]
            taken = {name: search(connection, text, FRAGMENTS[name] == 0) for name, text in asked.items()}
            if turn >= chosen.rounds:  # the first half warms
                floor.append(lookup)
                for name, one in taken.items():
                    found[name].append(one)
        print(shown("lookup by id", floor, floor))
        print(shown("first pages", figures[:50], floor))
        print(shown("deep pages", figures[-50:], floor), f"(the last of {chosen.pages} by cursor; bar 1.5 x the first)")
        for name, each in found.items():
            print(shown(name, each, floor), "(bar p95 3 x)")
        everything = [one for each in found.values() for one in each]
        print(shown("all searches", everything, floor), f"  load of the machine {os.getloadavg()[0]:.1f}")
