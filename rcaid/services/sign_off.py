"""The sheet people sign when goods or cash are handed out (R-08)."""

from __future__ import annotations

from rcaid.db import offices, people, programmes
from rcaid.db import payments as rows
from rcaid.db.payments import Paying
from rcaid.db.tables import Batch
from rcaid.db.unit import Entry
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.money import capital, yuan
from rcaid.domain.names import mask_list
from rcaid.files.sheets_print import SignLine, SignSheet
from rcaid.services.batch_steps import find
from rcaid.services.desk import Desk
from rcaid.services.shown import opened

_LEFT_OUT = ("prepared", "cancelled")


def sheet(desk: Desk, number: str, purpose: str, recipient: str) -> tuple[SignSheet, Entry]:
    """The sheet of a batch that is handed out, names masked and told apart (BR-052, BR-053).

    Recorded as an export; Refused without a purpose and a recipient (BR-096), and for a batch that
    a bank pays or that was not released.
    """
    batch = find(desk, number)
    desk.require("batch.sheet", batch.office_id)
    if not purpose.strip() or not recipient.strip():
        raise Refused(Problem("export.purpose"))
    if batch.kind == "money" and batch.channel != "cash":
        raise Refused(Problem("batch.sheet_none", {"batch": number}))
    if batch.released_on is None:
        params = {"noun": number, "state": batch.state, "action": "sheet"}
        raise Refused(Problem("state.no_move", params))
    lines = [p for p in rows.lines(desk.store, batch.id) if p.line.state not in _LEFT_OUT]
    made = _sheet(desk, batch, lines)
    note = {"purpose": purpose.strip(), "recipient": recipient.strip(), "lines": len(lines)}
    return made, desk.look("batch.sheet", batch.office_id, batch.number, **note)


def _sheet(desk: Desk, batch: Batch, lines: list[Paying]) -> SignSheet:
    who = people.standing(desk.store, (paying.line.person_id for paying in lines))
    persons = [who[paying.line.person_id] for paying in lines]
    masked = mask_list(person.name or "" for person in persons)
    items = {each.id: each for each in programmes.items(desk.store)}
    staff = {each.id: each.name for each in offices.all_staff(desk.store)}
    made = []
    for paying, person, name in zip(lines, persons, masked, strict=True):
        line = paying.line
        item = items.get(line.item_id or "")
        given = (
            f"{yuan(line.fen or 0)} 元" if item is None else f"{item.name} {line.qty}{item.unit}"
        )
        last4 = str(opened(desk, person).get("number", ""))[-4:]
        made.append(SignLine(line.voucher, name, last4, given))
    programme, cycle = _programme(desk, batch)
    total = f"共 {len(lines)} 人"
    if batch.kind == "money":
        fen = sum(paying.line.fen or 0 for paying in lines)
        total += f"，合计 {yuan(fen)} 元（{capital(fen)}）"
    return SignSheet(
        desk.society, desk.offices.path(batch.office_id), f"{programme} {cycle}", batch.number,
        batch.place or "", batch.held_on or "", staff.get(batch.staff_one or "", ""),
        staff.get(batch.staff_two or "", ""), total, tuple(made),
    )  # fmt: skip


def _programme(desk: Desk, batch: Batch) -> tuple[str, str]:
    cycle_id = rows.round_by_id(desk.store, batch.round_id).cycle_id
    cycle = next(each for each in programmes.cycles(desk.store) if each.id == cycle_id)
    names = {each.id: each.name for each in programmes.programmes(desk.store)}
    return names[cycle.programme_id], cycle.label
