"""A list's filter: a line that is always there, and asks with every character."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from rcaid.domain.errors import ProblemError
from rcaid.domain.sentences import sentence
from rcaid.locale import _
from rcaid.screens import commands, keys
from rcaid.screens.completion import Completion
from rcaid.screens.gate import SOFT
from rcaid.screens.previewing import Previewing
from rcaid.screens.session import Page, Row
from rcaid.screens.widgets.field import Field
from rcaid.screens.widgets.frame import KeyHint

PAGE = 200


class Filtering(Previewing):
    """Rows under a filter. The rows shown always belong to the text shown."""

    def __init__(self) -> None:
        super().__init__()
        first = self.lists[0]
        self.field = Field(id="field", suggester=Completion(first.name, first.fields.split()))
        self.filter_text = ""
        self.base_filter = ""
        self.earlier: list[str] = []
        self._before = ""
        self._filter_wrong = False

    def reload(self, *, keep: bool = True) -> None:
        """Read the rows again; the cursor stays on the same thing."""
        raise NotImplementedError

    def show_page(self, page: Page, row: Row | None, at: int) -> None:
        """Let a first page stand here, with the cursor on a row or at a position."""
        raise NotImplementedError

    def unreadable(self, error: ProblemError) -> None:
        """A filter that cannot be read: the rows stay as they were."""
        self.rows.fade(False)
        self._filter_wrong = True
        self.say(sentence(error.problems[0], _), "attention")

    def readable(self) -> None:
        """What was said of a filter goes when the filter is right."""
        if self._filter_wrong:
            self._filter_wrong = False
            self.hush()

    def do_rows_filter(self) -> None:
        """Open the filter with the text standing and the caret at its end."""
        self._before = self.filter_text
        self.field.focus()
        self.field.cursor_position = len(self.field.value)

    def on_focus_changed(self) -> None:
        """The last line says what works in the filter, or on the rows."""
        in_field = self.focused is self.field
        self.painted("slash").show([((" / ", "accent" if in_field else "quiet"),)])
        self.draw_foot()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The field takes the keys."""
        self.on_focus_changed()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """The rows take the keys."""
        self.on_focus_changed()

    def hints(self) -> list[KeyHint]:
        """In the filter other keys work."""
        if self.focused is not self.field:
            return super().hints()
        shown = [c for c in commands.of(self.field_contexts) if c.order]
        hints = [KeyHint(c.keys[0], c.name) for c in shown]
        return [KeyHint("down", _("Choose")), *hints, KeyHint("f1", _("Help"))]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Ask with every character; the rows shown belong to the text shown."""
        self.filter_text = keys.fold_text(event.value).strip()
        self.filter_typed()

    def filter_typed(self) -> None:
        """Ask for the rows of the text that stands in the filter now."""
        name, text = self.list_name, self.filter_text
        self.read(
            lambda: self.session.page(name, text, "", PAGE),
            lambda page: self.show_page(page, None, 0),
            group=SOFT,
            failed=self.unreadable,
        )

    def on_field_refused(self, event: Field.Refused) -> None:
        """A paste that does not fit."""
        self.say(event.sentence, "attention")

    def _use_filter(self, text: str) -> None:
        self.filter_text = text
        with self.prevent(Input.Changed):
            self.field.value = text

    def do_filter_keep(self) -> None:
        """To the rows, with this filter."""
        text = self.filter_text
        if text and text not in self.earlier:
            self.earlier.append(text)
        self.set_focus(None)

    def do_filter_cancel(self) -> None:
        """To the rows, with the filter that stood before."""
        if self.filter_text != self._before:
            self._use_filter(self._before)
            self.reload(keep=False)
        self.set_focus(None)

    def do_filter_rows(self) -> None:
        """Move in the rows while the text stays open."""
        self.rows.move(1 if self.pressed == "down" else -1)

    def do_filter_older(self) -> None:
        """An earlier filter of this place."""
        if self.earlier:
            at = self.earlier.index(self.field.value) if self.field.value in self.earlier else 0
            self.field.value = self.earlier[at - 1]
            self.field.cursor_position = len(self.field.value)

    def nothing_fits(self) -> str:
        """Why the list is empty, and which key changes that."""
        if self.filter_text:
            return _("Nothing fits  {filter}   Esc clears the filter.").format(
                filter=self.filter_text
            )
        return _("There is nothing here yet. {key} looks again.").format(key=self.own_key())

    def own_key(self) -> str:
        """The key of this place."""
        return commands.BY_ID[f"go.{self.place}"].key
