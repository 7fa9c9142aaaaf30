"""What many people were listed for and given, in few statements."""

from __future__ import annotations

from collections.abc import Iterable

from rcaid.db.engine import Store, statement
from rcaid.db.people import chunks

_ENROLLED = statement(
    "lookup.enrolled",
    "SELECT c.person_id, y.code FROM aid_case c JOIN cycle y ON y.id = c.cycle_id"
    " WHERE c.person_id IN (:people) AND c.state <> 'struck' ORDER BY c.person_id, y.code",
    lists=("people",),
)
_HELPED = statement(
    "lookup.helped",
    "SELECT c.person_id, d.kind, CAST(SUM(d.value_fen) AS BIGINT), MAX(d.done_on)"
    " FROM aid_case c JOIN entitlement e ON e.case_id = c.id"
    " JOIN disbursement d ON d.entitlement_id = e.id"
    " WHERE c.person_id IN (:people) AND d.state IN ('paid', 'delivered')"
    " GROUP BY c.person_id, d.kind",
    lists=("people",),
)


def enrolled(store: Store, people: Iterable[str]) -> dict[str, list[str]]:
    """The cycles each person is listed in."""
    found: dict[str, list[str]] = {}
    for piece in chunks(people):
        for person, code in store.rows(_ENROLLED, {"people": piece}):
            found.setdefault(person, []).append(code)
    return found


def helped(store: Store, people: Iterable[str]) -> dict[str, tuple[int, int, str]]:
    """Cash fen, goods fen and the last day of what each person was given."""
    found: dict[str, tuple[int, int, str]] = {}
    for piece in chunks(people):
        for person, kind, fen, day in store.rows(_HELPED, {"people": piece}):
            cash, goods, last = found.get(person, (0, 0, ""))
            if kind == "money":
                cash += int(fen)
            else:
                goods += int(fen)
            found[person] = (cash, goods, max(last, day or ""))
    return found
