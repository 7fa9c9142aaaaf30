"""A desk behind making batches: what is ready, the bank's file, and the flags of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from rcaid.domain.money import yuan
from rcaid.domain.words import CHINESE
from rcaid.locale import N_, _, language
from rcaid.screens.cells import count
from rcaid.screens.import_session import Option
from rcaid.screens.making_session import BatchChoice
from rcaid.screens.session import Done

if TYPE_CHECKING:
    from rcaid.services.batch_choices import Choice
    from rcaid.services.desk import Desk
    from rcaid.services.holds import Hold

FLAGS = {
    "same_account": N_("one account for several people"),
    "same_phone": N_("one phone for three or more"),
    "same_minute": N_("checked within a minute"),
    "other_payee": N_("paid to somebody else"),
    "new_account": N_("account changed in the last 30 days"),
    "near_limit": N_("several amounts just below a limit"),
    "deceased": N_("the person has died"),
}
"""What holds a batch, in words."""


def flag_text(flag: Hold) -> str:
    """One flag: what is odd, and about what."""
    text = _(FLAGS[flag.code]) if flag.code in FLAGS else flag.code
    many = f"  ({count(flag.number)})" if flag.number > 1 else ""
    return f"{text}: {flag.object}{many}"


class DeskMaking:
    """One person who makes batches. See `rcaid.screens.making_session.Making`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def choices(self) -> tuple[BatchChoice, ...]:
        """Every batch that could be made now."""
        from rcaid.services import batch_choices

        return tuple(map(_choice, batch_choices.choices(self._desk)))

    def of_roster(self, id: str) -> tuple[BatchChoice, ...]:
        """Those of one approved roster."""
        from rcaid.services import batch_choices
        from rcaid.services.roster_cards import row_of

        row = row_of(self._desk, id)
        office = self._desk.offices.by_id[row.office_id].code
        return tuple(map(_choice, batch_choices.of_roster(self._desk, row.cycle, office)))

    def flags(self, id: str) -> tuple[Option, ...]:
        """The open flags that hold a batch."""
        return tuple(Option(flag.id, flag_text(flag)) for flag in open_flags(self._desk, id))


def open_flags(desk: Desk, id: str) -> Iterable[Hold]:
    """The flags of a batch that nobody has cleared."""
    from rcaid.services import holds

    return [flag for flag in holds.of_batch(desk, id) if flag.state == "open"]


def _choice(each: Choice) -> BatchChoice:
    kind = CHINESE["kind"][each.kind] if language() == "zh_CN" else each.kind
    much = yuan(each.fen) if each.fen else _("{n} pieces").format(n=count(each.qty))
    office = _("all of {office}").format(office=each.office) if each.own else each.office
    return BatchChoice(
        each.round_code, f"{each.programme} {each.round_code} {each.label}".strip(),
        each.office_code, office, each.kind, kind,
        f"{_('{n} lines').format(n=count(each.n))}  {much}",
    )  # fmt: skip


def make(desk: Desk, code: str) -> Done:
    """Makes the batch of a choice."""
    from rcaid.services import batches

    round_code, office, kind = code.split("/")
    cycle, _dash, number = round_code.rpartition("-")
    batch, entry = batches.create(desk, cycle, int(number), office, kind)
    much = yuan(batch.fen) if batch.fen else _("{n} pieces").format(n=count(batch.qty))
    text = _("{n} made: {lines} lines, {much}, to be locked and approved")
    return Done(text.format(n=batch.number, lines=count(batch.lines), much=much), str(entry))


def write_file(desk: Desk, id: str, choices: Mapping[str, str]) -> Done:
    """The bank's file of a released batch, into the outbox."""
    from rcaid.services import batches, outbox
    from rcaid.services.batch_files import template_of

    batch = batches.find(desk, id)
    data, _sha, entry = batches.export(
        desk, batch.number, choices.get("purpose", ""), choices.get("recipient", "")
    )
    name = f"{batch.number}{template_of(batch.template or '').suffix}"
    path = outbox.put(desk, batch.office_id, name, data)
    text = _("{file} is in the outbox of {office}")
    office = desk.offices.by_id[batch.office_id].name
    return Done(text.format(file=path.name, office=office), str(entry))


def clear(desk: Desk, id: str, choices: Mapping[str, str]) -> Done:
    """One flag that holds a batch no longer."""
    from rcaid.services import batches, holds

    batch = batches.find(desk, id)
    entry = holds.clear(desk, batch.number, choices["flag"], choices["reason"])
    left = len(list(open_flags(desk, batch.number)))
    text = _("a flag of {n} is cleared, {left} left") if left else _("nothing holds {n} any more")
    return Done(text.format(n=batch.number, left=count(left)), str(entry))
