"""The store itself: what state it is in, copies of it, and whether its parts agree."""

from __future__ import annotations

from dataclasses import dataclass, field

from rcaid.db import programmes as programme_rows
from rcaid.db.digests import digests as table_digests
from rcaid.db.migrate import pending, schema_number
from rcaid.domain.errors import Problem
from rcaid.services import reports
from rcaid.services.desk import Desk


@dataclass(slots=True)
class Checked:
    """What was found wrong; empty when the summaries agree with the rows."""

    faults: list[Problem] = field(default_factory=list)


def status(desk: Desk) -> dict[str, str | int]:
    """Facts about the store, for an operator."""
    return {
        "society": desk.society,
        "engine": desk.store.engine,
        "place": desk.store.place,
        "schema": schema_number(desk.store),
        "pending": len(pending(desk.store)),
        "demo": int(desk.demo),
    }


def digests(desk: Desk) -> dict[str, str]:
    """A SHA-256 for each table; equal content gives equal digests on both engines."""
    seen = desk.store.snapshot()
    try:
        return table_digests(seen, desk.keys)
    finally:
        seen.close()


def check(desk: Desk) -> Checked:
    """Counts anew what the summaries say, programme by programme and over all time."""
    checked = Checked()
    for programme in programme_rows.programmes(desk.store):
        kept = reports.counts(desk, programme, "0000", "9999")
        counted = reports.recounted(desk, programme, "0000", "9999")
        if kept != counted:
            checked.faults.append(
                Problem("store.summary", {"programme": programme.code, "kept": str(kept)})
            )
    return checked
