"""What a reader did to a picture stands in its link: it survives reload, back, forth, undo, redo and sharing.

Also asked as the public of a server that answers trusted documents only.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.periods import SHANGHAI
from graph.store.address import Address
from loaders.world.load import DEMO, load_file
from tests.conftest import PERSON_KEY
from tests.serving import Running, prepared_home, running, token, with_database
from tests.web.exploring import DAY, Questions, drawn, enter, names, sign_in


@pytest.fixture(scope="module")
def served(server: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """In production, and the public kept to trusted documents: the page asks by ids that the server knows."""
    home = prepared_home(server, tmp_path_factory.mktemp("linked"))
    documents = tmp_path_factory.mktemp("documents")

    async def load(database: Any) -> None:
        now = datetime.now(SHANGHAI)
        await load_file(database, DEMO, person_key=PERSON_KEY, now=now, today=now.date())

    trusting = {"CREDITGRAPH_TRUSTED_ONLY": "true", "CREDITGRAPH_DOCUMENTS": str(documents)}
    with running(server, home, "--mode", "production", **trusting) as process:
        with_database(server, load)
        yield process


def settled(page: Page, boxes: int) -> dict[str, Any]:
    expect(page.locator(".box")).to_have_count(boxes)
    return drawn(page)


def test_what_was_done_survives_reload_back_forth_undo_redo_and_sharing(
    page: Page, browser: Browser, served: Running
) -> None:
    enter(page, served, f"/?view=picture&id=world:demo:acme&kinds=HOLDS&{DAY}")
    page.locator(".box").first.wait_for()
    states = [drawn(page)]  # after each step
    first = len(states[0]["boxes"])

    def step(boxes: int) -> None:
        states.append(settled(page, boxes))

    page.locator(".box", has_text="江门乙商贸有限公司").click()
    page.locator(".menu .expand", has_text="股东").click()
    expect(page.locator(".said")).to_contain_text("已展开 2")
    step(first + 2)
    page.locator(".box", has_text="孙立").click()
    page.keyboard.press("h")
    expect(page.locator(".menu")).to_contain_text("1 个已隐藏")
    step(first + 1)
    page.locator(".box", has_text="江门己机械股份有限公司").click()
    page.keyboard.press("p")
    expect(page.locator(".box.selected")).to_contain_text("📌")
    step(first + 1)
    page.keyboard.press("l")
    expect(page.locator(".box.marked")).to_have_count(1)
    step(first + 1)
    link = page.url

    def without_selection(state: dict[str, Any]) -> dict[str, Any]:
        return {
            "boxes": [[*each[:2], each[3].replace(" selected", "")] for each in state["boxes"]],
            "lines": [each[:3] for each in state["lines"]],
            "pills": state["pills"],
        }

    told = [without_selection(each) for each in states]

    def shows(state: int, window: Page = page) -> None:
        expect(window.locator(".box")).to_have_count(len(told[state]["boxes"]))
        window.wait_for_function(
            "count => document.querySelectorAll('.menu .pill').length === count", arg=len(told[state]["pills"])
        )
        window.wait_for_timeout(300)
        assert without_selection(drawn(window)) == told[state]

    questions = Questions(page)
    for state in (3, 2, 1, 0):  # undo, by key and by the browser's own back
        if state % 2:
            page.locator(".tools").get_by_role("button", name="撤销").click()
        else:
            page.go_back()
        shows(state)
    page.locator(".tools").get_by_role("button", name="撤销").click()
    expect(page.locator(".said")).to_contain_text("没有可撤销")
    for state in (1, 2, 3, 4):
        if state % 2:
            page.locator(".tools").get_by_role("button", name="重做").click()
        else:
            page.go_forward()
        shows(state)
    assert questions.asked == []  # nothing was asked again
    places = {each[0]: each[2] for each in drawn(page)["boxes"]}

    page.reload()
    shows(4)
    moved = {each[0]: each[2] for each in drawn(page)["boxes"]}
    assert offsets(places) == offsets(moved)  # everything stands as it stood to everything else, the pinned box too
    page.locator(".tools").get_by_role("button", name="撤销").click()
    shows(3)
    page.locator(".tools").get_by_role("button", name="重做").click()
    shows(4)

    other = browser.new_context(viewport={"width": 1280, "height": 860}, base_url=f"http://127.0.0.1:{served.port}")
    window = other.new_page()
    sign_in(window, token(served.home, "GOVERNMENT"))
    window.goto(link)
    shows(4, window)
    other.close()

    page.locator(".menu").get_by_role("button", name="打开").click()
    expect(page.locator("h1")).to_have_text("江门己机械股份有限公司")
    page.go_back()
    shows(4)


def offsets(places: dict[str, str]) -> dict[str, tuple[float, float]]:
    """Of each box from the first, in whole steps of the picture: pins are kept to one unit."""
    at = {name: tuple(float(each) for each in text[10:-1].split()) for name, text in places.items()}
    x, y = at[min(at)]
    return {name: (round((here[0] - x) / 4), round((here[1] - y) / 4)) for name, here in at.items()}


def test_two_days_are_compared_alike_whichever_of_them_is_the_earlier(page: Page, served: Running) -> None:
    marked = []
    for day, other in (("2025-06-01", "2024-01-01"), ("2024-01-01", "2025-06-01")):
        enter(page, served, f"/?view=picture&id=world:demo:ding&asOf={day}&with={other}")
        page.locator(".box").first.wait_for()
        changes = "lines => lines.map(line => [line.dataset.edge, line.classList.contains('began')]).sort()"
        marked.append(page.locator(".line.began, .line.ended").evaluate_all(changes))
    assert marked[0] == marked[1]
    assert any(began for _, began in marked[0])  # the licence was withdrawn between the two


def test_a_link_of_another_day_or_reader_says_what_it_cannot_repeat(page: Page, served: Running) -> None:
    enter(page, served, f"/?view=picture&id=world:demo:acme&kinds=HOLDS&{DAY}&x=ent_0.HOLDS.30.not-a-cursor_&h=ent_1")
    expect(page.locator(".said")).to_contain_text("链接中的部分展开已不能重现")
    assert "江门甲贸易有限公司" in names(page)
    page.goto(f"/?view=picture&id=world:demo:acme&kinds=HOLDS&{DAY}&x=<img src=x>&pin=zz&mark='")
    expect(page.locator(".box")).to_have_count(3)


def test_two_marked_parties_are_linked_and_the_link_asks_once(page: Page, served: Running) -> None:
    enter(page, served, f"/?view=picture&id=world:demo:yi&kinds=HOLDS&{DAY}")
    for name in ("江门己机械股份有限公司", "江门甲贸易有限公司"):
        page.locator(".box", has_text=name).click()
        page.keyboard.press("l")
        expect(page.locator(".box.marked", has_text=name)).to_have_count(1)
    questions = Questions(page)
    page.locator(".menu .ends").click()
    expect(page.locator(".steps li")).to_have_count(2)
    assert len(questions.asked) == 1


def test_the_public_looks_around_by_trusted_documents_alone(page: Page, served: Running) -> None:
    asked = Questions(page)
    page.goto("/")
    page.locator("#search").fill("甲贸易")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="江门甲贸易有限公司").first.click()
    expect(page.locator("h1")).to_have_text("江门甲贸易有限公司")
    expect(page.locator("main")).not_to_contain_text("李明远")
    page.get_by_role("link", name="关系图").click()
    page.locator(".box").first.wait_for()
    assert "江门乙商贸有限公司" in names(page)
    page.locator(".box", has_text="江门乙商贸有限公司").click()
    page.locator(".menu .expand").first.click()
    expect(page.locator(".said")).to_contain_text("已展开")
    page.get_by_role("link", name="信用图谱").click()
    page.get_by_role("link", name="投标核查").click()
    page.locator("#parties").fill("江门乙商贸有限公司\n江门甲贸易有限公司")
    page.locator("form.card button").click()
    expect(page.locator(".finding").first).to_contain_text("K")
    with page.expect_download() as saved:
        page.get_by_role("button", name="XLSX").click()
    assert Path(saved.value.path()).read_bytes().startswith(b"PK")
    assert {each.split(":")[0] for each in asked.asked} == {"sha256"}
    _, body = served.ask("{ viewer { role } }")
    assert [each["extensions"]["code"] for each in body["errors"]] == ["FORBIDDEN"]


def test_every_question_is_answered_from_the_search_box_by_clicks_alone(page: Page, served: Running) -> None:
    def find(text: str, title: str) -> None:
        page.locator("#search").fill(text)
        expect(page.locator("#suggestions li").first).to_contain_text(text)
        page.locator("#suggestions li").first.click()
        expect(page.locator("h1")).to_contain_text(title)

    def card(action: str, title: str) -> None:
        page.locator("nav.actions").get_by_role("link", name=action).click()
        expect(page.locator("h1")).to_contain_text(title)

    def back(title: str, unlike: str = "：") -> None:
        page.go_back()
        expect(page.locator("h1", has_not_text=unlike)).to_have_text(title)

    firm = "江门丙建筑工程有限公司"
    enter(page, served, f"/?{DAY}")
    find(firm, firm)
    card("为什么", "信用核查")  # which measures bind it, and why
    page.locator(".finding .why").first.click()
    expect(page.locator(".line.lit").first).to_contain_text("①")
    expect(page.locator(".steps li")).to_have_count(page.locator(".line.lit").count())
    page.go_back()
    expect(page.locator(".finding .why").first).to_be_visible()
    back(firm, "信用核查")
    card("如果", "如果")  # what if the record were repaired
    page.get_by_role("button", name="查看结果").click()
    expect(page.locator(".ended h2")).to_contain_text("将消失")
    expect(page.locator(".ended .steps li").first).to_be_visible()
    expect(page.locator(".line.ended").first).to_be_attached()
    page.go_back()
    expect(page.locator(".ended")).to_have_count(0)
    back(firm, "如果")
    card("关系图", "关系图")  # whom it is connected with
    page.locator(".menu .expand").first.click()
    expect(page.locator(".said")).to_contain_text("已展开")
    page.locator("header .brand").click()

    find("江门乙商贸有限公司", "江门乙商贸有限公司")
    card("股权穿透", "股权穿透")  # who stands behind it
    expect(page.locator(".box .kind", has_text="穿透").first).to_be_attached()
    page.locator("header .brand").click()
    page.get_by_role("link", name="找关系").click()  # what lies between two
    page.locator("#parties").fill("江门庚投资控股有限公司\n江门甲贸易有限公司")
    page.locator("form.card button").click()
    expect(page.locator(".steps li").first).to_be_visible()
    page.locator("header .brand").click()
    page.get_by_role("link", name="投标核查").click()  # who belongs together
    page.locator("#parties").fill("江门乙商贸有限公司\n江门甲贸易有限公司")
    page.locator("form.card button").click()
    expect(page.locator(".finding").first).to_contain_text("K1")
    page.locator("#parties").fill("江门乙商贸有限公司\n江门市第九人民医院")
    page.locator("form.card button").click()
    expect(page.locator(".outcome")).to_contain_text("未发现关联")
    with page.expect_download() as saved:  # also who was checked and found unrelated is a file for the record
        page.get_by_role("button", name="XLSX").click()
    assert Path(saved.value.path()).read_bytes().startswith(b"PK")

    find("江市监罚〔2024〕1号", "江市监罚〔2024〕1号")
    page.locator(".finding.not .why").first.click()  # and why somebody is not reached
    expect(page.locator(".line.failed")).to_have_count(1)
