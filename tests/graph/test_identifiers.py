"""Identifiers: every check digit holds and breaks, numbers of persons never come back out."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.changes import Claim
from graph.codes import IdentifierScheme, SubjectKind
from graph.errors import Invalid
from graph.identifiers import (
    AUTHORITIES,
    USCC_ALPHABET,
    Lookup,
    Malformed,
    adult_on,
    body_check_character,
    born_on,
    check_number,
    check_organisation_code,
    check_registration_number,
    check_resident_id,
    check_uscc,
    clean,
    document_adult_on,
    document_claim,
    document_scheme,
    hash_document,
    mask_document,
    parse_lookup,
    registration_check_digit,
    resident_check_character,
    same,
    uscc_check_character,
)

KEY = bytes(range(32))
LI = "440785190001010010"
SYNTHETIC = {  # domain.md B1: pass both checks
    "91440703YY000001XU": ("企业", SubjectKind.ENTERPRISE),
    "91440704YY0000028A": ("企业", SubjectKind.ENTERPRISE),
    "92440705YY0000036G": ("个体工商户", SubjectKind.ENTERPRISE),
    "93440785YY00000444": ("农民专业合作社", SubjectKind.ENTERPRISE),
    "11440700YY00000529": ("机关", SubjectKind.GOVERNMENT_BODY),
    "12440700YY00000601": ("事业单位", SubjectKind.PUBLIC_INSTITUTION),
    "51440700YY0000079W": ("社会团体", SubjectKind.SOCIAL_ORGANIZATION),
    "52440783YY0000087U": ("民办非企业单位", SubjectKind.SOCIAL_ORGANIZATION),
    "31440700YY0000095L": ("律师执业机构", SubjectKind.OTHER_ORGANIZATION),
    "N2440781YY0000108X": ("村级集体经济组织", SubjectKind.OTHER_ORGANIZATION),
}

digits = st.text("0123456789", min_size=1)


def uscc(authority: str, category: str, region: str, body: str) -> str:
    head = f"{authority}{category}{region}{body}{body_check_character(body)}"
    return head + uscc_check_character(head)


@st.composite
def usccs(draw: st.DrawFn) -> str:
    authority = draw(st.sampled_from(sorted(AUTHORITIES)))
    category = draw(st.sampled_from(sorted(AUTHORITIES[authority][1])))
    region = draw(st.text("0123456789", min_size=6, max_size=6))
    return uscc(authority, category, region, "YY" + draw(st.text("0123456789", min_size=6, max_size=6)))


@st.composite
def resident_ids(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1850, 1, 1), date(1909, 12, 31)))
    head = f"{draw(st.text('0123456789', min_size=6, max_size=6))}{born:%Y%m%d}"
    head += draw(st.text("0123456789", min_size=3, max_size=3))
    return head + resident_check_character(head)


@pytest.mark.parametrize("code", SYNTHETIC)
def test_synthetic_codes_pass_both_checks_and_tell_their_database(code: str) -> None:
    found = check_uscc(code)
    assert (found.code, found.category, found.kind, found.inner) == (code, *SYNTHETIC[code], True)
    assert (found.region, found.organisation_code) == (code[2:8], code[8:17])


def test_every_registering_authority_is_known_letters_included() -> None:
    assert set(AUTHORITIES) == set("123456789ANY")
    for authority, (_, categories) in AUTHORITIES.items():
        for category, (title, kind) in categories.items():
            found = check_uscc(uscc(authority, category, "440700", "YY000123"))
            assert (found.category, found.kind) == (title, kind)


@given(usccs())
def test_a_made_code_passes_and_is_found_in_any_writing(code: str) -> None:
    found = check_uscc(code)
    assert found.inner
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code)
    spaced = f" {code[:8].lower()}-{code[8:].lower()} "
    assert check_uscc(wide) == check_uscc(spaced) == found
    assert same(wide, spaced)


@given(usccs(), st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_any_single_wrong_character_breaks_a_code(code: str, position: int, char: str) -> None:
    wrong = code[:position] + char + code[position + 1 :]
    if wrong == code:
        return
    with pytest.raises(Malformed):
        check_uscc(wrong)


def test_an_inner_failure_is_only_a_warning() -> None:
    head = "91440703YY0000019"  # the body check would be X
    assert check_uscc(head + uscc_check_character(head)).inner is False


@pytest.mark.parametrize(
    "code",
    [
        "",
        "91440703YY000001X",
        "91440703YY000001XUU",
        "91440703YY000001XA",
        "9144070IYY000001XU",
        "B" + "1440703YY000001X" + uscc_check_character("B1440703YY000001X"),
        "91" + "44A703YY000001X" + uscc_check_character("9144A703YY000001X"),
        "00000000000000000X",
    ],
)
def test_what_cannot_be_a_uscc_is_refused_with_a_reason_in_both_languages(code: str) -> None:
    with pytest.raises(Malformed) as refused:
        check_uscc(code)
    assert refused.value.reason.zh and refused.value.reason.en


def test_a_category_newer_than_the_table_counts_as_other() -> None:
    found = check_uscc(uscc("5", "4", "440700", "YY000001"))
    assert (found.category, found.kind) == (None, SubjectKind.OTHER_ORGANIZATION)


@given(st.text("0123456789", min_size=14, max_size=14), st.integers(0, 14), st.sampled_from("0123456789"))
def test_registration_numbers_hold_and_any_wrong_digit_breaks_them(head: str, position: int, digit: str) -> None:
    number = head + registration_check_digit(head)
    assert check_registration_number(f"{number[:6]} {number[6:]}") == number
    wrong = number[:position] + digit + number[position + 1 :]
    if wrong != number:
        with pytest.raises(Malformed):
            check_registration_number(wrong)


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_organisation_codes_hold_with_and_without_dash(body: str) -> None:
    check = body_check_character(body)
    assert check_organisation_code(f"{body}-{check.lower()}") == body + check
    wrong = "0" if check != "0" else "1"
    with pytest.raises(Malformed):
        check_organisation_code(body + wrong)


@given(resident_ids())
def test_resident_ids_hold_whatever_their_region(number: str) -> None:
    assert check_resident_id(number.lower()) == number
    assert born_on(number) == date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    assert adult_on(number).year == born_on(number).year + 18


@given(resident_ids(), st.integers(0, 16), st.sampled_from("0123456789"))
def test_any_single_wrong_digit_breaks_a_resident_id(number: str, position: int, digit: str) -> None:
    wrong = number[:position] + digit + number[position + 1 :]
    if wrong != number:
        with pytest.raises(Malformed):
            check_resident_id(wrong)


def test_a_resident_id_with_an_impossible_birth_date_is_refused() -> None:
    head = "44078519000230001"
    with pytest.raises(Malformed):
        check_resident_id(head + resident_check_character(head))


def test_the_fifteen_digit_form_is_the_same_person() -> None:
    assert check_resident_id("440785000101001") == LI
    assert check_resident_id("440785990101998")[6:10] == "1899"  # those sequences marked centenarians
    assert hash_document(KEY, IdentifierScheme.RESIDENT_ID, "440785000101001") == hash_document(
        KEY, IdentifierScheme.RESIDENT_ID, LI
    )


def test_the_eighteenth_birthday_is_the_corresponding_day() -> None:
    assert adult_on(LI) == date(1918, 1, 1)
    leap = "44078519040229001"
    assert adult_on(leap + resident_check_character(leap)) == date(1922, 2, 28)
    assert document_adult_on(IdentifierScheme.PASSPORT, "E12345678") is None


@pytest.mark.parametrize(
    ("scheme", "number", "mask"),
    [
        (IdentifierScheme.RESIDENT_ID, LI, "440785********0010"),
        (IdentifierScheme.PASSPORT, "e1234 5678", "E1*****78"),
        (IdentifierScheme.PASSPORT, "A1234", "A***4"),
        (IdentifierScheme.HK_MACAO_PERMIT, "H12345678", "H1*****78"),
        (IdentifierScheme.TAIWAN_PERMIT, "12345678", "12****78"),
        (IdentifierScheme.FOREIGN_RESIDENT_ID, "USA123456789012", "US***********12"),
    ],
)
def test_masks_hide_the_birth_segment_or_the_middle(scheme: IdentifierScheme, number: str, mask: str) -> None:
    assert mask_document(scheme, number) == mask


@given(resident_ids())
def test_a_claim_of_a_document_holds_no_number_only_keyed_hash_and_mask(number: str) -> None:
    claim = document_claim(KEY, IdentifierScheme.RESIDENT_ID, number)
    assert claim == Claim(
        IdentifierScheme.RESIDENT_ID, hash_document(KEY, IdentifierScheme.RESIDENT_ID, number), masked=claim.masked
    )
    assert len(claim.value) == 64 and number not in repr(claim) and number[6:14] not in (claim.masked or "")
    assert claim.value != hash_document(bytes(32), IdentifierScheme.RESIDENT_ID, number)
    assert claim.value == hash_document(KEY, IdentifierScheme.RESIDENT_ID, f" {number.lower()} ")


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        hash_document(b"short", IdentifierScheme.RESIDENT_ID, LI)


@pytest.mark.parametrize(
    ("word", "scheme"),
    [
        ("身份证", IdentifierScheme.RESIDENT_ID),
        ("居民身份证", IdentifierScheme.RESIDENT_ID),
        ("01", IdentifierScheme.RESIDENT_ID),
        ("02", IdentifierScheme.PASSPORT),
        ("护照", IdentifierScheme.PASSPORT),
        ("港澳居民来往内地通行证", IdentifierScheme.HK_MACAO_PERMIT),
        ("台湾居民来往大陆通行证", IdentifierScheme.TAIWAN_PERMIT),
        ("外国人永久居留身份证", IdentifierScheme.FOREIGN_RESIDENT_ID),
        ("PASSPORT", IdentifierScheme.PASSPORT),
    ],
)
def test_document_types_are_known_by_word_code_and_name(word: str, scheme: IdentifierScheme) -> None:
    assert document_scheme(word) is scheme


@pytest.mark.parametrize(
    ("scheme", "number"),
    [
        (IdentifierScheme.PASSPORT, "E1"),
        (IdentifierScheme.HK_MACAO_PERMIT, "X12345678"),
        (IdentifierScheme.TAIWAN_PERMIT, "1234"),
        (IdentifierScheme.FOREIGN_RESIDENT_ID, "12"),
        (IdentifierScheme.RESIDENT_ID, "440785********0010"),
        (IdentifierScheme.WORLD, "acme"),
    ],
)
def test_numbers_without_the_form_of_their_type_are_refused(scheme: IdentifierScheme, number: str) -> None:
    with pytest.raises(Malformed):
        check_number(scheme, number)


def test_clean_folds_width_case_blanks_and_dashes() -> None:
    assert clean(" ９１４４\u3000—07\u200b−ｘ ") == "914407X"


@pytest.mark.parametrize(
    ("text", "lookup"),
    [
        ("ent_0a1B-_", Lookup("ent_0a1B-_")),
        ("rec_1", Lookup("rec_1")),
        ("world:case:li", Lookup(None, ("WORLD|li|case",))),
        ("World:测试:李", Lookup(None, ("WORLD|李|测试",))),
        ("91440703yy000001xu", Lookup(None, ("USCC|91440703YY000001XU|", "ORGANISATION_CODE|YY000001X|"))),
        ("YY000001-X", Lookup(None, ("ORGANISATION_CODE|YY000001X|",))),
        ("440703000000018", Lookup(None, ("REGISTRATION_NUMBER|440703000000018|",))),
        ("440703YY000001X", Lookup(None, ("TAX_NUMBER|440703YY000001X|",))),
    ],
)
def test_a_lookup_is_a_node_id_or_an_identifier(text: str, lookup: Lookup) -> None:
    assert parse_lookup(text, argument="subject") == lookup


@pytest.mark.parametrize(
    "text",
    [
        "",
        "江门甲贸易有限公司",
        "acme",
        "xyz_123",
        "91440703YY000001XA",
        "440703000000011",
        "world:case",
        "world::li",
        "world:case:li:x",
        "YY0000010",
        LI,
        "ent_" + "a" * 65,
        "00000000000000000X",
    ],
)
def test_anything_else_is_refused_naming_the_argument_and_never_the_text(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_lookup(text, argument="record")
    assert refused.value.argument == "record" and refused.value.message.startswith("record: ")
    assert not text or text not in refused.value.message


@given(st.text(max_size=40))
def test_no_text_makes_a_lookup_crash(text: str) -> None:
    try:
        found = parse_lookup(text, argument="id")
    except Invalid:
        return
    assert (found.node_id is None) != (found.keys == ())
