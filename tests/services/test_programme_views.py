"""Funds, disasters and donors as somebody looks at them: the sums are those of the ledger."""

from __future__ import annotations

import pytest

from rcaid import data
from rcaid.domain.errors import Refused
from rcaid.services import (
    audit,
    disasters,
    donor_files,
    outbox,
    programme_views,
    programmes,
    transfers,
)
from rcaid.services.funds import donations, donors
from rcaid.services.funds.donors import Giver
from tests.services.conftest import Society


@pytest.fixture
def giver(society: Society, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> str:
    """A firm that gave 50,000 yuan to a fund, of which 24,000 went to another region; its code."""
    monkeypatch.setenv(outbox.SETTING, f"{tmp_path}/outbox")
    programmes.load(society.admin, data.text("programmes/aid.toml"))
    preparer, approver = society.desk("sh-preparer"), society.desk("sh-approver")
    donor, _ = donors.add(preparer, Giver("organisation", "爱心有限公司", publish=True))
    donations.given(preparer, donor.code, "AID", 5_000_000)
    transfers.add_institution(preparer, "RC-SC", "川西红十字会", "society", "四川")
    disasters.open_(approver, "EQ-1", "川西地震", "earthquake", "四川", "2022-01-20")
    made, _ = transfers.create(preparer, "AID", "RC-SC", "救灾", fen=2_400_000, disaster="EQ-1")
    transfers.approve(approver, made.number)
    transfers.send(society.desk("sh-releaser"), made.number)
    transfers.receive(preparer, made.number)
    return donor.code


def test_a_fund_holds_what_came_in_less_what_left(society: Society, giver: str) -> None:
    found = programme_views.fund_card(society.desk("sh-preparer"), "AID")
    came = sum(p.fen for p in found.posted if p.debit == "external")
    left = sum(p.fen for p in found.posted if p.credit == "settled")
    assert (came, left, found.row.held) == (5_000_000, 2_400_000, 2_600_000)
    assert [trace.used for trace in found.donations] == [2_400_000]
    assert programme_views.fund_card(society.desk("jd-caseworker"), "AID").donations == ()


def test_a_disaster_sums_all_that_was_given_for_it(society: Society, giver: str) -> None:
    card = programme_views.event_card(society.desk("sh-approver"), "EQ-1")
    assert (card.row.transfers, card.row.cash, card.row.given) == (1, 2_400_000, 2_400_000)
    assert [line.institution for line in card.transfers] == ["川西红十字会"]
    assert programme_views.event_card(society.desk("jd-caseworker"), "EQ-1").transfers == ()
    page = programme_views.event_page(society.desk("jd-caseworker"), "川西")
    assert isinstance(page, list) and [row.code for row in page] == ["EQ-1"]


def test_donors_are_listed_for_who_deals_with_donations(society: Society, giver: str) -> None:
    page = programme_views.donor_page(society.desk("sh-preparer"), "爱心")
    assert isinstance(page, list)
    assert [(row.code, row.donations, row.fen) for row in page] == [(giver, 1, 5_000_000)]
    with pytest.raises(Refused):
        programme_views.donor_page(society.desk("jd-caseworker"))
    with pytest.raises(Refused):
        programme_views.donor_row(society.desk("jd-preparer"), giver)


def test_the_file_for_a_donor_adds_up_and_is_an_event(society: Society, giver: str) -> None:
    desk = society.desk("sh-preparer")
    headings = ("donation", "day", "for", "number", "yuan")
    path, _entry = donor_files.write_trace(desk, giver, headings, ("in", "back", "left"))
    rows = [line.split(",") for line in path.read_text("utf-8-sig").splitlines()]
    assert rows[0] == list(headings)
    assert [row[2] for row in rows[1:]] == ["in", "川西红十字会", "left"]
    [event] = audit.log(society.desk("sh-auditor"), act="donation.trace")
    assert event.object == giver
    with pytest.raises(Refused):
        donor_files.write_trace(society.desk("jd-preparer"), giver, headings, ("", "", ""))


def test_every_programme_shows_its_versions_and_cycles(society: Society, giver: str) -> None:
    card = programme_views.programme_card(society.desk("jd-caseworker"), "QWR")
    assert [cycle["code"] for cycle in card.cycles] == ["22A"] and card.fund
    assert card.versions[-1]["changes"] == []
