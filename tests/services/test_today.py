"""Today shows to each what waits for them, and the numbers are those of the lists it opens."""

from __future__ import annotations

import pytest

from rcaid.services import lists, quota_lists, quotas, roster_cards, rosters, today
from rcaid.services.today import TodayLine
from tests.services.conftest import JD_STREETS, Society

ROSTER = "22A-R-310114001"


@pytest.fixture
def filled(society: Society) -> Society:
    """Three rosters of JD, two lines each, and a row that was not taken."""
    rows = [
        society.person(n, f"王{name}", 街道=society.street(JD_STREETS[n % 3]))
        for n, name in enumerate("甲乙丙丁戊己", 1)
    ]
    society.import_roster([*rows, society.person(9, "李错", 证件号码="310199195001010000")])
    return society


def _lines(society: Society, login: str) -> dict[str, TodayLine]:
    """By id; each line's number is that of the list it opens."""
    desk = society.desk(login)
    found = {line.id: line for line in today.lines(desk)}
    for line in found.values():
        page = lists.page(desk, line.place, line.filter)
        assert page.problem is None
        if line.place != "imports":
            assert page.total == line.n
            assert page.total_fen == line.fen
    return found


def test_each_duty_sees_the_step_that_waits_for_it(filled: Society) -> None:
    assert set(_lines(filled, "jd-verifier")) == {"roster.verify"}
    assert _lines(filled, "jd-verifier")["roster.verify"].n == 3
    assert _lines(filled, "jd-verifier")["roster.verify"].fen == 300_000
    assert _lines(filled, "jd-approver") == {}
    assert _lines(filled, "pd-verifier") == {}
    rosters.verify(filled.desk("jd-verifier"), ROSTER)
    assert "roster.freeze" in _lines(filled, "jd-reviewer")
    rosters.freeze(filled.desk("jd-reviewer"), ROSTER)
    assert _lines(filled, "jd-approver")["roster.approve"].n == 1
    assert _lines(filled, "sh-approver")["roster.approve"].n == 1
    rosters.approve(filled.desk("jd-approver"), [ROSTER], (1,))
    assert _lines(filled, "jd-approver") == {}


def test_a_returned_roster_stands_first_at_its_caseworker(filled: Society) -> None:
    rosters.send_back(filled.desk("jd-verifier"), ROSTER, "phones")
    lines = today.lines(filled.desk("jd-caseworker"))
    assert {line.id for line in lines} == {"roster.returned", "import.rejected"}
    assert {line.sign for line in lines} == {"attention"}
    rosters.submit(filled.desk("jd-caseworker"), ROSTER)
    assert _lines(filled, "jd-verifier")["roster.verify"].n == 3


def test_a_batch_waits_for_one_duty_after_another(filled: Society) -> None:
    filled.approve(ROSTER)
    waits = {"draft": ("jd-preparer", "batch.lock"), "locked": ("jd-approver", "batch.approve"),
             "approved": ("jd-releaser", "batch.release")}  # fmt: skip
    batch = filled.pay(until="draft")
    login, line = waits["draft"]
    assert set(_lines(filled, login)) == {line}
    assert _lines(filled, login)[line].fen == batch.fen


def test_returned_payments_and_wrong_rows_want_attention(filled: Society) -> None:
    filled.approve(ROSTER)
    batch = filled.pay()
    voucher = (
        f"{lists.page(filled.desk('jd-verifier'), 'cases', 'street:新成路').rows[0].case_no}-1C"
    )
    filled.bank_result(batch, {voucher: "17"})
    lines = _lines(filled, "jd-preparer")
    assert (lines["payment.returned"].n, lines["payment.returned"].fen) == (1, 50_000)
    assert lines["payment.returned"].sign == "attention"
    rejected = _lines(filled, "jd-caseworker")["import.rejected"]
    assert (rejected.n, rejected.fen) == (1, None)


def test_bars_show_the_quota_of_ones_own_office(filled: Society) -> None:
    (bar,) = today.quota_bars(filled.desk("jd-street"))
    assert (bar.category, bar.used, bar.allotted) == ("*", 2, 50)
    (district,) = today.quota_bars(filled.desk("jd-caseworker"))
    assert district.used == 6
    rosters.strike(filled.desk("jd-verifier"), "22A-JD-00001", "moved_away")
    assert today.quota_bars(filled.desk("jd-caseworker"))[0].used == 5
    assert today.quota_bars(filled.desk("jd-keeper")) == []


def test_the_quota_list_agrees_with_the_exact_count(filled: Society) -> None:
    desk = filled.desk("jd-reviewer")
    rows = quota_lists.page(desk)
    assert isinstance(rows, list)
    exact = quotas.show(desk, "22A", desk.offices.below(desk.home().id))
    assert {(r.office_id, r.category, r.allotted, r.used) for r in rows} == {
        (q.office_id, q.category, q.allotted, q.used) for q in exact
    }
    narrow = quota_lists.page(desk, "street:新成路")
    assert isinstance(narrow, list)
    assert [row.used for row in narrow] == [2]


def test_who_leads_sees_what_each_office_gave(filled: Society) -> None:
    filled.approve(ROSTER)
    batch = filled.pay()
    rows = lists.page(filled.desk("jd-verifier"), "cases", "street:新成路").rows
    filled.bank_result(batch, {f"{row.case_no}-1C": "00" for row in rows})
    year, bars = today.office_bars(filled.desk("jd-approver"))
    given = {bar.name: (bar.person_times, bar.fen) for bar in bars if bar.fen}
    assert (year, given) == ("2022", {"新成路街道": (2, 100_000)})
    assert today.office_bars(filled.desk("jd-street")) == ("", [])
    assert {bar.name: bar.fen for bar in today.office_bars(filled.desk("sh-approver"))[1]}["嘉定区"] == 100_000  # fmt: skip


# --- the card and the review of a roster


def test_a_roster_card_counts_by_category_and_tells_its_story(filled: Society) -> None:
    filled.freeze(ROSTER)
    card = roster_cards.card(filled.desk("jd-approver"), ROSTER)
    assert [(each.category, each.n, each.fen) for each in card.by_category] == [("tumour", 2, 100_000)]  # fmt: skip
    assert [event.act for event in card.story] == [
        "roster.freeze",
        "roster.verify",
        "import.roster",
    ]
    assert len(card.lines) == 2
    assert {check.sign for check in card.checks} == {"done"}
    assert card.frozen_hash


@pytest.mark.parametrize(
    ("login", "act", "code"),
    [
        ("jd-verifier", "roster.verify", None),
        ("jd-caseworker", "roster.verify", "who.no_duty"),
        ("jd-verifier", "roster.freeze", "state.no_move"),
        ("jd-verifier", "roster.return", None),
    ],
)
def test_an_act_says_why_it_may_not_be_done(
    filled: Society, login: str, act: str, code: str | None
) -> None:
    desk = filled.desk(login)
    problem = roster_cards.why_not(desk, act, roster_cards.row_of(desk, ROSTER))
    assert (problem.code if problem else None) == code


def test_a_review_counts_what_approving_would_do(filled: Society) -> None:
    filled.freeze(ROSTER)
    desk = filled.desk("jd-approver")
    review = roster_cards.approval(desk, [ROSTER])
    assert (review.lines, review.fen, review.rosters) == (2, 100_000, (ROSTER,))
    assert (review.over_cap, review.dead, review.refusals) == ((), (), ())
    assert [number for number, _ in review.rounds] == [1, 2]
    assert review.available == 100_000_000
    (refused,) = roster_cards.approval(filled.desk("jd-verifier"), [ROSTER]).refusals
    assert refused.code == "who.no_duty"
