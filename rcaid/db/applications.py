"""Single applications with their papers, who may have no part in them, and consents of a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rcaid.db.engine import Store, one, statement
from rcaid.db.people import chunks
from rcaid.db.tables import (
    AID_CASE,
    APPLICATION,
    CASE_PAPER,
    CONSENT,
    RECUSAL,
    AidCase,
    Application,
    CasePaper,
    Consent,
    Recusal,
)

_SIZE = len(AID_CASE.columns)
_BOTH = ", ".join(
    [*(f"c.{name}" for name in AID_CASE.columns), *(f"a.{name}" for name in APPLICATION.columns)]
)

_OF_CASES = statement(
    "application.of_cases",
    f"SELECT {_BOTH} FROM aid_case c JOIN application a ON a.id = c.id WHERE c.id IN (:cases)"
    " ORDER BY c.case_no",
    lists=("cases",),
)
_QUEUE = statement(
    "application.queue",
    f"SELECT {_BOTH} FROM aid_case c JOIN application a ON a.id = c.id"
    " WHERE a.office_id IN (:offices) AND c.state IN (:states)"
    " ORDER BY COALESCE(a.due_on, a.received_on), c.case_no",
    lists=("offices", "states"),
)
_PAPERS = statement(
    "case_paper.of_cases",
    f"SELECT {CASE_PAPER.listed} FROM case_paper WHERE case_id IN (:cases) ORDER BY case_id, code",
    lists=("cases",),
)
_RECUSED = statement(
    "recusal.of_cases",
    f"SELECT {RECUSAL.listed} FROM recusal WHERE case_id IN (:cases) ORDER BY id",
    lists=("cases",),
)
_CONSENTS = statement(
    "consent.of_person",
    f"SELECT {CONSENT.listed} FROM consent WHERE person_id = :person ORDER BY id",
)


class Applied(NamedTuple):
    """A case and what its application says beside it."""

    case: AidCase
    said: Application


def _applied(row: tuple[object, ...]) -> Applied:
    return Applied(AidCase(*row[:_SIZE]), Application(*row[_SIZE:]))  # type: ignore[arg-type]


def of_case(store: Store, case_id: str) -> Applied | None:
    """One application; None for a roster line."""
    found = one(store, _OF_CASES, {"cases": [case_id]})
    return _applied(found) if found else None


def of_cases(store: Store, case_ids: Iterable[str]) -> list[Applied]:
    """Applications by case number."""
    return [
        _applied(row)
        for piece in chunks(case_ids)
        for row in store.rows(_OF_CASES, {"cases": piece})
    ]


def queue(store: Store, offices: Sequence[str], states: Sequence[str]) -> list[Applied]:
    """Applications of these offices in these states, what is due first."""
    params = {"offices": offices, "states": states}
    return [_applied(row) for row in store.rows(_QUEUE, params)]


def papers(store: Store, case_ids: Iterable[str]) -> list[CasePaper]:
    """The checklist of papers of these cases, by case and code."""
    return [
        CasePaper(*row)
        for piece in chunks(case_ids)
        for row in store.rows(_PAPERS, {"cases": piece})
    ]


def recused(store: Store, case_ids: Iterable[str]) -> list[Recusal]:
    """Who may have no part in these cases (BR-045)."""
    return [
        Recusal(*row)
        for piece in chunks(case_ids)
        for row in store.rows(_RECUSED, {"cases": piece})
    ]


def consents(store: Store, person_id: str) -> list[Consent]:
    """Every consent a person gave or took back, oldest first."""
    return [Consent(*row) for row in store.rows(_CONSENTS, {"person": person_id})]
