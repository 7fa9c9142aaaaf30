"""A case card: its facts, every check with its rule, and its story out of the record."""

from __future__ import annotations

import pytest

from rcaid.domain.errors import Refused
from rcaid.domain.identity import make_number
from rcaid.services import batches, cases, holds
from rcaid.services.cases import CaseCard
from tests.services.conftest import Society
from tests.services.test_batches import take
from tests.services.test_results import both, delivered, paid

ROSTER = "22A-R-310114001"
FIRST = make_number("310199", "19500101", 1)


@pytest.fixture
def filled(society: Society) -> Society:
    """People with something to check each."""
    same = {"银行账号": "6200000000000001", "收款人": "赵晓敏"}
    society.import_roster(
        [
            society.person(1, "赵晓敏", 金额="600"),
            society.person(2, "孙家人", 户主证件号码=FIRST, 与户主关系="子女"),
            society.person(3, "生人", **same),
            society.person(4, "周证", 困难证明有效期="2022-02-20"),
            society.person(5, "周过", 困难证明有效期="2022-01-15"),
            society.person(6, "周缺", 困难证明有效期=""),
            society.person(7, "同名", 困难类型="无", 困难证明有效期=""),
            society.person(9, "同名"),
        ]
    )
    return society


def _card(society: Society, n: int, login: str = "jd-verifier") -> CaseCard:
    return cases.card(society.desk(login), f"22A-JD-{n:05}")


def _sign(card: CaseCard, rule: str) -> list[tuple[str, str]]:
    return [(check.code, check.sign) for check in card.checks if check.rule == rule]


def test_a_card_holds_the_facts_and_masks_them(filled: Society) -> None:
    card = _card(filled, 1)
    assert (card.name, card.state, card.fen, card.roster, card.roster_state) == ("赵晓敏", "listed", 60_000, ROSTER, "submitted")  # fmt: skip
    assert (card.account, card.payee, card.bank) == ("************0001", "赵晓敏", "上海银行")
    assert FIRST not in str(card)
    assert (card.category, card.hardship, card.hardship_until) == ("tumour", "subsistence", "2022-12-31")  # fmt: skip
    masked = _card(filled, 1, "jd-auditor")
    assert (masked.name, masked.payee, masked.category, masked.hardship) == (
        "赵*敏",
        "赵*敏",
        "",
        "",
    )


def test_every_check_names_its_rule_and_what_needs_attention_comes_first(filled: Society) -> None:
    card = _card(filled, 3)
    assert [check.sign for check in card.checks] == sorted(
        (check.sign for check in card.checks), key=("stopped", "attention", "done").index
    )
    assert _sign(card, "BR-001") == [("identity.holds", "done")]
    assert _sign(card, "BR-022") == [("cap.person", "done")]
    assert _sign(card, "BR-028") == [("help.year", "done")]
    assert _sign(card, "BR-030") == [("residence.here", "done")]
    assert _sign(card, "BR-032") == [("quota.used", "done")]


def test_br_066_an_account_of_an_unrelated_person_wants_attention(filled: Society) -> None:
    assert _sign(_card(filled, 3), "BR-066") == [("account.shared", "attention")]
    assert _sign(_card(filled, 4), "BR-066") == [("account.own", "done")]


@pytest.mark.parametrize(
    ("n", "code", "sign"),
    [
        (1, "certificate.holds", "done"),
        (4, "certificate.ends", "attention"),
        (5, "certificate.ended", "stopped"),
        (6, "certificate.no_end", "attention"),
    ],
)
def test_br_029_a_certificate_is_held_against_today(
    filled: Society, n: int, code: str, sign: str
) -> None:
    assert _sign(_card(filled, n), "BR-029") == [(code, sign)]


def test_br_029_a_line_that_is_delivered_is_judged_as_of_the_cycles_first_day(
    society: Society,
) -> None:
    both(society)
    society.clock.set("2024-05-01")
    card = cases.card(society.desk("jd-verifier"), "22A-JD-00001")
    assert _sign(card, "BR-029") == [("certificate.ended", "stopped")]
    take(society, paid(day="2022-02-10"), login="jd-preparer")
    take(society, delivered(day="2022-02-10"))
    card = cases.card(society.desk("jd-verifier"), "22A-JD-00001")
    assert _sign(card, "BR-029") == [("certificate.holds", "done")]


def test_br_029_without_hardship_there_is_nothing_to_certify(filled: Society) -> None:
    assert _sign(_card(filled, 7), "BR-029") == []


def test_br_009_the_same_name_and_birth_date_want_attention(filled: Society) -> None:
    assert _sign(_card(filled, 7), "BR-009") == [("known.alike", "attention")]
    assert _sign(_card(filled, 1), "BR-009") == [("known.once", "done")]


def test_br_040_who_entered_a_case_is_told_so(filled: Society) -> None:
    assert _sign(_card(filled, 1, "jd-caseworker"), "BR-040") == [("maker.you", "stopped")]
    assert _sign(_card(filled, 1), "BR-040") == [("maker.other", "done")]


def test_br_022_the_cap_counts_what_the_year_entitled(filled: Society) -> None:
    filled.approve(ROSTER)
    (check,) = [c for c in _card(filled, 1).checks if c.code == "cap.person"]
    assert check.params == {"fen": 60_000, "cap": 100_000}


def test_the_story_is_newest_first_and_names_the_record(filled: Society) -> None:
    filled.approve(ROSTER)
    batch = filled.pay(until="approved")
    for flag in holds.of_batch(filled.desk("jd-reviewer"), batch.number):
        holds.clear(filled.desk("jd-reviewer"), batch.number, flag.id, "looked_into")
    batches.release(filled.desk("jd-releaser"), batch.number)
    filled.take_in(
        filled.write(
            [{"批次号": batch.number, "凭证号": "22A-JD-00001-1C", "金额": "600", "日期": "2022-02-01", "结果代码": "00"}],
            ("批次号", "凭证号", "金额", "日期", "结果代码"),
        ),
        "bank",
        "jd-preparer",
    )  # fmt: skip
    story = _card(filled, 1).story
    assert [event.act for event in story] == [
        "import.bank", "batch.release", "batch.create", "roster.approve", "roster.freeze",
        "roster.verify", "import.roster",
    ]  # fmt: skip
    assert story[0].login == "jd-preparer"
    assert all(event.number.startswith("310114-") and event.name for event in story)
    assert _card(filled, 2).story[0].act == "batch.release"


def test_a_case_is_for_those_of_its_offices(filled: Society) -> None:
    for login in ("pd-verifier", "jd-keeper", "sh-administrator"):
        with pytest.raises(Refused):
            _card(filled, 1, login)
    with pytest.raises(Refused, match="gone"):
        _card(filled, 99)
