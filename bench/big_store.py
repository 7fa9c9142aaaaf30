"""Fills a store by SQL with made-up people and the lines of an earlier cycle, without an import.

People, their sealed values, keys and search entries are real, so that whoever looks them up finds
what an import would have left; accounts, lines and the record are made inside the engine from them.
The record's rows stand for no event: such a store is for measuring and fails `audit verify`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec

from bench.roster_file import _GIVEN, _SURNAMES, fresh_store
from rcaid.db.engine import Statement, Store
from rcaid.db.people import IDENTITY, PHONE
from rcaid.db.search import place_tokens
from rcaid.domain.identity import make_number
from rcaid.services import programmes
from rcaid.services.desk import Desk
from rcaid.services.importing.roster_rows import search_text
from rcaid.services.society import as_person, open_desk

EARLIER = "21A"
_PIECE = 50_000
_LOG = "310101"  # not the log that a roster of the city goes to
_PERSON = (
    "id", "doc", "office_id", "household_id", "state", "name", "sex", "born", "id_kind", "sealed",
    "version",
)  # fmt: skip
_MADE = (
    "INSERT INTO account (id, person_id, office_id, hash, bank, sealed, version) SELECT 'A' ||"
    " substr(id, 2), id, office_id, random(), '中国工商银行上海分行', randomblob(121), 1 FROM person"
    " WHERE id >= :first",
    "INSERT INTO aid_case (id, case_no, lane, cycle_id, roster_id, office_id, person_id,"
    " household_id, category, hardship, hardship_until, fen, account_id, state, sealed, version)"
    " SELECT 'C' || substr(p.id, 2), :cycle || '-' || substr(p.id, 14), 'B', r.cycle_id, r.id,"
    " p.office_id, p.id, p.household_id, 'tumour', 'none', '2021-12-31', 36000,"
    " 'A' || substr(p.id, 2), 'closed', randomblob(46), 1 FROM person p"
    " JOIN roster r ON r.office_id = p.office_id WHERE p.id >= :first ORDER BY p.id",
)
_RECORD = (
    ("household", '{"office_id":"\' || office_id || \'"}'),
    (
        "person",
        '{"household_id":"\' || household_id || \'","office_id":"\' || office_id ||'
        ' \'","state":"live"}',
    ),
    ("account", '{"office_id":"\' || office_id || \'","person_id":"\' || person_id || \'"}'),
    (
        "aid_case",
        '{"account_id":"\' || account_id || \'","case_no":"\' || case_no || \'","cycle_id":"\' ||'
        ' cycle_id || \'","fen":36000,"lane":"B","office_id":"\' || office_id ||'
        ' \'","person_id":"\' || person_id || \'","roster_id":"\' || roster_id ||'
        ' \'","state":"listed"}',
    ),
)


def build(folder: Path, cases: int) -> str:
    """A store of so many people with a line each, and a cycle for `roster_file`'s roster; returns
    its address."""
    folder.mkdir(parents=True, exist_ok=True)
    url = fresh_store(folder)
    desk = open_desk(url, as_login="sh-approver")
    programmes.new_cycle(desk, "QWR", EARLIER, "earlier", "2021-01-01", ["1"])
    desk = as_person(desk, "sh-caseworker")
    desk.store.unit(lambda: _rosters(desk))
    people = _people(desk, cases)
    for start in range(0, cases, _PIECE):
        piece = [next(people) for _ in range(min(_PIECE, cases - start))]
        desk.store.unit(lambda piece=piece, start=start: _put(desk, piece, start))  # type: ignore[misc]
    _run(desk.store, "ANALYZE")
    desk.store.close()
    return url


def _run(store: Store, text: str, **params: Any) -> None:
    store.run(Statement("", text), params)


def _rosters(desk: Desk) -> None:
    _run(
        desk.store,
        "INSERT INTO roster (id, cycle_id, office_id, number, state, lines, opened_on, version)"
        " SELECT 'R' || substr(o.id, 2), c.id, o.id, c.code || '-R-' || o.code, 'closed', 0,"
        " '2021-01-01', 1 FROM office o JOIN cycle c ON c.code = :cycle",
        cycle=EARLIER,
    )
    _run(desk.store, "INSERT INTO audit_head VALUES (:log, 0, :none)", log=_LOG, none=b"0 ")


def _people(desk: Desk, count: int) -> Iterator[tuple[Any, ...]]:
    """Row of `person`, number, phone and search text of each; nobody of the roster's file."""
    rng = random.Random(24)
    streets = [o for o in desk.offices.all if o.level == "street" and not o.pseudo]
    first = date(1925, 1, 1)
    encode = msgspec.json.Encoder(order="sorted").encode
    for n in range(count):
        born = first + timedelta(days=n % 34_000)
        number = make_number("310199", f"{born:%Y%m%d}", 800 + n // 34_000)
        phone = f"15{rng.randrange(10**9):09}"
        street = rng.choice(streets)
        name = rng.choice(_SURNAMES) + "".join(rng.choices(_GIVEN, k=rng.choice((1, 2, 2))))
        row_id, home = f"P0000000000000000{n:09}", f"H0000000000000000{n:09}"
        values = {"address": f"{n % 99 + 1}弄{n % 97 + 1}号", "number": number, "phone": phone}
        chance = rng.randbytes(28)
        (sealed,) = desk.keys.seal_many(
            "person", [row_id], [chance[:16]], [chance[16:]], [encode(values)]
        )
        row = (
            row_id, n + 1, street.id, home, "live", name, "F" if n % 2 else "M",
            born.isoformat(), "RESIDENT_ID", sealed, 1,
        )  # fmt: skip
        place = " ".join(place_tokens(street.code))
        yield row, number, phone, search_text(name, number, phone, place)


def _put(desk: Desk, piece: list[tuple[Any, ...]], start: int) -> None:
    store, hashed = desk.store, desk.keys.hash64
    rows = [row for row, _, _, _ in piece]
    first = rows[0][0]
    store.insert_many(
        "household", ("id", "office_id", "version"), ((row[3], row[2], 1) for row in rows)
    )
    store.insert_many("person", _PERSON, rows)
    keys = [(IDENTITY, hashed(f"RESIDENT_ID:{number}"), 0, row[0]) for row, number, _, _ in piece]
    keys += [(PHONE, hashed(f"phone:{phone}"), row[1], row[0]) for row, _, phone, _ in piece]
    store.insert_many("person_key", ("kind", "hash", "n", "owner_id"), sorted(keys))
    for text in _MADE:
        _run(store, text, first=first, cycle=EARLIER)
    for at, (noun, public) in enumerate(_RECORD):
        _run(
            store,
            "INSERT INTO audit_row (log, seq, n, noun, row_id, version, public, private_hash)"
            f" SELECT '{_LOG}', {start + at}, row_number() OVER (ORDER BY id), '{noun}', id, 1,"
            f" '{public}', randomblob(32) FROM {noun} WHERE id >= :first",
            first=noun[0].upper().replace("A", "C" if noun == "aid_case" else "A") + first[1:],
        )
    store.add_search((row[1], text) for row, _, _, text in piece)
