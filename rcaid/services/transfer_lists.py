"""The list of transfers for the screens, and one of them in full with who did what to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rcaid.db import cards, programmes
from rcaid.db import lists as list_rows
from rcaid.db import transfers as rows
from rcaid.db.tables import Transfer
from rcaid.domain.duties import kept_apart
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.filters import Test, Word, parse
from rcaid.domain.words import CHINESE, codes_of
from rcaid.domain.workflow import move
from rcaid.services.cases import Happened, happened
from rcaid.services.desk import Desk
from rcaid.services.transfers import Line, find, show, shown

STEPS = {
    "transfer.approve": ("approve", "transfer.approve"),
    "transfer.send": ("send", "transfer.send"),
    "transfer.receive": ("receive", ""),
    "transfer.report": ("report", ""),
    "transfer.return": ("return_", ""),
    "transfer.cancel": ("cancel", ""),
}
"""For each act on a transfer its step in the table of states, and in the rules of separation."""
_FIELDS = {"step", "programme", "name"}


@dataclass(frozen=True, slots=True)
class TransferRow:
    """A transfer as the list shows it, with its office and who had which part (staff id, act)."""

    line: Line
    office_id: str
    place: str
    parts: tuple[tuple[str, str], ...]
    version: int


@dataclass(frozen=True, slots=True)
class TransferCard:
    """A transfer in full; ``available`` and ``payable`` are its fund's balances in fen."""

    row: TransferRow
    story: tuple[Happened, ...]
    available: int
    payable: int


def page(desk: Desk, filter_text: str = "") -> list[TransferRow] | Problem:
    """The transfers that fit, the newest first, or what is wrong with the filter.

    A word is a part of the number, the receiver, the purpose or the code of the disaster.
    """
    wanted = parse(filter_text, _FIELDS)
    if isinstance(wanted, Problem):
        return wanted
    tests = []
    for item in wanted.items:
        test = _test(item)
        if isinstance(test, Problem):
            return test
        tests.append(test)
    found = _rows(desk, rows.of_offices(desk.store, desk.reach("transfer.list")))
    return [each for each in reversed(found) if all(test(each.line) for test in tests)]


def _test(item: Word | Test) -> Callable[[Line], bool] | Problem:
    """Whether a transfer fits a word, a receiver, a programme or a step."""
    if isinstance(item, Test) and item.field == "step":
        codes = [code for value in item.values for code in codes_of("transfer", value.text)]
        if not codes:
            known = CHINESE["transfer"]
            said = {"field": item.typed or item.field, "typed": item.values[0].text}
            words = known.keys() if item.typed.isascii() else known.values()
            return Problem("filter.names_one_of", {**said, "known": ", ".join(words)})
        return lambda line: (line.state in codes) is not item.negated
    texts = [item.text] if isinstance(item, Word) else [value.text for value in item.values]
    asked = [text.casefold() for text in texts]

    def holds(line: Line) -> bool:
        stands: tuple[str, ...] = (line.number, line.institution, line.purpose, line.disaster)
        if isinstance(item, Test):
            stands = (line.programme,) if item.field == "programme" else (line.institution,)
        fits = any(text in each.casefold() for text in asked for each in stands)
        return fits is not item.negated

    return holds


def _rows(desk: Desk, found: Iterable[Transfer]) -> list[TransferRow]:
    kept = list(found)
    parts = list_rows.makers(desk.store, [each.id for each in kept])
    return [
        TransferRow(
            line, each.office_id, desk.offices.path(each.office_id),
            tuple(parts.get(each.id, ())), each.version,
        )
        for each, line in zip(kept, shown(desk, kept), strict=True)
    ]  # fmt: skip


def row_of(desk: Desk, number: str) -> TransferRow:
    """A transfer by its number; Refused transfer.unknown or who.no_duty."""
    transfer = find(desk, number)
    desk.require("transfer.list", transfer.office_id)
    return _rows(desk, [transfer])[0]


def card(desk: Desk, number: str) -> TransferCard:
    """A transfer in full, its goods and its story."""
    row = row_of(desk, number)
    transfer = find(desk, number)
    full = TransferRow(show(desk, number), row.office_id, row.place, row.parts, row.version)
    balances = programmes.balances(desk.store, transfer.fund_id)
    touched = cards.touching(desk.store, [("transfer", [transfer.id])], [number])
    return TransferCard(
        full,
        tuple(happened(desk, touched)),
        balances.get("available", 0),
        balances.get("payable", 0),
    )


def why_not(desk: Desk, act: str, row: TransferRow) -> Problem | None:
    """Why this person may not do an act on a transfer in its state; None when they may."""
    action, step = STEPS[act]
    if move("transfer", row.line.state, action) is None:
        said = {"noun": row.line.number, "state": row.line.state, "action": action.rstrip("_")}
        return Problem("state.no_move", said)
    if desk.duty_for(act, row.office_id) is None:
        where = {"login": desk.actor.login, "act": act, "office": row.place}
        return Problem("who.no_duty", where)
    barred = kept_apart(step, desk.actor.staff_id, row.parts) if step else None
    if barred is not None:
        return Problem(barred.code, {**barred.params, "login": desk.actor.login})
    return None


def unchanged(desk: Desk, row: TransferRow, seen: int) -> None:
    """Refused state.stale when a transfer is not what somebody looked at (BR-047)."""
    if seen not in (0, row.version):
        raise Refused(Problem("state.stale", {"noun": row.line.number, "changes": row.line.state}))
