"""A report as a file in the outbox; what went out is an event of the record."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

from rcaid.db.unit import Entry
from rcaid.services import outbox
from rcaid.services.desk import Desk
from rcaid.services.reporting.shape import Report


def name_of(report: Report, number: str = "") -> str:
    """What a file of a report is called, without its ending: R-02-2022-10, then its snapshot."""
    period = report.period.replace("..", "_")
    return "-".join(part for part in (report.code, period, number) if part)


def to_outbox(
    desk: Desk, report: Report, ending: str, write: Callable[[Path], object], number: str = ""
) -> tuple[Path, Entry]:
    """Writes a report into the outbox of one's own office and records it with the file's hash.

    ``write`` puts it at a path; ``number`` is of its snapshot. Raises Unusable outbox.write.
    """
    office = desk.office_for("report.export")
    desk.require("report.export", office.id)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / f"report{ending}"
        write(made)
        content = made.read_bytes()
    path = outbox.put(desk, office.id, f"{name_of(report, number)}{ending}", content)
    digest = hashlib.sha256(content).hexdigest()
    entry = desk.look(
        "report.export", office.id, report.name, period=report.period, as_of=report.as_of,
        sha256=digest,
    )  # fmt: skip
    return path, entry
