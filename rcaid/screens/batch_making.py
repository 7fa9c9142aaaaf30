"""Making batches: of what is ready, of what came back; the bank's file; flags that hold them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rcaid.locale import N_, _
from rcaid.screens import commands
from rcaid.screens.acting import Acting
from rcaid.screens.import_session import Option
from rcaid.screens.making_session import BatchChoice
from rcaid.screens.reading import ACT_GROUP
from rcaid.screens.strip_typing import NumberStrip, TextStrip

CLEARED = (
    ("checked", N_("looked into, it is right")),
    ("family", N_("one family or one guardian")),
    ("papers", N_("papers were seen")),
    ("corrected", N_("was corrected meanwhile")),
    ("other", N_("another reason")),
)
"""Why a flag holds a batch no longer."""


class Making(Acting):
    """What may be done on the way to a batch. Each question is one number."""

    def do_batch_new(self) -> None:
        """Round, office and kind by their numbers, then the batch."""
        self.read(self.session.making.choices, self._ask_round, group=ACT_GROUP)

    def _ask_round(self, found: tuple[BatchChoice, ...]) -> None:
        if not found:
            self.say(_("nothing is ready to go out"), "attention")
            return
        rounds = {each.round: each.round_label for each in found}

        def chosen(code: str) -> None:
            self._ask_office([each for each in found if each.round == code])

        self._ask(_("which round"), rounds.items(), chosen)

    def _ask_office(self, found: list[BatchChoice]) -> None:
        offices = {each.office: each.office_label for each in found}

        def chosen(code: str) -> None:
            self._ask_kind([each for each in found if each.office == code])

        self._ask(_("which office"), offices.items(), chosen)

    def _ask_kind(self, found: list[BatchChoice]) -> None:
        kinds = [(each.code, f"{each.kind_label}  {each.much}") for each in found]
        self._ask(_("what goes out"), kinds, self._make)

    def _ask(
        self, right: str, options: Iterable[tuple[str, str]], chosen: Callable[[str], None]
    ) -> None:
        def done(code: str) -> None:
            self.close_strip()
            chosen(code)

        title = commands.BY_ID["batch.new"].name
        listed = [Option(code, text) for code, text in options]
        self.open_strip(NumberStrip(title, right, listed, done))

    def _make(self, code: str) -> None:
        self.read(
            lambda: self.session.act("batch.new", (), seen={}, choices={"of": code}),
            self.done,
            group=ACT_GROUP,
        )

    def do_roster_batch(self) -> None:
        """Of the roster under the cursor: round and kind in one number."""
        id = self.targets()[0].id

        def ask(found: tuple[BatchChoice, ...]) -> None:
            if not found:
                self.say(_("nothing of this roster is ready to go out"), "attention")
                return
            kinds = [(e.code, f"{e.round_label}  {e.kind_label}  {e.much}") for e in found]
            self._ask(self.name_of_target(), kinds, self._make)

        self.read(lambda: self.session.making.of_roster(id), ask, group=ACT_GROUP)

    def do_return_reissue(self) -> None:
        """What came back of this batch's round and office, and has another account by now."""
        self.act_now("return.reissue")

    def do_batch_file(self) -> None:
        """Ask what the file is for and who gets it, then write it into the outbox (BR-096)."""
        name = commands.BY_ID["batch.file"].name
        title = f"{name}  {self.name_of_target()}"

        def purpose(said: str) -> None:
            def recipient(who: str) -> None:
                self.close_strip()
                self.act_now("batch.file", {"purpose": said, "recipient": who})

            self.close_strip()
            self.open_strip(TextStrip(title, _("who gets it"), name, recipient))

        self.open_strip(TextStrip(title, _("what it is for"), _("Next"), purpose))

    def do_batch_clear(self) -> None:
        """One flag by its number, then why by a digit."""
        id = self.targets()[0].id
        self.read(lambda: self.session.making.flags(id), self._ask_flag, group=ACT_GROUP)

    def _ask_flag(self, flags: tuple[Option, ...]) -> None:
        if not flags:
            self.say(_("no flag holds this batch"))
            return
        title = f"{commands.BY_ID['batch.clear'].name}  {self.name_of_target()}"

        def chosen(flag: str) -> None:
            def why(reason: str) -> None:
                self.close_strip()
                self.act_now("batch.clear", {"flag": flag, "reason": reason})

            self.close_strip()
            reasons = [Option(code, _(text)) for code, text in CLEARED]
            self.open_strip(NumberStrip(title, _("why"), reasons, why))

        self.open_strip(NumberStrip(title, _("which flag"), flags, chosen))
