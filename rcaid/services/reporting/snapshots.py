"""Figures as they were frozen: kept byte for byte, whatever happens to the store (BR-074)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rcaid.db import reports as rows
from rcaid.db.tables import SNAPSHOT, Snapshot
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Broken, Problem, Refused
from rcaid.domain.record import canonical
from rcaid.services.desk import Desk
from rcaid.services.reporting.shape import Report, checked_day, report_of

OPENING = "opening"
"""The name under which totals from before the program are kept."""
TOTALS = ("relief.person_times", "relief.value", "institution.value", "donation.raised")
"""Indicators that add up over years; people, households and receivers do not."""
MOST = 500


@dataclass(frozen=True, slots=True)
class Frozen:
    """A snapshot with what was frozen, and who froze it."""

    snapshot: Snapshot
    data: dict[str, Any]

    def report(self) -> Report:
        """The report as it was; a total from before the program as one of a single line."""
        if self.snapshot.report == OPENING:
            return _opening_report(self.data)
        return report_of(self.data)


@dataclass(frozen=True, slots=True)
class Opening:
    """A total from before the program: a count or fen as of a day (BR-075)."""

    number: str
    indicator: str
    about: str
    value: int
    as_of: str
    source: str


def freeze(
    desk: Desk,
    report: str,
    params: Mapping[str, Any],
    as_of: str,
    data: Mapping[str, Any],
    *,
    office: str = "",
    corrects: str = "",
    note: str = "",
) -> tuple[Snapshot, Entry]:
    """Keeps figures as they are now, under the number that comes next: S-2022-0001.

    ``data`` is text, whole numbers, lists and maps alone; ``office`` is an id, the doer's own if
    none. A snapshot is never changed: a correction is a further one that names the first.
    Refused who.no_duty; snapshot.unknown or snapshot.corrects for a wrong ``corrects``.
    """
    place = office or desk.office_for("report.freeze").id
    desk.require("report.freeze", place)
    said = _note(desk, report, corrects, note)
    content = canonical(data)
    prefix = f"S-{desk.day[:4]}-"

    def work(unit: Unit) -> Snapshot:
        unit.store.lock("office", "id", [desk.offices.top.id])
        number = f"{prefix}{rows.snapshots_numbered(unit.store, prefix) + 1:04}"
        made = Snapshot(
            unit.new_id(), number, place, report, canonical(params).decode(), as_of,
            content.decode(), hashlib.sha256(content).hexdigest(), desk.actor.staff_id,
            unit.moment.at, said or None, 1,
        )  # fmt: skip
        unit.insert(SNAPSHOT, [made])
        return made

    return desk.write("report.freeze", place, work, object=lambda made: made.number)


def _note(desk: Desk, report: str, corrects: str, note: str) -> str:
    if not corrects:
        return note
    first = rows.snapshot(desk.store, corrects)
    if first is None:
        raise Refused(Problem("snapshot.unknown", {"number": corrects}))
    if first.report != report:
        raise Refused(Problem("snapshot.corrects", {"number": corrects, "report": first.report}))
    return f"corrects {corrects}{f': {note}' if note else ''}"


def freeze_report(desk: Desk, report: Report, *, corrects: str = "") -> tuple[Snapshot, Entry]:
    """Keeps a finished report as it is."""
    params = {"period": report.period, "office": report.office, "as_of": report.as_of}
    return freeze(desk, report.name, params, report.as_of, report.data(), corrects=corrects)


def show(desk: Desk, number: str) -> Frozen:
    """A snapshot with what was frozen in it.

    Refused snapshot.unknown; who.elsewhere for one that this person may not see; Broken
    snapshot.changed when it is not what was frozen.
    """
    found = rows.snapshot(desk.store, number)
    if found is None:
        raise Refused(Problem("snapshot.unknown", {"number": number}))
    if not _may_see(desk, found):
        place = desk.offices.by_id[found.office_id].name
        raise Refused(Problem("who.elsewhere", {"office": place}))
    content = found.content.encode()
    if hashlib.sha256(content).hexdigest() != found.sha256:
        raise Broken(Problem("snapshot.changed", {"number": number}))
    return Frozen(found, json.loads(content))


def listing(desk: Desk, limit: int = MOST) -> list[Snapshot]:
    """What was frozen and this person may see, the newest first."""
    desk.reach("report.run")
    return [each for each in rows.snapshots(desk.store, limit) if _may_see(desk, each)]


def _may_see(desk: Desk, found: Snapshot) -> bool:
    from rcaid.services.reporting.reports import REPORTS

    kind = REPORTS.get(found.report)
    act = kind.act if kind else "report.run"
    reach = desk.reach("report.run") if act == "report.run" else _reach(desk, act)
    return found.office_id in reach or (bool(reach) and (kind is None or kind.for_all))


def _reach(desk: Desk, act: str) -> Sequence[str]:
    return desk.reach(act) if any(desk.duty_for(act, office) for _, office in desk.actor.duties) else ()  # fmt: skip


def newest(desk: Desk, report: str, period: str) -> str:
    """The number of the last snapshot of a report for a period; "" if there is none."""
    for each in reversed(rows.snapshots_of(desk.store, report)):
        if json.loads(each.params).get("period") == period and _may_see(desk, each):
            return each.number
    return ""


# --- totals from before the program


def _opening_report(data: Mapping[str, Any]) -> Report:
    facts = ("indicator", "about", "as_of", "source")
    return Report(
        OPENING, "R-03", "", data["as_of"], (*facts, "value"),
        ((*(str(data.get(name, "")) for name in facts), data["value"]),),
        frozenset({"value"} if data["indicator"].endswith((".value", ".raised")) else ()),
    )  # fmt: skip


def open_with(
    desk: Desk, indicator: str, about: str, value: int, as_of: str, source: str
) -> tuple[Snapshot, Entry]:
    """States what an indicator came to before the program, as of a day (BR-075); ``value`` is a
    count or fen, ``source`` where it is written. A later statement of the same stands instead.

    Refused snapshot.indicator for one that does not add up over years.
    """
    if indicator not in TOTALS:
        raise Refused(
            Problem("snapshot.indicator", {"indicator": indicator, "known": ", ".join(TOTALS)})
        )
    if value < 0:
        raise Refused(Problem("snapshot.negative", value=str(value)))
    params = {"indicator": indicator, "about": about}
    data = {**params, "value": value, "as_of": checked_day(as_of), "source": source}
    return freeze(desk, OPENING, params, as_of, data)


def openings(desk: Desk) -> list[Opening]:
    """The newest statement of each total from before the program."""
    found: dict[tuple[str, str], Opening] = {}
    for each in rows.snapshots_of(desk.store, OPENING):
        data = json.loads(each.content)
        opening = Opening(
            each.number, data["indicator"], data.get("about", ""), data["value"], data["as_of"],
            data.get("source", ""),
        )  # fmt: skip
        found[opening.indicator, opening.about] = opening
    return [found[key] for key in sorted(found)]
