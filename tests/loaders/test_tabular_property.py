"""Rows made at random of everything cells contain: each is an entry or quarantined, and nothing crashes."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.entries import Entry
from tests.loaders.catalogued import ITEMS, SOURCE_OF
from tests.loaders.tabular import ACME, BETA, LI, ROWS, SAMR, WANG, read, written

DIRT = st.sampled_from(
    [
        *("", "— —", "无", "/", "N/A", "\\n", "长期", "2099/12/31", "9999-9-9", "2022-09-31", "2018.06", "18/6/1"),
        *("43252", "1899/12/30", "1527811200000", "0.6", "60%", "101", "-1", "5万元", "10万美元", "1,234.5", "1E-05"),
        *("0", "1", "2", ACME, BETA, SAMR, LI, WANG, ACME.lower(), "67004606-7", "440700600000019", "9.14407E+17"),
        *("0" * 17 + "X", "440785********0010", "91440703YY000001XU.0", "江市监罚〔2018〕1号", "江门市建设路12号"),
        *(
            "(备注)",
            "执法系统",
            "=A1",
            "@x",
            "+86",
            "'=x",
            "a\0b",
            "长" * 5001,
            "，；;、",
            "董事长/监事、经理",
            "身份证",
        ),
        *("护照", "自然人", "暂扣或吊销许可证", "罚款;警告", "《食品安全法》第一百三十五条", "《", "第", "0" * 26, "∞"),
        *("²", "①", "一二三", "NaN", "Infinity", "1e999", "０", "٣", "3.", ".", "-", "%", "万元", "元", "9" * 400),
        *(
            "é\u0301",
            f"李某{LI}",
            f"（{WANG}）",
            "是",
            "A级",
            "吊销",
            "违法行为",
            "失信被执行人",
            "2023年度",
            "个体工商户",
        ),
    ]
)


EVERY = {**ROWS, **{code: (SOURCE_OF[code], row) for code, row in ITEMS.items()}}


@pytest.mark.parametrize("edition", EVERY)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_row_is_an_entry_or_quarantined(edition: str, data: st.DataObject) -> None:
    source, row = EVERY[edition]
    rows = [
        {**row, **data.draw(st.dictionaries(st.sampled_from(list(row)), DIRT | st.text(max_size=20), max_size=8))}
        for _ in range(5)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = written(
            Path(folder),
            [{name: cell.encode("utf-8", "replace").decode() for name, cell in each.items()} for each in rows],
        )
        found = read(source, path)
    for each in found:
        if isinstance(each, Entry):
            refs = {node.ref for node in each.nodes}
            assert len(refs) == len(each.nodes)
            assert all({relation.start, relation.end} <= refs for relation in each.relations)
            assert not any(number in repr((each.nodes, each.relations)) for number in (LI, WANG))
        else:
            assert each.reason.zh and each.reason.en and each.cells
