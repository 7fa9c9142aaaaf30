"""People: search as you type, my street first, then the district, then the city."""

from __future__ import annotations

from rcaid.locale import N_, _
from rcaid.screens.cells import Line, count, ruled
from rcaid.screens.gate import SOFT
from rcaid.screens.list import ListScreen
from rcaid.screens.previewing import ListOf
from rcaid.screens.session import Group, Page, Row
from rcaid.screens.starting import Starting
from rcaid.screens.widgets.rows import Column

_MOST = 50


class People(Starting, ListScreen):
    """Everybody on file. The rows shown always belong to the text shown."""

    place = "people"
    title_of_place = N_("People")
    lists = (
        ListOf(
            "people",
            N_("People"),
            (
                Column("name", N_("name"), 5, 10, grows=True),
                Column("who", N_("who"), 16, 6),
                Column("identity", N_("identity"), 23, 18),
                Column("office", N_("lives in"), 42, 20),
                Column("helped", N_("last help"), 63, 9),
                Column("open", N_("cases"), 73, 5, "count", right=True),
            ),
        ),
    )

    def __init__(self) -> None:
        super().__init__()
        self._found = 0
        self._shown = 0

    def reload(self, *, keep: bool = True) -> None:
        """Search again with the same text."""
        self._changes_seen = self.rcaid.changes
        self._search(keep=keep)

    def filter_typed(self) -> None:
        """Ask with every character."""
        self._search(keep=False)

    def _search(self, *, keep: bool) -> None:
        text, row = self.filter_text, self.rows.row if keep else None
        if not text:
            self.show_groups((), row)
            return
        self.read(
            lambda: self.session.find_people(text, _MOST),
            lambda groups: self.show_groups(groups, row),
            group=SOFT,
            failed=self.unreadable,
        )

    def show_groups(self, groups: tuple[Group, ...], row: Row | None) -> None:
        """Let these people stand here, each circle under a rule of its own."""
        rows: list[Row] = []
        rules: dict[str, Line] = {}
        for group in groups:
            if group.rows:
                id = f"rule {group.label}"
                right = f"{count(group.total)} "
                rules[id] = ruled(f"     {group.label}", right, self.rows.size.width)
                rows += [Row(id, {}), *group.rows]
        self._found = sum(group.total for group in groups)
        self._shown = len(rows) - len(rules)
        self.rows.rules = rules
        self.show_page(Page(tuple(rows), len(rows)), row, 0)

    def counted(self) -> str:
        """How many were found, and how many of them stand here."""
        marked = self.marked_text()
        if self._found <= self._shown:
            return marked or (count(self._found) if self.filter_text else "")
        text = _("{found} found, first {shown}")
        return text.format(found=count(self._found), shown=count(self._shown))

    def nothing_fits(self) -> str:
        """What to type, or that nobody fits."""
        if not self.filter_text:
            return _("/ and then a name, initials, pinyin, or the last digits of a number")
        return _("Nobody fits  {filter}   Esc clears it.").format(filter=self.filter_text)

    def do_rows_mark_all(self) -> None:
        """People are not acted on in bulk."""
        self._without()

    def open_card(self, row: Row) -> None:
        """The person in full."""
        from rcaid.screens.card import CardScreen

        self.rcaid.open(CardScreen(self, row))
