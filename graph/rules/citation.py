"""Which article a decision applied, and what can be one: documents and numbers in all their spellings, in one form.

It must not know rules; a rule says which article it wants, a record which one was applied.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from graph.facts import Article

DIGITS: Final = {each: value for value, each in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
UNITS: Final = {"十": 10, "百": 100, "千": 1000}
NUMBER: Final = "(?:[0-9]+|[零〇一二两三四五六七八九十百千]+)"  # of both at once it is none
WRITTEN: Final = re.compile(rf"第?({NUMBER})条?(?:之{NUMBER})?(?:第?({NUMBER})款)?(?:第?[((]?({NUMBER})[))]?项)?")
FURTHER: Final = re.compile(rf"第{NUMBER}[条款项]")  # 第十八条第十项、第十一项
# A document of Chinese law by how such documents are named, or by its number.
INSTRUMENT: Final = re.compile(
    r"[^\x00-\x7f].*(?:法|法典|条例|办法|规定|细则|规则|规范|标准|解释|批复|决定|意见|通知|公告|备忘录)"
    r"|[^\x00-\x7f]+〔\d{4}〕\d+号"
)
EDITION: Final = re.compile(r"(?:[((][^))]*[))])+$")
SHORT: Final = re.compile(r"(\d+)(?:[((](\d+)[))])?(?:[((](\d+)[))])?")


class Place(NamedTuple):
    """Article, paragraph (款) and item (项); 0: not said."""

    article: int
    paragraph: int = 0
    item: int = 0


def number(text: str) -> int:
    """`一百三十五` and `135` are one number."""
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for each in text:
        if each in UNITS:
            total, digit = total + (digit or 1) * UNITS[each], 0
        else:
            digit = DIGITS[each]
    return total + digit


@lru_cache(maxsize=4096)
def place(text: str) -> Place | None:
    """`第一百一十八条第一款`, `118(1)` and `118` → a place; None for what names no article."""
    plain = text.strip().replace(" ", "")
    match = SHORT.fullmatch(plain) or WRITTEN.fullmatch(plain)
    if match is None:
        return None
    return Place(*(number(each) if each else 0 for each in match.groups()))


@lru_cache(maxsize=4096)
def title(document: str) -> str:
    """Without quotes, edition and 中华人民共和国: `《中华人民共和国药品管理法》(2019修订)` → `药品管理法`."""
    plain = re.sub(r"[《》\s]|[((][^))]*[))]$", "", document)
    return plain.removeprefix("中华人民共和国")


def is_document(document: str) -> bool:
    """Whether it is named as documents of Chinese law are; whether there is one of that name nobody can tell here."""
    return INSTRUMENT.fullmatch(EDITION.sub("", re.sub(r"[《》\s]", "", document))) is not None


def is_article(text: str) -> bool:
    """Whether it names an article, or several places of one."""
    first, *further = text.split("、")
    found = place(first)
    return found is not None and found.article > 0 and all(FURTHER.fullmatch(each) for each in further)


def applies(cited: Article, wanted: Article) -> bool:
    """Whether what a decision cites is the article, or a part of it, that a rule is about."""
    if title(cited.document) != title(wanted.document):
        return False
    found, asked = place(cited.article or ""), place(wanted.article or "")
    if found is None or asked is None or found.article != asked.article:
        return False
    return all(
        not (one and other) or one == other
        for one, other in ((found.paragraph, asked.paragraph), (found.item, asked.item))
    )
