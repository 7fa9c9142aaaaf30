"""A desk behind the results of banks: the list of files, and one file in two panes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rcaid.domain.errors import Problem, Refused, Unusable
from rcaid.domain.money import yuan
from rcaid.domain.sentences import sentence
from rcaid.locale import N_, _
from rcaid.screens.bank_session import PaneRow, PanesView
from rcaid.screens.cells import count
from rcaid.screens.session import ATTENTION, DONE, STOPPED, Done, Note, Page, Preview, Row, Value

if TYPE_CHECKING:
    from rcaid.services.bank_panes import BankFile, PaneLine
    from rcaid.services.desk import Desk
    from rcaid.services.importing.rejects import NotTaken

_NUMBER = re.compile(r"([\d\s-]+)(.*)", re.ASCII | re.DOTALL)
_STATES = {
    "settled": N_("settled"),
    "waiting": N_("needs another account"),
    "ready": N_("has another account"),
    "again": N_("goes out again in {batch}"),
    "written_back": N_("written back"),
}
_ORDER = ("waiting", "ready", "unmatched", "written_back", "again")


def why(text: str) -> str:
    """What a bank said in words: its text, its code alone where it wrote nothing."""
    code, _space, words = text.partition(" ")
    if words:
        return f"{words} ({code})"
    return _("code {code} of the bank").format(code=code) if code.isdigit() else code


# --- the list


def page(desk: Desk, filter_text: str) -> Page:
    """The files of banks that came in."""
    from rcaid.services import bank_panes

    found = bank_panes.page(desk, filter_text)
    if isinstance(found, Problem):
        raise Unusable(found)
    return Page(tuple(_row(desk, each) for each in found), len(found))


def _row(desk: Desk, each: BankFile) -> Row:
    values: dict[str, Value] = {
        "file": each.file_name,
        "settled": each.settled,
        "returned": each.returned or None,
        "waiting": each.waiting + each.ready or None,
        "unmatched": each.unmatched or None,
        "since": each.day,
    }
    sign = ATTENTION if each.waiting or each.ready else DONE
    return Row(each.id, values, each.file_name, sign, 0, each.version)


def preview(desk: Desk, id: str) -> Preview:
    """A file in short."""
    from rcaid.services import bank_panes

    each = bank_panes.file_of(desk, id)
    state = _state(each)
    notes = tuple(_facts(each))
    strip = (
        f"{each.place}   {each.day}",
        f"{_settled_title(each)}   {_returned_title(each)}",
        state,
    )
    return Preview(each.file_name, state, strip, (("", notes),))


def _facts(each: BankFile) -> Iterator[Note]:
    yield Note(_("office"), each.place)
    yield Note(_("taken in"), each.day)
    yield Note(_("settled"), f"{count(each.settled)}   {yuan(each.settled_fen)}")
    yield Note(_("returned"), f"{count(each.returned)}   {yuan(each.returned_fen)}")
    if each.waiting:
        yield Note(_("no account"), count(each.waiting), ATTENTION)
    if each.ready:
        yield Note(_("can go out"), count(each.ready), ATTENTION)
    if each.unmatched:
        yield Note(_("unmatched"), count(each.unmatched), ATTENTION)


def _state(each: BankFile) -> str:
    if each.waiting:
        return _("{n} need another account").format(n=count(each.waiting))
    if each.ready:
        return _("{n} can go out again").format(n=count(each.ready))
    return _("nothing waits")


def _settled_title(each: BankFile) -> str:
    return f"{_('Settled')} {count(each.settled)}  {yuan(each.settled_fen)}"


def _returned_title(each: BankFile) -> str:
    text = f"{_('Returned')} {count(each.returned)}  {yuan(each.returned_fen)}"
    if each.unmatched:
        text += "  " + _("unmatched {n}").format(n=count(each.unmatched))
    return text


# --- the panes


class DeskBankResults:
    """One person at the results of banks. See `rcaid.screens.bank_session.BankResults`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def panes(self, id: str) -> PanesView:
        """A file in full."""
        from rcaid.services import bank_panes

        found = bank_panes.panes(self._desk, id)
        file = found.file
        returned = [_pane_row(self._desk, file, line) for line in found.returned]
        returned += [_unmatched(row) for row in found.unmatched]
        order = {id: _ORDER.index(state) for id, state in _states(found.returned, found.unmatched)}
        returned.sort(key=lambda row: order[row.id])
        return PanesView(
            file.id,
            file.file_name,
            _state(file),
            tuple(_pane_row(self._desk, file, line) for line in found.settled),
            tuple(returned),
            _settled_title(file),
            _returned_title(file),
        )

    def fix(self, voucher: str, text: str) -> Done:
        """Another account for a payment that came back."""
        from rcaid.services import bank_panes

        match = _NUMBER.fullmatch(text.strip())
        number = re.sub(r"[\s-]", "", match.group(1)) if match else text.strip()
        bank = match.group(2).strip() if match else ""
        entry = bank_panes.fix(self._desk, voucher, number, bank)
        return Done(_("{voucher} has another account").format(voucher=voucher), str(entry))

    def again(self, id: str, voucher: str) -> Done:
        """What has another account by now goes into a new batch."""
        from rcaid.services import bank_panes

        found = bank_panes.panes(self._desk, id)
        line = next((each for each in found.returned if each.voucher == voucher), None)
        if line is None:
            raise Refused(Problem("voucher.unknown", {"voucher": voucher}))
        return again(self._desk, line.batch)


def again(desk: Desk, batch_number: str) -> Done:
    """What came back of a batch's round and office goes out again."""
    from rcaid.services import bank_panes

    batch, entry = bank_panes.again(desk, batch_number)
    text = _("{n} made: {lines} lines, {much}, to be locked and approved")
    said = text.format(n=batch.number, lines=count(batch.lines), much=yuan(batch.fen))
    return Done(said, str(entry))


def _states(
    returned: tuple[PaneLine, ...], unmatched: tuple[NotTaken, ...]
) -> Iterator[tuple[str, str]]:
    for line in returned:
        yield line.voucher, line.state
    for row in unmatched:
        yield f"row {row.row}", "unmatched"


def _pane_row(desk: Desk, file: BankFile, line: PaneLine) -> PaneRow:
    from rcaid.services.bank_panes import AGAIN, FIX

    state = _(_STATES.get(line.state, line.state)).format(batch=line.again)
    acts: dict[str, str] = {}
    if line.state in ("waiting", "ready"):
        acts["return.fix_account"] = _needs(desk, FIX, file.office_id)
        acts["return.reissue"] = (
            _needs(desk, AGAIN, file.office_id)
            if file.ready
            else _("no payment that came back has another account yet")
        )
    notes = [
        Note(_("case"), f"{line.case_no}  {line.name}"),
        Note(_("batch"), f"{line.batch}  {line.day}"),
    ]
    if line.state != "settled":
        notes += [Note(_("bank"), why(line.why)), Note(_("account"), f"{line.account}  {state}")]
    sign = {"waiting": ATTENTION, "ready": ATTENTION}.get(line.state, DONE)
    text = why(line.why) if line.state == "waiting" else state
    return PaneRow(line.voucher, line.voucher, line.name, line.fen, text, sign, tuple(notes), acts)


def _needs(desk: Desk, act: str, office_id: str) -> str:
    if desk.duty_for(act, office_id) is not None:
        return ""
    office = desk.offices.path(office_id)
    return sentence(
        Problem("who.no_duty", {"login": desk.actor.login, "act": act, "office": office}), _
    )


def _unmatched(row: NotTaken) -> PaneRow:
    problems = [sentence(each, _) for each in row.problems]
    first = row.problems[0] if row.problems else None
    value = first.value if first and first.value else ""
    notes = tuple(
        Note(each.column, f"{each.value}  {text}".strip(), STOPPED)
        for each, text in zip(row.problems, problems, strict=True)
    )
    label = _("row {n}").format(n=row.row)
    text = problems[0] if problems else ""
    return PaneRow(f"row {row.row}", label, value, 0, text, STOPPED, notes)
