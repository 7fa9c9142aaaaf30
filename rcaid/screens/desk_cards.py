"""Cards and previews of a desk: what services read, laid out for the screens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rcaid.domain.money import yuan
from rcaid.domain.workflow import states
from rcaid.locale import N_, _
from rcaid.screens import desk_text as say
from rcaid.screens.labels import label
from rcaid.screens.session import ATTENTION, STOPPED, Card, Note, Preview, Step

if TYPE_CHECKING:
    from rcaid.services.cases import CaseCard
    from rcaid.services.finding import PersonLine
    from rcaid.services.people import Given as Helped
    from rcaid.services.people import PersonCard
    from rcaid.services.roster_cards import RosterCard

_SHORT = 8


def _fact(name: str, text: str, field: str = "") -> Note:
    return Note(name, text, reveals=field)


def _kept(facts: Iterable[Note]) -> tuple[Note, ...]:
    return tuple(fact for fact in facts if fact.text)


def ways(machine: str, state: str, line: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The way of a thing along its usual states; one that left it stands alone."""
    if state not in line:
        return ((label(state), "here"),) if state in states(machine) else ()
    at = line.index(state)
    return tuple(
        (label(step), "done" if n < at else "here" if n == at else "ahead")
        for n, step in enumerate(line)
    )


# --- cases


def case_card(card: CaseCard, today: str) -> Card:
    """A case in full."""
    return Card(
        card.id,
        f"{card.case_no}  {card.name}  {say.who(card.sex, card.age)}",
        label(card.state),
        facts=_kept(_case_facts(card)),
        checks=tuple(map(say.check_note, card.checks)),
        story=say.steps(card.story, today),
        way=ways("line", card.state, ("listed", "entitled", "closed")),
        tables=_payments(card),
        masked=say.masked(card.masked),
        version=card.version,
    )


def _case_facts(card: CaseCard) -> Iterable[Note]:
    need = " ".join(filter(None, (label(card.category), label(card.hardship))))
    until = _("until {day}").format(day=card.hardship_until) if card.hardship_until else ""
    yield _fact(_("identity"), card.identity, "number")
    yield _fact(_("phone"), card.phone, "phone")
    yield _fact(_("lives in"), card.place)
    yield _fact(_("household"), str(card.household))
    yield _fact(_("programme"), f"{card.programme} {card.cycle}")
    yield _fact(_("roster"), f"{card.roster} {label(card.roster_state)}".strip())
    yield _fact(_("need"), f"{need} {until}".strip())
    yield _fact(_("is to get"), say.help_text(card.fen, card.qty, card.item))
    yield _fact(_("account"), card.account, "account")
    yield _fact(_("paid to"), f"{card.payee} {card.bank}".strip())
    yield _fact(_("helped"), say.given_text(card.given))


def _payments(card: CaseCard) -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    rows = tuple(
        (
            line.voucher or "",
            _("round {n}").format(n=line.round),
            say.help_text(line.fen, line.qty, card.item),
            label(line.line_state or line.state),
            line.done_on or "",
            line.code or "",
        )
        for line in card.help
    )
    return ((_("Payments"), rows),) if rows else ()


def case_preview(card: CaseCard, today: str) -> Preview:
    """A case in short."""
    need = " ".join(filter(None, (label(card.category), label(card.hardship), card.hardship_until)))
    helped = say.given_text(card.given) or _("nothing yet")
    story = [
        Note(step.when, step.what, rule=step.who) for step in say.steps(card.story, today)[:_SHORT]
    ]
    wants = [say.check_note(check).text for check in card.checks if check.sign in (ATTENTION, STOPPED)]  # fmt: skip
    return Preview(
        f"{card.case_no} {card.name}",
        label(card.state),
        (
            f"{card.identity}    {need}".rstrip(),
            f"{_('helped')}  {helped}",
            f"{_('checks')}  {say.tally(card.checks)}    {wants[0] if wants else ''}".rstrip(),
        ),
        (
            ("", _kept(_case_facts(card))),
            (_("Checks"), tuple(map(say.check_note, card.checks))),
            (_("Story"), tuple(story)),
        ),
    )


# --- people


def person_card(card: PersonCard) -> Card:
    """A person in full."""
    gone = _("died on {day}").format(day=card.died_on) if card.died_on else ""
    return Card(
        card.id,
        f"{card.name}  {say.who(card.sex, card.age)}",
        gone,
        facts=_kept(_person_facts(card)),
        checks=tuple(map(say.check_note, card.checks)),
        story=tuple(_arrivals(card)),
        tables=tuple((title, rows) for title, rows in _person_tables(card) if rows),
        masked=say.masked(card.masked),
        version=card.version,
    )


def stranger_card(line: PersonLine) -> Card:
    """What may be seen of somebody of other offices: where to ask."""
    facts = (_fact(_("identity"), line.identity), _fact(_("lives in"), line.place))
    title = f"{line.name}  {say.who(line.sex, line.age)}"
    advice = _("somebody of other offices: those who work there see more")
    return Card(line.id, title, "", facts, advice=advice, version=line.version)


def _person_facts(card: PersonCard) -> Iterable[Note]:
    yield _fact(_("identity"), card.identity, "number")
    yield _fact(_("born"), card.born)
    yield _fact(_("phone"), card.phone, "phone")
    yield _fact(_("lives in"), card.place)
    yield _fact(_("address"), card.address, "address")
    yield _fact(_("account"), card.account, "account")
    yield _fact(_("bank"), card.bank)
    yield _fact(_("household"), str(len(card.household) + 1))
    for kin in card.kin:
        yield _fact(_("guardian"), f"{kin.name} {kin.relation}".strip())


def _person_tables(
    card: PersonCard,
) -> Iterable[tuple[str, tuple[tuple[str, ...], ...]]]:
    yield (
        _("Cases"),
        tuple(
            (
                case.case_no, case.programme, label(case.category), label(case.state),
                say.help_text(case.fen, case.qty, case.item),
            )
            for case in card.cases
        ),
    )  # fmt: skip
    yield (
        _("Household"),
        tuple((m.name, say.who(m.sex, m.age), m.identity) for m in card.household),
    )
    yield _("Helped"), tuple(_given_rows(card.given))


def _given_rows(given: Iterable[Helped]) -> Iterable[tuple[str, ...]]:
    for each in given:
        text = say.help_text(each.fen, each.pieces, each.item)
        yield each.year, each.programme, _(_WHO[each.who]), text


_WHO = {"person": N_("person"), "household": N_("household")}


def _arrivals(card: PersonCard) -> Iterable[Step]:
    """Help that came and help that came back, newest first."""
    lines = [
        (line.done_on, case, line) for case in card.cases for line in case.help if line.done_on
    ]
    for day, case, line in sorted(lines, key=lambda each: each[0] or "", reverse=True):
        text = say.help_text(line.fen, line.qty, case.item)
        yield Step(
            day or "", label(line.line_state or ""), case.programme, f"{text}  {line.voucher}"
        )


def person_preview(card: PersonCard) -> Preview:
    """A person in short."""
    still = sum(1 for case in card.cases if case.is_open)
    household = _("{n} in the household").format(n=len(card.household) + 1)
    helped = say.given_text(card.given) or _("nothing yet")
    return Preview(
        card.name,
        _("{n} open").format(n=still) if still else "",
        (
            f"{_('phone')} {card.phone}, {household}" if card.phone else household,
            f"{_('helped')}  {helped}",
            card.place,
        ),
        (
            ("", _kept(_person_facts(card))),
            (
                _("Helped"),
                tuple(Note(row[0], f"{row[3]}  {row[2]}") for row in _given_rows(card.given)),
            ),
            (_("Checks"), tuple(map(say.check_note, card.checks))),
        ),
    )


# --- rosters


def roster_card(card: RosterCard, acts: Mapping[str, str], today: str) -> Card:
    """A roster in full."""
    row = card.row
    lines = tuple(
        (
            line.case_no, line.name, say.who(line.sex, line.age), label(line.category),
            say.help_text(line.fen, line.qty, line.item), label(line.state),
        )
        for line in card.lines
    )  # fmt: skip
    groups = tuple((label(each.category), str(each.n), yuan(each.fen)) for each in card.by_category)
    tables = ((_("By category"), groups), (_("Lines"), lines))
    return Card(
        row.id,
        f"{row.number}  {row.place}",
        label(row.state),
        facts=_kept(_roster_facts(card)),
        checks=tuple(map(say.check_note, card.checks)),
        story=say.steps(card.story, today),
        way=ways(
            "roster", row.state, ("open", "submitted", "verified", "frozen", "approved", "closed")
        ),
        tables=tuple((title, rows) for title, rows in tables if rows),
        version=row.version,
        acts=acts,
    )


def _roster_facts(card: RosterCard) -> Iterable[Note]:
    row = card.row
    yield _fact(_("office"), row.place)
    yield _fact(_("programme"), f"{row.programme} {row.cycle}")
    yield _fact(_("lines"), f"{row.lines:,}")
    yield _fact(_("amount"), yuan(row.fen) if row.fen else "")
    yield _fact(_("rounds"), row.rounds)
    yield _fact(_("since"), row.opened_on)
    yield _fact(_("adds to"), card.supplements)
    yield _fact(_("frozen as"), card.frozen_hash[:16])


def roster_preview(card: RosterCard, today: str) -> Preview:
    """A roster in short."""
    row = card.row
    groups = ", ".join(f"{label(each.category)} {each.n}" for each in card.by_category)
    last = say.steps(card.story[:1], today)
    return Preview(
        f"{row.number} {row.place}",
        label(row.state),
        (
            f"{row.programme} {row.cycle}   {groups}",
            f"{_('checks')}  {say.tally(card.checks)}",
            f"{last[0].when}  {last[0].what}  {last[0].who}" if last else "",
        ),
        (
            ("", _kept(_roster_facts(card))),
            (
                _("By category"),
                tuple(
                    Note(label(each.category), f"{each.n}   {yuan(each.fen)}")
                    for each in card.by_category
                ),
            ),
            (_("Checks"), tuple(map(say.check_note, card.checks))),
            (
                _("Story"),
                tuple(
                    Note(step.when, step.what, rule=step.who)
                    for step in say.steps(card.story, today)[:_SHORT]
                ),
            ),
        ),
    )
