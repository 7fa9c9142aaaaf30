"""Values that try to act on a terminal or on the program, put where an import would refuse them."""

from __future__ import annotations

import json
import re
import sqlite3
from itertools import pairwise

MARK = "PWNED"
TITLE = f"\x1b]0;{MARK}\x07"
CLIPBOARD = "\x1b]52;c;UFdORUQ=\x07"
C1 = f"\x9b2J\x9d0;{MARK}\x9c"
CONTROLS = "甲\r乙\n丙\x00丁\x7f戊\x08己\x1b[6n"
BIDI = "\u202e反\u2066\u200f\u061c"
ACTION = "[@click=app.quit]x[/]"
BROKEN = "李四[/] [/foo] ["
NAMES = (TITLE + "张", CLIPBOARD + "王", C1 + "李", CONTROLS, BIDI + "赵", ACTION, BROKEN)

_OSC = re.compile(rb"\x1b\](?:0;|2;|52;)")
_C1 = re.compile("[\x80-\x9f]")
_NEVER = "\x00\x7f\u202e\u2066\u200f\u061c"


def acting(received: bytes) -> list[str]:
    """What in the bytes that reached a terminal could only have come from the values."""
    found = []
    text = received.decode("utf-8", "replace")
    if _OSC.search(received):
        found.append("a title or the clipboard was set")
    if "\ufffd" in text or _C1.search(text):
        found.append("a C1 control")
    if b"\x1b[6n" in received[received.find(b"\x1b[?1049h") + 1 :]:
        found.append("the cursor was asked for")
    found += [f"U+{ord(each):04X}" for each in _NEVER if each in text]
    return found


def poison_names(store: str, district: str) -> int:
    """Gives every live person of a district a hostile name, one after another; how many."""
    return _poison(
        store,
        "SELECT person.id FROM person JOIN office ON office.id = person.office_id"
        " WHERE office.code LIKE :place ORDER BY person.id",
        "UPDATE person SET name = :value WHERE id = :id",
        {"place": f"{district}%"},
    )


def poison_offices(store: str, district: str) -> int:
    """Gives every street of a district a hostile name; how many."""
    return _poison(
        store,
        "SELECT id FROM office WHERE code LIKE :place AND level = 'street' ORDER BY code",
        "UPDATE office SET name = :value WHERE id = :id",
        {"place": f"{district}%"},
    )


def poison_reasons(store: str, district: str) -> int:
    """Lets every line of the batches of a district come back for a hostile reason; how many."""
    return _poison(
        store,
        "SELECT disbursement.id FROM disbursement JOIN batch ON batch.id = batch_id"
        " JOIN office ON office.id = batch.office_id WHERE office.code = :place"
        " ORDER BY batch_id, voucher",
        "UPDATE disbursement SET state = 'returned', code = :value WHERE id = :id",
        {"place": district},
    )


def poison_files(store: str, district: str) -> int:
    """Gives every file that came in for a district a hostile name, and hostile headings to what
    was wrong with its rows; how many."""
    of_district = (
        "SELECT import_batch.id FROM import_batch JOIN office ON office.id = office_id"
        " WHERE office.code = :place ORDER BY import_batch.id"
    )
    headings = json.dumps(
        [{"code": "row.repeated", "column": name, "params": {"first": name}} for name in NAMES]
    )
    connection = sqlite3.connect(store)
    try:
        connection.execute(
            f"UPDATE import_row SET problems = :told WHERE outcome = 'rejected'"
            f" AND batch_id IN ({of_district})",
            {"told": headings, "place": district},
        )
        connection.commit()
    finally:
        connection.close()
    change = "UPDATE import_batch SET file_name = :value WHERE id = :id"
    return _poison(store, of_district, change, {"place": district})


def pair_people(store: str, district: str) -> int:
    """Puts neighbours of a district into the queue of those who may be one person; how many."""
    connection = sqlite3.connect(store)
    try:
        people = connection.execute(
            "SELECT person.id, office_id FROM person JOIN office ON office.id = office_id"
            " WHERE office.code LIKE :place AND person.state = 'live' ORDER BY person.id LIMIT 15",
            {"place": f"{district}%"},
        ).fetchall()
        rows = [
            (f"{left[:20]}{n:06}", left_office, left, right, f"key{n}")
            for n, ((left, left_office), (right, _)) in enumerate(pairwise(people))
        ]
        connection.executemany(
            "INSERT INTO duplicate_pair (id, office_id, left_id, right_id, row_key, score, band,"
            " parts, state, version) VALUES (?, ?, ?, ?, ?, 40, 'possible', '[]', 'open', 1)",
            rows,
        )
        connection.commit()
        return len(rows)
    finally:
        connection.close()


def _poison(store: str, which: str, change: str, params: dict[str, str]) -> int:
    connection = sqlite3.connect(store)
    try:
        ids = [row[0] for row in connection.execute(which, params)]
        rows = [{"id": id, "value": NAMES[n % len(NAMES)]} for n, id in enumerate(ids)]
        connection.executemany(change, rows)
        connection.commit()
        return len(rows)
    finally:
        connection.close()
