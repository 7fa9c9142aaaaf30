"""Public notices, their lines, and objections to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rcaid.db.engine import Store, one, statement
from rcaid.db.people import chunks
from rcaid.db.tables import NOTICE, NOTICE_LINE, OBJECTION, Notice, NoticeLine, Objection

_BY_NUMBER = statement(
    "notice.by_number", f"SELECT {NOTICE.listed} FROM notice WHERE number = :number"
)
_BY_ID = statement("notice.by_id", f"SELECT {NOTICE.listed} FROM notice WHERE id = :id")
_OF_OFFICES = statement(
    "notice.of_offices",
    f"SELECT {NOTICE.listed} FROM notice WHERE office_id IN (:offices) ORDER BY id DESC",
    lists=("offices",),
)
_UP = statement(
    "notice.standing",
    f"SELECT {NOTICE.listed} FROM notice WHERE office_id IN (:offices)"
    " AND state IN ('draft', 'published') ORDER BY id",
    lists=("offices",),
)
_NUMBERED = statement("notice.numbered", "SELECT count(*) FROM notice WHERE number LIKE :prefix")
_LAST_PHONE = statement(
    "notice.last_phone",
    "SELECT phone FROM notice WHERE office_id = :office ORDER BY id DESC LIMIT 1",
)
_LINES = statement(
    "notice_line.of_notice",
    f"SELECT {NOTICE_LINE.listed} FROM notice_line WHERE notice_id = :notice ORDER BY n",
)
_STANDING = statement(
    "notice_line.standing",
    f"SELECT {', '.join(f'l.{name}' for name in NOTICE_LINE.columns)} FROM notice_line l"
    " JOIN notice n ON n.id = l.notice_id"
    " WHERE l.case_id = :case AND n.state = 'published' ORDER BY l.id DESC LIMIT 1",
)
_COUNTS = statement(
    "notice_line.counts",
    "SELECT l.notice_id, l.state, l.ends_on, c.state, a.resume_to, count(*),"
    " CAST(COALESCE(SUM(c.fen), 0) AS BIGINT)"
    " FROM notice_line l JOIN aid_case c ON c.id = l.case_id JOIN application a ON a.id = c.id"
    " WHERE l.notice_id IN (:notices)"
    " GROUP BY l.notice_id, l.state, l.ends_on, c.state, a.resume_to",
    lists=("notices",),
)
_TO_LIST = statement(
    "notice.to_list",
    "SELECT c.cycle_id, c.id, COALESCE(c.fen, 0), a.received_on"
    " FROM application a JOIN aid_case c ON c.id = a.id"
    " WHERE a.office_id IN (:offices) AND c.state = 'approved'"
    " AND NOT EXISTS (SELECT 1 FROM notice_line l JOIN notice n ON n.id = l.notice_id"
    " WHERE l.case_id = c.id AND n.state = 'draft')"
    " ORDER BY c.case_no",
    lists=("offices",),
)
_PUBLICATION = statement(
    "consent.publication",
    "SELECT person_id, withdrawn_on FROM consent"
    " WHERE kind = 'publication' AND person_id IN (:people) ORDER BY id",
    lists=("people",),
)
_OBJECTION = statement(
    "objection.by_id", f"SELECT {OBJECTION.listed} FROM objection WHERE id = :id"
)
_OF_NOTICES = statement(
    "objection.of_notices",
    f"SELECT {OBJECTION.listed} FROM objection WHERE notice_id IN (:notices) ORDER BY id",
    lists=("notices",),
)
_OPEN_OF_CASE = statement(
    "objection.open_of_case",
    f"SELECT {OBJECTION.listed} FROM objection WHERE case_id = :case AND state = 'open'"
    " ORDER BY id",
)
_OPEN = statement(
    "objection.open",
    f"SELECT {OBJECTION.listed} FROM objection WHERE office_id IN (:offices) AND state = 'open'"
    " ORDER BY id",
    lists=("offices",),
)


class Count(NamedTuple):
    """How many lines of a notice stand alike, with their cases' money in fen."""

    notice_id: str
    state: str
    ends_on: str | None
    case_state: str
    resume_to: str | None
    n: int
    fen: int


class Waiting(NamedTuple):
    """An approved case that is on no notice yet; money in fen."""

    cycle_id: str
    case_id: str
    fen: int
    received_on: str


def by_number(store: Store, number: str) -> Notice | None:
    """One notice by the number that stands on it."""
    found = one(store, _BY_NUMBER, {"number": number})
    return Notice(*found) if found else None


def by_id(store: Store, notice_id: str) -> Notice | None:
    """One notice."""
    found = one(store, _BY_ID, {"id": notice_id})
    return Notice(*found) if found else None


def of_offices(store: Store, offices: Sequence[str]) -> list[Notice]:
    """The notices of these offices, the newest first."""
    return [Notice(*row) for row in store.rows(_OF_OFFICES, {"offices": offices})]


def standing(store: Store, offices: Sequence[str]) -> list[Notice]:
    """The drafts of these offices and the notices that are up, the oldest first."""
    return [Notice(*row) for row in store.rows(_UP, {"offices": offices})]


def numbered(store: Store, prefix: str) -> int:
    """How many notices have a number that begins so."""
    found = one(store, _NUMBERED, {"prefix": f"{prefix}%"})
    return int(found[0]) if found else 0


def last_phone(store: Store, office_id: str) -> str:
    """The telephone that the last notice of an office named; "" when there was none."""
    found = one(store, _LAST_PHONE, {"office": office_id})
    return str(found[0]) if found else ""


def lines(store: Store, notice_id: str) -> list[NoticeLine]:
    """The lines of a notice, by number."""
    return [NoticeLine(*row) for row in store.rows(_LINES, {"notice": notice_id})]


def standing_line(store: Store, case_id: str) -> NoticeLine | None:
    """The line of a case on the notice that is up now."""
    found = one(store, _STANDING, {"case": case_id})
    return NoticeLine(*found) if found else None


def counts(store: Store, notice_ids: Iterable[str]) -> list[Count]:
    """What stands on these notices, counted by what became of it."""
    return [
        Count(*row)
        for piece in chunks(notice_ids)
        for row in store.rows(_COUNTS, {"notices": piece})
    ]


def to_list(store: Store, offices: Sequence[str]) -> list[Waiting]:
    """Approved applications of these offices that are on no draft of a notice, by case number."""
    return [Waiting(*row) for row in store.rows(_TO_LIST, {"offices": offices})]


def may_be_named(store: Store, people: Iterable[str]) -> dict[str, bool]:
    """For who was ever asked whether their name may be public: whether a consent is in force."""
    found: dict[str, bool] = {}
    for piece in chunks(dict.fromkeys(people)):
        for person, withdrawn in store.rows(_PUBLICATION, {"people": piece}):
            found[person] = withdrawn is None
    return found


def objection(store: Store, objection_id: str) -> Objection | None:
    """One objection."""
    found = one(store, _OBJECTION, {"id": objection_id})
    return Objection(*found) if found else None


def objections(store: Store, notice_ids: Iterable[str]) -> list[Objection]:
    """The objections to these notices, oldest first."""
    return [
        Objection(*row)
        for piece in chunks(notice_ids)
        for row in store.rows(_OF_NOTICES, {"notices": piece})
    ]


def open_of_case(store: Store, case_id: str) -> list[Objection]:
    """Objections to a case that nobody has decided on, oldest first."""
    return [Objection(*row) for row in store.rows(_OPEN_OF_CASE, {"case": case_id})]


def open_objections(store: Store, offices: Sequence[str]) -> list[Objection]:
    """Objections of these offices that nobody has decided on, oldest first."""
    return [Objection(*row) for row in store.rows(_OPEN, {"offices": offices})]
