"""The lock: nobody's data on the screen of somebody who went away."""

from __future__ import annotations

from textual.app import ComposeResult

from rcaid.locale import N_, _
from rcaid.screens.frame import Frame
from rcaid.screens.widgets.frame import KeyHint


class Lock(Frame):
    """Stands over everything until Enter; a card below it is masked again."""

    title_of_place = N_("Locked")
    contexts = ()

    def compose_body(self) -> ComposeResult:
        """Two lines and nothing else."""
        yield self.part("body")

    def draw_body(self) -> None:
        """Who locked it, and the way on."""
        who = self.session.who
        said = _("Locked. {name} goes on with Enter.").format(name=who.name)
        left = _("Without a key rcaid leaves after {n} minutes; nothing is lost.").format(
            n=self.rcaid.leave_after // 60
        )
        self.painted("body").show([(), ((f" {said}", "strong"),), ((f" {left}", "quiet"),)])

    def use_key(self, name: str, *, in_field: bool = False) -> bool:
        """Enter goes on, ^q quits; every other key does nothing here."""
        if name == "enter":
            self.rcaid.unlock()
        elif name == "ctrl+q":
            self.do_app_quit()
        return True

    def hints(self) -> list[KeyHint]:
        """The two ways on."""
        return [KeyHint("enter", _("Go on")), KeyHint("ctrl+q", _("Quit"))]
