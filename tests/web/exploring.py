"""How a person's window on the served explorer is opened and looked at; the fixtures are in this folder's conftest.

It must not know what is right to see.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Request

from tests.serving import Running, token

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
DAY = "asOf=2025-06-01"
PATIENCE = 60_000  # ms: the first question of each kind is planned by the database


def enter(page: Page, served: Running, place: str = "/", role: str = "GOVERNMENT") -> None:
    """As a signed-in reader, without the dialog."""
    sign_in(page, token(served.home, role))
    page.goto(place)


def sign_in(page: Page, held: str) -> None:
    page.goto("/health/live")
    page.evaluate("held => sessionStorage.setItem('creditgraph.token', held)", held)


def picture(page: Page, name: str) -> None:
    """A screenshot for the README, where one is wanted."""
    if os.environ.get("EXPLORER_PICTURES"):
        page.evaluate("document.querySelector('.picture')?.scrollIntoView({block: 'end'})")
        page.wait_for_timeout(400)
        page.screenshot(path=str(ROOT / "docs" / f"explorer-{name}.png"))


def accessible(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(found => found.violations.map(each => each.id + ': ' + each.nodes[0].html))")
    return list(found)


def drawn(page: Page) -> dict[str, Any]:
    """Everything a picture shows: boxes by name, place and state, lines by their words, and what the menu offers."""
    found: dict[str, Any] = page.evaluate(
        """() => ({
            boxes: [...document.querySelectorAll('.box')].map(box => [
                box.dataset.id, box.getAttribute('aria-label'), box.getAttribute('transform'),
                box.getAttribute('class')]),
            lines: [...document.querySelectorAll('.line')].map(line => [
                line.dataset.edge, line.getAttribute('aria-label'), line.getAttribute('class'),
                line.querySelector('path').getAttribute('d')]),
            pills: [...document.querySelectorAll('.menu .pill')].map(pill => pill.textContent),
        })"""
    )
    return found


def names(page: Page) -> list[str]:
    return sorted(page.locator(".box > title").all_text_contents())


def ask(served: Running, query: str, role: str = "GOVERNMENT") -> Any:
    status, body = served.ask(
        query, {} if role == "PUBLIC" else {"Authorization": f"Bearer {token(served.home, role)}"}
    )
    assert (status, body.get("errors")) == (200, None)
    return body["data"]


class Questions:
    """The operations a window asked, by the ids or texts of their documents."""

    def __init__(self, page: Page) -> None:
        self.asked: list[str] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.url.endswith("/graphql"):
            body = json.loads(request.post_data or "{}")
            self.asked.append(body.get("documentId") or body["query"])
