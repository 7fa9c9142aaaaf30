"""What a card shows beside the rows themselves: help given to people, and who did what to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rcaid.db.engine import Store, statement
from rcaid.db.people import chunks

_HELP = statement(
    "card.help",
    "SELECT c.person_id, c.case_no, c.cycle_id, r.number, e.kind, e.state, e.fen, e.item_id,"
    " e.qty, d.voucher, d.state, d.done_on, d.value_fen, d.code"
    " FROM aid_case c JOIN entitlement e ON e.case_id = c.id JOIN round r ON r.id = e.round_id"
    " LEFT JOIN disbursement d ON d.entitlement_id = e.id"
    " WHERE c.person_id IN (:people) ORDER BY c.case_no DESC, r.number, e.kind, d.voucher",
    lists=("people",),
)
_STANDS = (
    "c.id, c.state, e.state, d.done_on FROM aid_case c"
    " LEFT JOIN entitlement e ON e.case_id = c.id"
    " LEFT JOIN disbursement d ON d.entitlement_id = e.id AND d.live = 1"
    " AND d.state IN ('paid', 'delivered')"
)
_STANDING = statement(
    "card.standing",
    f"SELECT c.person_id, {_STANDS} WHERE c.person_id IN (:people)"
    f" UNION ALL SELECT m.winner_id, {_STANDS}"
    " JOIN person_merge m ON m.loser_id = c.person_id"
    " WHERE m.winner_id IN (:people) AND m.state = 'merged'",
    lists=("people",),
    long=("people",),
)
_ACCOUNTS = statement(
    "card.accounts",
    "SELECT c.person_id, e.account_id FROM aid_case c JOIN entitlement e ON e.case_id = c.id"
    " WHERE c.person_id IN (:people) AND e.account_id IS NOT NULL"
    " ORDER BY c.person_id, c.case_no, e.account_id",
    lists=("people",),
)
_TOUCHED = statement(
    "event.touching",
    "SELECT DISTINCT e.at, e.log, e.seq, e.actor, e.act, e.object, e.line FROM audit_row r"
    " JOIN audit_event e ON e.log = r.log AND e.seq = r.seq"
    " WHERE r.noun = :noun AND r.row_id IN (:ids)",
    lists=("ids",),
)
_NAMED = statement(
    "event.of_objects",
    "SELECT e.at, e.log, e.seq, e.actor, e.act, e.object, e.line FROM audit_event e"
    " WHERE e.object IN (:objects)",
    lists=("objects",),
)
_NAMES = statement(
    "staff.names", "SELECT login, name FROM staff WHERE login IN (:logins)", lists=("logins",)
)
_RIGHTS = statement(
    "card.rights_and_lines",
    "SELECT e.id, d.id FROM entitlement e LEFT JOIN disbursement d ON d.entitlement_id = e.id"
    " WHERE e.case_id = :case",
)

OPEN_CASES = (
    "listed", "waiting", "draft", "submitted", "verifying", "returned", "district_review",
    "approval", "approved", "on_notice", "objected", "cleared", "suspended",
)  # fmt: skip
"""States of a line or an application that something is still to be decided of."""
UNSETTLED = ("pending", "ready", "reserved", "suspended")
"""States of an entitlement of which something is still to come."""


class HelpLine(NamedTuple):
    """One entitlement and, if there is one, a line of a batch by which it was to go out."""

    person_id: str
    case_no: str
    cycle_id: str
    round: int
    kind: str
    state: str
    fen: int | None
    item_id: str | None
    qty: int | None
    voucher: str | None
    line_state: str | None
    done_on: str | None
    value_fen: int | None
    code: str | None

    @property
    def given(self) -> bool:
        """Whether this line reached the person."""
        return self.line_state in ("paid", "delivered")


class Standing(NamedTuple):
    """When a person was last given something, "" for never, and how many lines are open."""

    last_help: str
    open_lines: int


class Touch(NamedTuple):
    """An event that names or changed something."""

    at: str
    log: str
    seq: int
    actor: str
    act: str
    object: str | None
    line: str


def help_lines(store: Store, people: Iterable[str]) -> list[HelpLine]:
    """All entitlements of these people with their lines, newest case first."""
    return [
        HelpLine(*row) for piece in chunks(people) for row in store.rows(_HELP, {"people": piece})
    ]


def standing(store: Store, people: Iterable[str]) -> dict[str, Standing]:
    """Where each of these people stands, with the cases of those who were merged into them; who
    has no case is left out."""
    last: dict[str, str] = {}
    still: dict[str, set[str]] = {}
    for piece in chunks(people):
        for person, case, state, right, done in store.rows(_STANDING, {"people": piece}):
            last[person] = max(last.get(person, ""), done or "")
            cases = still.setdefault(person, set())
            if state in OPEN_CASES or (state == "entitled" and right in UNSETTLED):
                cases.add(case)
    return {person: Standing(last[person], len(cases)) for person, cases in still.items()}


def account_ids(store: Store, people: Iterable[str]) -> dict[str, str]:
    """The account that each of these people was last entitled to be paid to."""
    return {
        person: account
        for piece in chunks(people)
        for person, account in store.rows(_ACCOUNTS, {"people": piece})
    }


def rights_and_lines(store: Store, case_id: str) -> tuple[list[str], list[str]]:
    """Ids of the entitlements of a case and of their lines in batches."""
    rows = store.rows(_RIGHTS, {"case": case_id})
    return (
        list(dict.fromkeys(right for right, _ in rows)),
        list(dict.fromkeys(line for _, line in rows if line)),
    )


def touching(
    store: Store, rows: Iterable[tuple[str, Sequence[str]]], objects: Sequence[str]
) -> list[Touch]:
    """Events that changed one of these rows, (noun, ids) each, or name an object; newest first."""
    found: dict[tuple[str, int], Touch] = {}
    for noun, ids in rows:
        for piece in chunks(ids):
            for row in store.rows(_TOUCHED, {"noun": noun, "ids": piece}):
                found[row[1], row[2]] = Touch(*row)
    for piece in chunks(objects):
        for row in store.rows(_NAMED, {"objects": piece}):
            found[row[1], row[2]] = Touch(*row)
    return sorted(found.values(), reverse=True)


def names_of(store: Store, logins: Iterable[str]) -> dict[str, str]:
    """Names of people who act, by login."""
    return {
        login: name
        for piece in chunks(dict.fromkeys(logins))
        for login, name in store.rows(_NAMES, {"logins": piece})
    }
