"""A widget made of lines, that sends only the lines which changed."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from rcaid.screens.cells import Line, Span, plain


class Roles(Widget):
    """Knows the styles of the roles and of the cursor's row."""

    ALLOW_SELECT = False

    def role_style(self, role: str, *, on_row: bool = False) -> Style:
        """How a role looks, on the ground or on the cursor's row."""
        styles: dict[str, tuple[Style, Style]] = vars(self.app)["role_styles"]
        return styles[role][on_row]

    def strip_of(self, line: Line, width: int, *, on_row: bool = False) -> Strip:
        """A line in exactly ``width`` cells."""
        segments = [
            Segment(plain(text), self.role_style(role, on_row=on_row))
            for text, role in _joined(line)
        ]
        return Strip(segments).adjust_cell_length(width, self.role_style("text", on_row=on_row))


def _joined(line: Line) -> list[Span]:
    """The line in as few spans as look the same, since each one costs bytes: blanks look alike
    in every role."""
    spans: list[Span] = []
    for text, role in line:
        if spans and (role == spans[-1][1] or not text.strip(" ")):
            spans[-1] = (spans[-1][0] + text, spans[-1][1])
        elif spans and not spans[-1][0].strip(" "):
            spans[-1] = (spans[-1][0] + text, role)
        else:
            spans.append((text, role))
    return spans


class Painted(Roles):
    """Shows lines from the top; a line that stays the same is not sent again."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """What stands here."""
        return self._lines

    def show(self, lines: Sequence[Line]) -> None:
        """Let these lines stand here; lines below them are blank."""
        old, self._lines = self._lines, tuple(lines)
        width = self.size.width
        changed = [
            Region(0, y, width, 1)
            for y in range(max(len(old), len(self._lines)))
            if _at(old, y) != _at(self._lines, y)
        ]
        if changed:
            self.refresh(*changed)

    def render_line(self, y: int) -> Strip:
        """One line for the compositor."""
        return self.strip_of(_at(self._lines, y), self.size.width)


def _at(lines: Sequence[Line], y: int) -> Line:
    return lines[y] if y < len(lines) else ()
