"""Who may do what, by a table written by hand: each duty, in its own office, below, and elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rcaid.db.tables import CYCLE
from rcaid.domain.duties import ACTS, DUTIES
from rcaid.services import (
    audit,
    batches,
    deaths,
    programmes,
    quotas,
    results,
    rosters,
    staff,
)
from rcaid.services.desk import Desk
from rcaid.services.funds import funds, periods
from rcaid.services.importing import imports
from rcaid.services.reporting import reports
from rcaid.services.society import as_person, keep_today
from tests.services.conftest import DAY, JD, JD_STREETS, PD, Society
from tests.services.writing import contents, newcomer, people, refused, rows

CITY = "310000"
# The duties in the order of the columns; x may.
TABLE = """
                     cas ver rev app pre rel kee not aud adm
person.find           x   x   x   x   x   .   .   .   x   .
person.lookup         x   x   x   x   x   .   .   .   x   .
person.card           x   x   x   x   x   .   .   .   x   .
person.reveal         x   x   x   x   x   .   .   .   .   .
person.death          x   .   .   .   .   .   .   .   .   .
case.list             x   x   x   x   x   x   .   .   x   .
case.card             x   x   x   x   .   .   .   .   x   .
case.new              x   .   .   .   .   .   .   .   .   .
case.edit             x   .   .   .   .   .   .   .   .   .
case.paper            x   x   .   .   .   .   .   .   .   .
case.waive            .   x   x   .   .   .   .   .   .   .
case.submit           x   .   .   .   .   .   .   .   .   .
case.accept           .   x   .   .   .   .   .   .   .   .
case.verify           .   x   .   .   .   .   .   .   .   .
case.return           .   x   x   .   .   .   .   .   .   .
case.answer           x   .   .   .   .   .   .   .   .   .
case.withdraw         x   .   .   .   .   .   .   .   .   .
case.propose          .   .   x   .   .   .   .   .   .   .
case.approve          .   .   .   x   .   .   .   .   .   .
case.reject           .   x   x   x   .   .   .   .   .   .
case.appeal           x   .   .   .   .   .   .   .   .   .
case.urgent           .   .   .   x   .   .   .   .   .   .
case.review           .   .   x   x   .   .   .   .   .   .
case.recuse           x   x   x   x   .   .   .   .   .   .
case.account          .   .   x   x   .   .   .   .   .   .
case.clear            .   .   .   x   .   .   .   .   .   .
case.entitle          .   .   .   x   .   .   .   .   .   .
case.suspend          .   .   x   x   .   .   .   .   .   .
case.resume           .   .   x   x   .   .   .   .   .   .
case.reopen           .   .   .   x   .   .   .   .   .   .
case.revoke           .   .   .   x   .   .   .   .   .   .
case.heir             .   .   .   x   .   .   .   .   .   .
case.cancel           .   .   .   x   .   .   .   .   .   .
case.recover          .   .   .   .   x   .   .   .   .   .
case.write_off        .   .   .   x   .   .   .   .   .   .
case.follow_up        x   .   .   .   .   .   .   .   .   .
case.close            x   .   .   .   .   .   .   .   .   .
consent.give          x   .   .   .   .   .   .   .   .   .
consent.withdraw      x   .   .   .   .   .   .   .   .   .
roster.list           x   x   x   x   x   x   x   .   x   .
roster.submit         x   .   .   .   .   .   .   .   .   .
roster.verify         .   x   .   .   .   .   .   .   .   .
roster.return         .   x   x   .   .   .   .   .   .   .
roster.freeze         .   .   x   .   .   .   .   .   .   .
roster.approve        .   .   .   x   .   .   .   .   .   .
roster.close          .   .   x   x   .   .   .   .   .   .
line.strike           .   x   x   .   .   .   .   .   .   .
quota.show            x   x   x   x   x   .   .   .   x   .
quota.set             .   .   x   .   .   .   .   .   .   .
programme.load        .   .   .   .   .   .   .   .   .   x
cycle.new             .   .   .   x   .   .   .   .   .   .
cycle.open            .   .   .   x   .   .   .   .   .   .
cycle.close           .   .   .   x   .   .   .   .   .   .
cycle.distribute      .   .   .   x   .   .   .   .   .   .
cycle.end             .   .   .   x   .   .   .   .   .   .
cycle.cancel          .   .   .   x   .   .   .   .   .   .
round.new             .   .   .   x   .   .   .   .   .   .
fund.receive          .   .   .   .   x   .   .   .   .   .
fund.open             .   .   .   x   .   .   .   .   .   .
fund.close            .   .   .   x   .   .   .   .   .   .
fund.move             .   .   .   x   .   .   .   .   .   .
period.close          .   .   .   x   .   .   .   .   .   .
donor.add             .   .   .   .   x   .   .   .   .   .
donation.list         .   .   .   x   x   x   .   .   x   .
donation.trace        .   .   .   x   x   x   .   .   x   .
donation.pledge       .   .   .   .   x   .   .   .   .   .
donation.receive      .   .   .   .   x   .   .   .   .   .
donation.receipt      .   .   .   .   x   .   .   .   .   .
donation.decline      .   .   .   .   x   .   .   .   .   .
donation.anonymous    .   .   .   .   x   .   .   .   .   .
donation.void         .   .   .   .   x   .   .   .   .   .
donation.withdraw     .   .   .   .   x   .   .   .   .   .
donation.return       .   .   .   x   .   .   .   .   .   .
import.institution    .   .   .   .   x   .   .   .   .   .
import.donation       .   .   .   .   x   .   .   .   .   .
lot.receive           .   .   .   .   .   .   x   .   .   .
lot.list              .   .   .   x   x   x   x   .   x   .
lot.write_off         .   .   .   x   .   .   .   .   .   .
batch.list            x   .   .   x   x   x   x   .   x   .
batch.create          .   .   .   .   x   .   .   .   .   .
batch.lock            .   .   .   .   x   .   .   .   .   .
batch.approve         .   .   .   x   .   .   .   .   .   .
batch.release         .   .   .   .   .   x   .   .   .   .
batch.export          .   .   .   .   .   x   .   .   .   .
batch.cancel          .   .   .   .   x   .   .   .   .   .
batch.reconcile       .   .   .   .   x   .   .   .   .   .
batch.close           .   .   .   x   .   .   .   .   .   .
batch.clear           .   .   x   x   .   x   .   .   .   .
batch.staff           x   .   .   .   x   .   x   .   .   .
batch.sheet           x   .   .   .   x   x   x   .   .   .
payer.set             .   .   .   x   .   .   .   .   .   .
cash.limit            .   .   .   x   .   .   .   .   .   .
distribution.hand_over x  .   .   .   .   .   x   .   .   .
distribution.not_today x  .   .   .   .   .   x   .   .   .
notice.list           x   x   x   x   .   .   .   x   x   .
notice.draft          .   .   .   .   .   .   .   x   .   .
notice.publish        .   .   .   .   .   .   .   x   .   .
notice.close          .   .   .   .   .   .   .   x   .   .
notice.correct        .   .   .   .   .   .   .   x   .   .
notice.cancel         .   .   .   .   .   .   .   x   .   .
objection.take        .   .   .   .   .   .   .   x   .   .
objection.read        .   .   x   .   .   .   .   x   .   .
objection.dismiss     .   .   x   .   .   .   .   .   .   .
objection.uphold      .   .   x   .   .   .   .   .   .   .
disaster.open         .   .   .   x   .   .   .   .   .   .
disaster.phase        .   .   .   x   .   .   .   .   .   .
disaster.close        .   .   .   x   .   .   .   .   .   .
institution.add       .   .   .   .   x   .   .   .   .   .
transfer.list         .   .   .   x   x   x   x   .   x   .
transfer.create       .   .   .   .   x   .   .   .   .   .
transfer.approve      .   .   .   x   .   .   .   .   .   .
transfer.send         .   .   .   .   .   x   .   .   .   .
transfer.receive      .   .   .   .   x   .   .   .   .   .
transfer.return       .   .   .   .   x   .   .   .   .   .
transfer.report       .   .   .   .   x   .   .   .   .   .
transfer.cancel       .   .   .   .   x   .   .   .   .   .
return.fix_account    x   .   .   .   x   .   .   .   .   .
return.reissue        .   .   .   .   x   .   .   .   .   .
import.roster         x   .   .   .   .   .   .   .   .   .
import.quota          .   .   x   .   .   .   .   .   .   .
import.delivery       x   .   .   .   .   .   x   .   .   .
import.bank           .   .   .   .   x   .   .   .   .   .
import.people         x   .   .   .   .   .   .   .   .   .
import.update         x   .   .   .   .   .   .   .   .   .
import.application    x   .   .   .   .   .   .   .   .   .
import.profile        x   .   x   .   x   .   x   .   .   .
duplicate.list        x   .   x   .   .   .   .   .   .   .
duplicate.decide      x   .   .   .   .   .   .   .   .   .
duplicate.search      x   .   x   .   .   .   .   .   .   .
person.merge          .   .   x   .   .   .   .   .   .   .
person.split          .   .   x   .   .   .   .   .   .   .
import.undo           .   .   x   .   .   .   .   .   .   .
import.list           x   .   x   .   x   .   .   .   x   .
change.ask            x   .   .   .   x   .   .   .   .   .
change.confirm        .   .   x   .   .   .   .   .   .   .
change.refuse         .   .   x   .   .   .   .   .   .   .
report.run            x   x   x   x   x   x   x   x   x   x
report.flags          .   .   .   .   .   .   .   .   x   .
report.export         x   x   x   x   x   x   x   x   x   x
report.freeze         .   .   x   x   .   .   .   .   .   .
audit.log             .   .   .   .   .   .   .   .   x   x
audit.export          .   .   .   .   .   .   .   .   x   .
audit.verify          .   .   .   .   .   .   .   .   x   x
user.list             .   .   .   .   .   .   .   .   x   x
user.add              .   .   .   .   .   .   .   .   .   x
user.grant            .   .   .   .   .   .   .   .   .   x
user.revoke           .   .   .   .   .   .   .   .   .   x
user.key              .   .   .   .   .   .   .   .   .   x
"""
COLUMNS = (
    "caseworker", "verifier", "reviewer", "approver", "preparer", "releaser", "keeper", "notice",
    "auditor", "administrator",
)  # fmt: skip
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:]]
EXPECTED = {
    (act, duty): mark == "x"
    for act, *marks in ROWS
    for duty, mark in zip(COLUMNS, marks, strict=True)
}


def test_the_table_knows_every_act_and_every_duty() -> None:
    assert set(COLUMNS) == set(DUTIES)
    missing = ACTS.keys() - {act for act, *_ in ROWS}
    assert not missing, f"new acts belong into the table by hand: {sorted(missing)}"


def test_a_duty_holds_in_its_office_and_below_and_nowhere_else(society: Society) -> None:
    own, below, beside = society.office(JD), society.office(JD_STREETS[0]), society.office(PD)
    above = society.office(CITY)
    for duty in COLUMNS:
        desk = newcomer(society, f"only-{duty}", duty)
        for act in ACTS:
            may = EXPECTED[act, duty]
            held = duty if may else None
            assert desk.duty_for(act, own) == held, (act, duty)
            assert desk.duty_for(act, below) == held, (act, duty)
            assert desk.duty_for(act, beside) is None, (act, duty)
            assert desk.duty_for(act, above) is None, (act, duty)
            if may:
                assert desk.require(act, below) == duty
                assert set(desk.reach(act)) == set(desk.offices.below(own))
            else:
                with refused("who.no_duty"):
                    desk.require(act, own)
                with refused("who.no_duty"):
                    desk.reach(act)


def test_a_duty_for_a_street_holds_for_that_street_alone(society: Society) -> None:
    desk = newcomer(society, "street", "caseworker", office=JD_STREETS[0])

    assert desk.duty_for("import.roster", society.office(JD_STREETS[0])) == "caseworker"
    for code in (JD_STREETS[1], JD, PD, CITY):
        assert desk.duty_for("import.roster", society.office(code)) is None


def test_names_are_whole_for_case_duties_within_their_own_offices(society: Society) -> None:
    whole = {"caseworker", "verifier", "reviewer", "approver"}
    for duty in COLUMNS:
        desk = newcomer(society, f"only-{duty}", duty)
        assert desk.names_in_full(society.office(JD_STREETS[0])) == (duty in whole)
        assert not desk.names_in_full(society.office(PD))


Try = Callable[[Society, Desk], Any]
FIX = ("22A-JD-00001-1C", "王伟", "上海银行", "6222333344445555")


def _person(society: Society) -> str:
    return people(society.admin.store)["王伟"].id


# The duty that may, and the act on the roster or batch of 嘉定; ``state`` is what it needs.
ACTS_TRIED: dict[str, tuple[str, set[str], Try]] = {
    "verify": ("submitted", {"verifier"}, lambda s, d: rosters.verify(d, _roster(s))),
    "return": ("submitted", {"verifier", "reviewer"}, lambda s, d: rosters.send_back(d, _roster(s), "x")),
    "strike": ("submitted", {"verifier", "reviewer"}, lambda s, d: rosters.strike(d, "22A-JD-00001", "x")),
    "death": ("submitted", {"caseworker"}, lambda s, d: deaths.record(d, _person(s), DAY, "x")),
    "quota": ("submitted", {"reviewer"}, lambda s, d: quotas.set_one(d, "22A", JD_STREETS[0], "*", 9)),
    "freeze": ("verified", {"reviewer"}, lambda s, d: rosters.freeze(d, _roster(s))),
    "approve": ("frozen", {"approver"}, lambda s, d: rosters.approve(d, [_roster(s)], [1])),
    "create": ("approved", {"preparer"}, lambda s, d: batches.create(d, "22A", 1, JD, "money")),
    "lock": ("draft", {"preparer"}, lambda s, d: batches.lock(d, BATCH)),
    "cancel": ("draft", {"preparer"}, lambda s, d: batches.cancel(d, BATCH, "x")),
    "batch approve": ("locked", {"approver"}, lambda s, d: batches.approve(d, BATCH)),
    "release": ("let go", {"releaser"}, lambda s, d: batches.release(d, BATCH)),
    "export": ("released", {"releaser"}, lambda s, d: batches.export(d, BATCH, "x", "y")),
    "fix": ("returned", {"caseworker", "preparer"}, lambda s, d: results.fix_accounts(d, [FIX], s.office(JD))),
    "reconcile": ("returned", {"preparer"}, lambda s, d: batches.reconcile(d, BATCH)),
    "close": ("reconciled", {"approver"}, lambda s, d: batches.close(d, BATCH)),
    "reissue": ("fixed", {"preparer"}, lambda s, d: batches.reissue(d, "22A", 1, JD)),
}  # fmt: skip
BATCH = "22A-1-JD-C01"


def _roster(society: Society) -> str:
    return str(rows(society.admin.store, "SELECT number FROM roster")[0][0])


def _bring(society: Society, state: str) -> None:
    """Brings a roster of one line, and its batch, into a state."""
    [roster] = society.import_roster([society.person(1, "王伟")])
    if state in ("submitted",):
        return
    society.clock.wait(2)
    rosters.verify(society.desk("jd-verifier"), roster)
    if state == "verified":
        return
    rosters.freeze(society.desk("jd-reviewer"), roster)
    if state == "frozen":
        return
    rosters.approve(society.desk("jd-approver"), [roster], [1])
    if state == "approved":
        return
    until = {"draft": "draft", "locked": "locked", "let go": "approved"}.get(state, "released")
    batch = society.pay(until=until)
    if state in ("returned", "reconciled", "fixed"):
        society.bank_result(batch, {"22A-JD-00001-1C": "17"})
    if state == "reconciled":
        batches.reconcile(society.desk("jd-preparer"), batch.number)
    if state == "fixed":
        results.fix_accounts(society.desk("jd-caseworker"), [FIX], society.office(JD))


@pytest.mark.parametrize("name", ACTS_TRIED)
def test_only_the_duty_of_the_table_does_the_act_and_only_at_home(
    society: Society, name: str
) -> None:
    state, may, act = ACTS_TRIED[name]
    _bring(society, state)
    before = contents(society.admin.store, without=("staff", "duty_grant"))
    strangers = [newcomer(society, f"pd-{duty}-2", duty, office=PD) for duty in sorted(may)]
    colleagues = [newcomer(society, f"jd-{d}-2", d) for d in COLUMNS if d not in may]
    for desk in (*strangers, *colleagues):
        with refused("who.no_duty"):
            act(society, desk)
    assert contents(society.admin.store, without=("staff", "duty_grant")) == before

    act(society, newcomer(society, "the-one", sorted(may)[0]))


CITY_ONLY: dict[str, tuple[str, Try]] = {
    "new cycle": ("approver", lambda s, d: programmes.new_cycle(d, "QWR", "29A", "x", DAY, ["a"])),
    "close cycle": ("approver", lambda s, d: programmes.move_cycle(d, "22A", "close")),
    "receive": ("preparer", lambda s, d: programmes.receive(d, "QWR", 1, "x")),
    "open fund": (
        "approver",
        lambda s, d: funds.open_fund(d, "X-1", "x", "QWR", restriction="programme"),
    ),
    "close month": ("approver", lambda s, d: periods.close_month(d, "2022-01")),
    "take in": ("keeper", lambda s, d: programmes.receive_lot(d, "BOX", "x", 1)),
    "export": ("auditor", lambda s, d: audit.export(d, s.folder / "x.zip", "audit", "office")),
    "add": ("administrator", lambda s, d: staff.add(d, "x", "x", [("auditor", CITY)])),
    "grant": ("administrator", lambda s, d: staff.grant(d, "sh-auditor", "keeper", CITY)),
    "revoke": ("administrator", lambda s, d: staff.revoke(d, "sh-auditor", "auditor", CITY)),
}


@pytest.mark.parametrize("name", CITY_ONLY)
def test_what_belongs_to_the_city_is_not_done_from_a_district(society: Society, name: str) -> None:
    duty, act = CITY_ONLY[name]
    district = newcomer(society, "district", duty)
    others = [newcomer(society, f"city-{d}", d, office=CITY) for d in COLUMNS if d != duty]
    before = contents(society.admin.store)
    for desk in (district, *others):
        with refused("who.no_duty"):
            act(society, desk)
    assert contents(society.admin.store) == before

    act(society, newcomer(society, "city", duty, office=CITY))


def test_an_administrator_sees_no_people_and_decides_nothing(society: Society) -> None:
    allowed = {act for (act, duty), may in EXPECTED.items() if may and duty == "administrator"}
    assert allowed == {
        "programme.load", "report.run", "report.export", "audit.log", "audit.verify", "user.list",
        "user.add",
        "user.grant", "user.revoke", "user.key",
    }  # fmt: skip


def test_an_event_is_written_to_the_log_of_the_office_that_was_acted_for(society: Society) -> None:
    both = newcomer(society, "two-offices", "caseworker", office=PD)
    staff.grant(society.admin, "two-offices", "caseworker", JD)
    both = as_person(society.admin, "two-offices")
    society.import_roster([society.person(1, "王伟")])
    entry = deaths.record(both, _person(society), DAY, "registry")

    assert entry.log == JD
    [(line,)] = rows(
        society.admin.store,
        f"SELECT line FROM audit_event WHERE log = '{JD}' AND seq = {entry.seq}",
    )
    assert f'"office":"{JD}"' in line


def test_a_duty_taken_away_stops_a_desk_that_is_open(society: Society) -> None:
    [roster] = society.import_roster([society.person(1, "王伟")])
    verifier = society.desk("jd-verifier")
    staff.revoke(society.admin, "jd-verifier", "verifier", JD)

    with refused("who.no_duty"):
        rosters.verify(verifier, roster)
    assert rosters.find(society.admin, roster).state == "submitted"


def test_a_duty_begins_and_ends_on_its_days(society: Society) -> None:
    staff.add(society.admin, "new", "New", [("verifier", JD)])
    assert as_person(society.admin, "new").actor.duties == (("verifier", society.office(JD)),)
    society.clock.set("2022-02-05")
    staff.revoke(society.admin, "new", "verifier", JD)
    assert as_person(society.admin, "new").actor.duties == ()
    society.clock.set("2022-02-04")
    assert as_person(society.admin, "new").actor.duties != ()


def test_somebody_without_any_duty_has_no_desk_to_act_from(society: Society) -> None:
    staff.add(society.admin, "idle", "Idle", [])
    idle = as_person(society.admin, "idle")
    for act in (
        lambda: idle.home(),
        lambda: reports.run(idle, "annual", "2022", DAY),
        lambda: imports.plan(idle, society.write([]), "roster", cycle_code="22A"),
        lambda: programmes.move_cycle(idle, "22A", "close"),
    ):
        with refused("who.no_duty"):
            act()


def test_nobody_is_who_they_say_unless_it_is_a_demo(society: Society) -> None:
    real = society.desk("jd-caseworker")
    real.demo = False
    for act in (
        lambda: as_person(real, "jd-approver"),
        lambda: keep_today(real, "2030-01-01"),
    ):
        with refused("who.as_only_demo"):
            act()
    assert CYCLE.name == "cycle"
