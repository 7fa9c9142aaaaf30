"""Money that went out on a decision that was revoked: claimed back, come back, or written off."""

from __future__ import annotations

import re
from collections import defaultdict

from rcaid.db import commitments as rows
from rcaid.db.payments import entries_by_idem
from rcaid.db.tables import RECOVERY, AidCase, LedgerEntry, Recovery
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.services import case_steps
from rcaid.services.applications.commitment import live, undo
from rcaid.services.desk import Desk

_KEY = re.compile(r"[A-Za-z0-9_.-]{1,40}")


def open_for(unit: Unit, case: AidCase) -> None:
    """Opens a claim for each fund out of which a case was paid."""
    paid: dict[str, int] = defaultdict(int)
    for due in live(unit, case.id):
        if due.entitlement.state == "delivered" and due.entitlement.fen:
            paid[due.entitlement.fund_id] += due.entitlement.fen
    unit.insert(
        RECOVERY,
        [
            Recovery(unit.new_id(), case.id, case.office_id, fund, fen, 0, 0, "open", 1)
            for fund, fen in sorted(paid.items())
        ],
    )


def listing(desk: Desk, case_no: str) -> list[Recovery]:
    """What is claimed back of a case."""
    found = case_steps.find(desk, case_no, "case.card")
    return rows.recoveries(desk.store, [found.case.id])


def recovered(desk: Desk, case_no: str, fen: int, key: str) -> Entry:
    """Money that came back: available again in the fund that paid.

    ``key`` is the number of the bank's or cashier's slip; the same slip is taken up once (I5).
    """
    found = case_steps.find(desk, case_no, "case.recover")
    if _KEY.fullmatch(key) is None:
        raise Refused(Problem("reason.form", value=key))
    idem = f"recovered:{found.case.id}:{key}"

    def work(unit: Unit) -> None:
        if entries_by_idem(unit.store, [idem]):
            raise Refused(Problem("recovery.again", {"case": found.case.case_no, "key": key}))
        claim = _claim(unit, found.case, fen)
        unit.post([_entry(unit, "recovered", "available", found.case, claim, fen, idem)])
        _settle(unit, claim._replace(back_fen=claim.back_fen + fen))

    return desk.write("case.recover", found.case.office_id, work, object=found.case.case_no)[1]


def write_off(desk: Desk, case_no: str, fen: int, reason: str) -> Entry:
    """Gives up what cannot be got back; by an approver of the city."""
    found = case_steps.find(desk, case_no, "case.write_off")
    desk.require("case.write_off", desk.offices.top.id)
    if not reason:
        raise Refused(Problem("application.reason"))

    def work(unit: Unit) -> None:
        claim = _claim(unit, found.case, fen)
        idem = (
            f"write_off:{found.case.id}:{rows.posted(unit.store, found.case.id, 'write_off') + 1}"
        )
        unit.post([_entry(unit, "write_off", "written_off", found.case, claim, fen, idem)])
        _settle(unit, claim._replace(lost_fen=claim.lost_fen + fen))

    case = found.case
    return desk.write("case.write_off", case.office_id, work, object=case.case_no, reason=reason)[1]


def _claim(unit: Unit, case: AidCase, fen: int) -> Recovery:
    """The open claim of a case; Refused recovery.none, or recovery.amount for more than is owed."""
    unit.store.lock("recovery", "case_id", [case.id])
    claims = [each for each in rows.recoveries(unit.store, [case.id]) if each.state == "open"]
    if not claims:
        raise Refused(Problem("recovery.none", {"case": case.case_no}))
    left = claims[0].fen - claims[0].back_fen - claims[0].lost_fen
    if not 0 < fen <= left:
        raise Refused(Problem("recovery.amount", {"case": case.case_no, "left": left}))
    return claims[0]


def _entry(
    unit: Unit, kind: str, credit: str, case: AidCase, claim: Recovery, fen: int, idem: str
) -> LedgerEntry:
    right = next(
        due.entitlement.id
        for due in live(unit, case.id)
        if due.entitlement.fund_id == claim.fund_id and due.entitlement.fen
    )
    return LedgerEntry(
        unit.new_id(), unit.day, kind, "settled", credit, claim.fund_id, fen, case.office_id, right,
        None, None, idem, 1, None, case.id,
    )  # fmt: skip


def _settle(unit: Unit, claim: Recovery) -> None:
    whole = claim.back_fen + claim.lost_fen == claim.fen
    closed = claim._replace(state="closed" if whole else "open")
    unit.update(RECOVERY, [closed], ("back_fen", "lost_fen", "state"))


def came_back(unit: Unit, case: AidCase) -> None:
    """The bank returned a payment of a revoked case after all: it is written back, and nothing is
    claimed any more."""
    undo(unit, case)
    for claim in rows.recoveries(unit.store, [case.id]):
        if claim.state == "open":
            _settle(unit, claim._replace(back_fen=claim.fen - claim.lost_fen))
