"""Figures once frozen: the same bytes whatever happens, corrected by a further snapshot alone."""

from __future__ import annotations

import hashlib

import pytest

from rcaid.domain.errors import Broken
from rcaid.services import audit
from rcaid.services.reporting import reports, snapshots
from tests.services.conftest import JD, Society
from tests.services.tamper import tamper
from tests.services.test_batches import take
from tests.services.test_results import both, paid, returned
from tests.services.writing import newcomer, refused

LAST = "2022-12-31"


def freeze(society: Society, login: str, name: str, period: str = "2022", **more: str) -> str:
    """The number of a snapshot of a report."""
    desk = society.desk(login)
    report = reports.run(desk, name, period, LAST)
    return snapshots.freeze_report(desk, report, **more)[0].number


def test_br_074_what_was_frozen_stays_when_a_payment_comes_back(society: Society) -> None:
    both(society)
    take(society, paid(), login="jd-preparer")
    number = freeze(society, "sh-approver", "annual")
    before = snapshots.show(society.admin, number)
    take(society, returned(), login="jd-preparer")
    after = snapshots.show(society.desk("jd-caseworker"), number)

    assert number == "S-2022-0001"
    assert after.snapshot.content == before.snapshot.content
    assert hashlib.sha256(after.snapshot.content.encode()).hexdigest() == after.snapshot.sha256
    assert after.report() == before.report()
    assert after.report().rows != reports.run(society.admin, "annual", "2022", LAST).rows
    assert audit.verify_store(society.desk("sh-auditor")).ok


def test_br_062_074_a_report_read_back_is_the_report(society: Society) -> None:
    for name in ("annual", "monthly", "review", "income", "people", "institutions"):
        desk = society.desk("sh-approver")
        report = reports.run(desk, name, "2022", LAST)
        made, entry = snapshots.freeze_report(desk, report)
        assert snapshots.show(desk, made.number).report() == report
        assert str(entry).startswith(desk.offices.top.log)


def test_br_074_a_correction_names_the_snapshot_it_stands_instead_of(society: Society) -> None:
    first = freeze(society, "sh-reviewer", "annual")
    second = freeze(society, "sh-reviewer", "annual", corrects=first)

    assert snapshots.show(society.admin, second).snapshot.note == f"corrects {first}"
    assert snapshots.newest(society.admin, "annual", "2022") == second
    assert [each.number for each in snapshots.listing(society.admin)] == [second, first]
    with refused("snapshot.corrects"):
        freeze(society, "sh-reviewer", "income", corrects=first)
    with refused("snapshot.unknown"):
        freeze(society, "sh-reviewer", "annual", corrects="S-2021-0001")


def test_a_changed_snapshot_is_found(society: Society) -> None:
    number = freeze(society, "sh-approver", "annual")
    tamper(society, "UPDATE snapshot SET content = replace(content, '2022', '2021')")
    with refused("snapshot.changed", by=Broken):
        snapshots.show(society.admin, number)
    assert not audit.verify_store(society.desk("sh-auditor")).ok


def test_what_is_of_one_office_is_not_seen_in_another(society: Society) -> None:
    month = freeze(society, "jd-approver", "monthly", "2022-02")
    annual = freeze(society, "jd-approver", "annual")

    for login in ("jd-caseworker", "sh-auditor"):
        assert snapshots.show(society.desk(login), month)
    with refused("who.elsewhere"):
        snapshots.show(society.desk("pd-auditor"), month)
    assert [each.number for each in snapshots.listing(society.desk("pd-auditor"))] == [annual]


@pytest.mark.parametrize("duty", ["caseworker", "verifier", "auditor", "administrator", "preparer"])
def test_only_reviewers_and_approvers_freeze(society: Society, duty: str) -> None:
    desk = newcomer(society, "new", duty, office=JD)
    report = reports.run(desk, "annual", "2022", LAST)
    with refused("who.no_duty"):
        snapshots.freeze_report(desk, report)


def test_br_075_a_total_is_what_was_before_and_all_that_came_after(society: Society) -> None:
    both(society)
    society.clock.set("2022-02-20")
    take(society, paid(day="2022-02-10"), login="jd-preparer")
    desk, about = society.desk("sh-approver"), "千万人帮万家"
    snapshots.open_with(desk, "relief.person_times", about, 7, "2021-12-31", "old book")
    snapshots.open_with(desk, "relief.person_times", about, 430_000, "2022-02-09", "book 7")

    def total(day: str) -> tuple[object, ...]:
        rows = reports.run(society.admin, "review", "2022", day).rows
        [found] = [row for row in rows if row[0] == "relief.person_times.total"]
        return found[2], found[5], found[6], found[7]

    assert total("2022-02-09") == (430_000, "2022-02-09", "2022-02-09", "43万人次")
    assert total("2022-02-10") == (430_001, "2022-02-09", "2022-02-10", "43万余人次")
    with refused("snapshot.indicator"):
        snapshots.open_with(desk, "relief.persons", about, 7, "2021-12-31", "book")
    with refused("snapshot.negative"):
        snapshots.open_with(desk, "relief.value", about, -7, "2021-12-31", "book")
    with refused("report.day"):
        snapshots.open_with(desk, "relief.value", about, 7, "2021-13-31", "book")
