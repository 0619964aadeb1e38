"""Who decided, read from a cell that often holds something else: then the reporting unit stands in, and it is said.

It must not know records.
"""

from __future__ import annotations

import re
from typing import Final

from graph.changes import NodeDraft
from loaders.cells.reading import Reading, Unclean
from loaders.cells.texts import HAS_CHINESE, half_width, name
from loaders.parties import department, department_code
from loaders.tables.fields import Fault, Fields

BODY: Final = re.compile(r"[局委院厅署办所府队关部站处会心行司]")
NO_AUTHORITY: Final = (
    (re.compile(r".*\d{4}\s*[-/.年].*"), "日期", "a date"),
    (re.compile(r".*([(\[〔【]\d{4}[)\]〕】]|\d+号$).*"), "文书号或地址", "a document number or an address"),
    (re.compile(r".*(路|街|巷|大道)\d*(号|$).*"), "地址", "an address"),
    (re.compile(r"\(.*"), "括号内的备注", "a remark in brackets"),
    (re.compile(r".*(系统|平台|数据库|网站|软件)"), "系统名称", "the name of a system"),
)


def authority(fields: Fields) -> NodeDraft:
    """The department of a decision; raises Fault when neither the authority nor the reporting unit can be one."""
    written = fields.text("authority")
    found, zh, en = _body(written)
    key = "authorityCode"
    if found is None:
        found, _, _ = _body(fields.text("reporter"))
        key = "reporterCode"
        if found is None:
            raise Fault(
                "authority",
                f"机关一栏是{zh},数据来源单位也不可用:请填写作出决定的机关名称",
                f"the authority is {en} and no reporting unit stands in: give the name of the deciding body",
            )
        fields.note(
            f"机关一栏是{zh},以数据来源单位“{found}”代替",
            f"the authority is {en}; the reporting unit “{found}” stands in",
        )
    number = fields.numbers(key).get(key)
    code = department_code(number)
    if number is not None and code is None:
        fields.note(
            "机关的统一社会信用代码不可用,以名称识别",
            "the code of the authority cannot be used, its name identifies it",
        )
    return department(code, found, fields.number)


def body(cell: str) -> str | None:
    """The body that a cell as it is written names, if it names one."""
    return _body(cell)[0]


def _body(written: str | None) -> tuple[str | None, str, str]:
    """The name of a body, or what stands in its place."""
    if written is None:
        return None, "空", "empty"
    plain = half_width(written)
    for form, zh, en in NO_AUTHORITY:
        if form.fullmatch(plain):
            return None, zh, en
    try:
        found = name(written, Reading())
    except Unclean:
        return None, "号码", "a number"
    if found is None or not HAS_CHINESE.search(found) or not BODY.search(found):
        return None, f"“{plain[:20]}”", f"“{plain[:20]}”"
    return found, "", ""
