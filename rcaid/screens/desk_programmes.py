"""A desk behind programmes, funds, disasters and donors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from rcaid.domain.errors import Problem, Unusable
from rcaid.domain.money import yuan
from rcaid.locale import N_, _, language
from rcaid.screens import desk_text as say
from rcaid.screens.cells import count
from rcaid.screens.labels import label
from rcaid.screens.session import STOPPED, Card, Done, Note, Page, Preview, Row, Value

if TYPE_CHECKING:
    from rcaid.services.desk import Desk
    from rcaid.services.funds.trace import Trace
    from rcaid.services.programme_views import DonorRow, EventRow, FundRow

T = TypeVar("T")
_ACCOUNTS = {
    "available": N_("available"),
    "committed": N_("set aside for decisions"),
    "payable": N_("owed to people"),
    "in_transit": N_("at the bank"),
    "returned": N_("came back"),
    "settled": N_("paid out"),
    "written_off": N_("written off"),
}
"""What each account of a fund holds."""
_POSTED = {
    "receive": N_("received"),
    "donation": N_("donated"),
    "commit": N_("set aside for a decision"),
    "release_commitment": N_("set free again"),
    "entitle": N_("owed to people"),
    "release": N_("sent to the bank"),
    "paid": N_("arrived"),
    "returned": N_("came back"),
    "late_return": N_("came back late"),
    "reissue": N_("to be paid again"),
    "written_back": N_("written back"),
    "reverse": N_("reversed"),
    "transfer_in": N_("from another fund"),
    "transfer_out": N_("to another fund"),
    "earmark_in": N_("from another fund"),
    "earmark_out": N_("to another fund"),
    "give_back": N_("given back"),
    "recovery": N_("to be recovered"),
    "recovered": N_("recovered"),
    "write_off": N_("written off"),
    "lapsed": N_("lapsed"),
    "cancelled": N_("cancelled"),
}
"""What was posted, by its kind."""


def _page(found: Sequence[T] | Problem, row: Callable[[T], Row], fen: int | None = None) -> Page:
    if isinstance(found, Problem):
        raise Unusable(found)
    return Page(tuple(map(row, found)), len(found), fen=fen)


def _strip(notes: Iterable[Note]) -> tuple[str, ...]:
    return tuple(f"{note.label}  {note.text}".strip() for note in notes)[:3]


def _name(facts: Any) -> str:
    return str(facts["name"] if language() == "zh_CN" or not facts["name_en"] else facts["name_en"])


# --- programmes


def programme_page(desk: Desk, filter_text: str) -> Page:
    """Every programme with its newest rules."""
    from rcaid.services import catalogue, programme_views

    cycles: dict[str, str] = {}
    for each in catalogue.all_cycles(desk):
        cycles[each["programme"]] = each["code"]

    def row(facts: Any) -> Row:
        values: dict[str, Value] = {
            "code": facts["code"],
            "name": _name(facts),
            "version": facts["version"],
            "cycle": cycles.get(facts["code"], ""),
            "since": facts["effective_from"],
        }
        return Row(facts["code"], values, facts["code"])

    return _page(programme_views.programme_page(desk, filter_text), row)


def programme_preview(desk: Desk, code: str) -> Preview:
    """A programme in short."""
    from rcaid.services import programme_views

    found = programme_views.programme_card(desk, code)
    notes = tuple(_programme_facts(found.facts, found.fund))
    newest = found.versions[0]
    changed = tuple(Note(each["field"], _change(each)) for each in newest["changes"][:8])
    parts = [("", notes)]
    if changed:
        parts.append((_("What changed"), changed))
    return Preview(code, _("version {n}").format(n=newest["version"]), _strip(notes), tuple(parts))


def _programme_facts(facts: Any, fund: str) -> Iterable[Note]:
    yield Note(_("name"), facts["name"])
    yield Note(_("in force"), facts["effective_from"])
    yield Note(_("citation"), facts["citation"])
    if facts["name_en"]:
        yield Note(_("English"), facts["name_en"])
    if fund:
        yield Note(_("fund"), fund)


def programme_card(desk: Desk, code: str) -> Card:
    """A programme in full: its versions and what each changed."""
    from rcaid.services import programme_views

    found = programme_views.programme_card(desk, code)
    versions = tuple(
        (str(v["version"]), v["effective_from"], v["effective_to"] or "", v["citation"])
        for v in found.versions
    )
    changed = tuple(
        (_("version {n}").format(n=v["version"]), each["field"], _change(each))
        for v in found.versions
        for each in v["changes"]
    )
    cycles = tuple((c["code"], c["label"], label(c["state"]), c["opens_on"]) for c in found.cycles)
    tables = (
        (_("What changed"), changed),
        (_("Versions"), versions),
        (_("Cycles"), cycles),
    )
    return Card(
        code,
        f"{code}  {_name(found.facts)}",
        _("version {n}").format(n=found.facts["version"]),
        facts=tuple(_programme_facts(found.facts, found.fund)),
        tables=tuple((title, rows) for title, rows in tables if rows),
    )


def _change(each: Any) -> str:
    def text(value: object) -> str:
        if value is None:
            return _("nothing")
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    return f"{text(each['before'])} → {text(each['after'])}"


# --- funds


def fund_page(desk: Desk, filter_text: str) -> Page:
    """Every fund with its balances."""
    from rcaid.services import programme_views

    def row(each: FundRow) -> Row:
        values: dict[str, Value] = {
            "code": each.code,
            "name": each.name,
            "available": each.balances.get("available", 0),
            "bound": each.held - each.balances.get("available", 0) or None,
            "settled": each.balances.get("settled", 0) or None,
        }
        sign = STOPPED if each.closed_on else ""
        return Row(each.code, values, each.code, sign, each.held, each.version)

    found = programme_views.fund_page(desk, filter_text)
    held = None if isinstance(found, Problem) else sum(each.held for each in found)
    return _page(found, row, held)


def fund_preview(desk: Desk, code: str) -> Preview:
    """A fund in short."""
    from rcaid.services import programme_views

    row = programme_views.fund_row(desk, code)
    notes = tuple(_fund_facts(row))
    balances = tuple(_balances(row))
    return Preview(code, yuan(row.held), _strip((*notes[:1], *balances)), (("", notes), (_("Balances"), balances)))  # fmt: skip


def _fund_facts(row: FundRow) -> Iterable[Note]:
    yield Note(_("name"), row.name)
    yield Note(_("programme"), row.programme)
    yield Note(_("office"), row.office)
    if row.restriction:
        yield Note(_("only for"), f"{label(row.restriction)} {row.scope}".strip())
    if row.closed_on:
        yield Note(_("closed"), row.closed_on, STOPPED)
    yield Note(_("held"), yuan(row.held))


def _balances(row: FundRow) -> Iterable[Note]:
    for account, text in _ACCOUNTS.items():
        if account == "available" or row.balances.get(account):
            yield Note(_(text), yuan(row.balances.get(account, 0)))


def fund_card(desk: Desk, code: str) -> Card:
    """A fund in full: its balances, where money came from and where it went."""
    from rcaid.services import programme_views

    found = programme_views.fund_card(desk, code)
    came = [p for p in found.posted if p.debit == "external"]
    left = [p for p in found.posted if p.credit in ("settled", "written_off", "external")]
    moved = [p for p in found.posted if p not in came and p not in left]
    tables = (
        (_("Balances"), tuple((note.label, note.text) for note in _balances(found.row))),
        (_("Where it came from"), tuple(map(_posted, came))),
        (_("Where it went"), tuple(map(_posted, left))),
        (_("Moved inside the fund"), tuple(map(_posted, moved))),
        (_("What it paid for"), tuple(_traced(found.donations))),
    )
    return Card(
        code,
        f"{code}  {found.row.name}",
        yuan(found.row.held),
        facts=tuple(_fund_facts(found.row)),
        tables=tuple((title, rows) for title, rows in tables if rows),
        version=found.row.version,
    )


def _posted(each: Any) -> tuple[str, ...]:
    kind = _(_POSTED[each.kind]) if each.kind in _POSTED else each.kind
    return kind, count(each.n), yuan(each.fen)


def _traced(found: Iterable[Trace]) -> Iterable[tuple[str, ...]]:
    """Each donation with its sums, below it what it paid for."""
    for each in found:
        yield each.number, each.donor, each.received_on, _("received"), yuan(each.fen)
        for use in each.uses:
            yield "", use.object, use.day, use.number, yuan(use.fen)
        if each.given_back:
            yield "", "", "", _("given back"), yuan(each.given_back)
        yield "", "", "", _("left"), yuan(each.left)


# --- disasters


def event_page(desk: Desk, filter_text: str) -> Page:
    """Every disaster with what was given for it."""
    from rcaid.services import programme_views

    def row(each: EventRow) -> Row:
        values: dict[str, Value] = {
            "code": each.code,
            "name": each.name,
            "phase": each.phase if each.state == "open" else each.state,
            "n": each.transfers + each.cases or None,
            "fen": each.given or None,
            "since": each.happened_on,
        }
        return Row(each.code, values, each.code, "", each.given, each.version)

    found = programme_views.event_page(desk, filter_text)
    given = None if isinstance(found, Problem) else sum(each.given for each in found)
    return _page(found, row, given)


def event_preview(desk: Desk, code: str) -> Preview:
    """A disaster in short."""
    from rcaid.services import programme_views

    row = programme_views.event_row(desk, code)
    notes = tuple(_event_facts(row))
    strip = (
        f"{row.name}  {label(row.kind)}  {row.place}  {row.happened_on}",
        f"{_('transfers')} {count(row.transfers)}  {yuan(row.cash + row.goods)}",
        f"{_('applications')} {count(row.cases)}  {yuan(row.cases_fen)}",
    )
    return Preview(code, label(row.phase), strip, (("", notes),))


def _event_facts(row: EventRow) -> Iterable[Note]:
    yield Note(_("kind"), label(row.kind))
    yield Note(_("place"), row.place)
    yield Note(_("day"), row.happened_on)
    yield Note(_("phase"), label(row.phase))
    yield Note(_("transfers"), f"{count(row.transfers)}   {yuan(row.cash + row.goods)}")
    yield Note(_("applications"), f"{count(row.cases)}   {yuan(row.cases_fen)}")
    yield Note(_("given"), yuan(row.given))


def event_card(desk: Desk, code: str) -> Card:
    """A disaster in full, with all that was given for it."""
    from rcaid.services import programme_views

    found = programme_views.event_card(desk, code)
    row = found.row
    sent = tuple(
        (t.number, t.institution, label(t.state), yuan(t.fen + t.goods_fen), t.sent_on)
        for t in found.transfers
    )
    cases = tuple((label(state), count(n), yuan(fen)) for state, n, fen in found.cases)
    funds = tuple((f.code, f.name, yuan(f.held)) for f in found.funds)
    sums = (
        (_("cash to institutions and regions"), yuan(row.cash)),
        (_("goods to institutions and regions"), yuan(row.goods)),
        (_("applications decided for"), yuan(row.cases_fen)),
        (_("together"), yuan(row.given)),
    )
    tables = (
        (_("All that was given"), sums),
        (_("Transfers"), sent),
        (_("Applications"), cases),
        (_("Funds for it alone"), funds),
    )
    return Card(
        code,
        f"{code}  {row.name}",
        label(row.phase if row.state == "open" else row.state),
        facts=tuple(_event_facts(row)),
        story=say.steps(found.story, desk.day),
        tables=tuple((title, rows) for title, rows in tables if rows),
        version=row.version,
    )


# --- donors


def donor_page(desk: Desk, filter_text: str) -> Page:
    """The donors of the offices this person may look at."""
    from rcaid.services import programme_views

    def row(each: DonorRow) -> Row:
        values: dict[str, Value] = {
            "code": each.code,
            "name": each.name or _("unnamed"),
            "n": each.donations,
            "fen": each.fen or None,
            "since": each.last,
        }
        return Row(each.code, values, each.code, "", each.fen, each.version)

    found = programme_views.donor_page(desk, filter_text)
    given = None if isinstance(found, Problem) else sum(each.fen for each in found)
    return _page(found, row, given)


def donor_preview(desk: Desk, code: str) -> Preview:
    """A donor in short."""
    from rcaid.services import programme_views

    row = programme_views.donor_row(desk, code)
    notes = tuple(_donor_facts(row))
    return Preview(code, yuan(row.fen), _strip(notes), (("", notes),))


def _donor_facts(row: DonorRow) -> Iterable[Note]:
    yield Note(_("name"), row.name or _("unnamed"))
    yield Note(_("kind"), label(row.kind))
    yield Note(_("donations"), f"{count(row.donations)}   {yuan(row.fen)}")
    if row.last:
        yield Note(_("last"), row.last)


def donor_card(desk: Desk, code: str) -> Card:
    """A donor in full: every donation and what it paid for (BR-088)."""
    from rcaid.services import programme_views

    row = programme_views.donor_row(desk, code)
    found = programme_views.donor_traces(desk, code)
    used, left = sum(each.used for each in found), sum(each.left for each in found)
    facts = [*_donor_facts(row), Note(_("used"), yuan(used)), Note(_("left"), yuan(left))]
    tables = ((_("What it paid for"), tuple(_traced(found))),)
    return Card(
        code,
        f"{code}  {row.name or _('unnamed')}",
        yuan(row.fen),
        facts=tuple(facts),
        tables=tuple((title, rows) for title, rows in tables if rows),
        version=row.version,
    )


def write_trace(desk: Desk, code: str) -> Done:
    """The trace of a donor as a file in the outbox."""
    from rcaid.services import donor_files

    headings = (_("donation"), _("day"), _("used for"), _("number"), _("yuan"))
    words = (_("received"), _("given back"), _("left"))
    path, entry = donor_files.write_trace(desk, code, headings, words)
    text = _("{file} is in the outbox of {office}")
    return Done(text.format(file=path.name, office=desk.home().name), str(entry))
