"""What each donation paid for and out of which donations each payment came, to the fen (BR-088).

Money is first in, first out inside a fund. It is used when it is paid: what is only set aside, on
its way or back from the bank is still the fund's. What goes to another fund keeps its origin there.
A payment that is taken back puts its money back where it was taken from, as the oldest of the fund.
So at any moment received = used + given back + left, for each donation and for each fund.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from rcaid.db import donations as donor_rows
from rcaid.db import funds as rows
from rcaid.db import programmes
from rcaid.db.engine import Store
from rcaid.db.funds import Traced
from rcaid.db.tables import Donation
from rcaid.domain.errors import Problem, Refused
from rcaid.services.desk import Desk
from rcaid.services.funds.donors import named
from rcaid.services.funds.funds import by_code

_OUT = frozenset({"settled", "written_off"})
UNKNOWN = ""
"""The origin of money that nobody is named for."""


class Part(NamedTuple):
    """Some fen that came in with one entry; ``donation`` is "" where no donor is named."""

    donation: str
    entry: str
    fen: int


class Piece(NamedTuple):
    """Some fen of a donation that went out: ``use`` is the payment's or transfer's key."""

    use: str
    fund: str
    day: str
    part: Part


@dataclass
class _Pot:
    """What a fund holds, oldest first."""

    parts: deque[Part] = field(default_factory=deque)
    held: int = 0

    def put(self, parts: Iterable[Part]) -> None:
        """Adds what is newest."""
        for part in parts:
            self.parts.append(part)
            self.held += part.fen

    def take(self, fen: int, donation: str = "") -> list[Part]:
        """Takes the oldest fen, or those of one donation; what is not there is of unknown origin."""
        taken: list[Part] = []
        passed: list[Part] = []
        while fen and self.parts:
            part = self.parts.popleft()
            if donation and part.donation != donation:
                passed.append(part)
                continue
            source, entry, there = part
            used = min(fen, there)
            taken.append(Part(source, entry, used))
            if used < there:
                self.parts.appendleft(Part(source, entry, there - used))
            fen -= used
            self.held -= used
        self.parts.extendleft(reversed(passed))
        if fen:
            taken.append(Part(UNKNOWN, UNKNOWN, fen))
        return taken

    def put_back(self, parts: Iterable[Part]) -> None:
        """Puts parts back in front of all others, in their order."""
        back = list(parts)
        self.parts.extendleft(reversed(back))
        self.held += sum(part.fen for part in back)


@dataclass
class Flow:
    """All that the entries of some funds come to: what each holds, and who used what."""

    pots: dict[str, _Pot] = field(default_factory=lambda: defaultdict(_Pot))
    used: dict[str, list[Piece]] = field(default_factory=lambda: defaultdict(list))
    back: list[Part] = field(default_factory=list)
    _under_way: dict[str, list[Part]] = field(default_factory=dict)
    _paid_for: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _waiting: list[Traced] = field(default_factory=list)

    def left(self, donation: str, fund: str = "") -> int:
        """What of a donation is not used yet, in fen; of one fund, or of all."""
        pots = [self.pots[fund]] if fund else list(self.pots.values())
        return sum(part.fen for pot in pots for part in pot.parts if part.donation == donation)

    def given_back(self, donation: str) -> int:
        """What of a donation went back to its donor, in fen."""
        return sum(part.fen for part in self.back if part.donation == donation)

    def of(self, donation: str) -> Iterator[Piece]:
        """What a donation was used for."""
        return (p for pieces in self.used.values() for p in pieces if p.part.donation == donation)

    def follow(self, entry: Traced) -> None:
        """Takes one entry into account; entries come by id, which is the order in which they were
        posted but for those of one moment. One that comes before the money it takes waits for it.
        """
        if not self._ready(entry):
            self._waiting.append(entry)
            return
        self._take_in(entry)
        while self._waiting and (again := next(filter(self._ready, self._waiting), None)):
            self._waiting.remove(again)
            self._take_in(again)

    def finish(self) -> None:
        """Takes in what still waits: it took what never came, so its origin is unknown."""
        for entry in sorted(self._waiting, key=lambda each: each.id):
            self._take_in(entry)
        self._waiting.clear()

    def _ready(self, entry: Traced) -> bool:
        if entry.debit == "external":
            return not entry.kind.endswith("_in") or _pair(entry) in self._under_way
        if entry.debit in _OUT:
            return True
        return self.pots[entry.fund_id].held >= entry.fen

    def _take_in(self, entry: Traced) -> None:
        if entry.debit == "external":
            self._in(entry)
        elif entry.credit == "external":
            self._out(entry)
        elif entry.credit in _OUT and entry.debit not in _OUT:
            taken = self.pots[entry.fund_id].take(entry.fen)
            key = _key(entry)
            self.used[key] += [Piece(key, entry.fund_id, entry.day, part) for part in taken]
            self._paid_for[entry.entitlement_id or ""].append(key)
        elif entry.debit in _OUT and entry.credit not in _OUT:
            self._unused(entry)

    def _in(self, entry: Traced) -> None:
        pot = self.pots[entry.fund_id]
        if entry.kind.endswith("_in"):
            unknown = [Part(UNKNOWN, UNKNOWN, entry.fen)]
            pot.put(self._under_way.pop(_pair(entry), unknown))
        else:
            pot.put([Part(entry.donation_id or UNKNOWN, entry.id, entry.fen)])

    def _out(self, entry: Traced) -> None:
        taken = self.pots[entry.fund_id].take(entry.fen, entry.donation_id or "")
        if entry.kind.endswith("_out"):
            self._under_way[_pair(entry)] = taken
        else:
            self.back += taken

    def _unused(self, entry: Traced) -> None:
        """A payment that came back late, was reversed or recovered (then only its right is named);
        what it used last comes back first."""
        key = _key(entry)
        if key not in self.used:
            key = next((k for k in reversed(self._paid_for[key]) if self.used[k]), key)
        pieces, fen, back = self.used[key], entry.fen, list[Part]()
        while fen and pieces:
            piece = pieces.pop()
            some = min(fen, piece.part.fen)
            back.insert(0, piece.part._replace(fen=some))
            if some < piece.part.fen:
                rest = piece.part._replace(fen=piece.part.fen - some)
                pieces.append(piece._replace(part=rest))
            fen -= some
        if fen:
            back.append(Part(UNKNOWN, entry.id, fen))
        self.pots[entry.fund_id].put_back(back)


def _pair(entry: Traced) -> str:
    """What both sides of a move between funds are called."""
    return entry.idem.partition(":")[2]


def _key(entry: Traced) -> str:
    return entry.disbursement_id or entry.transfer_id or entry.entitlement_id or entry.case_id or ""


def followed(entries: Iterable[Traced]) -> Flow:
    """Follows entries from the first to the last."""
    flow = Flow()
    for entry in entries:
        flow.follow(entry)
    flow.finish()
    return flow


def flow_of(store: Store, fund_id: str) -> Flow:
    """Follows the entries of a fund and of all that money came from or went to."""
    beside: dict[str, set[str]] = defaultdict(set)
    for each in rows.moves(store):
        beside[each.from_id].add(each.to_id)
        beside[each.to_id].add(each.from_id)
    found, new = {fund_id}, [fund_id]
    while new:
        fresh = beside[new.pop()] - found
        found |= fresh
        new.extend(fresh)
    return followed(rows.traced(store, sorted(found)))


# --- what people are shown


@dataclass(frozen=True, slots=True)
class Use:
    """A payment or transfer that a donation paid for: ``kind`` is payment or transfer, ``object``
    the case or the receiver, money in fen."""

    kind: str
    number: str
    object: str
    fund: str
    day: str
    fen: int


@dataclass(frozen=True, slots=True)
class Trace:
    """A donation and what became of it, in fen: received = used + given back + left."""

    number: str
    donor: str
    fund: str
    state: str
    received_on: str
    fen: int
    used: int
    given_back: int
    left: int
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Out of which donation some fen of a payment came; "" where nobody is named."""

    donation: str
    donor: str
    received_on: str
    fund: str
    fen: int


def of_donation(desk: Desk, number: str) -> Trace:
    """What a donation paid for (BR-088)."""
    donation = donor_rows.by_number(desk.store, number)
    if donation is None:
        raise Refused(Problem("donation.unknown", {"donation": number}))
    desk.require("donation.list", donation.office_id)
    (trace,) = _traces(desk, flow_of(desk.store, donation.fund_id), [donation])
    return trace


def of_donor(desk: Desk, code: str) -> list[Trace]:
    """Every donation of a donor with what it paid for, by number."""
    donor = donor_rows.donor_by_code(desk.store, code)
    if donor is None:
        raise Refused(Problem("donor.unknown", {"donor": code}))
    desk.require("donation.list", donor.office_id)
    found = donor_rows.of_donor(desk.store, donor.id)
    flows = {fund: flow_of(desk.store, fund) for fund in sorted({each.fund_id for each in found})}
    return [trace for each in found for trace in _traces(desk, flows[each.fund_id], [each])]


def of_fund(desk: Desk, code: str) -> list[Trace]:
    """Every donation that a fund got, with what it paid for, by number."""
    fund = by_code(desk, code)
    desk.require("donation.list", fund.office_id)
    offices = desk.reach("donation.list")
    found = [d for d in donor_rows.of_offices(desk.store, offices) if d.fund_id == fund.id]
    return _traces(desk, flow_of(desk.store, fund.id), found)


def of_disbursement(desk: Desk, number: str) -> list[Source]:
    """Out of which donations a payment came, by voucher, or a transfer, by number (BR-088)."""
    found = rows.spent_as(desk.store, number)
    if found is None:
        raise Refused(Problem("voucher.unknown", {"voucher": number}))
    key, fund_id, office = found
    desk.require("donation.list", office)
    pieces = flow_of(desk.store, fund_id).used.get(key, [])
    given = donor_rows.by_ids(desk.store, {piece.part.donation for piece in pieces})
    names = named(desk, {each.donor_id for each in given.values()})
    sums: dict[tuple[str, str], int] = {}
    for piece in pieces:
        at = piece.part.donation, piece.fund
        sums[at] = sums.get(at, 0) + piece.part.fen
    return [
        _source(desk.store, given.get(id), names, fund, fen) for (id, fund), fen in sums.items()
    ]


def _source(
    store: Store, donation: Donation | None, names: dict[str, str], fund_id: str, fen: int
) -> Source:
    fund = rows.by_id(store, fund_id)
    code = fund.code if fund else ""
    if donation is None:
        return Source("", "", "", code, fen)
    donor = names.get(donation.donor_id, "")
    return Source(donation.number, donor, donation.received_on or "", code, fen)


def _traces(desk: Desk, flow: Flow, found: list[Donation]) -> list[Trace]:
    names = named(desk, {each.donor_id for each in found})
    wanted = {each.id for each in found}
    pieces: dict[str, list[Piece]] = defaultdict(list)
    for used in flow.used.values():
        for piece in used:
            if piece.part.donation in wanted:
                pieces[piece.part.donation].append(piece)
    uses = _Uses(desk.store, {p.use for of in pieces.values() for p in of})
    made = []
    for each in found:
        own = uses.of(pieces[each.id])
        fund = rows.by_id(desk.store, each.fund_id)
        made.append(
            Trace(
                each.number, names.get(each.donor_id, ""), fund.code if fund else "", each.state,
                each.received_on or "", each.fen, sum(use.fen for use in own),
                flow.given_back(each.id), flow.left(each.id), own,
            )
        )  # fmt: skip
    return made


class _Uses:
    """Names what money was used for."""

    def __init__(self, store: Store, keys: set[str]) -> None:
        self._paid, self._sent = rows.paid(store, keys), rows.sent(store, keys)
        self._funds = {fund.id: fund.code for fund in programmes.funds(store)}

    def of(self, pieces: list[Piece]) -> tuple[Use, ...]:
        """One use for each payment and fund, in the order in which they were paid."""
        sums: dict[tuple[str, str, str], int] = {}
        for piece in pieces:
            at = piece.use, piece.fund, piece.day
            sums[at] = sums.get(at, 0) + piece.part.fen
        found = [self._use(key, fund, day, fen) for (key, fund, day), fen in sums.items()]
        return tuple(sorted(found, key=lambda use: (use.day, use.number)))

    def _use(self, key: str, fund: str, day: str, fen: int) -> Use:
        if key in self._sent:
            number, name, _ = self._sent[key]
            return Use("transfer", number, name, self._funds[fund], day, fen)
        voucher, case, _ = self._paid.get(key, ("", "", ""))
        return Use("payment", voucher, case, self._funds[fund], day, fen)
