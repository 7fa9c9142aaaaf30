"""Disasters that help is given for: opened, taken from relief to recovery, closed."""

from __future__ import annotations

import re
from typing import Any

from rcaid.db import transfers as rows
from rcaid.db.tables import DISASTER, Disaster
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.text import refusal
from rcaid.services.desk import Desk

KINDS = ("fire", "flood", "typhoon", "earthquake", "epidemic", "other")
PHASES = ("relief", "recovery")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}", re.ASCII)


def find(desk: Desk, code: str) -> Disaster:
    """The disaster of a code; Refused disaster.unknown."""
    found = next((each for each in rows.disasters(desk.store) if each.code == code), None)
    if found is None:
        raise Refused(Problem("disaster.unknown", {"disaster": code}))
    return found


def checked_code(code: str) -> str:
    """A code that may stand in numbers and in the record; Refused code.form."""
    if _CODE.fullmatch(code) is None:
        raise Refused(Problem("code.form", {"code": code}))
    return code


def checked_text(field: str, text: str) -> str:
    """A name of something as people may see it; Refused when it is empty or may not be kept."""
    code = refusal(text) or ("" if text.strip() else "row.required")
    if code:
        raise Refused(Problem(code, {"field": field}, field, value=text))
    return text.strip()


def open_(desk: Desk, code: str, name: str, kind: str, place: str, happened_on: str) -> Entry:
    """A new disaster, in its relief phase. ``happened_on`` is an ISO date, not after today."""
    if kind not in KINDS:
        raise Refused(Problem("disaster.kind", {"kind": kind, "known": ", ".join(KINDS)}))
    if happened_on > desk.day:
        raise Refused(Problem("disaster.future", {"day": happened_on}))
    if any(each.code == code for each in rows.disasters(desk.store)):
        raise Refused(Problem("disaster.exists", {"disaster": code}))
    office = desk.office_for("disaster.open").id
    facts = (checked_code(code), checked_text("name", name), kind, checked_text("place", place))

    def work(unit: Unit) -> None:
        made = Disaster(unit.new_id(), *facts, happened_on, "relief", "open", office, None, 1)
        unit.insert(DISASTER, [made])

    return desk.write("disaster.open", office, work, object=code)[1]


def phase(desk: Desk, code: str, to: str) -> Entry:
    """From relief to recovery, or back."""
    if to not in PHASES:
        raise Refused(Problem("disaster.phase", {"phase": to, "known": ", ".join(PHASES)}))
    return _change(desk, code, "phase", phase=to)


def close(desk: Desk, code: str) -> Entry:
    """Takes no more help; Refused disaster.busy while a transfer for it is under way."""
    under_way = [
        each.number
        for each in rows.of_disaster(desk.store, find(desk, code).id)
        if each.state in ("draft", "approved", "sent")
    ]
    if under_way:
        raise Refused(Problem("disaster.busy", {"disaster": code, "transfers": under_way}))
    return _change(desk, code, "close", state="closed", closed_on=desk.day)


def _change(desk: Desk, code: str, act: str, **columns: Any) -> Entry:
    now = find(desk, code)
    if now.state != "open":
        raise Refused(Problem("state.no_move", {"noun": code, "state": now.state, "action": act}))

    def work(unit: Unit) -> None:
        unit.update(DISASTER, [now._replace(**columns)], tuple(columns))

    return desk.write(f"disaster.{act}", now.office_id, work, object=code)[1]
