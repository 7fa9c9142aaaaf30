"""Where a donor's money went, as a file for the donor: it names cases and receivers, nobody."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from rcaid.db.unit import Entry
from rcaid.domain.money import yuan
from rcaid.files.writing import write_csv
from rcaid.services import outbox
from rcaid.services.desk import Desk
from rcaid.services.funds import donors, trace
from rcaid.services.funds.trace import Trace

PURPOSE, RECIPIENT = "own_question", "donor"
"""What such a file is for and who gets it; the record keeps both (BR-096)."""


def write_trace(
    desk: Desk, code: str, headings: Sequence[str], words: Sequence[str]
) -> tuple[Path, Entry]:
    """Writes what each donation of a donor paid for into the outbox, to the fen (BR-088).

    ``headings`` are those of donation, day, object, number and yuan; ``words`` what money that came
    in, went back and is left is called. Refused donor.unknown or who.no_duty; Unusable
    outbox.write.
    """
    donor = donors.by_code(desk, code)
    desk.require("donation.trace", donor.office_id)
    rows = [row for each in trace.of_donor(desk, code) for row in _rows(each, words)]
    with tempfile.TemporaryDirectory(prefix="rcaid-") as folder:
        made = Path(folder) / "trace.csv"
        write_csv(made, headings, rows)
        content = made.read_bytes()
    path = outbox.put(desk, desk.home().id, f"{donor.code}-{desk.day}.csv", content)
    note = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "purpose": PURPOSE,
        "recipient": RECIPIENT,
    }
    return path, desk.look("donation.trace", donor.office_id, donor.code, **note)


def _rows(each: Trace, words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    received, back, left = words
    yield each.number, each.received_on, received, "", yuan(each.fen)
    for use in each.uses:
        yield each.number, use.day, use.object, use.number, yuan(use.fen)
    if each.given_back:
        yield each.number, "", back, "", yuan(each.given_back)
    yield each.number, "", left, "", yuan(each.left)
