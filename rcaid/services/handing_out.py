"""Distribution day: who is to get what, found by four digits or a slip, handed over one by one.

A hand-over has the effects of a row of a delivery file, each in a unit of its own. Several people
work on one list; who comes second is told who was first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rcaid.db import cards, handing, people, programmes
from rcaid.db import payments as rows
from rcaid.db.payments import Paying
from rcaid.db.tables import Batch
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.names import mask
from rcaid.domain.readings import tokens
from rcaid.services import batches, catalogue, results
from rcaid.services.cases import happened
from rcaid.services.desk import Desk
from rcaid.services.finding import CHILD, age_of
from rcaid.services.narrowing import narrowed
from rcaid.services.results import Result
from rcaid.services.shown import opened

ACT, SKIP = "distribution.hand_over", "distribution.not_today"
MOST_FOR_ONE_AGENT = 5
"""People one agent may sign for in a day before it is shown as odd (R-14)."""
_ENDS = {"goods": ("delivered", "undelivered"), "money": ("paid", "returned")}
_ON_WAY = ("issued", "released")
_LAST4 = re.compile(r"\d{4}|\d{3}X", re.ASCII)


@dataclass(frozen=True, slots=True)
class Agent:
    """Who takes it for somebody: the code of the relation, the last four of their number."""

    relation: str
    last4: str


@dataclass(frozen=True, slots=True)
class Distribution:
    """A list that is handed out. ``left`` are lines still to hand out at this desk's offices;
    ``where`` and ``held_on`` are "" until somebody says them."""

    id: str
    number: str
    round: str
    kind: str
    office_id: str
    place: str
    item: str
    where: str
    held_on: str
    released_on: str
    handed: int
    to_agents: int
    not_handed: int
    left: int
    version: int

    @property
    def total(self) -> int:
        """All lines that are to be handed out here."""
        return self.handed + self.not_handed + self.left


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is looked up in: voucher numbers by what people say or scan, names by voucher for who
    sees them in full. ``lot`` and ``expires_on`` are of the goods, "" where there are none."""

    batch_id: str
    number: str
    item: str
    lot: str
    expires_on: str
    codes: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Slip:
    """One line as the table sees it: the name masked, nothing about the need.

    ``state`` is due, served, not_handed, suspended, dead, left_out or elsewhere; ``who`` and ``at``
    (UTC) say who settled it, ``other`` on which list it stands instead. ``sex``, ``age`` and
    ``place`` are empty for who sees no names there.
    """

    voucher: str
    case_no: str
    name: str
    last4: str
    sex: str
    age: int | None
    place: str
    household: int
    fen: int
    qty: int
    item: str
    state: str
    who: str = ""
    at: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """A hand-over; ``for_agent`` is how many this agent has signed for today, 0 without one."""

    slip: Slip
    for_agent: int = 0

    @property
    def odd(self) -> bool:
        """Whether one agent signed for more people than is usual."""
        return self.for_agent > MOST_FOR_ONE_AGENT


# --- which lists there are


def page(desk: Desk, filter_text: str = "") -> list[Distribution] | Problem:
    """Lists that are being handed out, those with something left first, or what is wrong with the
    filter. A word is a part of the number, the office, the goods or the place."""
    offices = desk.reach("batch.list")
    found = _shown(desk, handing.open_batches(desk.store, offices), offices)
    found.sort(key=lambda each: not each.left)
    return narrowed(
        filter_text, found, lambda each: (each.number, each.place, each.item, each.where)
    )


def distribution(desk: Desk, number: str) -> Distribution:
    """One of them by number or id; Refused state.gone, who.no_duty or hand.closed."""
    batch = batches.find(desk, number)
    offices = desk.reach("batch.list")
    found = _shown(desk, [batch], offices)[0]
    if not found.total:
        desk.require("batch.list", batch.office_id)
    if batch.state != "released" or not _by_hand(batch):
        raise Refused(Problem("hand.closed", {"batch": batch.number}))
    return found


def _by_hand(batch: Batch) -> bool:
    return batch.kind == "goods" or batch.channel in ("cash", "event")


def _shown(desk: Desk, found: Sequence[Batch], offices: Sequence[str]) -> list[Distribution]:
    rounds = catalogue.names(desk).round
    goods = {each.id: each for each in programmes.items(desk.store)}
    lots = {each.id: each for each in programmes.lots(desk.store)}
    counted = _counted(handing.tally(desk.store, [batch.id for batch in found], offices))
    made = []
    for batch in found:
        lot = lots.get(batch.lot_id or "")
        n = counted[batch.id]
        made.append(
            Distribution(
                batch.id, batch.number, rounds[batch.round_id], batch.kind, batch.office_id,
                desk.offices.path(batch.office_id), goods[lot.item_id].name if lot else "",
                batch.place or "", batch.held_on or "", batch.released_on or "",
                n["handed"], n["agents"], n["not_handed"], n["left"], batch.version,
            )
        )  # fmt: skip
    return made


def _counted(found: Sequence[handing.Left]) -> dict[str, dict[str, int]]:
    made: dict[str, dict[str, int]] = defaultdict(
        lambda: {"handed": 0, "agents": 0, "not_handed": 0, "left": 0}
    )
    for each in found:
        n = made[each.batch_id]
        if each.state in _ON_WAY:
            n["left"] += each.n
        elif each.state in results.DONE:
            n["handed"] += each.n
            n["agents"] += each.n if each.agent else 0
        elif each.state in ("undelivered", "returned", "reissued"):
            n["not_handed"] += each.n
    return made


# --- looking up


def sheet(desk: Desk, number: str) -> Sheet:
    """The list to look up in, read once a day; Refused hand.closed or who.no_duty."""
    batch = batches.find(desk, number)
    desk.reach(ACT)
    if batch.state != "released" or not _by_hand(batch):
        raise Refused(Problem("hand.closed", {"batch": batch.number}))
    lines = rows.lines(desk.store, batch.id)
    who = people.standing(desk.store, (paying.line.person_id for paying in lines))
    codes: dict[str, dict[str, None]] = defaultdict(dict)
    for paying in lines:
        values = opened(desk, who[paying.line.person_id])
        last4 = [str(values[k])[-4:].upper() for k in ("number", "number15") if values.get(k)]
        for code in (paying.line.voucher, paying.case_no, *last4):
            codes[code][paying.line.voucher] = None
    lot = next((each for each in programmes.lots(desk.store) if each.id == batch.lot_id), None)
    items = {each.id: each.name for each in programmes.items(desk.store)}
    return Sheet(
        batch.id,
        batch.number,
        items[lot.item_id] if lot else "",
        lot.code if lot else "",
        (lot.expires_on or "") if lot else "",
        {code: tuple(found) for code, found in codes.items()},
        {
            paying.line.voucher: who[paying.line.person_id].name or ""
            for paying in lines
            if desk.names_in_full(paying.line.office_id)
        },
    )


def look_up(desk: Desk, at: Sheet, code: str) -> tuple[Slip, ...]:
    """The lines that a code stands for, as they are now; none where it is unknown.

    A code is the last four of an identity number, a voucher or a case number. A voucher of
    another list says of which.
    """
    wanted = code.strip().upper()
    vouchers = at.codes.get(wanted, ())
    if not vouchers and not _LAST4.fullmatch(wanted):
        vouchers = (wanted,)
    found = rows.by_vouchers(desk.store, vouchers)
    return tuple(slip(desk, at, found[each]) for each in vouchers if each in found)


def by_name(desk: Desk, at: Sheet, text: str, most: int = 9) -> tuple[Slip, ...]:
    """The first lines of a name, by characters, pinyin or initials; only among names that this
    desk sees in full."""
    typed = text.strip().casefold()
    vouchers = [
        voucher
        for voucher, name in at.names.items()
        if typed in name.casefold() or any(token.startswith(typed) for token in tokens(name))
    ]
    found = rows.by_vouchers(desk.store, vouchers[:most])
    return tuple(slip(desk, at, found[each]) for each in vouchers[:most] if each in found)


def slip(desk: Desk, at: Sheet, paying: Paying) -> Slip:
    """One line as it is now."""
    line = paying.line
    person = people.standing(desk.store, [line.person_id])[line.person_id]
    years = age_of(desk, person)
    values = opened(desk, person)
    mine = desk.duty_for(ACT, line.office_id) is not None
    full = desk.names_in_full(line.office_id)
    state = (
        "elsewhere" if line.batch_id != at.batch_id or not mine else _state(paying, person.state)
    )
    settled = state in ("served", "not_handed")
    last = happened(desk, cards.touching(desk.store, [("disbursement", [line.id])], []))[:1]
    other = ""
    if state == "elsewhere":
        batch = rows.batch_by_id(desk.store, line.batch_id)
        other = (
            batch.number if batch and batch.id != at.batch_id else desk.offices.path(line.office_id)
        )
    home = people.household(desk.store, person.household_id) if full else []
    return Slip(
        line.voucher, paying.case_no,
        mask(person.name or "", code_only=years is not None and years < CHILD),
        str(values.get("number", ""))[-4:], (person.sex or "") if full else "",
        years if full else None, desk.offices.path(line.office_id) if full else "",
        len(home), line.fen or 0, line.qty or 0, at.item, state,
        last[0].name if settled and last else "", last[0].at if settled and last else "", other,
    )  # fmt: skip


def _state(paying: Paying, person_state: str) -> str:
    line = paying.line
    if line.state in results.DONE:
        return "served"
    if line.state in ("undelivered", "returned", "reissued"):
        return "not_handed"
    if line.state not in _ON_WAY:
        return "left_out"
    if person_state == "deceased":
        return "dead"
    return "suspended" if paying.entitlement.state == "suspended" else "due"


def why_not(found: Slip) -> Problem | None:
    """Why a line cannot be handed over, None when it can (BR-016 for who has died)."""
    if found.state == "due":
        return None
    facts = {"voucher": found.voucher, "who": found.who, "other": found.other}
    return Problem(f"hand.{found.state}", facts)


# --- handing over


def hand_over(
    desk: Desk, number: str, voucher: str, *, agent: Agent | None = None
) -> tuple[Handed, Entry]:
    """Gives one line to the person, or to an agent for them, as of today.

    Refused hand.served (with who did it), hand.dead (BR-016), hand.suspended, hand.elsewhere,
    hand.not_handed, hand.left_out, voucher.unknown or who.no_duty.
    """
    batch = batches.find(desk, number)
    times = 0

    def result(paying: Paying) -> Result:
        done = _ENDS[paying.line.kind][0]
        if agent is None:
            return Result(voucher, done, desk.day)
        return Result(voucher, done, desk.day, "", "", agent.relation, agent.last4)

    def before(unit: Unit) -> None:
        nonlocal times
        times = _signed(desk, unit, batch, agent) + 1 if agent else 0

    given, entry = _settle(
        desk, batch, voucher, ACT, result, before=before, note=lambda: _noted(times)
    )
    return Handed(given, times), entry


def not_today(desk: Desk, number: str, voucher: str, reason: str) -> tuple[Slip, Entry]:
    """Puts down that a line was not handed out, and why (a code); its right is ready again.

    Refused as `hand_over`, but for who has died or is suspended: that is what this is for.
    """
    batch = batches.find(desk, number)

    def result(paying: Paying) -> Result:
        return Result(voucher, _ENDS[paying.line.kind][1], desk.day, reason)

    return _settle(desk, batch, voucher, SKIP, result, reason=reason, but=("dead", "suspended"))


def _noted(times: int) -> dict[str, int]:
    return {"agent_of": times} if times > MOST_FOR_ONE_AGENT else {}


def _settle(
    desk: Desk,
    batch: Batch,
    voucher: str,
    act: str,
    result: Callable[[Paying], Result],
    *,
    reason: str | None = None,
    but: Sequence[str] = (),
    before: Callable[[Unit], None] = lambda unit: None,
    note: Callable[[], dict[str, int]] = dict,
) -> tuple[Slip, Entry]:
    """One line settled in one unit, if it is still due when the unit holds it."""
    known = rows.by_vouchers(desk.store, [voucher]).get(voucher)
    if known is None:
        raise Refused(Problem("voucher.unknown", {"voucher": voucher}))
    desk.require(act, known.line.office_id)
    at = Sheet(batch.id, batch.number, "", "", "", {})

    def work(unit: Unit) -> Slip:
        unit.store.lock("entitlement", "id", [known.entitlement.id])
        paying = rows.by_vouchers(unit.store, [voucher])[voucher]
        found = slip(desk, at, paying)
        problem = why_not(found)
        if problem is not None and found.state not in but:
            raise Refused(problem)
        before(unit)
        results.take_up(desk, unit, [result(paying)])
        return found

    try:
        return desk.write(
            act, known.line.office_id, work, object=voucher, reason=reason, note=lambda _: note()
        )
    except Refused as error:
        if any(problem.code == "state.stale" for problem in error.problems):
            problem = why_not(slip(desk, at, rows.by_vouchers(desk.store, [voucher])[voucher]))
            if problem is not None:
                raise Refused(problem) from error
        raise


def _signed(desk: Desk, unit: Unit, batch: Batch, agent: Agent) -> int:
    """How many lines of a batch this agent has signed for today."""
    found = handing.signed_by_agents(unit.store, batch.id, unit.day)
    values = (desk.keys.open("disbursement", id, sealed)[1] for id, sealed in found)
    return sum(each.get("last4", "")[-4:].upper() == agent.last4 for each in values)
