"""Why a case is judged as it is, on any day: every check with its numbers, its rule, its citation.

One object for the terminal, JSON and a screen. Today's rows are read as they stand; for an earlier
day the states, sums, rights and makers are read from the record as they stood at its end, dates
are judged as of it, and quota is summed from the flows. What people are (birth, document,
residence, account) is as known today.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Any

from rcaid.db.tables import AidCase
from rcaid.domain.checks import ATTENTION, DONE, STOPPED, Check
from rcaid.domain.errors import Problem, Refused
from rcaid.services import cases
from rcaid.services.case_then import Then
from rcaid.services.desk import Desk

KINDS = ("rule", "cap", "quota", "fund", "duplicate", "duty")
_KIND_OF = {
    "cap": "cap", "help": "cap", "exclusive": "cap", "once": "cap", "quota": "quota",
    "fund": "fund", "known": "duplicate", "account": "duplicate", "maker": "duty",
    "duty": "duty", "decide": "duty", "urgent": "duty",
}  # fmt: skip
_NEED = ("category.", "hardship.", "disease.", "certificate.", "income.", "grant.")


@dataclass(frozen=True, slots=True)
class Explained:
    """A case under its rules on a day. ``outcome`` is the worst result: pass, warn or fail;
    ``allowed_fen`` the most money the rules allow it; ``level`` who decides, "" for nobody."""

    case: str
    as_of: str
    state: str
    programme: str
    version: int
    effective_from: str
    citation: str
    fen: int | None
    allowed_fen: int
    level: str
    outcome: str
    checks: tuple[Check, ...]

    def data(self) -> dict[str, Any]:
        """The same with stable keys, each check with its kind."""
        facts = {
            each.name: getattr(self, each.name)
            for each in dataclasses.fields(self)
            if each.name != "checks"
        }
        return facts | {
            "checks": [
                {
                    "kind": kind_of(check),
                    "code": check.code,
                    "result": check.result,
                    "rule": check.rule,
                    "citation": check.citation,
                    "numbers": dict(check.params),
                }
                for check in self.checks
            ]
        }


def kind_of(check: Check) -> str:
    """What a check is about: rule, cap, quota, fund, duplicate or duty."""
    return _KIND_OF.get(check.code.partition(".")[0], "rule")


def explain(desk: Desk, case_no: str, as_of: str = "") -> Explained:
    """A case under its rules on a day, today if none is named; that it was looked at is recorded.

    Refused explain.day for a day that is none or still to come, explain.before for one before the
    case came in.
    """
    day = _day(desk, as_of)
    case = cases.find(desk, case_no)
    found = explained(desk, case, day)
    desk.look("case.card", case.office_id, case.case_no)
    return found


def explained(desk: Desk, case: AidCase, day: str) -> Explained:
    """The same without a word in the record."""
    then = Then(desk, case, day)
    found: dict[str, Check] = {}
    for n, check in enumerate(then.checks()):
        key = f"{check.code} {n}" if check.code == "fact.unknown" else check.code
        found.setdefault(key, check)
    shown = [c for c in found.values() if then.full or not c.code.startswith(_NEED)]
    shown.sort(key=lambda check: KINDS.index(kind_of(check)))
    signs = {check.sign for check in shown}
    worst = next((sign for sign in (STOPPED, ATTENTION) if sign in signs), DONE)
    return Explained(
        case.case_no, day, then.case.state, then.rules.code, then.rules.version,
        then.rules.effective_from, then.rules.citation, then.case.fen, then.allowed(),
        then.judgement.level, Check("", worst, {}, "").result, tuple(shown),
    )  # fmt: skip


def _day(desk: Desk, as_of: str) -> str:
    if not as_of:
        return desk.day
    try:
        day = date.fromisoformat(as_of).isoformat()
    except ValueError:
        day = "9999"
    if day > desk.day or day != as_of:
        raise Refused(Problem("explain.day", {"day": as_of}))
    return day
