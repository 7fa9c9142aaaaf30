"""One batch in full: what became of its lines, who had a part in it; what deciding it would do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rcaid.db import cards, people, programmes
from rcaid.db import lists as list_rows
from rcaid.db import offices as office_rows
from rcaid.db import payments as rows
from rcaid.db.lists import Asked, Condition
from rcaid.db.payments import Paying
from rcaid.db.rosters import makers
from rcaid.db.tables import Batch
from rcaid.domain.duties import kept_apart
from rcaid.domain.errors import Problem
from rcaid.domain.workflow import move
from rcaid.services import lists
from rcaid.services.batches import Reconciled, find, objects, reconciled
from rcaid.services.cases import Happened, happened
from rcaid.services.checks import ATTENTION, DONE, STOPPED, Check
from rcaid.services.desk import Desk
from rcaid.services.lists import BatchRow
from rcaid.services.roster_cards import ByCategory
from rcaid.services.shown import shown_name

STEPS = {
    "batch.lock": ("lock", ""),
    "batch.approve": ("approve", "batch.approve"),
    "batch.release": ("release", "batch.release"),
    "batch.reconcile": ("reconcile", ""),
    "batch.close": ("close", ""),
    "batch.cancel": ("cancel", ""),
}
"""For each act on a batch its step in the table of states, and in the rules of separation."""
CAME_BACK = ("returned", "undelivered", "reissued", "written_back")
"""States of a line whose money or goods did not arrive."""
SHOWN_BACK = 200
_BEFORE_RELEASE = ("draft", "locked", "approved")


class Back(NamedTuple):
    """A line that came back: its money in fen or its pieces, the day, and why, as the bank or who
    handed it out said it. The name is masked unless this desk sees it in full."""

    voucher: str
    name: str
    fen: int | None
    qty: int | None
    state: str
    day: str
    why: str


@dataclass(frozen=True, slots=True)
class BatchCard:
    """A batch. ``states`` are lines and value in fen by state of the line, ``parts`` who made,
    approved and released it by act; ``back`` the first 200 that came back of ``back_total``."""

    row: BatchRow
    programme: str
    item: str
    file_sha256: str
    outcome: Reconciled
    states: Mapping[str, tuple[int, int]]
    parts: Mapping[str, str]
    checks: tuple[Check, ...]
    story: tuple[Happened, ...]
    by_category: tuple[ByCategory, ...] = ()
    back: tuple[Back, ...] = ()
    back_total: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What approving or releasing a batch would do: lines, fen and pieces that go; ``staying`` are
    case numbers whose right is suspended, left out of a release."""

    row: BatchRow
    programme: str
    lines: int
    fen: int
    qty: int
    staying: tuple[str, ...]
    staying_fen: int
    by_category: tuple[ByCategory, ...]
    refusal: Problem | None
    agrees: bool


def row_of(desk: Desk, number: str) -> BatchRow:
    """A batch as the list shows it, by number or id; Refused state.gone or who.no_duty."""
    batch = find(desk, number)
    desk.require("batch.list", batch.office_id)
    asked = Asked("batches", (Condition("batch", "in", (batch.number,)),))
    return lists.batch_rows(desk, [list_rows.page(desk.store, asked, 1)[0][2:]])[0]


def why_not(
    desk: Desk, act: str, row: BatchRow, parts: Iterable[tuple[str, str]] = ()
) -> Problem | None:
    """Why this person may not do an act on a batch in its state; None when they may.

    ``parts`` are those in its rosters (staff id, act); the batch's own are on the row. Without
    them somebody may look free who is not; the act itself holds to all of them.
    """
    action, step = STEPS[act]
    if move("batch", row.state, action) is None:
        return Problem("state.no_move", {"noun": row.number, "state": row.state, "action": action})
    if desk.duty_for(act, row.office_id) is None:
        where = {"login": desk.actor.login, "act": act, "office": row.place}
        return Problem("who.no_duty", where)
    own = (*row.parts, *parts)
    barred = kept_apart(step, desk.actor.staff_id, own) if step else None
    if barred is not None:
        return Problem(barred.code, {**barred.params, "login": desk.actor.login})
    if act == "batch.reconcile" and (desk.actor.staff_id, "batch.release") in row.parts:
        return Problem("who.maker", {"login": desk.actor.login, "part": "batch.release"})
    return None


def refusals(desk: Desk, found: BatchCard) -> dict[str, Problem | None]:
    """What the state of a batch allows: each act with why this person may not do it, or None."""
    row, outcome = found.row, found.outcome
    parts = makers(desk.store, objects(desk, find(desk, row.id)))
    acts = {
        act: why_not(desk, act, row, parts)
        for act, (action, _step) in STEPS.items()
        if move("batch", row.state, action) is not None
    }
    if outcome.open[0] or outcome.difference or outcome.missing:
        numbers = {"open": outcome.open[0], "difference": outcome.difference}
        for act in ("batch.reconcile", "batch.close"):
            if act in acts and acts[act] is None:
                acts[act] = Problem("batch.not_zero", {"batch": row.number, **numbers})
    return acts


def read_card(desk: Desk, number: str) -> BatchCard:
    """A batch without its lines, for previews."""
    row = row_of(desk, number)
    return _card(desk, row, find(desk, row.id))


def card(desk: Desk, number: str) -> BatchCard:
    """A batch in full, with its lines by category and those that came back."""
    row = row_of(desk, number)
    batch = find(desk, row.id)
    lines = rows.lines(desk.store, row.id)
    back = [paying for paying in lines if paying.line.state in CAME_BACK]
    return _card(desk, row, batch, lines, _back(desk, back[:SHOWN_BACK]), len(back))


def _card(
    desk: Desk,
    row: BatchRow,
    batch: Batch,
    lines: Sequence[Paying] = (),
    back: Iterable[Back] = (),
    back_total: int = 0,
) -> BatchCard:
    outcome = reconciled(desk, batch)
    names = {each.id: each.name for each in office_rows.all_staff(desk.store)}
    lot = next((each for each in programmes.lots(desk.store) if each.id == batch.lot_id), None)
    items = {each.id: each.name for each in programmes.items(desk.store)}
    touched = [("batch", [row.id]), ("disbursement", [paying.line.id for paying in lines])]
    live = [paying for paying in lines if paying.line.state != "cancelled"]
    return BatchCard(
        row,
        _programme(desk, row),
        items.get(lot.item_id, "") if lot else "",
        batch.file_sha256 or "",
        outcome,
        rows.states(desk.store, row.id),
        {act: names.get(staff, "") for staff, act in row.parts},
        tuple(_checks(row, outcome, lines)),
        tuple(happened(desk, cards.touching(desk.store, touched, [row.number]))),
        by_category(live),
        tuple(back),
        back_total,
    )


def _programme(desk: Desk, row: BatchRow) -> str:
    code = row.round.rpartition("-")[0]
    names = {each.id: each.name for each in programmes.programmes(desk.store)}
    return next(
        (names[each.programme_id] for each in programmes.cycles(desk.store) if each.code == code),
        "",
    )


def by_category(lines: Iterable[Paying]) -> tuple[ByCategory, ...]:
    """Lines by category, the largest first, with their value in fen."""
    sums: dict[str, tuple[int, int]] = {}
    for paying in lines:
        n, fen = sums.get(paying.category, (0, 0))
        sums[paying.category] = (n + 1, fen + paying.line.value_fen)
    largest = sorted(sums.items(), key=lambda each: (-each[1][0], each[0]))
    return tuple(ByCategory(category, n, fen) for category, (n, fen) in largest)


def _checks(row: BatchRow, outcome: Reconciled, lines: Sequence[Paying]) -> Iterable[Check]:
    """Whether the count comes out, and what still waits."""
    n, difference = outcome.open[0], outcome.difference
    if row.state == "cancelled":
        return
    if difference or outcome.missing:
        numbers = {"n": outcome.missing, "fen": difference}
        yield Check("batch.difference", STOPPED, numbers, "BR-070")
    elif n and row.state in _BEFORE_RELEASE:
        yield Check("batch.not_gone", "", {"n": n}, "")
    elif n:
        yield Check("batch.on_way", ATTENTION, {"n": n}, "BR-070")
    else:
        yield Check("batch.zero", DONE, {}, "BR-070")
    suspended = sum(
        1 for p in lines if p.line.state == "prepared" and p.entitlement.state != "reserved"
    )
    if suspended:
        yield Check("batch.suspended", ATTENTION, {"n": suspended}, "")
    waiting = sum(1 for paying in lines if paying.line.state == "returned")
    if waiting:
        yield Check("batch.returned", ATTENTION, {"n": waiting}, "")


def _back(desk: Desk, lines: Sequence[Paying]) -> Iterable[Back]:
    who = people.many(desk.store, (paying.line.person_id for paying in lines))
    for paying in lines:
        line = paying.line
        person = who.get(line.person_id)
        name = shown_name(desk, person, desk.day) if person is not None else ""
        yield Back(
            line.voucher, name, line.fen, line.qty, line.state, line.done_on or "", line.code or ""
        )


def decision(desk: Desk, act: str, number: str) -> Decision:
    """What approving or releasing a batch would do; writes nothing."""
    row = row_of(desk, number)
    batch = find(desk, row.id)
    lines = [p for p in rows.lines(desk.store, row.id) if p.line.state != "cancelled"]
    staying = [paying for paying in lines if paying.entitlement.state != "reserved"]
    held = [paying for paying in lines if paying.entitlement.state == "reserved"]
    going = held if act == "batch.release" else lines
    parts = makers(desk.store, objects(desk, batch))
    fen = sum(paying.line.fen or 0 for paying in lines)
    return Decision(
        row,
        _programme(desk, row),
        len(going),
        sum(paying.line.fen or 0 for paying in going),
        sum(paying.line.qty or 0 for paying in going),
        tuple(paying.case_no for paying in staying),
        sum(paying.line.value_fen for paying in staying),
        by_category(going),
        why_not(desk, act, row, parts),
        (len(lines), fen) == (batch.lines, batch.fen),
    )
