"""Numbers of organisations and of personal documents in cells, cleaned by `graph.identifiers`.

It must not know who bears them; no number of a person is put into a message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from graph import identifiers
from graph.codes import IdentifierScheme, Text
from graph.identifiers import Malformed
from loaders.cells.reading import Cleaner, Reading, Unclean
from loaders.cells.texts import SCIENTIFIC, checked, half_width, is_null, text

TRAILING_ZERO: Final = re.compile(r"(?<=\d)\.0+$")
REMEMBERED: Final = 65_536  # numbers that are not checked again
PLACEHOLDER: Final = re.compile(r"0{6,}[0-9X]?|X{6,}|9{17,}", re.IGNORECASE)
AS_TEXT: Final = Text(
    "号码变成了科学计数,位数已丢失:请将该列设为“文本”格式后重新填写原号码",
    "the number became scientific notation and lost digits: format the column as text and type it again",
)
MASKED: Final = Text("证件号码已脱敏,按未填写处理", "the document number is masked and counts as not given")


@dataclass(frozen=True, slots=True)
class Number:
    """A checked number of an organisation, or why what stands there is none."""

    scheme: IdentifierScheme
    value: str
    fault: Text | None = None


def _plain(cell: str, reading: Reading) -> str | None:
    """Half-width, upper case, without blanks, dashes and `.0`; None for nulls and placeholders."""
    if is_null(cell):
        return None
    checked(cell)
    shown = half_width(cell)
    if SCIENTIFIC.fullmatch(shown):
        raise Unclean(*AS_TEXT)
    plain = identifiers.clean(TRAILING_ZERO.sub("", shown.lstrip("'")))
    if PLACEHOLDER.fullmatch(plain):
        reading.notes.append(Text("号码是占位符,按未填写处理", "the number is a placeholder and counts as not given"))
        return None
    return plain or None


def organisation_number(cell: str, reading: Reading) -> Number | None:
    """The column of the 统一社会信用代码, in which older numbers of 9 and 15 characters stand as well."""
    plain = _plain(cell, reading)
    if plain is None:
        return None
    if len(plain) == 18 and not identifiers.uscc_matches(plain) and _is_resident_id(plain):
        raise Unclean(
            "代码列里是自然人的证件号码:请移到证件号码列",
            "a person's number stands in the column of codes: move it to the column of document numbers",
        )
    older = {
        9: (IdentifierScheme.ORGANISATION_CODE,),
        15: (IdentifierScheme.REGISTRATION_NUMBER, IdentifierScheme.TAX_NUMBER),
    }
    for scheme in older.get(len(plain), ()):
        try:
            found = identifiers.check_number(scheme, plain)
        except Malformed:
            continue
        if scheme is IdentifierScheme.TAX_NUMBER and not _is_tax_number(found):
            continue
        words = {
            IdentifierScheme.ORGANISATION_CODE: ("组织机构代码", "an organisation code"),
            IdentifierScheme.REGISTRATION_NUMBER: ("15位注册号", "a registration number of 15 digits"),
            IdentifierScheme.TAX_NUMBER: ("税务登记号", "a tax number"),
        }[scheme]
        reading.notes.append(
            Text(f"统一社会信用代码列里是{words[0]},照此使用", f"the column of the USCC holds {words[1]}, used as such")
        )
        return Number(scheme, found)
    try:
        uscc = identifiers.check_uscc(plain)
    except Malformed as error:
        raise Unclean(
            f"{error.reason.zh}:请按营业执照核对", f"{error.reason.en}: check it against the licence"
        ) from error
    if not uscc.inner:
        reading.notes.append(Text("统一社会信用代码的主体码校验位不符", "the inner check of the USCC does not match"))
    return Number(IdentifierScheme.USCC, uscc.code)


def other_number(scheme: IdentifierScheme) -> Cleaner:
    """A column of another number; one that is none is a fault only where nothing else identifies the subject."""

    def clean(cell: str, reading: Reading) -> Number | None:
        plain = _plain(cell, reading)
        if plain is None:
            return None
        if len(plain) == 18 and identifiers.uscc_matches(plain):  # 三证合一: the one code is all of them
            return Number(IdentifierScheme.USCC, plain)
        if len(plain) >= 18 and _is_resident_id(plain[:18]):  # sole traders' tax numbers are their owner's, with 00
            reading.notes.append(
                Text("此列是自然人的证件号码,不使用", "a person's number stands in this column and is not used")
            )
            return None
        try:
            return Number(scheme, identifiers.check_number(scheme, plain))
        except Malformed as error:
            return Number(scheme, "", error.reason)

    return clean


def document(cell: str, reading: Reading) -> str | None:
    """The number of a personal document as written; a masked one counts as none."""
    plain = _plain(cell, reading)
    if plain is not None and "*" in plain:
        reading.notes.append(MASKED)
        return None
    return plain


def party_number(cell: str, reading: Reading) -> Number | str | None:
    """A column for the number of whoever is concerned: an organisation's `Number`, or a person's as written."""
    plain = _plain(cell, reading)
    if plain is None:
        return None
    if "*" in plain:
        return document(cell, reading)
    if not is_resident_id(plain):
        return organisation_number(cell, reading)
    if len(plain) == 15 and _is_registration_number(plain):
        raise Unclean(
            "15位号码既可能是旧身份证号,也可能是注册号:请填18位号码",
            "15 digits that may be an old resident ID or a registration number: give the number of 18",
        )
    return plain


def document_type(cell: str, reading: Reading) -> IdentifierScheme | None:
    """证件类型 in words or codes; for a number without a type see `scheme_of`."""
    found = text(cell, reading)
    if found is None:
        return None
    plain = TRAILING_ZERO.sub("", half_width(found))
    try:
        return identifiers.document_scheme(plain.zfill(2) if plain.isdigit() else plain)
    except Malformed as error:
        words = "、".join(word for word in identifiers.DOCUMENT_TYPES if not word.isascii())
        raise Unclean(f"{error.reason.zh};可填:{words}", f"{error.reason.en}; one of {words}") from error


def is_resident_id(number: str) -> bool:
    """Whether a number without a document type can only be a resident ID."""
    return len(number) in (15, 18) and _is_resident_id(number) and not identifiers.uscc_matches(number)


@lru_cache(maxsize=REMEMBERED)
def _is_resident_id(number: str) -> bool:
    try:
        identifiers.check_resident_id(number)
    except Malformed:
        return False
    return True


def _is_registration_number(number: str) -> bool:
    try:
        identifiers.check_registration_number(number)
    except Malformed:
        return False
    return True


def _is_tax_number(number: str) -> bool:
    """Region of six digits and an organisation code (`domain.md` B1)."""
    try:
        identifiers.check_organisation_code(number[6:])
    except Malformed:
        return False
    return number[:6].isdigit()
