"""World files made at random: whatever stands in them, every entry is accepted or rejected, and nothing crashes."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.files import Unreadable
from loaders.named import ListWords
from loaders.world.get import parse
from loaders.world.transform import transform
from loaders.world.vocabulary import KEYS, Form, Key, Section

KEY = bytes(32)
LISTS = {"失信被执行人": ListWords("失信被执行人", (), "BLACK")}
LOCALS = ["a", "b", "c", "律师", "440703", "失信被执行人"]
WORDS = sorted({code for keys in KEYS.values() for key in keys for code in key.codes})
SCALARS = st.one_of(
    st.sampled_from(LOCALS),
    st.sampled_from(WORDS),
    st.sampled_from(
        ["2018-06-01", "2018-06", "2018", "9999-12-31", "2022-09-31", "60", "0.5", "true", "", "~", "身份证"]
    ),
    st.sampled_from(["91440703YY000001XU", "440785190001010010", "440703000000018", "F51", "LIFE", "-", "北京"]),
    st.text(st.characters(max_codepoint=0xFFFD, exclude_categories=("Cc", "Cs")), max_size=8),
    st.none(),
)
INNER = ["from", "to", "type", "number", "scheme", "document", "article", "scope", "years", "LIFE", "name", "status"]
NESTED = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=3),
    st.dictionaries(st.sampled_from(INNER), SCALARS, max_size=4),
    st.lists(st.dictionaries(st.sampled_from(INNER), SCALARS, max_size=4), max_size=2),
)


DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31)).map(str)
PERIODS = st.fixed_dictionaries({}, optional={"from": DAYS, "to": DAYS})
NAMES = st.text("甲乙丙丁", min_size=1, max_size=4)
DOCUMENTS = st.fixed_dictionaries({"type": st.just("护照"), "number": st.integers(10**7, 10**8 - 1).map("E{}".format)})
FITTING: dict[Form, st.SearchStrategy[Any]] = {
    Form.TEXT: NAMES,
    Form.TEXTS: st.one_of(NAMES, st.lists(NAMES, min_size=1, max_size=3)),
    Form.DAY: DAYS,
    Form.BOOLEAN: st.sampled_from(["true", "false"]),
    Form.INTEGER: st.integers(2000, 2030),
    Form.MONEY: st.decimals(0, 10**9, places=2).map(str),
    Form.SHARE: st.decimals(0, 100, places=6).map(str),
    Form.REGION: st.sampled_from(["440703", "110105"]),
    Form.INDUSTRY: st.just("F51"),
    Form.LIST: st.just("失信被执行人"),
    Form.PERIOD: PERIODS,
    Form.USCC: st.sampled_from(["91440703YY000001XU", "91440704YY0000028A", "11440700YY00000529"]),
    Form.DOCUMENT: DOCUMENTS,
    Form.IDENTIFIERS: st.just([{"scheme": "REGISTRATION_NUMBER", "number": "440703000000018"}]),
    Form.VERSIONS: st.lists(st.builds(lambda period, name: {**period, "name": name}, PERIODS, NAMES), max_size=2),
    Form.BASIS: st.just([{"document": "食品安全法", "article": "124"}]),
    Form.BAN: st.sampled_from([{"scope": "FOOD", "years": 5}, {"LIFE": None}, {"years": "LIFE"}]),
}
OWN_NAMES = {Section.RECORDS: ["r", "s"], Section.PROJECTS: ["p"], Section.QUALIFICATIONS: ["q"]}
RECORD_KEYS = {"record", "relatedTo"}


def fitting(section: Section, key: Key) -> st.SearchStrategy[Any]:
    if key.form is Form.LOCAL:
        return st.sampled_from(OWN_NAMES.get(section, ["a", "e", "f", "g"]))
    if key.form in {Form.REFERENCE, Form.REFERENCES}:
        return st.sampled_from(["r", "s"] if key.name in RECORD_KEYS else ["a", "b", "c", "d"])
    if key.form is Form.END:
        return st.sampled_from([*LOCALS, "d", "r", "p", "q"])
    return st.sampled_from(sorted(key.codes)) if key.codes else FITTING[key.form]


@st.composite
def entries(draw: st.DrawFn, section: Section) -> Any:
    """Mostly an entry that fits its section; now and then with a value that fits nothing."""
    if draw(st.integers(0, 30)) == 0:
        return draw(NESTED)
    keys = [key for key in KEYS[section] if key.required]
    keys += draw(st.lists(st.sampled_from(KEYS[section]), max_size=3, unique=True))
    entry = {key.name: draw(fitting(section, key)) for key in keys}
    if draw(st.integers(0, 9)) == 0:
        entry[draw(st.sampled_from([key.name for key in KEYS[section]]))] = draw(NESTED)
    return entry


CAST = [
    {"id": local, "kind": kind, "name": "甲"}
    for local, kind in (("a", "Enterprise"), ("b", "Person"), ("c", "GovernmentBody"), ("d", "Person"))
]
WORLDS = st.fixed_dictionaries(
    {Section.SUBJECTS.value: st.lists(entries(Section.SUBJECTS), max_size=4).map(lambda more: [*CAST, *more])},
    optional={
        section.value: st.lists(entries(section), max_size=3) for section in Section if section is not Section.SUBJECTS
    },
)


@settings(max_examples=300, deadline=None)
@given(WORLDS)
def test_every_entry_is_accepted_or_rejected_and_drafts_hang_together(world: dict[str, Any]) -> None:
    file = parse("case", json.dumps(world, ensure_ascii=False))
    found = transform(file, person_key=KEY, lists=LISTS)
    rejected = {each.number for each in found.rejections}
    assert found.accepted | rejected == set(range(file.read)) and not found.accepted & rejected
    refs = {node.ref for node in found.nodes}
    assert all(each.start in refs and each.end in refs for each in found.relations)
    assert len(refs) == len(found.nodes)
    assert {node.entry for node in found.nodes} | {each.entry for each in found.relations} <= found.accepted
    assert "440785190001010010" not in repr([node.claims for node in found.nodes])
    for node in found.nodes:
        for earlier, later in zip(node.versions, node.versions[1:], strict=False):
            assert earlier.period.end is not None and earlier.period.end == later.period.start


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="subject: {}[]-&*!\n\t\"'#|>abc,甲\u0085\ufeff", max_size=60))
def test_no_text_makes_the_reader_crash(text: str) -> None:
    try:
        parse("case", text)
    except Unreadable as refused:
        assert str(refused).count(" / ") == 1
