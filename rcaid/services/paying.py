"""What paying rests on beside a batch: the account an office pays from, and limits for cash."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from rcaid.db import settings
from rcaid.db.rosters import maker_rows
from rcaid.db.tables import Batch
from rcaid.db.unit import Entry, Unit
from rcaid.domain import identity
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.ids import milliseconds_of
from rcaid.files.pain001 import Payer
from rcaid.services.desk import Desk
from rcaid.services.disasters import checked_text

LINE_FEN = 200_000
"""Cash for one person at most, where nobody has said otherwise: 2,000 yuan."""
POINT_FEN = 5_000_000
"""Cash at one point on one day at most, where nobody has said otherwise: 50,000 yuan."""


def set_payer(desk: Desk, office_code: str, payer: Payer) -> Entry:
    """Says from which account an office and those below it pay, for pain.001 files."""
    office = desk.offices.by_code.get(office_code)
    if office is None:
        raise Refused(Problem("office.unknown", {"value": office_code}))
    number = identity.check_account(payer.account)
    if isinstance(number, Problem):
        raise Refused(number)
    name, bank = checked_text("name", payer.name), checked_text("bank", payer.bank)
    said = {"name": name, "account": number, "bank": bank}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)

    def work(unit: Unit) -> None:
        settings.put(unit.store, _payer_key(office_code), text)

    note = {"last4": number[-4:]}
    return desk.write("payer.set", office.id, work, object=office_code, note=lambda _: note)[1]


def payer_of(desk: Desk, office_id: str) -> Payer:
    """The account an office pays from, its own or that of the next office above; Refused
    bank.payer."""
    office = desk.offices.by_id[office_id]
    above: str | None = office_id
    while above is not None:
        each = desk.offices.by_id[above]
        text = settings.get(desk.store, _payer_key(each.code))
        if text:
            return Payer(**json.loads(text))
        above = each.parent_id
    raise Refused(Problem("bank.payer", {"office": office.name}))


def _payer_key(office_code: str) -> str:
    return f"payer:{office_code}"


def set_cash_limits(desk: Desk, line_fen: int, point_fen: int) -> Entry:
    """How much cash one person, and one point on one day, may be given at most (BR-068)."""
    if not 0 < line_fen <= point_fen:
        raise Refused(Problem("cash.limits"))

    def work(unit: Unit) -> None:
        settings.put(unit.store, "cash.line_fen", str(line_fen))
        settings.put(unit.store, "cash.point_fen", str(point_fen))

    note = {"line_fen": line_fen, "point_fen": point_fen}
    return desk.write("cash.limit", desk.offices.top.id, work, note=lambda _: note)[1]


def cash_limits(desk: Desk) -> tuple[int, int]:
    """The limits in force in fen: for one person, for one point on one day."""
    line = settings.get(desk.store, "cash.line_fen", str(LINE_FEN))
    point = settings.get(desk.store, "cash.point_fen", str(POINT_FEN))
    return int(line), int(point)


def released_at(desk: Desk, batch: Batch) -> str:
    """When a batch was released, as UTC text to the second."""
    moments = [
        milliseconds_of(row.id)
        for row in maker_rows(desk.store, [batch.id])
        if row.act == "batch.release"
    ]
    at = datetime.fromtimestamp(max(moments) / 1000, UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
