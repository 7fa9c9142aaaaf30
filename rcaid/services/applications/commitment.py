"""The money of an application: set aside when it is approved, payable when it is entitled.

What a case has set aside is read from the ledger itself, so that giving it back twice gives nothing
back. Every entry's key counts the entries of its kind that the case had before (I5).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from rcaid.db import commitments as rows
from rcaid.db import payments, people
from rcaid.db.engine import Store
from rcaid.db.payments import Due
from rcaid.db.tables import (
    DISBURSEMENT,
    ENTITLEMENT,
    AidCase,
    Disbursement,
    Entitlement,
    LedgerEntry,
    Round,
)
from rcaid.db.unit import Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.record import canonical
from rcaid.services.moving import flow_line, flow_right, posting_of_right
from rcaid.services.rosters import line_facts

COMMITTED = ("approved", "on_notice", "objected", "cleared")
"""States in which the money of an application is set aside and not yet payable."""
DECIDED = (*COMMITTED, "entitled")
"""States in which an application is decided and its money has not all arrived."""
ENDED = ("cancelled", "lapsed")
"""States of a right that gives nothing any more."""
_ON_WAY = ("released", "issued", "paid", "delivered")


def digest(store: Store, case: AidCase, fund_id: str) -> str:
    """SHA-256 over what is approved: person, category, help, account and fund."""
    held = people.accounts(store, [case.account_id or ""]).get(case.account_id or "")
    return digest_of(case, held.hash if held else None, fund_id)


def digest_of(case: AidCase, account: int | None, fund_id: str) -> str:
    """The same, given the hash of the account."""
    facts = line_facts(case, account) | {"fund": fund_id}
    return hashlib.sha256(canonical(facts)).hexdigest()


def entry(
    unit: Unit, kind: str, debit: str, credit: str, case: AidCase, fund_id: str, fen: int,
    right: str | None = None,
) -> LedgerEntry:  # fmt: skip
    """One ledger entry of a case that no payment stands for."""
    n = rows.posted(unit.store, case.id, kind) + 1
    return LedgerEntry(
        unit.new_id(), unit.day, kind, debit, credit, fund_id, fen, case.office_id, right, None,
        None, f"{kind}:{case.id}:{n}", 1, None, case.id,
    )  # fmt: skip


def commit(unit: Unit, case: AidCase, fund_id: str, fen: int) -> None:
    """Sets money aside for a case; Refused fund.short."""
    if fen:
        unit.post([entry(unit, "commit", "available", "committed", case, fund_id, fen)])


def give_back(unit: Unit, case: AidCase) -> int:
    """Makes available again what is set aside for a case and not payable yet; its fen."""
    held = rows.committed(unit.store, case.id)
    for fund_id, fen in held.items():
        posted = entry(unit, "release_commitment", "committed", "available", case, fund_id, fen)
        unit.post([posted])
    return sum(held.values())


def entitle(
    unit: Unit, case: AidCase, each: Round, fund_id: str, *, person_id: str = "",
    account_id: str | None = None,
) -> list[Entitlement]:  # fmt: skip
    """Writes the rights of a case in a round: what was set aside for it becomes payable.

    For an heir ``person_id`` and ``account_id`` say whose right it is. Refused right.twice while
    another right of the case stands.
    """
    if live(unit, case.id):
        raise Refused(Problem("right.twice", {"case": case.case_no}))
    before = rows.rights_numbered(unit.store, case.id, each.id)
    made = []
    for kind in ("money", "goods"):
        money = kind == "money"
        if not (case.fen if money else case.qty):
            continue
        made.append(
            Entitlement(
                unit.new_id(), case.id, each.id, kind, case.office_id, person_id or case.person_id,
                fund_id, case.fen if money else None, None if money else case.item_id,
                None if money else case.qty, (account_id or case.account_id) if money else None,
                "ready", None, 1, before.get(kind) or None,
            )
        )  # fmt: skip
    unit.insert(ENTITLEMENT, made)
    unit.post([_payable(unit, case, right) for right in made if right.fen])
    for right in made:
        unit.flow(
            right.office_id, case.cycle_id, "entitlement", case.category or "", "ready", 1,
            right.fen or 0,
        )  # fmt: skip
    return made


def _payable(unit: Unit, case: AidCase, right: Entitlement) -> LedgerEntry:
    return LedgerEntry(
        unit.new_id(), unit.day, "entitle", "committed", "payable", right.fund_id, right.fen or 0,
        right.office_id, right.id, None, None, f"entitle:{right.id}", 1, None, case.id,
    )  # fmt: skip


def live(unit: Unit, case_id: str) -> list[Due]:
    """The rights of a case that still give something."""
    return [
        due
        for due in payments.of_cases(unit.store, [case_id])
        if due.entitlement.state not in ENDED
    ]


def undo(unit: Unit, case: AidCase) -> int:
    """Takes back everything a decision made: rights that were not delivered are cancelled and
    their money, like what was set aside, is available again; its fen.

    Refused case.on_way while a payment of the case is with the bank or goods are under way.
    """
    standing = [due for due in live(unit, case.id) if due.entitlement.state != "delivered"]
    back = payments.returned(unit.store, (due.entitlement.id for due in standing))
    going = [
        line
        for line in payments.helped(unit.store, case.person_id)
        if line.live and line.state in _ON_WAY
        and line.entitlement_id in {due.entitlement.id for due in standing}
    ]  # fmt: skip
    if going:
        raise Refused(Problem("case.on_way", {"case": case.case_no, "voucher": going[0].voucher}))
    return _cancel(unit, standing, back) + give_back(unit, case)


def _cancel(unit: Unit, standing: Sequence[Due], back: dict[str, Disbursement]) -> int:
    unit.update(
        ENTITLEMENT,
        [due.entitlement._replace(state="cancelled", resume_to=None) for due in standing],
        ("state", "resume_to"),
    )
    entries = []
    for due in standing:
        right = due.entitlement
        flow_right(unit, due, right.state, "cancelled")
        if not right.fen:
            continue
        kind, account = ("write_back", "returned") if right.id in back else ("cancel", "payable")
        made = posting_of_right(unit.new_id(), unit, kind, account, "available", due)
        entries.append(made)
    unit.post(entries)
    came_back = [(due, back[due.entitlement.id]) for due in standing if due.entitlement.id in back]
    lines = [line._replace(state="written_back") for _, line in came_back]
    unit.update(DISBURSEMENT, lines, ("state",))
    for due, line in came_back:
        flow_line(unit, due, line, "returned", "written_back")
    return sum(each.fen for each in entries)
