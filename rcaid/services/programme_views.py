"""Programmes, funds, disasters and donors as somebody looks at them; nothing here names a person
who is helped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rcaid.db import cards, programmes, transfers
from rcaid.db import donations as donor_rows
from rcaid.db import where_money_went as rows
from rcaid.db.tables import Disaster, Donation, Donor, Fund
from rcaid.db.where_money_went import Posted
from rcaid.domain.errors import Problem
from rcaid.services import disasters, rulebook
from rcaid.services import transfers as sent
from rcaid.services.cases import Happened, happened
from rcaid.services.desk import Desk
from rcaid.services.funds import donors, trace
from rcaid.services.funds.funds import HELD, by_code
from rcaid.services.funds.trace import Trace
from rcaid.services.narrowing import narrowed
from rcaid.services.rulebook import Facts

_HELPED = ("approved", "on_notice", "objected", "cleared", "entitled", "paid", "closed")
"""States of an application from which on it is decided that help is given."""


@dataclass(frozen=True, slots=True)
class ProgrammeCard:
    """A programme: its versions, the newest first, each with what it changed; its cycles."""

    facts: Facts
    versions: tuple[Facts, ...]
    cycles: tuple[Facts, ...]
    fund: str


@dataclass(frozen=True, slots=True)
class FundRow:
    """A fund with the balances of its accounts in fen; ``held`` is what is still the fund's."""

    id: str
    code: str
    name: str
    programme: str
    office: str
    restriction: str
    scope: str
    closed_on: str
    balances: dict[str, int]
    version: int

    @property
    def held(self) -> int:
        """What has not left the fund, in fen."""
        return sum(self.balances.get(account, 0) for account in HELD)


@dataclass(frozen=True, slots=True)
class FundCard:
    """A fund in full: what was posted, by kind, and what became of each donation; no donations for
    who may not see them."""

    row: FundRow
    posted: tuple[Posted, ...]
    donations: tuple[Trace, ...]


@dataclass(frozen=True, slots=True)
class EventRow:
    """A disaster and all that was given for it, in fen: transfers by cash and goods, applications
    that were decided for."""

    id: str
    code: str
    name: str
    kind: str
    place: str
    happened_on: str
    phase: str
    state: str
    transfers: int
    cash: int
    goods: int
    cases: int
    cases_fen: int
    version: int

    @property
    def given(self) -> int:
        """Everything in one sum, in fen."""
        return self.cash + self.goods + self.cases_fen


@dataclass(frozen=True, slots=True)
class EventCard:
    """A disaster in full: its transfers, applications by state (n, fen), and the funds that are for
    it alone."""

    row: EventRow
    transfers: tuple[sent.Line, ...]
    cases: tuple[tuple[str, int, int], ...]
    funds: tuple[FundRow, ...]
    story: tuple[Happened, ...]


@dataclass(frozen=True, slots=True)
class DonorRow:
    """A donor: the name as this person may see it, and what came of all donations, in fen."""

    id: str
    code: str
    name: str
    kind: str
    donations: int
    fen: int
    last: str
    version: int


# --- programmes


def programme_page(desk: Desk, filter_text: str = "") -> list[Facts] | Problem:
    """Every programme with its newest rules."""
    found = rulebook.all_programmes(desk)
    return narrowed(filter_text, found, lambda each: (each["code"], each["name"], each["name_en"]))


def programme_card(desk: Desk, code: str) -> ProgrammeCard:
    """A programme in full; Refused programme.unknown."""
    versions = rulebook.versions(desk, code)
    facts = next(each for each in rulebook.all_programmes(desk) if each["code"] == code)
    owner = next(p for p in programmes.programmes(desk.store) if p.code == code)
    cycles = [
        {"code": c.code, "label": c.label, "state": c.state, "opens_on": c.opens_on,
         "closes_on": c.closes_on or ""}
        for c in programmes.cycles(desk.store)
        if c.programme_id == owner.id
    ]  # fmt: skip
    fund = programmes.fund_of(desk.store, owner.id)
    return ProgrammeCard(facts, tuple(reversed(versions)), tuple(reversed(cycles)), fund.code if fund else "")  # fmt: skip


# --- funds


def fund_page(desk: Desk, filter_text: str = "") -> list[FundRow] | Problem:
    """Every fund with its balances; those that are closed come last."""
    found = _funds(desk, programmes.funds(desk.store))
    found.sort(key=lambda each: (bool(each.closed_on), each.code))
    return narrowed(
        filter_text, found, lambda f: (f.code, f.name, f.programme, f.restriction, f.scope)
    )


def _funds(desk: Desk, found: Iterable[Fund]) -> list[FundRow]:
    names = {each.id: each.name for each in programmes.programmes(desk.store)}
    return [
        FundRow(
            each.id, each.code, each.name, names[each.programme_id],
            desk.offices.by_id[each.office_id].name, each.restriction or "", each.scope or "",
            each.closed_on or "", programmes.balances(desk.store, each.id), each.version,
        )
        for each in found
    ]  # fmt: skip


def fund_card(desk: Desk, code: str) -> FundCard:
    """A fund in full; Refused fund.unknown."""
    fund = by_code(desk, code)
    [row] = _funds(desk, [fund])
    sees = desk.duty_for("donation.list", fund.office_id) is not None
    found = trace.of_fund(desk, code) if sees else []
    return FundCard(row, tuple(rows.by_kind(desk.store, fund.id)), tuple(found))


def fund_row(desk: Desk, code: str) -> FundRow:
    """A fund with its balances; Refused fund.unknown."""
    return _funds(desk, [by_code(desk, code)])[0]


# --- disasters


def event_page(desk: Desk, filter_text: str = "") -> list[EventRow] | Problem:
    """Every disaster with what was given for it, the newest first."""
    found = [_event(desk, each) for each in transfers.disasters(desk.store)]
    found.sort(key=lambda each: each.happened_on, reverse=True)
    return narrowed(filter_text, found, lambda each: (each.code, each.name, each.kind, each.place))


def _event(desk: Desk, each: Disaster) -> EventRow:
    given = [t for t in transfers.of_disaster(desk.store, each.id) if t.state in ("sent", "received", "closed")]  # fmt: skip
    cases = [c for c in rows.of_disaster(desk.store, each.id) if c[0] in _HELPED]
    return EventRow(
        each.id, each.code, each.name, each.kind, each.place, each.happened_on, each.phase,
        each.state, len(given), sum(t.fen for t in given), sum(t.goods_fen for t in given),
        sum(n for _state, n, _fen in cases), sum(fen for _state, _n, fen in cases), each.version,
    )  # fmt: skip


def event_row(desk: Desk, code: str) -> EventRow:
    """A disaster with what was given for it; Refused disaster.unknown."""
    return _event(desk, disasters.find(desk, code))


def event_card(desk: Desk, code: str) -> EventCard:
    """A disaster in full; Refused disaster.unknown. Its transfers for who may see transfers."""
    found = disasters.find(desk, code)
    sees = any(desk.duty_for("transfer.list", o.id) for o in desk.offices.all)
    own = [
        fund
        for fund in programmes.funds(desk.store)
        if (fund.restriction, fund.scope) == ("campaign", code)
    ]
    touched = cards.touching(desk.store, [("disaster", [found.id])], [code])
    return EventCard(
        _event(desk, found),
        tuple(sent.listing(desk, disaster=code)) if sees else (),
        tuple(rows.of_disaster(desk.store, found.id)),
        tuple(_funds(desk, own)),
        tuple(happened(desk, touched)),
    )


# --- donors


def donor_page(desk: Desk, filter_text: str = "") -> list[DonorRow] | Problem:
    """The donors of the offices this person may look at, who gave last first."""
    given: dict[str, list[Donation]] = defaultdict(list)
    for each in donor_rows.of_offices(desk.store, desk.reach("donation.list")):
        given[each.donor_id].append(each)
    found = [_donor(desk, each, given[each.id]) for each in donors.find(desk)]
    found.sort(key=lambda each: each.last, reverse=True)
    return narrowed(filter_text, found, lambda each: (each.code, each.name, each.kind))


def _donor(desk: Desk, donor: Donor, given: Sequence[Donation]) -> DonorRow:
    last = max((each.received_on or each.pledged_on or "" for each in given), default="")
    return DonorRow(
        donor.id, donor.code, donors.shown_name(desk, donor), donor.kind, len(given),
        sum(each.fen for each in given), last, donor.version,
    )  # fmt: skip


def donor_row(desk: Desk, code: str) -> DonorRow:
    """A donor; Refused donor.unknown or who.no_duty."""
    donor = donors.by_code(desk, code)
    desk.require("donation.list", donor.office_id)
    return _donor(desk, donor, donor_rows.of_donor(desk.store, donor.id))


def donor_traces(desk: Desk, code: str) -> list[Trace]:
    """Every donation of a donor with what it paid for (BR-088)."""
    return trace.of_donor(desk, code)
