"""Applications that were approved, for what comes after: written as rows, with money set aside."""

from __future__ import annotations

from typing import Any

from rcaid import data
from rcaid.db import cases, rosters
from rcaid.db import programmes as programme_rows
from rcaid.db.tables import (
    AID_CASE,
    APPLICATION,
    CONSENT,
    HOUSEHOLD,
    PERSON,
    AidCase,
    Application,
    Consent,
    Household,
    Person,
)
from rcaid.db.unit import Unit
from rcaid.services import programmes
from rcaid.services.applications.commitment import commit
from rcaid.services.case_steps import count
from rcaid.services.desk import Desk
from tests.services.conftest import JD_STREETS, Society

CYCLE = "22F"
PHONE = "021-59990000"
_FIRST_DOC = 7_000_000


def fire_cycle(admin: Desk, approver: Desk, preparer: Desk) -> None:
    """The programme for fires with its cycle 22F open and 1,000,000 yuan in its fund."""
    programmes.load(admin, data.text("programmes/fire.toml"))
    programmes.receive(preparer, "FIRE", 100_000_000, "2022")
    programmes.new_cycle(approver, "FIRE", CYCLE, "2022 年", "2022-01-10", ["one"])
    programmes.move_cycle(approver, CYCLE, "open")


def approved(
    desk: Desk, *names: str, street: str = JD_STREETS[0], born: str = "1950-01-01", **changes: Any
) -> list[str]:
    """An approved application of 3,000 yuan in cycle 22F for a new person of each name; the numbers.

    ``changes`` are columns of the case or of its application.
    """
    cycle = programmes.cycle(desk, CYCLE)
    office = desk.offices.by_code[street]
    fund = programme_rows.fund_of(desk.store, cycle.programme_id)
    assert fund is not None
    prefix = f"{CYCLE}-{desk.offices.district_of(office.id).letters}-"
    of_case = {name: value for name, value in changes.items() if name in AID_CASE.columns}
    beside = {name: value for name, value in changes.items() if name not in of_case}

    def one(unit: Unit, n: int, name: str) -> str:
        home = Household(unit.new_id(), office.id, 1)
        who = Person(
            unit.new_id(), _FIRST_DOC + int(street) % 10**6 * 1000 + n, office.id, home.id, "live", name, "F", born,
            "RESIDENT_ID", None, None, None, 1,
        )  # fmt: skip
        case = AidCase(
            unit.new_id(), f"{prefix}{n:05}", "A", cycle.id, None, office.id, who.id, home.id,
            "home", "none", None, 300_000, None, None, None, "approved", None, None, 1,
        )._replace(**of_case)  # fmt: skip
        empty: dict[str, Any] = dict.fromkeys(APPLICATION.columns)
        filled = empty | {
            "id": case.id, "office_id": office.id, "received_on": "2022-01-20",
            "first_entry_on": "2022-01-20", "approved_fen": case.fen, "fund_id": fund.id,
            "urgent": 0, "may_publish": 1, "paused_days": 0, "version": 1,
        }  # fmt: skip
        unit.insert(HOUSEHOLD, [home])
        unit.insert(PERSON, [who])
        unit.insert(AID_CASE, [case])
        unit.insert(APPLICATION, [Application(**(filled | beside))])
        count(unit, case, "", case, case.state)
        if case.state == "approved":
            commit(unit, case, fund.id, case.fen or 0)
        return case.case_no

    def work(unit: Unit) -> list[str]:
        last = rosters.last_number(unit.store, prefix)
        return [one(unit, n, name) for n, name in enumerate(names, last + 1)]

    return desk.write("cycle.new", desk.offices.top.id, work)[0]


def with_cases(society: Society, *names: str, **changes: Any) -> list[str]:
    """The cycle 22F, if it is not there yet, and an approved application of each of these."""
    approver = society.desk("sh-approver")
    if all(cycle.code != CYCLE for cycle in programme_rows.cycles(society.admin.store)):
        fire_cycle(society.admin, approver, society.desk("sh-preparer"))
    return approved(approver, *names, **changes)


def consent(desk: Desk, case_no: str, *, withdrawn: bool = False) -> None:
    """A consent to be named in public by the person of a case, in force or taken back."""
    case = cases.by_number(desk.store, case_no)
    assert case is not None

    def work(unit: Unit) -> None:
        given = Consent(
            unit.new_id(), case.person_id, case.office_id, "publication", "1", "0" * 64, "self",
            "signature", unit.day, unit.day if withdrawn else None, 1,
        )  # fmt: skip
        unit.insert(CONSENT, [given])

    desk.write("cycle.new", desk.offices.top.id, work)
