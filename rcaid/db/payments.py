"""Entitlements, batches, disbursements, and who was served."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rcaid.db.engine import Store, one, statement
from rcaid.db.people import chunks
from rcaid.db.tables import (
    BATCH,
    DISBURSEMENT,
    ENTITLEMENT,
    ROUND,
    Batch,
    Disbursement,
    Entitlement,
    Round,
)

_E = ", ".join(f"e.{c}" for c in ENTITLEMENT.columns)
_D = ", ".join(f"d.{c}" for c in DISBURSEMENT.columns)
_E_SIZE, _D_SIZE = len(ENTITLEMENT.columns), len(DISBURSEMENT.columns)

_READY = statement(
    "entitlement.ready",
    f"SELECT {_E}, c.case_no, c.category, c.cycle_id FROM entitlement e"
    " JOIN aid_case c ON c.id = e.case_id"
    " WHERE e.round_id = :round AND e.kind = :kind AND e.state = 'ready'"
    " AND e.office_id IN (:offices) ORDER BY c.case_no",
    lists=("offices",),
)
_OPEN = statement(
    "entitlement.open_of_cycle",
    f"SELECT {_E}, c.case_no, c.category, c.cycle_id FROM entitlement e"
    " JOIN aid_case c ON c.id = e.case_id WHERE c.cycle_id = :cycle"
    " AND e.state IN ('pending', 'ready', 'reserved', 'suspended') ORDER BY c.case_no, e.id",
)
_ON_WAY = statement(
    "disbursement.on_way",
    "SELECT c.case_no FROM disbursement d JOIN entitlement e ON e.id = d.entitlement_id"
    " JOIN aid_case c ON c.id = e.case_id WHERE c.cycle_id = :cycle"
    " AND d.state IN ('prepared', 'released', 'issued') ORDER BY c.case_no",
)
_OF_PERSON = statement(
    "entitlement.of_person",
    f"SELECT {_E}, c.case_no, c.category, c.cycle_id FROM entitlement e"
    " JOIN aid_case c ON c.id = e.case_id WHERE c.person_id = :person ORDER BY c.case_no, e.id",
)
_OF_CASES = statement(
    "entitlement.of_cases",
    f"SELECT {_E}, c.case_no, c.category, c.cycle_id FROM entitlement e"
    " JOIN aid_case c ON c.id = e.case_id WHERE e.case_id IN (:cases) ORDER BY e.id",
    lists=("cases",),
)
_RETURNED = statement(
    "disbursement.returned",
    f"SELECT {_D} FROM disbursement d WHERE d.entitlement_id IN (:entitlements)"
    " AND d.state = 'returned' ORDER BY d.id",
    lists=("entitlements",),
)
_IDEMS = statement(
    "ledger.by_idem", "SELECT idem, id FROM ledger_entry WHERE idem IN (:idems)", lists=("idems",)
)
_EARLIER = statement(
    "disbursement.earlier",
    # By case, round and kind: a right that was cancelled and given anew has another id.
    "SELECT e.id, count(*) FROM entitlement e JOIN entitlement o ON o.case_id = e.case_id"
    " AND o.round_id = e.round_id AND o.kind = e.kind"
    " JOIN disbursement d ON d.entitlement_id = o.id WHERE e.id IN (:entitlements) GROUP BY e.id",
    lists=("entitlements",),
)
_LINES = statement(
    "disbursement.of_batch",
    f"SELECT {_D}, {_E}, c.case_no, c.category, c.cycle_id,"
    " COALESCE(c.roster_id, c.id) FROM disbursement d"
    " JOIN entitlement e ON e.id = d.entitlement_id JOIN aid_case c ON c.id = e.case_id"
    " WHERE d.batch_id = :batch ORDER BY d.voucher",
)
_VOUCHERS = statement(
    "disbursement.by_voucher",
    f"SELECT {_D}, {_E}, c.case_no, c.category, c.cycle_id,"
    " COALESCE(c.roster_id, c.id) FROM disbursement d"
    " JOIN entitlement e ON e.id = d.entitlement_id JOIN aid_case c ON c.id = e.case_id"
    " WHERE d.voucher IN (:vouchers)",
    lists=("vouchers",),
)
_BATCH = statement("batch.by_number", f"SELECT {BATCH.listed} FROM batch WHERE number = :number")
_BATCH_ID = statement("batch.by_id", f"SELECT {BATCH.listed} FROM batch WHERE id = :id")
_BATCHES = statement(
    "batch.of_offices",
    f"SELECT {BATCH.listed} FROM batch WHERE office_id IN (:offices) ORDER BY id DESC LIMIT :limit",
    lists=("offices",),
)
_NUMBERED = statement(
    "batch.numbered", "SELECT count(*) FROM batch WHERE number >= :first AND number < :past"
)
_STATES = statement(
    "disbursement.states",
    "SELECT state, count(*), CAST(SUM(value_fen) AS BIGINT) FROM disbursement"
    " WHERE batch_id = :batch GROUP BY state ORDER BY state",
)
_ROUND = statement("round.by_id", f"SELECT {ROUND.listed} FROM round WHERE id = :id")
_SERVED = statement(
    "served.many",
    "SELECT person_id, lines FROM served WHERE round_id = :round AND person_id IN (:people)",
    lists=("people",),
)
_HOMES = statement(
    "person.households",
    "SELECT id, household_id FROM person WHERE id IN (:people)",
    lists=("people",),
)
_HELPED = statement(
    "disbursement.of_person",
    f"SELECT {_D} FROM disbursement d WHERE d.entitlement_id IN"
    " (SELECT e.id FROM entitlement e JOIN aid_case c ON c.id = e.case_id"
    " WHERE c.person_id = :person) ORDER BY d.done_on DESC, d.voucher",
)


class Due(NamedTuple):
    """An entitlement with what its line says."""

    entitlement: Entitlement
    case_no: str
    category: str
    cycle_id: str


class Paying(NamedTuple):
    """One line of a batch with its entitlement and what its roster line or application says.

    ``roster_id`` is the object whose makers bar people: the roster, of an application its case.
    """

    line: Disbursement
    entitlement: Entitlement
    case_no: str
    category: str
    cycle_id: str
    roster_id: str


def _due(row: tuple[object, ...]) -> Due:
    case_no, category, cycle = row[_E_SIZE:]
    return Due(Entitlement(*row[:_E_SIZE]), str(case_no), str(category or ""), str(cycle))  # type: ignore[arg-type]


def _paying(row: tuple[object, ...]) -> Paying:
    entitlement = Entitlement(*row[_D_SIZE : _D_SIZE + _E_SIZE])  # type: ignore[arg-type]
    case_no, category, cycle, roster = row[_D_SIZE + _E_SIZE :]
    return Paying(
        Disbursement(*row[:_D_SIZE]),  # type: ignore[arg-type]
        entitlement,
        str(case_no),
        str(category or ""),
        str(cycle),
        str(roster),
    )


def ready(store: Store, round_id: str, kind: str, offices: Sequence[str]) -> list[Due]:
    """Entitlements of a round that can go into a batch, by case number."""
    params = {"round": round_id, "kind": kind, "offices": offices}
    return [_due(row) for row in store.rows(_READY, params)]


def open_of_cycle(store: Store, cycle_id: str) -> list[Due]:
    """Entitlements of a cycle that have not ended, by case number."""
    return [_due(row) for row in store.rows(_OPEN, {"cycle": cycle_id})]


def on_way(store: Store, cycle_id: str) -> list[str]:
    """Case numbers of a cycle with a line in a batch that has not come back."""
    return [case_no for (case_no,) in store.rows(_ON_WAY, {"cycle": cycle_id})]


def of_person(store: Store, person_id: str) -> list[Due]:
    """All entitlements of a person."""
    return [_due(row) for row in store.rows(_OF_PERSON, {"person": person_id})]


def of_cases(store: Store, case_ids: Iterable[str]) -> list[Due]:
    """All entitlements of these lines."""
    return [
        _due(row) for piece in chunks(case_ids) for row in store.rows(_OF_CASES, {"cases": piece})
    ]


def returned(store: Store, entitlement_ids: Iterable[str]) -> dict[str, Disbursement]:
    """For each entitlement the line that came back and was not reissued."""
    found: dict[str, Disbursement] = {}
    for piece in chunks(entitlement_ids):
        for row in store.rows(_RETURNED, {"entitlements": piece}):
            line = Disbursement(*row)
            found[line.entitlement_id] = line
    return found


def earlier(store: Store, entitlement_ids: Iterable[str]) -> dict[str, int]:
    """How many lines each of these entitlements, and any that it stands for, had before."""
    return {
        right: int(n)
        for piece in chunks(entitlement_ids)
        for right, n in store.rows(_EARLIER, {"entitlements": piece})
    }


def lines(store: Store, batch_id: str) -> list[Paying]:
    """The lines of a batch, by voucher."""
    return [_paying(row) for row in store.rows(_LINES, {"batch": batch_id})]


def by_vouchers(store: Store, vouchers: Iterable[str]) -> dict[str, Paying]:
    """Lines by voucher number."""
    found: dict[str, Paying] = {}
    for piece in chunks(vouchers):
        for row in store.rows(_VOUCHERS, {"vouchers": piece}):
            paying = _paying(row)
            found[paying.line.voucher] = paying
    return found


def batch_by_number(store: Store, number: str) -> Batch | None:
    """One batch by the number people use."""
    found = one(store, _BATCH, {"number": number})
    return Batch(*found) if found else None


def batch_by_id(store: Store, batch_id: str) -> Batch | None:
    """One batch."""
    found = one(store, _BATCH_ID, {"id": batch_id})
    return Batch(*found) if found else None


def batches(store: Store, offices: Sequence[str], limit: int = 500) -> list[Batch]:
    """Batches of these offices, newest first."""
    return [Batch(*r) for r in store.rows(_BATCHES, {"offices": offices, "limit": limit})]


def batches_numbered(store: Store, prefix: str) -> int:
    """How many batches have a number that begins with ``22A-1-JD-C``."""
    found = one(store, _NUMBERED, {"first": prefix, "past": f"{prefix}:"})
    return int(found[0]) if found else 0


def states(store: Store, batch_id: str) -> dict[str, tuple[int, int]]:
    """For each state of a batch's lines: how many, and their value in fen."""
    found = store.rows(_STATES, {"batch": batch_id})
    return {state: (int(n), int(fen or 0)) for state, n, fen in found}


def round_by_id(store: Store, round_id: str) -> Round:
    """One round."""
    found = one(store, _ROUND, {"id": round_id})
    assert found is not None
    return Round(*found)


def served(store: Store, round_id: str, people: Iterable[str]) -> dict[str, int]:
    """How many delivered lines each of these people has in a round."""
    found: dict[str, int] = {}
    for piece in chunks(people):
        rows = store.rows(_SERVED, {"round": round_id, "people": piece})
        found.update({person: int(n) for person, n in rows})
    return found


def households(store: Store, people: Iterable[str]) -> dict[str, str]:
    """The household each of these people lives in now."""
    found: dict[str, str] = {}
    for piece in chunks(people):
        found.update(store.rows(_HOMES, {"people": piece}))
    return found


def helped(store: Store, person_id: str) -> list[Disbursement]:
    """All lines of a person, newest first."""
    return [Disbursement(*row) for row in store.rows(_HELPED, {"person": person_id})]


def entries_by_idem(store: Store, idems: Iterable[str]) -> dict[str, str]:
    """Ids of ledger entries by their idempotency keys."""
    return {
        idem: entry
        for piece in chunks(idems)
        for idem, entry in store.rows(_IDEMS, {"idems": piece})
    }
