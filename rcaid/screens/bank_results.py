"""A bank's results in two panes: what settled on the left, what came back on the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult

from rcaid.locale import N_, _
from rcaid.screens import commands, signs
from rcaid.screens.bank_session import PaneRow, PanesView
from rcaid.screens.cells import Line, between, fit, line_width, money, ruled, wrapped
from rcaid.screens.commands import Command
from rcaid.screens.frame import Frame
from rcaid.screens.reading import ACT_GROUP, ROWS_GROUP
from rcaid.screens.session import Done
from rcaid.screens.strip_typing import TextStrip

_VOUCHER, _MONEY, _NAME, _FRONT = 18, 12, 10, 4
_NOTES = 4
_WIDE = 100


class Pane:
    """One of the two: its rows that fit the filter, and where the cursor is."""

    def __init__(self, title: str, rows: Sequence[PaneRow]) -> None:
        self.title = title
        self.all = tuple(rows)
        self.rows = self.all
        self.cursor = 0
        self.top = 0

    @property
    def row(self) -> PaneRow | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def narrow(self, words: Sequence[str]) -> None:
        """Only rows in which every word stands somewhere."""
        before = self.row
        self.rows = tuple(
            row
            for row in self.all
            if all(
                any(word in each.casefold() for each in (row.label, row.name, row.text))
                for word in words
            )
        )
        self.go_to(before.id if before else "")

    def go_to(self, id: str) -> None:
        """The cursor to the row of an id; else it stays as near as it can."""
        at = next((n for n, row in enumerate(self.rows) if row.id == id), self.cursor)
        self.cursor = max(min(at, len(self.rows) - 1), 0)

    def move(self, step: int) -> None:
        """The cursor by rows."""
        self.cursor = max(min(self.cursor + step, len(self.rows) - 1), 0)

    def lines(self, height: int, width: int, *, here: bool, names: bool) -> list[Line]:
        """The heading and as many rows as fit, the cursor among them."""
        lines: list[Line] = [ruled(f" {self.title}", "", width - 1, "accent" if here else "quiet")]
        room = max(height - 1, 1)
        lowest = max(len(self.rows) - room, 0)
        self.top = max(min(self.top, self.cursor, lowest), self.cursor - room + 1, 0)
        for n, row in enumerate(self.rows[self.top : self.top + room], self.top):
            lines.append(_row(row, width - 1, here=here and n == self.cursor, names=names))
        return lines


def _row(row: PaneRow, width: int, *, here: bool, names: bool) -> Line:
    current = signs.current()
    role = "strong" if here else "text"
    rest = width - _FRONT - _VOUCHER - _MONEY - (_NAME if names else 0)
    return (
        (f" {current.cursor}" if here else "  ", "accent"),
        (f"{current.of(row.sign)} ", row.sign or "text"),
        (fit(row.label, _VOUCHER), role),
        (fit(row.name, _NAME) if names else "", role),
        (fit(money(row.fen) if row.fen else "", _MONEY - 2, right=True) + "  ", role),
        (fit(row.text, rest) if rest > 3 else "", "quiet"),
    )


class BankPanes(Frame):
    """One file of a bank. The cursor starts where something is to be done."""

    title_of_place = N_("Bank results")
    contexts = (commands.ANYWHERE, commands.ROWS, "panes")

    def __init__(self, file_id: str, said: Done | None = None) -> None:
        super().__init__()
        self.file_id = file_id
        self.view: PanesView | None = None
        self.panes: tuple[Pane, Pane] | None = None
        self.at = 1
        self.words: tuple[str, ...] = ()
        self._said = said

    def compose_body(self) -> ComposeResult:
        """Which file, and the two panes."""
        yield self.part("sub", "line")
        yield self.part("body")

    def on_mount(self) -> None:
        """Read the file."""
        self.load()

    def load(self) -> None:
        """Read the file and let it stand here."""
        id = self.file_id
        self.read(lambda: self.session.bank.panes(id), self._show, group=ROWS_GROUP)

    def _show(self, view: PanesView) -> None:
        before = self.panes
        left = Pane(view.settled_title, view.settled)
        right = Pane(view.returned_title, view.returned)
        self.view, self.panes = view, (left, right)
        for pane in self.panes:
            pane.narrow(self.words)
        if before is not None:
            for old, new in zip(before, self.panes, strict=True):
                new.cursor = old.cursor
                new.go_to(old.row.id if old.row else "")
        elif not view.returned:
            self.at = 0
        self.draw()
        if self._said is not None:
            self.say(self._said.sentence, number=self._said.number)
            self._said = None

    def speak(self) -> None:
        """Words come from the session, so the file is read again."""
        super().speak()
        self.load()

    @property
    def current(self) -> Pane | None:
        """The pane with the cursor."""
        return self.panes[self.at] if self.panes else None

    @property
    def row(self) -> PaneRow | None:
        """The row under the cursor."""
        return self.current.row if self.current else None

    # drawing

    def has_content(self) -> bool:
        """Once the file was read."""
        return self.view is not None

    def draw_body(self) -> None:
        """The panes side by side."""
        view, panes, width = self.view, self.panes, self.size.width
        if view is None or panes is None:
            return
        right = " ".join(self.words) or view.state
        mark = " / " if self.words else " "
        head = ((f"{mark}{right} ", "text"),)
        self.painted("sub").show([between(((f" {view.title}", "strong"),), head, width)])
        body = self.painted("body")
        height = body.size.height
        names = width >= _WIDE
        first = min(_FRONT + _VOUCHER + _MONEY + (_NAME if names else 0) + 1, width // 2)
        left = panes[0].lines(height, first, here=self.at == 0, names=names)
        back = panes[1].lines(height, width - first, here=self.at == 1, names=names)
        body.show([_beside(left, back, n, first) for n in range(max(len(left), len(back)))])

    def foot_lines(self, width: int) -> Sequence[Line]:
        """The open strip, else all that is known of the row under the cursor."""
        if self.strip is not None:
            return self.strip.lines(width)
        row = self.row
        if row is None:
            return [ruled("", "", width), *[()] * _NOTES]
        lines: list[Line] = []
        for note in row.notes:
            first, *more = wrapped(note.text, width - 20)
            lines.append(((fit(f"     {note.label}", 18), "quiet"), (first, note.sign or "text")))
            lines += [((" " * 18 + text, "text"),) for text in more]
        head = ruled(f" {row.label}", f"{row.text} ", width, "text")
        return [head, *[*lines, *[()] * _NOTES][:_NOTES]]

    # what may be done

    def current_acts(self) -> Mapping[str, str]:
        """Of the row under the cursor."""
        return self.row.acts if self.row else {}

    def refusal(self, command: Command) -> str:
        """Accounts are fixed of what came back."""
        if command.id in ("return.fix_account", "return.reissue"):
            if self.row is None:
                return _("nothing is under the cursor")
            reason = self.current_acts().get(command.id)
            return _("this payment did not come back") if reason is None else reason
        return super().refusal(command)

    def on_last_line(self, command: Command) -> bool:
        """It is open already."""
        return command.id not in ("rows.open", "rows.more") and super().on_last_line(command)

    def do_return_fix_account(self) -> None:
        """Another account: number, and the bank if it is another one."""
        row = self.row
        if row is None:
            return

        def typed(text: str) -> None:
            self.close_strip()
            self.read(lambda: self.session.bank.fix(row.id, text), self._done, group=ACT_GROUP)

        name = commands.BY_ID["return.fix_account"].name
        label = _("account number; behind it the bank, if it is another")
        self.open_strip(TextStrip(f"{name}  {row.label}  {row.name}", label, name, typed))

    def do_return_reissue(self) -> None:
        """What has another account goes into a new batch."""
        row, id = self.row, self.file_id
        if row is not None:
            self.read(lambda: self.session.bank.again(id, row.id), self._done, group=ACT_GROUP)

    def _done(self, done: Done) -> None:
        self.rcaid.changes += 1
        self._said = done
        self.load()

    # moving

    def _move(self, step: int) -> None:
        if self.current is not None:
            self.current.move(step)
            self.draw()

    def do_rows_down(self) -> None:
        """Down."""
        self._move(1)

    def do_rows_up(self) -> None:
        """Up."""
        self._move(-1)

    def do_rows_page_down(self) -> None:
        """A screen down."""
        self._move(self.painted("body").size.height - 2)

    def do_rows_page_up(self) -> None:
        """A screen up."""
        self._move(2 - self.painted("body").size.height)

    def do_rows_first(self) -> None:
        """The first of this pane."""
        self._move(-(10**9))

    def do_rows_last(self) -> None:
        """The last of this pane."""
        self._move(10**9)

    def do_rows_pane(self) -> None:
        """The other pane."""
        self.at = 1 - self.at
        self.draw()

    def do_rows_pane_back(self) -> None:
        """The other pane."""
        self.do_rows_pane()

    def do_return_filter(self) -> None:
        """Only what holds these words, in both panes."""
        label = _("voucher, name or reason")
        self.open_strip(TextStrip(_("Filter"), label, _("To the rows"), self._narrow))

    def _narrow(self, text: str) -> None:
        self.close_strip()
        self._use_words(tuple(text.casefold().split()))
        if self.panes is not None and not any(pane.rows for pane in self.panes):
            said = _("Nothing fits  {filter}   Esc clears the filter.")
            self.say(said.format(filter=text), "attention")

    def _use_words(self, words: tuple[str, ...]) -> None:
        self.words = words
        for pane in self.panes or ():
            pane.narrow(words)
        self.draw()

    def do_app_back(self) -> None:
        """The filter first, then the list."""
        if self.words:
            self._use_words(())
        else:
            self.rcaid.back()

    def do_rows_copy(self) -> None:
        """Send the voucher to the person's own clipboard."""
        if self.row is not None:
            self.rcaid.copy_out(self.row.label)
            said = _("{text} was sent to the terminal's clipboard")
            self.say(said.format(text=self.row.label))


def _beside(left: Sequence[Line], right: Sequence[Line], n: int, first: int) -> Line:
    line: Line = left[n] if n < len(left) else ()
    blank = (" " * max(first - line_width(line), 0), "text")
    return (*line, blank, *(right[n] if n < len(right) else ()))
