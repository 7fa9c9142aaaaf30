from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rcaid.domain import identity
from rcaid.domain.errors import Problem
from rcaid.domain.identity import Identity, check, make_number

TODAY = "2022-11-24"
BIRTHS = st.dates(date(1850, 1, 1), date(2022, 11, 24))
SEQUENCES = st.integers(0, 999)


def good(number: str, kind: str = identity.RESIDENT_ID) -> Identity:
    found = check(number, kind, TODAY)
    assert isinstance(found, Identity), found
    return found


def code(number: str, kind: str = identity.RESIDENT_ID) -> str:
    found = check(number, kind, TODAY)
    assert isinstance(found, Problem), found
    return found.code


@pytest.mark.parametrize(
    ("number", "sex", "born"),
    [
        ("31019919550607123X", "M", "1955-06-07"),
        ("310199195506071248", "F", "1955-06-07"),
        ("310199200002290010", "M", "2000-02-29"),
        ("310199201209010180", "F", "2012-09-01"),
        ("310199191812319960", "F", "1918-12-31"),
        ("31019919700101006X", "F", "1970-01-01"),
    ],
)
def test_br_001_003_good_numbers_tell_sex_and_birth(number: str, sex: str, born: str) -> None:
    found = good(number)
    assert found == Identity(identity.RESIDENT_ID, number, number, sex, born, "unknown")


@pytest.mark.parametrize(
    ("number", "hint"),
    [("310230194803150425", "崇明县"), ("310108196207193118", "闸北区")],
)
def test_br_002_an_abolished_region_is_a_hint_and_no_more(number: str, hint: str) -> None:
    assert good(number).region_hint == hint


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("830000199201300022", identity.HMT_PERMIT_RESIDENCE),
        ("810000199408230021", identity.HMT_PERMIT_RESIDENCE),
        ("911124198108030024", identity.FOREIGN_PR_2023),
    ],
)
def test_br_006_the_prefix_tells_the_kind(number: str, kind: str) -> None:
    assert good(number).kind == kind
    assert good(number, kind).kind == kind
    assert good(number).region_hint == ""


def test_br_006_a_mainland_number_is_no_residence_permit() -> None:
    assert code("31019919550607123X", identity.HMT_PERMIT_RESIDENCE) == "identity.format"


def test_br_004_an_old_number_is_upgraded_and_kept() -> None:
    found = good("310199550607123")
    assert (found.number, found.original) == ("31019919550607123X", "310199550607123")


def test_br_004_sequences_from_996_were_given_to_the_century_before() -> None:
    assert good("310199550607997").birth_date == "1855-06-07"


@pytest.mark.parametrize(
    "number",
    ["31019919550607123x", "３１０１９９１９５５０６０７１２３Ｘ", "310199 19550607 123X", " 31019919550607123ｘ\t",
     "'31019919550607123X", "310199\u300019550607123X"],
)  # fmt: skip
def test_br_005_how_it_was_typed_does_not_matter(number: str) -> None:
    assert good(number).number == "31019919550607123X"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("310199195506072148", "identity.checksum"),
        ("310199195506701238", "identity.date"),
        ("310199203001010010", "identity.future"),
        ("310199190002290010", "identity.date"),
        ("310199195513071248", "identity.date"),
        ("310199184912311230", "identity.date"),
        ("31019919550607124", "identity.length"),
        ("3101991955060712489", "identity.length"),
        ("3101991955O6071248", "identity.letters"),
        ("31019919550607X12X", "identity.letters"),
        ("31019919550607124²", "identity.letters"),
        ("٣10199195506071248", "identity.letters"),
        ("3.10199E+17", "identity.scientific"),
        ("3.10199195506071e+17", "identity.scientific"),
        ("310199195506071000", "identity.rounded"),
        ("310199195506071248.0", "identity.rounded"),
        ("", "identity.empty"),
        ("  ", "identity.empty"),
    ],
)
def test_br_001_092_a_wrong_number_is_refused_with_its_own_code(number: str, expected: str) -> None:
    assert code(number) == expected


def test_a_right_number_ending_in_three_zeros_is_no_damage() -> None:
    ending = [n for n in (make_number("310199", "19550607", s) for s in range(100, 1000, 100))
              if n.endswith("000")]  # fmt: skip
    ending += [n for d in range(1, 29) for s in range(0, 1000, 100)
               if (n := make_number("310199", f"195506{d:02}", s)).endswith("000")]  # fmt: skip
    assert ending
    assert all(good(n).number == n for n in ending)


@given(BIRTHS, SEQUENCES)
def test_br_001_every_number_made_is_a_number_accepted(born: date, seq: int) -> None:
    number = make_number("310199", born.strftime("%Y%m%d").zfill(8), seq)
    found = good(number)
    assert (found.birth_date, found.sex) == (born.isoformat(), "M" if seq % 2 else "F")


@given(BIRTHS, SEQUENCES, st.integers(0, 17), st.integers(1, 9))
def test_br_001_every_single_wrong_digit_is_found(
    born: date, seq: int, place: int, off: int
) -> None:
    number = make_number("310199", born.strftime("%Y%m%d"), seq)
    assume(number[place] != "X")
    wrong = number[:place] + str((int(number[place]) + off) % 10) + number[place + 1 :]
    assert isinstance(check(wrong, identity.RESIDENT_ID, TODAY), Problem)


@given(BIRTHS, SEQUENCES, st.integers(0, 16))
def test_br_001_every_swap_of_neighbours_is_found(born: date, seq: int, place: int) -> None:
    n = make_number("310199", born.strftime("%Y%m%d"), seq)
    assume(n[place] != n[place + 1])
    wrong = n[:place] + n[place + 1] + n[place] + n[place + 2 :]
    assert isinstance(check(wrong, identity.RESIDENT_ID, TODAY), Problem)


@given(st.text(max_size=24), st.sampled_from(identity.KINDS))
def test_any_text_is_an_identity_or_one_problem(text: str, kind: str) -> None:
    assert isinstance(check(text, kind, TODAY), Identity | Problem)


@given(st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True))
def test_the_quick_way_and_the_slow_way_agree(number: str) -> None:
    slowly = identity._check_slowly(number, identity.RESIDENT_ID, TODAY)
    assert check(number, identity.RESIDENT_ID, TODAY) == slowly


def test_a_birth_date_needs_a_day_to_be_judged_by() -> None:
    with pytest.raises(ValueError, match="today"):
        check("31019919550607123X")


@pytest.mark.parametrize(
    ("kind", "number", "fits"),
    [
        ("HK_MACAU_PASS", "H12345678", True),
        ("HK_MACAU_PASS", "m1234567801", True),
        ("HK_MACAU_PASS", "A12345678", False),
        ("TAIWAN_PASS", "12345678", True),
        ("TAIWAN_PASS", "1234567890A", True),
        ("TAIWAN_PASS", "1234567", False),
        ("FOREIGN_PR_OLD", "ABC123456789012", True),
        ("PASSPORT", "E1234567", True),
        ("PASSPORT", "E 123-4567", False),
        ("BIRTH_CERT", "T310000001", True),
        ("BIRTH_CERT", "310000001", False),
        ("OTHER", "沪民字12号", True),
    ],
)
def test_other_documents_have_their_own_form(kind: str, number: str, fits: bool) -> None:
    found = check(number, kind, TODAY)
    if fits:
        assert isinstance(found, Identity)
        assert found.kind == kind
    else:
        assert isinstance(found, Problem)
        assert found.code == "identity.format"


def test_someone_without_a_document_is_never_turned_away() -> None:
    assert good("", "NONE") == Identity("NONE", "", "", "", "", "")
    assert code("310199195506071248", "NONE") == "identity.not_none"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("居民身份证", "RESIDENT_ID"),
        ("身份证", "RESIDENT_ID"),
        ("身份证（二代）", "RESIDENT_ID"),
        ("港澳台居民居住证", "HMT_PERMIT_RESIDENCE"),
        ("护照", "PASSPORT"),
        ("Passport", "PASSPORT"),
        ("回乡证", "HK_MACAU_PASS"),
        ("台胞证", "TAIWAN_PASS"),
        ("外国人永久居留", "FOREIGN_PR_2023"),
        ("出生医学证明", "BIRTH_CERT"),
        ("户口簿", "HUKOU_NO"),
        ("无", "NONE"),
        ("其他", "OTHER"),
        ("RESIDENT_ID", "RESIDENT_ID"),
        ("学生证", None),
        ("", None),
    ],
)
def test_documents_are_known_by_their_names(text: str, kind: str | None) -> None:
    assert identity.kind_of(text) == kind


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("13800138000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("13800138000.0", "13800138000"),
        ("021-62345678", "02162345678"),
        ("(021)62345678", "02162345678"),
        ("62345678", "62345678"),
        ("+852 91234567", "+85291234567"),
    ],
)
def test_phones_are_folded_to_their_digits(text: str, digits: str) -> None:
    assert identity.check_phone(text) == digits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "phone.empty"),
        ("2.54708E+11", "phone.scientific"),
        ("1380013800", "phone.format"),
        ("12800138000", "phone.format"),
        ("138001380001", "phone.format"),
        ("电话不详", "phone.format"),
    ],
)
def test_wrong_phones_are_refused(text: str, expected: str) -> None:
    problem = identity.check_phone(text)
    assert isinstance(problem, Problem)
    assert problem.code == expected


def test_accounts_are_digits_of_a_possible_length() -> None:
    assert identity.check_account("6222 0212 0001 0000 118") == "6222021200010000118"
    assert identity.check_account("12345678") == "12345678"
    for text, expected in [
        ("", "account.empty"),
        ("6.22202E+18", "account.scientific"),
        ("6222021200010000000", "account.rounded"),
        ("622202A", "account.letters"),
        ("1234567", "account.length"),
        ("1" * 31, "account.length"),
    ]:
        problem = identity.check_account(text)
        assert isinstance(problem, Problem)
        assert problem.code == expected


def test_luhn_knows_a_card() -> None:
    assert identity.luhn("4111111111111111")
    assert not identity.luhn("4111111111111112")


def test_masks_keep_the_ends_alone() -> None:
    assert identity.mask_number("31019919550607123X") == "310***********123X"
    assert identity.mask_phone("13800138000") == "138****8000"
    assert identity.mask_account("6222021200010000118") == "***************0118"
    assert identity.mask_number("12345") == "****5"
    assert identity.mask_number("") == ""


@given(st.text(alphabet="0123456789X", max_size=20))
def test_a_mask_hides_most_of_any_number(number: str) -> None:
    masked = identity.mask_number(number)
    assert len(masked) == len(number)
    assert masked.count("*") >= len(number) - 7
    assert not number or "*" in masked
