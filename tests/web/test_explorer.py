"""The explorer as a person uses it: Debian's Chromium against the served process and the readable demo world.

Each test asks one question by search, click and key; no request may leave the host.
EXPLORER_PICTURES=1 rewrites docs/explorer-*.png; what goes wrong and what stands in the link have files of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from graph.periods import SHANGHAI
from graph.store.address import Address
from loaders.world.load import DEMO, load_file
from tests.conftest import PERSON_KEY
from tests.serving import Running, prepared_home, running, token, with_database
from tests.web.exploring import DAY, Questions, accessible, ask, drawn, enter, names, picture


@pytest.fixture(scope="module")
def served(server: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = prepared_home(server, tmp_path_factory.mktemp("explorer"))

    async def load(database: Any) -> None:
        now = datetime.now(SHANGHAI)
        await load_file(database, DEMO, person_key=PERSON_KEY, now=now, today=now.date())

    with running(server, home) as process:
        with_database(server, load)
        yield process


REPAIRED = """{ whatIf(subject: "world:demo:bing", asOf: "2025-06-01",
    changes: [{changeRecord: {record: "world:demo:wages", state: REPAIRED, on: "2025-05-01"}}]) {
  before { outcome } after { outcome } appeared { ...M } vanished { ...M }
} }
fragment M on Measure { definition { title } party { ... on Subject { name } } rule { id } }"""


def test_a_subject_is_found_by_keyboard_alone(page: Page, served: Running) -> None:
    enter(page, served, f"/?{DAY}")
    page.locator("#search").focus()
    page.keyboard.type("甲贸易")
    expect(page.locator("#suggestions li").first).to_contain_text("江门甲贸易有限公司")
    assert accessible(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("江门甲贸易有限公司")
    expect(page.locator("#records tbody tr")).to_have_count(1)
    expect(page.locator("#shareholders")).to_contain_text("66.666667 %")
    assert accessible(page) == []
    picture(page, "subject")
    page.go_back()
    expect(page.locator("h1")).to_have_text("信用图谱")


def test_why_shows_the_path_numbered_and_in_sentences(page: Page, served: Running) -> None:
    enter(page, served, f"/?view=check&id=world:demo:li&{DAY}")
    page.locator(".finding", has_text="不得担任公司董事").first.locator(".why").click()
    expect(page.locator(".steps li").first).to_be_visible()
    expect(page.locator(".line.lit").first).to_contain_text("①")
    expect(page.locator(".line.lit")).to_have_count(page.locator(".steps li").count())
    expect(page.locator(".finding")).to_contain_text("P04")
    assert accessible(page) == []
    picture(page, "why")


def test_why_not_names_the_failed_condition_and_dashes_the_link(page: Page, served: Running) -> None:
    enter(page, served, f"/?view=record&id=world:demo:r1&{DAY}")
    item = page.locator(".finding.not", has_text="王秀兰").first
    expect(item).to_contain_text("职务不在规则之列")
    item.locator(".why").click()
    expect(page.locator(".line.failed")).to_have_count(1)
    assert page.locator(".line.failed path").evaluate("line => getComputedStyle(line).strokeDasharray") != "none"
    picture(page, "why-not")


def test_what_if_a_record_were_repaired(page: Page, served: Running) -> None:
    enter(page, served, f"/?view=whatif&id=world:demo:bing&{DAY}")
    page.locator("#on-day").fill("2025-05-01")
    record = page.locator("#suppose optgroup").first.locator("option")
    expect(record).to_have_count(1)
    supposed = record.get_attribute("value") or ""
    page.locator("#suppose").select_option(supposed)
    page.get_by_role("button", name="查看结果").click()
    expect(page.locator(".ended h2")).to_contain_text("将消失")
    told = ask(served, REPAIRED)["whatIf"]
    assert (told["before"]["outcome"], told["after"]["outcome"]) == ("RESTRICTED", "NOTHING_FOUND")
    assert len(told["vanished"]) > 0
    shown = {
        side: page.locator(f".{kind} .finding").evaluate_all(
            "items => items.map(item => [item.querySelector('strong').textContent, item.querySelector('a').textContent,"
            " item.querySelector('.muted').textContent.split(' ')[1]])"
        )
        for side, kind in (("appeared", "began"), ("vanished", "ended"))
    }
    assert shown == {
        side: [[each["definition"]["title"], each["party"]["name"], each["rule"]["id"]] for each in told[side]]
        for side in ("appeared", "vanished")
    }
    assert page.locator(".outcome .badge").all_inner_texts() == ["受限制", "未发现"]
    picture(page, "what-if")
    page.reload()  # the supposition stands in the link
    expect(page.locator(".ended .finding")).to_have_count(len(told["vanished"]))
    expect(page.locator("#suppose")).to_have_value(supposed)


def test_the_picture_expands_hides_undoes_and_equals_its_table(page: Page, served: Running) -> None:
    enter(page, served, f"/?view=picture&id=world:demo:acme&{DAY}")
    page.locator(".box").first.wait_for()
    before = page.locator(".box").count()
    page.locator(".box", has_text="江门乙商贸有限公司").click()
    page.locator(".menu .expand", has_text="股东").click()
    expect(page.locator(".said")).to_contain_text("已展开")
    expect(page.locator(".box").nth(before)).to_be_attached()
    page.locator(".box.selected").focus()
    page.keyboard.press("z")
    expect(page.locator(".box")).to_have_count(before)
    page.keyboard.press("h")
    expect(page.locator(".box")).to_have_count(before - 1)
    page.locator(".menu .pill", has_text="1 个已隐藏").click()
    expect(page.locator(".box")).to_have_count(before)
    lines = page.locator(".line").evaluate_all("lines => lines.map(line => line.getAttribute('aria-label')).sort()")
    page.get_by_role("button", name="表格").click()
    rows = page.locator(".tabled tbody").first.locator("tr")
    said = rows.evaluate_all(
        "rows => rows.map(row => [...row.children].map(cell => cell.textContent))"
        ".map(([a, said, b]) => `${a} → ${b}: ${said}`).sort()"
    )
    assert said == lines


def test_ownership_links_and_bidders_are_drawn(page: Page, served: Running) -> None:
    enter(page, served, f"/?view=ownership&id=world:demo:acme&{DAY}")
    expect(page.locator(".line", has_text="66.666667 %")).to_have_count(1)
    find = """{ enterprise(identifier: "world:demo:acme", asOf: "2025-06-01") {
      controllers { subject { name } voting } beneficialOwners { person { name } integrated }
    } }"""
    told = ask(served, find)["enterprise"]
    for title, rows in (
        ("实际控制人", [[each["subject"]["name"], each["voting"]] for each in told["controllers"]]),
        ("受益所有人", [[each["person"]["name"], each["integrated"]] for each in told["beneficialOwners"]]),
    ):
        shown = page.locator("section", has=page.locator("h2", has_text=title)).locator("tbody tr")
        expect(shown).to_have_count(len(rows))
        for row, expected in zip(shown.all(), rows, strict=True):
            for text in expected:
                expect(row).to_contain_text(text or "")
    picture(page, "ownership")
    page.goto(f"/?view=links&{DAY}")
    page.locator("#parties").fill("江门庚投资控股有限公司\n江门甲贸易有限公司")
    page.locator("form.card button").click()
    expect(page.locator(".steps li")).to_have_count(3)
    expect(page.locator(".line.lit text")).to_have_count(3)  # arranged after the sentences are there
    assert sorted(page.locator(".line.lit text").all_text_contents()) == ["① 51 %", "② 60 %", "③ 66.666667 %"]
    assert accessible(page) == []
    picture(page, "links")
    page.locator("#min-share").fill("90")
    page.get_by_role("checkbox", name="持股").check()
    page.locator("form.card button").click()
    expect(page.locator(".outcome")).to_contain_text("这不等于没有关系")
    page.go_back()
    expect(page.locator(".steps li")).to_have_count(3)


def test_bidders_are_compared_and_taken_along(page: Page, served: Running) -> None:
    enter(page, served, f"/?view=bids&{DAY}")
    page.locator("#parties").fill("江门乙商贸有限公司\n江门甲贸易有限公司\n没有这家公司")
    page.locator("form.card button").click()
    expect(page.get_by_text("未找到: 没有这家公司")).to_be_visible()
    expect(page.locator(".finding").first).to_contain_text("K1")
    saved = {}
    for name in ("CSV", "XLSX"):
        with page.expect_download() as file:
            page.locator(".finding, .actions").get_by_role("button", name=name).first.click()
        saved[name] = Path(file.value.path())
    rows = saved["CSV"].read_bytes()
    assert rows.startswith(b"\xef\xbb\xbf")
    assert len(rows.decode("utf-8-sig").splitlines()) == 1 + page.locator(".finding").count()
    sheets = CalamineWorkbook.from_path(str(saved["XLSX"]))
    assert sheets.sheet_names == ["互有关联的投标人", "核查的投标人"]
    heads, *found = sheets.get_sheet_by_index(0).to_python(skip_empty_area=True)[3:]
    assert heads == ["投标人", "规则", "确定程度", "依据", "路径", "来源"]
    texts = [each.inner_text() for each in page.locator(".finding > div.muted").all()]
    assert [str(each[1]).split(" ")[0] for each in found] == [each.split(" ")[0] for each in texts]
    picture(page, "bidders")


def test_what_is_exported_is_whole_and_opens_as_it_was(page: Page, served: Running) -> None:
    enter(page, served, f"/?view=picture&id=world:demo:acme&{DAY}")
    page.locator(".box", has_text="江门庚").or_(page.locator(".box", has_text="江门乙")).first.click()
    page.keyboard.press("p")
    page.locator(".box", has_text="开平分公司").click()
    page.keyboard.press("h")
    expect(page.locator(".menu")).to_contain_text("1 个已隐藏")
    found = {}
    for name in ("SVG", "PNG", "JSON"):
        with page.expect_download() as saved:
            page.locator(".tools").get_by_role("button", name=name).click()
        found[name] = Path(saved.value.path())
    assert "信用图谱" in found["SVG"].read_text(encoding="utf-8")
    assert found["PNG"].read_bytes().startswith(b"\x89PNG")
    before = drawn(page)
    kept = json.loads(found["JSON"].read_text(encoding="utf-8"))
    assert [len(kept["nodes"]), len(kept["hidden"]), len(kept["pinned"])] == [len(before["boxes"]) + 1, 1, 1]

    assert "1 个已隐藏" in found["SVG"].read_text(encoding="utf-8")  # a file says what is not on it
    page.keyboard.press("t")
    expect(page.locator(".tabled")).to_be_visible()
    with page.expect_download() as saved:
        page.locator(".tools").get_by_role("button", name="SVG").click()
    size = re.compile(r'viewBox="\S+ \S+ (\S+) (\S+)"')
    beside = Path(saved.value.path()).read_text(encoding="utf-8")  # drawn as ever, though the table is what is seen
    assert size.findall(beside)[-1] == size.findall(found["SVG"].read_text(encoding="utf-8"))[-1]
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".print-only")).to_contain_text("法律日期 2025-06-01 · 政府部门 · http://127.0.0.1")
    expect(page.locator(".tabled").get_by_role("button", name="江门乙商贸有限公司").first).to_be_visible()
    expect(page.locator(".tools")).to_be_hidden()
    page.emulate_media(media="screen")

    page.goto(f"/?view=picture&id=world:demo:shop&{DAY}")  # another picture, on which the file is opened
    page.locator(".box").first.wait_for()
    page.locator("input[type=file]").set_input_files(str(found["JSON"]))
    expect(page.locator(".origin")).to_contain_text("来自文件")
    after = drawn(page)
    assert [each[:2] for each in after["boxes"]] == [each[:2] for each in before["boxes"]]
    assert [each[:2] for each in after["lines"]] == [each[:2] for each in before["lines"]]
    assert after["pills"] == ["1 个已隐藏,显示"]
    with page.expect_download() as saved:
        page.locator(".tools").get_by_role("button", name="JSON").click()
    again = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert {**again, "pinned": []} == {**kept, "pinned": []}
    assert [each[0] for each in again["pinned"]] == [each[0] for each in kept["pinned"]]
    with page.expect_download() as saved:
        page.locator(".tools").get_by_role("button", name="SVG").click()
    said = Path(saved.value.path()).read_text(encoding="utf-8")
    assert "来自文件,未与信用图谱核对" in said
    assert "来源:信用图谱" not in said
    page.locator("input[type=file]").set_input_files(
        {"name": "x.json", "mimeType": "application/json", "buffer": b"{}"}
    )
    expect(page.locator(".notice")).to_contain_text("这不是本页导出的 JSON")
    assert [each[:2] for each in drawn(page)["boxes"]] == [each[:2] for each in before["boxes"]]
    page.locator(".tools").get_by_role(
        "button", name="撤销"
    ).click()  # back to what the server said, and to the file again
    expect(page.locator(".origin")).to_be_hidden()
    expect(page.locator(".box", has_text="新会区小周五金店")).to_have_count(1)
    page.locator(".tools").get_by_role("button", name="重做").click()
    expect(page.locator(".origin")).to_be_visible()
    expect(page.locator(".box")).to_have_count(len(before["boxes"]))


def test_the_public_sees_the_published_part_and_signs_in_by_token(page: Page, served: Running) -> None:
    page.goto(f"/?view=subject&id=world:demo:acme&{DAY}")
    expect(page.locator("h1")).to_have_text("江门甲贸易有限公司")
    expect(page.locator(".role")).to_have_text("公众")
    expect(page.locator("main")).to_contain_text("不对此身份显示")
    expect(page.locator("main")).not_to_contain_text("李明远")
    page.get_by_role("button", name="登录").click()
    page.locator("#token").fill(token(served.home, "GOVERNMENT"))
    page.locator("dialog .primary").click()
    expect(page.locator(".role")).to_have_text("政府部门")
    expect(page.locator("main")).to_contain_text("李明远")
    page.get_by_role("button", name="退出").click()
    expect(page.locator(".role")).to_have_text("公众")


def test_an_empty_form_says_who_asks_and_a_record_that_reaches_nobody_is_drawn_with_whom_it_names(
    page: Page, served: Running
) -> None:
    for view in ("bids", "links"):
        enter(page, served, f"/?view={view}")
        expect(page.locator(".role")).to_have_text("政府部门")
    page.goto(f"/?view=record&id=world:demo:permit&{DAY}")
    expect(page.locator(".box")).to_have_count(3)
    assert sorted(page.locator(".line text").all_text_contents()) == ["作出", "当事人"]
    assert names(page) == sorted(["江市监许〔2023〕5号", "江门市市场监督管理局", "江门市第九人民医院"])


def test_every_key_does_what_the_help_says(page: Page, served: Running) -> None:
    enter(page, served, f"/?view=picture&id=world:demo:yi&{DAY}")
    page.locator(".box.selected").focus()
    page.keyboard.press("?")
    keys = page.locator("dialog kbd").all_inner_texts()
    assert keys == [
        "/",
        "← ↑ → ↓",
        "Z",
        "Shift+Z",
        "[",
        "]",
        "F",
        "+",
        "-",
        "T",
        "Enter",
        "O",
        "W",
        "L",
        "H",
        "Shift+H",
        "P",
        "E",
        "?",
    ]
    assert accessible(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    box = page.locator(".box.selected")
    box.focus()
    page.keyboard.press("l")
    expect(page.locator(".box.marked")).to_have_count(1)
    page.keyboard.press("ArrowUp")
    expect(page.locator(".box:focus")).not_to_contain_text("江门乙商贸有限公司")
    page.keyboard.press("l")
    expect(page.locator(".menu .ends")).to_have_text("找关系 (2)")
    page.keyboard.press("e")
    expect(page.locator(".menu button:focus")).to_have_count(1)
    page.locator(".box.selected").focus()
    page.keyboard.press("t")
    expect(page.locator(".tabled")).to_be_visible()
    page.keyboard.press("t")
    expect(page.locator(".box:focus")).to_have_count(1)
    scale = "document.querySelector('.canvas > g').getAttribute('transform')"
    fitted = page.evaluate(scale)
    page.keyboard.press("+")
    assert page.evaluate(scale) != fitted
    page.keyboard.press("Shift+H")
    expect(page.locator(".menu")).to_contain_text("个已隐藏")
    page.keyboard.press("]")
    expect(page.locator("#as-of")).not_to_have_value("2025-06-01")
    later = page.locator("#as-of").input_value()
    expect(page.locator(".box:focus")).to_have_count(1)  # the keys go on in the picture of the other day
    page.keyboard.press("[")
    expect(page.locator("#as-of")).not_to_have_value(later)
    expect(page.locator(".box:focus")).to_have_count(1)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.goto(f"/?view=picture&id=world:demo:yi&{DAY}")
    for key, title in (("o", "股权穿透"), ("w", "信用核查"), ("Enter", "江门乙商贸有限公司")):
        page.locator(".box.selected").focus()
        page.keyboard.press(key)
        expect(page.locator("h1", has_not_text="关系图")).to_contain_text(title)
        page.go_back()
        expect(page.locator("h1")).to_contain_text("关系图")


SINGLE = """{
  lists { id } keyGroups { id }
  acme: subject(identifier: "world:demo:acme") { region { id } }
  yi: subject(identifier: "world:demo:yi") { investments { nodes { id } } }
  li: person(id: "world:demo:li") { posts { nodes { id } } }
  zhao: person(id: "world:demo:zhao") { qualifications { id } }
}"""
PLACES = {
    "home": "",
    "search": "q=江门",
    "subject": "id=world:demo:acme",
    "person": "view=subject&id=world:demo:li",
    "department": "view=subject&id=world:demo:samr",
    "record": "id=world:demo:r1",
    "check": "id=world:demo:sun",
    "picture": "id=world:demo:yi",
    "comparison": "view=picture&id=world:demo:ding&with=2024-01-01",
    "ownership": "id=world:demo:acme",
    "whatif": "id=world:demo:bing",
    "links": "p=world:demo:geng%0Aworld:demo:acme",
    "bids": "p=world:demo:yi%0Aworld:demo:acme",
    "board": "",
    "departments": "",
}


def test_every_kind_of_page_asks_one_question_and_is_accessible(page: Page, served: Running) -> None:
    """In both languages; a link with names alone has them resolved first and is asked by ids from then on."""
    found = ask(served, SINGLE)
    single = {
        "list": found["lists"][0]["id"],
        "group": found["keyGroups"][0]["id"],
        "region": found["acme"]["region"]["id"],
        "post": found["li"]["posts"]["nodes"][0]["id"],
        "holding": found["yi"]["investments"]["nodes"][0]["id"],
        "qualification": found["zhao"]["qualifications"][0]["id"],
    }
    places = {**PLACES, **{name: f"view=node&id={identity}" for name, identity in single.items()}}
    enter(page, served, "/health/live")
    told: dict[str, Any] = {}
    for index, (name, rest) in enumerate(places.items()):
        questions = Questions(page)
        page.goto(f"/?view={name}&{rest}&{DAY}{'&lang=en' if index % 2 else ''}".replace(f"view={name}&view=", "view="))
        page.locator("main h1, main h2").first.wait_for()
        if name in ("record", "check", "picture", "comparison", "ownership", "links", "bids"):
            page.locator(".box").first.wait_for()
        first = len(set(questions.asked))  # one that timed out is asked once more
        if name in ("links", "bids"):
            questions.asked.clear()
            page.reload()
            page.locator(".box").first.wait_for()
            first = len(set(questions.asked))  # one that timed out is asked once more
        told[name] = [first, accessible(page), page.locator(".notice").inner_text()]
    assert [(name, *found) for name, found in told.items()] == [(name, 1, [], "") for name in places]


MANY = """many => ({
    format: 'creditgraph-picture-1', asOf: '2025-06-01', hidden: [], pinned: [],
    nodes: Array.from({length: many}, (_, at) => ({
        __typename: 'Enterprise', id: `ent_${at}`, name: `江门第${at}号贸易有限公司` })),
    edges: Array.from({length: Math.floor(many * 1.6)}, (_, at) => ({
        id: `hld_${at}`, kind: 'HOLDS', label: '', share: '51', validity: {from: null, until: null},
        source: `ent_${Math.floor((at % (many - 1)) / 3)}`, target: `ent_${(at % (many - 1)) + 1}` })),
})"""
FRAMES = """async () => {
    const gaps = [];
    let last = performance.now();
    window.drawing = true;
    const watch = now => { gaps.push(now - last); last = now; if (window.drawing) requestAnimationFrame(watch); };
    requestAnimationFrame(watch);
    window.gaps = gaps;
}"""


def test_a_picture_is_soon_there_and_a_large_one_leaves_the_page_alive(page: Page, served: Running) -> None:
    enter(page, served, f"/?view=picture&id=world:demo:acme&{DAY}")
    page.locator(".box").first.wait_for()
    soon = page.evaluate(
        "performance.getEntriesByName('picture')[0].startTime - performance.getEntriesByName('answer')[0].startTime"
    )
    made = {many: page.evaluate(MANY, many) for many in (150, 300, 330)}

    def open_file(many: int) -> None:
        content = json.dumps(made[many]).encode()
        page.locator("input[type=file]").set_input_files(
            {"name": "many.json", "mimeType": "application/json", "buffer": content}
        )
        expect(page.locator(".box")).to_have_count(min(many, 300))

    for _ in range(3):  # what holds the page up does so each time, another process does not
        open_file(150)
        page.evaluate(FRAMES)
        open_file(300)
        page.evaluate("window.drawing = false")
        frozen = page.evaluate("Math.max(...window.gaps)")
        arranged = page.evaluate("performance.getEntriesByName('arranged').at(-1).duration")
        if alive := frozen < max(400.0, arranged / 2):
            break
    open_file(330)
    expect(page.locator(".menu .over")).to_have_text("图中至多 300 个: 另有 30 个…")
    page.locator(".menu .over").click()
    expect(page.locator("dialog li")).to_have_count(30)
    page.keyboard.press("Escape")

    open_file(150)
    canvas = page.locator(".canvas").bounding_box()
    assert canvas is not None
    x, y = canvas["x"] + canvas["width"] / 2, canvas["y"] + 4
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(FRAMES)
    for step in range(40):
        page.mouse.move(x + 4 * step, y + 2 * step)
    page.evaluate("window.drawing = false")
    page.mouse.up()
    frames = sorted(page.evaluate("window.gaps.slice(1)"))
    median = frames[len(frames) // 2]
    print(f"first picture {soon:.0f} ms after its data; pan at 150: median {median:.1f} ms a frame")
    print(f"300 arranged in {arranged:.0f} ms, longest pause of the page {frozen:.0f} ms")
    # A machine that is shared: the bars (300 ms, off the thread, 20 ms) are told above and judged with room for others.
    assert soon < 1_000
    assert alive
    assert median < 60
