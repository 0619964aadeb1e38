"""Numbers that identify subjects: cleaned, checked, compared, masked, and for personal documents hashed with a key.

It must not know files, databases or who asks; no number of a person leaves it in a message.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from graph.changes import Claim
from graph.codes import IdentifierScheme, SubjectKind, Text
from graph.errors import Invalid
from graph.periods import add_years
from graph.vocabulary import NODE_KINDS, RELATIONS

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I O Z S V
USCC_VALUES: Final = MappingProxyType({char: value for value, char in enumerate(USCC_ALPHABET)})
USCC_WEIGHTS: Final = tuple(pow(3, position, 31) for position in range(17))
BODY_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
RESIDENT_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
RESIDENT_CHECKS: Final = "10X98765432"
ADULT_AGE: Final = 18  # 民法典 17
KEY_BYTES: Final = 32  # shortest person key accepted: the length of a SHA-256
WORLD_PREFIX: Final = "world:"
# One local name or file stem: what a person types, without the separators of lookup texts and claim keys.
LOCAL_NAME: Final = re.compile(r"[^\s:|]{1,100}")

E, P, S, G, O = (  # noqa: E741 - a table is read by column
    SubjectKind.ENTERPRISE,
    SubjectKind.PUBLIC_INSTITUTION,
    SubjectKind.SOCIAL_ORGANIZATION,
    SubjectKind.GOVERNMENT_BODY,
    SubjectKind.OTHER_ORGANIZATION,
)
# Position 1 → the authority and, by position 2, its categories with the database each belongs to (`domain.md` B1).
AUTHORITIES: Final[Mapping[str, tuple[str, Mapping[str, tuple[str, SubjectKind]]]]] = MappingProxyType(
    {
        "1": ("机构编制", {"1": ("机关", G), "2": ("事业单位", P), "3": ("群众团体", O), "9": ("其他", O)}),
        "2": ("外交", {"1": ("外国常驻新闻机构", O), "9": ("其他", O)}),
        "3": (
            "司法行政",
            {
                "1": ("律师执业机构", O),
                "2": ("公证处", O),
                "3": ("基层法律服务所", O),
                "4": ("司法鉴定机构", O),
                "5": ("仲裁委员会", O),
                "9": ("其他", O),
            },
        ),
        "4": ("文化", {"1": ("外国在华文化中心", O), "9": ("其他", O)}),
        "5": ("民政", {"1": ("社会团体", S), "2": ("民办非企业单位", S), "3": ("基金会", S), "9": ("其他", O)}),
        "6": ("旅游", {"1": ("外国旅游部门代表机构", O), "2": ("港澳台旅游部门代表机构", O), "9": ("其他", O)}),
        "7": ("宗教", {"1": ("宗教活动场所", O), "2": ("宗教院校", O), "9": ("其他", O)}),
        "8": ("工会", {"1": ("基层工会", O), "9": ("其他", O)}),
        "9": ("市场监管", {"1": ("企业", E), "2": ("个体工商户", E), "3": ("农民专业合作社", E)}),
        "A": ("中央军委改革和编制办公室", {"1": ("军队事业单位", P), "9": ("其他", O)}),
        "N": (
            "农业",
            {
                "1": ("组级集体经济组织", O),
                "2": ("村级集体经济组织", O),
                "3": ("乡镇级集体经济组织", O),
                "9": ("其他", O),
            },
        ),
        "Y": ("其他", {"1": ("其他", O)}),
    }
)
# How documents are named in files: the words, and the two-digit codes of provincial systems.
DOCUMENT_TYPES: Final[Mapping[str, IdentifierScheme]] = MappingProxyType(
    {
        word: scheme
        for scheme, words in (
            (IdentifierScheme.RESIDENT_ID, ("身份证", "居民身份证", "01")),
            (IdentifierScheme.PASSPORT, ("护照", "02")),
            (IdentifierScheme.HK_MACAO_PERMIT, ("港澳居民来往内地通行证", "03")),
            (IdentifierScheme.TAIWAN_PERMIT, ("台湾居民来往大陆通行证", "04")),
            (IdentifierScheme.FOREIGN_RESIDENT_ID, ("外国人永久居留身份证", "05")),
        )
        for word in (scheme.value, *words)
    }
)
PERSONAL: Final = frozenset(DOCUMENT_TYPES.values())
FORMS: Final[Mapping[IdentifierScheme, re.Pattern[str]]] = MappingProxyType(
    {
        IdentifierScheme.PASSPORT: re.compile(r"[A-Z0-9]{5,20}"),
        IdentifierScheme.HK_MACAO_PERMIT: re.compile(r"[HM]\d{8}(\d{2})?"),
        IdentifierScheme.TAIWAN_PERMIT: re.compile(r"\d{8}|\d{10}[A-Z]?"),
        IdentifierScheme.FOREIGN_RESIDENT_ID: re.compile(r"[A-Z]{3}\d{12}|9\d{16}[0-9X]"),
        IdentifierScheme.TAX_NUMBER: re.compile(r"[0-9A-Z]{15,20}"),
        IdentifierScheme.INSTITUTION_CERTIFICATE: re.compile(r"\w{4,30}"),
        IdentifierScheme.SOCIAL_CERTIFICATE: re.compile(r"\w{4,50}"),
        IdentifierScheme.OTHER: re.compile(r"[^\s|]{1,100}"),
    }
)
NODE_ID: Final = re.compile(
    f"(?:{'|'.join(sorted({each.prefix for each in NODE_KINDS} | {each.prefix for each in RELATIONS.values()}))})"
    r"_[0-9A-Za-z_-]{1,64}"
)
HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
DROPPED: Final = re.compile(r"[\s\u00ad\u200b-\u200f\u2010-\u2015\u2212\ufeff-]+")


class Malformed(ValueError):
    """A number that cannot be what it claims to be; `reason` is fit to show and never contains the number."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.reason = Text(zh, en)


@dataclass(frozen=True, slots=True)
class Uscc:
    """A checked 统一社会信用代码. `inner` is False when position 17 fails the organisation-code check: a warning only.

    `kind` is the database that its first two characters decide; a category newer than our table counts as OTHER.
    """

    code: str
    authority: str
    category: str | None
    kind: SubjectKind
    region: str
    organisation_code: str
    inner: bool


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a caller means by a text: a node id, or `Claim.key` values to try, strongest first; the first known wins."""

    node_id: str | None
    keys: tuple[str, ...] = ()


def clean(text: str) -> str:
    """Half-width, upper case, without blanks and dashes: `９１４４-０７ｘ` → `914407X`."""
    return DROPPED.sub("", text.translate(HALF_WIDTH)).upper()


def same(left: str, right: str) -> bool:
    """Whether two writings are one number."""
    return clean(left) == clean(right)


def uscc_check_character(head: str) -> str:
    """Position 18 for the first 17 characters; raises Malformed on characters outside the alphabet."""
    try:
        total = sum([USCC_VALUES[char] * weight for char, weight in zip(head, USCC_WEIGHTS, strict=True)])
    except (KeyError, ValueError) as error:
        raise Malformed("统一社会信用代码含有非法字符", "the USCC has a character outside its alphabet") from error
    return USCC_ALPHABET[(31 - total % 31) % 31]


def body_check_character(head: str) -> str:
    """Position 9 of an organisation code for its first 8 characters (A = 10 … Z = 35)."""
    total = sum([int(char, 36) * weight for char, weight in zip(head, BODY_WEIGHTS, strict=True)])
    remainder = 11 - total % 11
    return {10: "X", 11: "0"}.get(remainder, str(remainder))


def registration_check_digit(head: str) -> str:
    """Position 15 of a 注册号 for its first 14 digits (ISO 7064 mod 11,10)."""
    carry = 10
    for digit in head:
        carry = ((carry + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - carry) % 10)


def resident_check_character(head: str) -> str:
    """Position 18 of a resident ID for its first 17 digits."""
    return RESIDENT_CHECKS[sum([int(d) * weight for d, weight in zip(head, RESIDENT_WEIGHTS, strict=True)]) % 11]


def check_uscc(text: str) -> Uscc:
    """The parts of a code; raises Malformed on length, alphabet, region digits, outer check or unknown authority."""
    code = clean(text)
    if len(code) != 18:
        raise Malformed(
            f"统一社会信用代码应为18位,实为{len(code)}位", f"a USCC has 18 characters, this one {len(code)}"
        )
    if uscc_check_character(code[:17]) != code[17]:
        raise Malformed("统一社会信用代码校验位不符", "the check character of the USCC does not match")
    if code[0] not in AUTHORITIES:
        raise Malformed("统一社会信用代码的登记管理部门代码未知", "the USCC names an unknown registering authority")
    if not _digits(code[2:8]):
        raise Malformed(
            "统一社会信用代码第3至8位应为行政区划数字", "positions 3 to 8 of a USCC are the digits of a region"
        )
    authority, categories = AUTHORITIES[code[0]]
    category, kind = categories.get(code[1], (None, O))
    body = code[8:17]
    return Uscc(code, authority, category, kind, code[2:8], body, body_check_character(body[:8]) == body[8])


def check_organisation_code(text: str) -> str:
    """The clean nine characters of a 组织机构代码; raises Malformed."""
    code = clean(text)
    if re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code) is None or body_check_character(code[:8]) != code[8]:
        raise Malformed(
            "组织机构代码格式或校验位不符", "not an organisation code, or its check character does not match"
        )
    return code


def check_registration_number(text: str) -> str:
    """The clean fifteen digits of a 注册号; raises Malformed."""
    number = clean(text)
    if len(number) != 15 or not _digits(number) or registration_check_digit(number[:14]) != number[14]:
        raise Malformed(
            "注册号应为15位数字且校验位相符", "a registration number has 15 digits with a matching check digit"
        )
    return number


def check_resident_id(text: str) -> str:
    """The clean 18 characters; a 15-digit number of before 1999 is completed, so that both forms are one person.

    The region is never validated: it is the one at the time of numbering. Raises Malformed.
    """
    number = clean(text)
    if len(number) == 15 and _digits(number):
        century = "18" if number[12:] in {"996", "997", "998", "999"} else "19"  # those sequences marked centenarians
        head = number[:6] + century + number[6:]
        number = head + resident_check_character(head)
    if len(number) != 18 or not _digits(number[:17]):
        raise Malformed("身份证号码应为18位", "a resident ID number has 18 characters")
    if resident_check_character(number[:17]) != number[17]:
        raise Malformed("身份证号码校验位不符", "the check character of the resident ID number does not match")
    _birth(number)
    return number


def check_number(scheme: IdentifierScheme, text: str) -> str:
    """The clean form of a number of any scheme but WORLD; raises Malformed when it cannot be one."""
    match scheme:
        case IdentifierScheme.USCC:
            return check_uscc(text).code
        case IdentifierScheme.ORGANISATION_CODE:
            return check_organisation_code(text)
        case IdentifierScheme.REGISTRATION_NUMBER:
            return check_registration_number(text)
        case IdentifierScheme.RESIDENT_ID:
            return check_resident_id(text)
    number = clean(text)
    form = FORMS.get(scheme)
    if form is None or form.fullmatch(number) is None:
        raise Malformed("号码格式与证件类型不符", "the number does not have the form of its document type")
    if scheme is IdentifierScheme.FOREIGN_RESIDENT_ID and len(number) == 18:
        return check_resident_id(number)
    return number


def document_scheme(word: str) -> IdentifierScheme:
    """`身份证`, `01` or `RESIDENT_ID` → the scheme; raises Malformed."""
    scheme = DOCUMENT_TYPES.get(unicodedata.normalize("NFKC", word).strip())
    if scheme is None:
        raise Malformed(f"未知的证件类型“{word}”", f"unknown document type “{word}”")
    return scheme


def born_on(resident_id: str) -> date:
    """The birth date inside a resident ID number; raises Malformed."""
    return _birth(check_resident_id(resident_id))


def adult_on(resident_id: str) -> date:
    """The eighteenth birthday of the holder of a resident ID number; raises Malformed."""
    return add_years(born_on(resident_id), ADULT_AGE)


def document_adult_on(scheme: IdentifierScheme, number: str) -> date | None:
    """The eighteenth birthday where the number of a document tells it."""
    if scheme is IdentifierScheme.RESIDENT_ID or (
        scheme is IdentifierScheme.FOREIGN_RESIDENT_ID and len(clean(number)) == 18
    ):
        return adult_on(number)
    return None


def mask_document(scheme: IdentifierScheme, number: str) -> str:
    """What may be shown and kept: `440785********0010`; other documents keep two characters at each end."""
    value = check_number(scheme, number)
    if len(value) == 18:
        return f"{value[:6]}{'*' * 8}{value[14:]}"
    shown = 2 if len(value) > 6 else 1
    return f"{value[:shown]}{'*' * (len(value) - 2 * shown)}{value[-shown:]}"


def hash_document(key: bytes, scheme: IdentifierScheme, number: str) -> str:
    """HMAC-SHA256 (64 hex digits) of scheme and clean number under the person key; raises Malformed."""
    if len(key) < KEY_BYTES:
        raise ValueError(f"a person key has at least {KEY_BYTES} bytes")
    return hmac.new(key, f"{scheme.value}|{check_number(scheme, number)}".encode(), hashlib.sha256).hexdigest()


def document_claim(key: bytes, scheme: IdentifierScheme, number: str) -> Claim:
    """The identifier of a person by document: only the keyed hash and the mask; raises Malformed."""
    return Claim(scheme, hash_document(key, scheme, number), masked=mask_document(scheme, number))


def world_claim(stem: str, local: str) -> Claim:
    """The identifier of an entry of a world file, asked as `world:<stem>:<local>`."""
    return Claim(IdentifierScheme.WORLD, local, issuer=stem)


KEPT: Final = 500  # characters of a text that is kept: any number of blanks may stand around and within a number


@lru_cache(maxsize=4096)
def _parse(text: str) -> Lookup:
    stripped = text.strip()
    if stripped[: len(WORLD_PREFIX)].lower() == WORLD_PREFIX:
        parts = [unicodedata.normalize("NFC", part) for part in stripped[len(WORLD_PREFIX) :].split(":")]
        if len(parts) != 2 or not all(LOCAL_NAME.fullmatch(part) for part in parts):
            raise Malformed("应为 world:文件名:本地名", "expected world:<file stem>:<local name>")
        return Lookup(None, (world_claim(*parts).key,))
    if NODE_ID.fullmatch(stripped):
        return Lookup(stripped)
    number = clean(stripped)
    if len(number) == 18:
        if _is_resident_id(number):  # an all-digit USCC that also fits this check has a birth date in its body: rare
            raise Malformed("不接受证件号码查询", "numbers of personal documents are not looked up")
        uscc = check_uscc(number)
        keys = [Claim(IdentifierScheme.USCC, uscc.code).key]
        if uscc.inner:  # a body known only by the old code it carries (三证合一)
            keys.append(Claim(IdentifierScheme.ORGANISATION_CODE, uscc.organisation_code).key)
        return Lookup(None, tuple(keys))
    if len(number) == 15 and number.isalnum() and number.isascii():
        return Lookup(None, _fifteen(number))
    if len(number) == 9 and number.isascii():
        return Lookup(None, (Claim(IdentifierScheme.ORGANISATION_CODE, check_organisation_code(number)).key,))
    raise Malformed(
        "不是节点编号、统一社会信用代码、注册号、组织机构代码或 world:文件名:本地名",
        "not a node id, USCC, registration number, organisation code or world:<file stem>:<local name>",
    )


def parse_lookup(text: str, *, argument: str) -> Lookup:
    """A node id or an identifier text to what the store looks up; never a name, never a personal document.

    Raises Invalid naming the argument and what is wrong with the text.
    """
    try:
        return _parse(text) if len(text) <= KEPT else _parse.__wrapped__(text)
    except Malformed as error:
        raise Invalid(f"{argument}: {error}", argument=argument) from error


def _fifteen(number: str) -> tuple[str, ...]:
    """A 15-character number is a 注册号 (mod 11,10) or a tax number (region + organisation code), at times both."""
    keys = []
    if _digits(number) and registration_check_digit(number[:14]) == number[14]:
        keys.append(Claim(IdentifierScheme.REGISTRATION_NUMBER, number).key)
    if _digits(number[:6]) and body_check_character(number[6:14]) == number[14]:
        keys.append(Claim(IdentifierScheme.TAX_NUMBER, number).key)
    if not keys:
        raise Malformed("15位号码的校验位不符", "the check digit of the 15-digit number does not match")
    return tuple(keys)


def _is_resident_id(number: str) -> bool:
    try:
        check_resident_id(number)
    except Malformed:
        return False
    return not (number[0] in AUTHORITIES and uscc_matches(number))


def uscc_matches(number: str) -> bool:
    """Whether a clean number passes every check of a USCC, the inner one included."""
    try:
        return check_uscc(number).inner
    except Malformed:
        return False


def _birth(number: str) -> date:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise Malformed(
            "身份证号码中的出生日期不存在", "the birth date in the resident ID number does not exist"
        ) from error


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
