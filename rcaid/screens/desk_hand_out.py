"""A desk behind distribution day: the lists that are handed out, and each line of one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rcaid.domain.errors import Problem, Unusable
from rcaid.domain.money import yuan
from rcaid.locale import N_, _
from rcaid.screens import desk_text as say
from rcaid.screens.cells import count
from rcaid.screens.hand_session import Happening, ListView, SlipView, Tally
from rcaid.screens.session import ATTENTION, DONE, STOPPED, Choice, Note, Page, Preview, Row, Value
from rcaid.services.clock import ZONE

if TYPE_CHECKING:
    from rcaid.services.desk import Desk
    from rcaid.services.handing_out import Distribution, Sheet, Slip

RELATIONS = (
    ("spouse", N_("spouse")),
    ("child", N_("son or daughter")),
    ("parent", N_("father or mother")),
    ("relative", N_("another relative")),
    ("neighbour", N_("neighbour")),
    ("committee", N_("neighbourhood committee")),
    ("care", N_("care home")),
    ("other", N_("somebody else")),
)
"""Who may take it for somebody; the number is the same on every screen."""
REASONS = (
    ("absent", N_("did not come")),
    ("declined", N_("does not want")),
    ("moved", N_("moved away")),
    ("papers", N_("no document")),
    ("short", N_("not enough")),
    ("other", N_("another reason")),
)
"""Why something was not handed out."""
_STATES = {
    "due": N_("due, not yet served"),
    "served": N_("already served {when}, by {who}"),
    "not_handed": N_("not handed out {when}, by {who}"),
    "dead": N_("the person has died"),
    "suspended": N_("not due: suspended"),
    "left_out": N_("left out of this list"),
    "elsewhere": N_("on another list: {other}"),
}
_WORDS = dict((*RELATIONS, *REASONS))


def word(code: str) -> str:
    """A relation or a reason in words; what somebody wrote themselves stays as it stands."""
    return _(_WORDS[code]) if code in _WORDS else code


# --- the list


def page(desk: Desk, filter_text: str) -> Page:
    """The lists that are handed out now."""
    from rcaid.services import handing_out

    found = handing_out.page(desk, filter_text)
    if isinstance(found, Problem):
        raise Unusable(found)
    return Page(tuple(map(_row, found)), len(found))


def _row(each: Distribution) -> Row:
    values: dict[str, Value] = {
        "batch": each.number,
        "office": each.where or each.place.rpartition("·")[2],
        "item": each.item or _("cash"),
        "handed": each.handed,
        "left": each.left,
        "since": each.held_on or each.released_on,
    }
    sign = "" if each.left else DONE
    return Row(each.id, values, each.number, sign, 0, each.version)


def preview(desk: Desk, id: str) -> Preview:
    """A list in short."""
    from rcaid.services import handing_out

    each = handing_out.distribution(desk, id)
    of = _("{n} of {total} handed over").format(n=count(each.handed), total=count(each.total))
    notes = [
        Note(_("goods"), each.item or _("cash")),
        Note(_("place"), each.where or each.place),
        Note(_("round"), each.round),
        Note(_("released"), each.released_on),
        Note(_("handed over"), count(each.handed)),
        Note(_("to agents"), count(each.to_agents)),
        Note(_("not today"), count(each.not_handed)),
        Note(_("left"), count(each.left)),
    ]
    if each.held_on:
        notes.insert(2, Note(_("day"), each.held_on))
    strip = (
        f"{each.item or _('cash')}   {each.where or each.place}   {each.held_on}".rstrip(),
        of,
        _("left {n}").format(n=count(each.left)),
    )
    return Preview(each.number, of, strip, (("", tuple(notes)),))


# --- the day


class DeskHandingOut:
    """One person at the table. See `rcaid.screens.hand_session.HandingOut`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sheets: dict[str, Sheet] = {}

    def _sheet(self, number: str) -> Sheet:
        from rcaid.services import handing_out

        if number not in self._sheets:
            self._sheets[number] = handing_out.sheet(self._desk, number)
        return self._sheets[number]

    def open(self, number: str) -> ListView:
        """A list to look up in, read anew."""
        from rcaid.services import handing_out

        self._sheets.pop(number, None)
        sheet = self._sheet(number)
        each = handing_out.distribution(self._desk, number)
        parts = (sheet.item or _("cash"), each.where or each.place, each.held_on)
        title = ", ".join(filter(None, (each.number, *parts)))
        return ListView(number, title, _tally(each))

    def look(self, number: str, code: str) -> tuple[SlipView, ...]:
        """The lines of a code."""
        from rcaid.services import handing_out

        sheet = self._sheet(number)
        found = handing_out.look_up(self._desk, sheet, code)
        return tuple(self._view(sheet, code, each) for each in found)

    def by_name(self, number: str, text: str) -> tuple[SlipView, ...]:
        """The first lines of a name."""
        from rcaid.services import handing_out

        sheet = self._sheet(number)
        found = handing_out.by_name(self._desk, sheet, text)
        return tuple(self._view(sheet, each.last4, each) for each in found)

    def relations(self) -> tuple[Choice, ...]:
        """Who may take it for somebody."""
        return tuple(Choice(code, _(text)) for code, text in RELATIONS)

    def reasons(self) -> tuple[Choice, ...]:
        """Why it is not handed out."""
        return tuple(Choice(code, _(text)) for code, text in REASONS)

    def hand_over(
        self, number: str, slip: SlipView, relation: str = "", last4: str = ""
    ) -> tuple[Happening, Tally]:
        """Gives it to the person, or to an agent."""
        from rcaid.services import handing_out
        from rcaid.services.handing_out import Agent

        agent = Agent(relation, last4) if relation else None
        done, entry = handing_out.hand_over(self._desk, number, slip.voucher, agent=agent)
        text = _("to the person")
        if agent is not None:
            text = _("{relation}, ID ends {digits}").format(relation=word(relation), digits=last4)
        if done.odd:
            text += "  " + _("signed for {n} today").format(n=done.for_agent)
        sign = ATTENTION if done.odd else DONE
        happened = Happening(self._now(), sign, slip.digits, slip.who, text, str(entry))
        return happened, self._counted(number)

    def not_today(self, number: str, slip: SlipView, reason: str) -> tuple[Happening, Tally]:
        """Puts down that it was not handed out."""
        from rcaid.services import handing_out

        _slip, entry = handing_out.not_today(self._desk, number, slip.voucher, reason)
        text = _("not handed out: {why}").format(why=word(reason))
        happened = Happening(self._now(), ATTENTION, slip.digits, slip.who, text, str(entry))
        return happened, self._counted(number)

    def aside(self, digits: str, slip: SlipView | None, text: str = "") -> Happening:
        """What is said of a code that leads to nothing."""
        if slip is None:
            return Happening(self._now(), STOPPED, digits, "", text or _("not on this list"))
        return Happening(self._now(), slip.sign, digits, slip.who, text or slip.said)

    def _counted(self, number: str) -> Tally:
        from rcaid.services import handing_out

        return _tally(handing_out.distribution(self._desk, number))

    def _now(self) -> str:
        return _clock(self._desk.clock.moment().at)

    def _view(self, sheet: Sheet, code: str, each: Slip) -> SlipView:
        who = "  ".join(filter(None, (each.name, say.who(each.sex, each.age))))
        what = f"{each.qty} {sheet.item}".strip() if each.qty else yuan(each.fen)
        if sheet.lot:
            what = _("{what}, lot {lot}").format(what=what, lot=sheet.lot)
        if sheet.expires_on:
            what = _("{what}, to {day}").format(what=what, day=sheet.expires_on)
        facts = [each.place, each.voucher]
        if each.household > 1:
            facts.insert(1, _("{n} in the household").format(n=each.household))
        said = _(_STATES[each.state]).format(
            who=each.who, other=each.other, when=_clock(each.at) if each.at else ""
        )
        sign = {"due": DONE, "dead": STOPPED, "elsewhere": STOPPED}.get(each.state, ATTENTION)
        digits = each.last4 if code.upper() == each.last4 else code.upper()
        return SlipView(
            each.voucher, digits, who, what, tuple(filter(None, facts)), each.state == "due",
            " ".join(said.split()), sign,
        )  # fmt: skip


def _clock(at: str) -> str:
    local = datetime.fromisoformat(at).astimezone(ZONE)
    return f"{local:%H:%M}"


def _tally(each: Distribution) -> Tally:
    return Tally(each.handed, each.to_agents, each.not_handed, each.left)
