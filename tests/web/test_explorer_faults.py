"""What goes wrong around the explorer is said in words a person understands, and nothing of the picture is lost.

The connection is cut, held and stopped for real; the server, the graph and their answers are what they always are.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from graph.periods import NEVER, SHANGHAI, instant
from graph.store.address import Address
from graph.store.connection import Database, Transaction
from loaders.world.load import DEMO, load_file
from tests.conftest import PERSON_KEY
from tests.serving import Running, prepared_home, running, token, with_database
from tests.web.exploring import DAY, ask, drawn, enter, names, sign_in

HUB = 5_000
MARKUP = "江门<img src=x onerror=alert(1)>&\"贸易'有限公司"


@pytest.fixture(scope="module")
def served(server: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("faults")
    home = prepared_home(server, folder)
    hub = folder / "hub.yaml"
    hub.write_text(
        "subjects:\n"
        "  - {id: hub, kind: Enterprise, name: 江门大合作社}\n"
        f'  - {{id: markup, kind: Enterprise, name: "{MARKUP.replace(chr(34), chr(92) + chr(34))}"}}\n'
        "  - {id: loser, kind: Enterprise, name: 江门并入有限公司}\n"
        "  - {id: survivor, kind: Enterprise, name: 江门存续有限公司}\n"
        + "".join(f"  - {{id: m{at}, kind: Enterprise, name: 江门第{at}号成员有限公司}}\n" for at in range(HUB))
        + "holdings:\n"
        "  - {holder: markup, organization: survivor, share: '10', from: 2020-01-01}\n"
        + "".join(f"  - {{holder: m{at}, organization: hub, share: '0.01', from: 2020-01-01}}\n" for at in range(HUB)),
        encoding="utf-8",
    )

    async def load(database: Database) -> None:
        now = datetime.now(SHANGHAI)
        for path in (DEMO, hub):
            await load_file(database, path, person_key=PERSON_KEY, now=now, today=now.date())

    with running(server, home) as process:
        with_database(server, load)
        find = (
            '{ a: subject(identifier: "world:hub:loser") { id } b: subject(identifier: "world:hub:survivor") { id } }'
        )
        with_database(server, lambda database: merge(database, *(each["id"] for each in ask(process, find).values())))
        yield process


async def merge(database: Database, loser: str, survivor: str) -> None:
    """As a decision of later will do it."""

    async def work(transaction: Transaction) -> None:
        await transaction.run(
            "MATCH (a {id: $loser}), (b {id: $survivor}) CREATE (a)-[:SAME_AS {id: 'rel_merge', from: '0001-01-01',"
            " to: '9999-12-31', recordedAt: $at, retractedAt: $never, source: 'test'}]->(b)"
            " REMOVE a:Subject:Organization:Enterprise SET a:Past",
            loser=loser,
            survivor=survivor,
            at=instant(datetime.now(SHANGHAI)),
            never=NEVER,
        )

    await database.write(work)


def open_picture(page: Page, served: Running, name: str = "world:demo:acme") -> None:
    enter(page, served, f"/?view=picture&id={name}&{DAY}")
    page.locator(".box").first.wait_for()


def test_nothing_found_and_nothing_to_see_are_said(page: Page, served: Running) -> None:
    page.goto("/?view=search&q=没有这家公司甲乙丙")
    expect(page.locator("h1")).to_have_text("没有找到 «没有这家公司甲乙丙»")
    expect(page.locator("main")).to_contain_text("只查已有数据中可向您显示的部分")
    # A list entry that was repaired is published no more: what is hidden answers like what is not there.
    hidden = ask(served, '{ record(id: "world:demo:repaired-wages") { id } }')["record"]["id"]
    for place in (
        "record&id=rec_nothing",
        f"record&id={hidden}",
        f"node&id={hidden}",
        "subject&id=per_0",
        "picture&id=ent_0",
    ):
        page.goto(f"/?view={place}")
        expect(page.locator("main")).to_have_text("没有找到没有这一对象,或者它不对您公开。")
    enter(page, served, f"/?view=record&id={hidden}")
    expect(page.locator("h1")).to_contain_text("拖欠农民工工资")
    page.goto("/?view=subject&id=914407000000000000")  # refused: its check character is another
    expect(page.locator(".notice")).to_contain_text("校验")
    expect(page.locator(".role")).to_have_text("政府部门")


def test_a_merged_subject_answers_with_the_survivor_on_every_page(page: Page, served: Running) -> None:
    (loser,) = ask(served, '{ subject(identifier: "world:hub:survivor") { formerIds } }')["subject"]["formerIds"]
    for view in ("subject", "picture", "check", "ownership", "whatif"):
        enter(page, served, f"/?view={view}&id={loser}")
        expect(page.locator("h1")).to_contain_text("江门存续有限公司")
        expect(page.locator(".notice")).to_contain_text(f"此编号已合并,现显示合并后的主体。旧编号: {loser}")


def test_a_name_with_markup_is_shown_and_never_run(page: Page, served: Running) -> None:
    ran: list[str] = []
    page.on("dialog", lambda dialog: ran.append(dialog.message))
    enter(page, served, f"/?view=subject&id=world:hub:markup&{DAY}")
    expect(page.locator("h1")).to_have_text(MARKUP)
    page.goto(f"/?view=picture&id=world:hub:markup&{DAY}")
    page.locator(".box").first.wait_for()
    assert MARKUP in names(page)
    page.get_by_role("button", name="表格").click()
    expect(page.locator(".tabled").get_by_role("button", name=MARKUP).first).to_be_visible()
    with page.expect_download() as saved:
        page.locator(".tools").get_by_role("button", name="SVG").click()
    assert "<img" not in Path(saved.value.path()).read_text(encoding="utf-8")
    page.goto(f"/?view=search&q={MARKUP.replace('&', '%26')}")
    expect(page.locator("h1")).to_contain_text("<img src=x")
    assert (ran, page.locator("main img").count()) == ([], 0)


def test_a_hub_is_shown_in_part_and_says_how_much_is_left(page: Page, served: Running) -> None:
    open_picture(page, served, "world:hub:hub")
    expect(page.locator(".menu .rest")).to_have_text("江门大合作社 · 关系: 另有 4970 个…")
    expect(page.locator(".box")).to_have_count(31)
    page.locator(".menu .rest").click()
    rows = page.locator("dialog tbody tr")
    expect(rows).to_have_count(50)
    page.locator("dialog").get_by_role("button", name="再显示").click()
    expect(rows).to_have_count(100)
    expect(page.locator("dialog [role=status]")).to_have_text("另有 4870 个…")
    chosen = []
    for at in (40, 77):
        chosen.append(rows.nth(at).locator("a").inner_text())
        rows.nth(at).locator("input").check()
    page.locator("dialog").get_by_role("button", name="加入图中").click()
    expect(page.locator(".box")).to_have_count(33)
    assert set(chosen) <= set(names(page))
    expect(page.locator(".menu .rest")).to_contain_text("另有 4968 个…")
    page.reload()
    expect(page.locator(".box")).to_have_count(33)
    assert set(chosen) <= set(names(page))
    for most in (63, 92, 121, 151, 181, 211, 241, 271, 300):  # two of them were there already
        page.locator(".menu .next").click()
        expect(page.locator(".box")).to_have_count(most)
    page.locator(".menu .next").click()
    expect(page.locator(".said")).to_have_text("图中最多 300 个;请隐藏一些再展开。")
    assert page.locator(".box").count() == 300
    expect(page.locator(".menu .rest")).to_contain_text("另有 4701 个…")


def test_a_dead_server_is_said_and_the_picture_stays(
    browser: Browser, served: Running, server: Address, tmp_path: Path
) -> None:
    (tmp_path / "person.key").write_bytes((served.home / "person.key").read_bytes())
    (tmp_path / "person.key").chmod(0o600)
    with running(server, tmp_path) as mortal:
        context = browser.new_context(base_url=f"http://127.0.0.1:{mortal.port}")
        window = context.new_page()
        sign_in(window, token(tmp_path, "GOVERNMENT"))
        window.goto(f"/?view=picture&id=world:demo:acme&{DAY}")
        window.locator(".box", has_text="江门乙商贸有限公司").click()
        expect(window.locator(".box.selected")).to_contain_text("江门乙商贸有限公司")
    before = drawn(window)
    for asking in (window.locator(".menu .expand").first, window.get_by_role("link", name="今天")):
        asking.click()
        expect(window.locator(".notice")).to_contain_text("无法连接服务器")
        assert drawn(window) == before
    with window.expect_download() as saved:  # what is drawn can still be taken along
        window.locator(".tools").get_by_role("button", name="JSON").click()
    assert "江门乙商贸有限公司" in Path(saved.value.path()).read_text(encoding="utf-8")
    context.close()


def test_a_lost_connection_is_said_and_nothing_of_the_picture_is_lost(page: Page, served: Running) -> None:
    open_picture(page, served)
    page.locator(".box", has_text="江门乙商贸有限公司").click()
    expect(page.locator(".box.selected")).to_contain_text("江门乙商贸有限公司")
    before = drawn(page)
    page.context.set_offline(True)
    page.locator(".menu .expand", has_text="股东").click()
    expect(page.locator(".notice")).to_contain_text("无法连接服务器")
    assert drawn(page) == before
    page.get_by_role("link", name="今天").click()
    expect(page.locator(".notice")).to_contain_text("无法连接服务器")
    assert drawn(page) == before
    page.context.set_offline(False)
    page.go_back()
    expect(page.locator(".box")).to_have_count(len(before["boxes"]))
    page.locator(".box", has_text="江门乙商贸有限公司").click()
    expect(page.locator(".box.selected")).to_contain_text("江门乙商贸有限公司")
    page.context.set_offline(True)
    page.locator(".menu .expand", has_text="股东").click()
    expect(page.locator(".notice")).to_contain_text("无法连接服务器")
    page.context.set_offline(False)
    page.locator(".notice").get_by_role("button", name="再试一次").click()
    expect(page.locator(".said")).to_contain_text("已展开")
    assert len(drawn(page)["boxes"]) > len(before["boxes"])


def test_a_slow_answer_shows_that_it_waits_and_can_be_cancelled(page: Page, served: Running) -> None:
    open_picture(page, served)
    page.locator(".box", has_text="江门乙商贸有限公司").click()
    expect(page.locator(".box.selected")).to_contain_text("江门乙商贸有限公司")
    before = drawn(page)
    held: list[Route] = []
    page.route("**/graphql", lambda route: held.append(route))
    page.locator(".menu .expand", has_text="股东").click()
    expect(page.locator(".notice .busy")).to_contain_text("正在查询")
    page.locator(".notice").get_by_role("button", name="取消").click()
    expect(page.locator(".notice")).to_contain_text("已取消")
    assert drawn(page) == before
    page.unroute("**/graphql")
    page.locator(".notice").get_by_role("button", name="再试一次").click()
    expect(page.locator(".said")).to_contain_text("已展开")
    assert len(held) == 1
    page.route("**/graphql", lambda route: held.append(route))
    page.get_by_role("link", name="今天").click()
    page.locator(".notice").get_by_role("button", name="取消").click()
    expect(page.locator(".notice")).to_contain_text("已取消")
    assert page.locator(".box").count() > len(before["boxes"])


def test_who_goes_back_before_the_next_page_came_keeps_the_one_he_sees(page: Page, served: Running) -> None:
    open_picture(page, served)
    before, header = drawn(page), page.locator("#as-of").input_value()
    held: list[Route] = []
    page.route("**/graphql", lambda route: held.append(route))
    page.locator(".box.selected").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notice .busy")).to_contain_text("正在查询")
    page.go_back()
    expect(page.locator(".notice")).to_have_text("")
    for each in held:  # a browser may have asked; the answer finds nobody waiting
        each.abort()
    page.unroute("**/graphql")
    page.wait_for_timeout(500)
    expect(page.locator("h1")).to_contain_text("关系图")
    assert (drawn(page), page.locator("#as-of").input_value()) == (before, header)


def test_a_token_that_expired_is_said_and_the_picture_is_there_after_signing_in_again(
    page: Page, served: Running
) -> None:
    open_picture(page, served)
    page.locator(".box", has_text="江门乙商贸有限公司").click()
    expect(page.locator(".box.selected")).to_contain_text("江门乙商贸有限公司")
    before = drawn(page)
    expired = token(served.home, "GOVERNMENT", hours=-1)
    page.evaluate("held => sessionStorage.setItem('creditgraph.token', held)", expired)
    page.locator(".menu .expand", has_text="股东").click()
    expect(page.locator(".notice")).to_contain_text("登录已失效")
    assert drawn(page) == before
    page.locator(".notice").get_by_role("button", name="登录").click()
    page.locator("#token").fill(token(served.home, "GOVERNMENT"))
    former = page.locator(".picture").element_handle()
    page.locator("dialog .primary").click()
    page.wait_for_function("former => !former.isConnected", arg=former)  # it stays until the next one comes
    expect(page.locator(".notice")).to_be_empty()
    expect(page.locator(".box")).to_have_count(len(before["boxes"]))
    assert [each[:2] for each in drawn(page)["boxes"]] == [each[:2] for each in before["boxes"]]
