"""What waits for a person today, from the summaries and the small tables alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rcaid.db import duplicates, programmes, summaries
from rcaid.db import lists as rows
from rcaid.db.lists import Asked, Condition
from rcaid.domain.duties import ACTS, kept_apart
from rcaid.services import lists, quota_lists, waiting_cases
from rcaid.services.desk import Desk
from rcaid.services.lists import BatchRow, RosterRow
from rcaid.services.notices import listing

ATTENTION = "attention"
LEADING = ("reviewer", "approver", "releaser", "auditor", "preparer", "administrator")
_MOST = 2_000


class TodayLine(NamedTuple):
    """One kind of work: ``id`` names it, ``n`` how many things and ``fen`` how much, ``mine`` how
    many of them this person is kept apart from; ``place`` and ``filter`` show them; ``number`` is
    of the one thing that it is about."""

    id: str
    sign: str
    n: int
    fen: int | None
    mine: int
    oldest: str
    due: str
    place: str
    filter: str
    number: str = ""


class QuotaBar(NamedTuple):
    """How far a quota of one's own office is used."""

    cycle: str
    programme: str
    category: str
    used: int
    allotted: int


class OfficeBar(NamedTuple):
    """What reached people through an office and all below it: person-times, value in fen."""

    office_id: str
    name: str
    person_times: int
    fen: int


class _Work(NamedTuple):
    """A step that waits for a duty: the state it starts from and the act that does it."""

    id: str
    state: str
    act: str
    step: str = ""


_ROSTERS = (
    _Work("roster.submit", "open", "roster.submit"),
    _Work("roster.verify", "submitted", "roster.verify", "verify"),
    _Work("roster.freeze", "verified", "roster.freeze", "freeze"),
    _Work("roster.approve", "frozen", "roster.approve", "approve"),
)
_BATCHES = (
    _Work("batch.lock", "draft", "batch.lock"),
    _Work("batch.approve", "locked", "batch.approve", "batch.approve"),
    _Work("batch.release", "approved", "batch.release", "batch.release"),
    _Work("batch.reconcile", "released", "batch.reconcile"),
    _Work("batch.close", "reconciled", "batch.close"),
)


def lines(desk: Desk) -> list[TodayLine]:
    """What waits for this person: what needs attention first, then the oldest first."""
    found = [
        *_rosters(desk), *_batches(desk), *_returned(desk), *_rejected(desk), *_pairs(desk),
        *_notices(desk), *_cases(desk),
    ]  # fmt: skip
    return sorted(found, key=_urgency)


def _urgency(line: TodayLine) -> tuple[int, bool, str, str]:
    """What has a sign first, then by due day and age; drafts last, but first after a dropped
    line."""
    draft = line.id == "draft.mine"
    rank = (0 if line.sign else 2) if draft else 1
    return rank, line.sign == "", line.due or "9", line.oldest or "9"


def _reach(desk: Desk, act: str) -> tuple[str, ...]:
    """The offices in which this person may do an act; none is no refusal here."""
    held = {duty for duty, _ in desk.actor.duties}
    return desk.reach(act) if held & set(ACTS[act]) else ()


def _rosters(desk: Desk) -> Iterable[TodayLine]:
    by_state: dict[str, list[RosterRow]] = {}
    for row in lists.roster_rows(desk, _read(desk, "rosters", _ROSTERS)):
        by_state.setdefault(row.state, []).append(row)
    for work in _ROSTERS:
        reach = set(_reach(desk, work.act))
        here = [row for row in by_state.get(work.state, ()) if row.office_id in reach]
        if work.id == "roster.submit":
            back = [row for row in here if any(act == "return" for _, act in row.parts)]
            yield from _line(desk, work._replace(id="roster.returned"), back, "rosters", ATTENTION)
            here = [row for row in here if row not in back]
        yield from _line(desk, work, here, "rosters")


def _batches(desk: Desk) -> Iterable[TodayLine]:
    by_state: dict[str, list[BatchRow]] = {}
    for row in lists.batch_rows(desk, _read(desk, "batches", _BATCHES)):
        by_state.setdefault(row.state, []).append(row)
    for work in _BATCHES:
        reach = set(_reach(desk, work.act))
        here = [row for row in by_state.get(work.state, ()) if row.office_id in reach]
        yield from _line(desk, work, here, "batches")


def _read(desk: Desk, place: str, works: Sequence[_Work]) -> list[tuple[object, ...]]:
    """The rows of a small table that some work of this person may wait in."""
    offices = dict.fromkeys(office for work in works for office in _reach(desk, work.act))
    states = tuple(work.state for work in works if _reach(desk, work.act))
    if not offices:
        return []
    asked = Asked(
        place, (Condition("step", "in", states), Condition("office", "in", tuple(offices)))
    )
    return [row[2:] for row in rows.page(desk.store, asked, _MOST)]


def _line(
    desk: Desk, work: _Work, here: Sequence[RosterRow | BatchRow], place: str, sign: str = ""
) -> Iterable[TodayLine]:
    """The line of one kind of work, unless there is none that this person may do."""
    me = desk.actor.staff_id
    mine = sum(1 for row in here if work.step and kept_apart(work.step, me, row.parts))
    if len(here) == mine:
        return
    days = [row.opened_on if isinstance(row, RosterRow) else row.released_on for row in here]
    flag = " is:returned" if work.id == "roster.returned" else ""
    yield TodayLine(
        work.id, sign, len(here), sum(row.fen for row in here), mine,
        min((day for day in days if day), default=""), "", place, f"step:{work.state}{flag}",
    )  # fmt: skip


def _returned(desk: Desk) -> Iterable[TodayLine]:
    """Payments that came back and wait for another account or to go out again."""
    offices = dict.fromkeys([*_reach(desk, "return.fix_account"), *_reach(desk, "return.reissue")])
    if not offices:
        return
    back = [
        each
        for each in summaries.standing(desk.store, "disbursement", tuple(offices))
        if each.state == "returned"
    ]
    n = sum(each.n for each in back)
    if n:
        fen = sum(each.fen for each in back)
        yield TodayLine("payment.returned", ATTENTION, n, fen, 0, "", "", "cases", "is:returned")


def _rejected(desk: Desk) -> Iterable[TodayLine]:
    """Rows of files that were not taken, while their cycle still takes entries."""
    offices = _reach(desk, "import.list")
    held = {duty for duty, _ in desk.actor.duties}
    taking = {c.id: c.code for c in programmes.cycles(desk.store) if c.state == "open"}
    if not offices or not taking or not held & {"caseworker", "reviewer"}:
        return
    asked = Asked(
        "imports",
        (
            Condition("rejected", "span", ((1, None),)),
            Condition("step", "in", ("applied",)),
            Condition("cycle", "in", tuple(taking)),
            Condition("office", "in", offices),
        ),
    )
    found = [row[2:] for row in rows.page(desk.store, asked, _MOST)]
    if found:
        n = sum(row[12] + row[15] for row in found)
        oldest = min(row[7] for row in found)
        codes = ",".join(dict.fromkeys(taking[row[2]] for row in found))
        yield TodayLine(
            "import.rejected", ATTENTION, n, None, 0, oldest, "", "imports",
            f"is:stopped step:applied cycle:{codes}",
        )  # fmt: skip


def _cases(desk: Desk) -> Iterable[TodayLine]:
    """Applications by step, and drafts."""
    for each in waiting_cases.lines(desk, lambda act: _reach(desk, act)):
        yield TodayLine(*each[:9])


def _notices(desk: Desk) -> Iterable[TodayLine]:
    """Cases to put on a notice, notices to publish and to close, objections to decide on."""
    for work in listing.work_of(desk, lambda act: _reach(desk, act)):
        deciding = work.act == "objection.decide"
        sign = ATTENTION if work.act in ("notice.close", "objection.decide") else ""
        yield TodayLine(
            work.act, sign, work.n, work.fen or None, work.mine, work.day if deciding else "",
            "" if deciding else work.day, "notices", work.filter, work.number,
        )  # fmt: skip


def _pairs(desk: Desk) -> Iterable[TodayLine]:
    """Pairs that may be one person: to be decided, and to be merged by who may."""
    for id, act, count in (
        ("duplicate.decide", "duplicate.decide", duplicates.count_open),
        ("duplicate.merge", "person.merge", duplicates.count_to_merge),
    ):
        offices = _reach(desk, act)
        n = count(desk.store, offices) if offices else 0
        if n:
            yield TodayLine(id, "", n, None, 0, "", "", "duplicates", "")


def quota_bars(desk: Desk) -> list[QuotaBar]:
    """Quotas of one's own office in the cycles that have not ended, by cycle and category."""
    home = desk.home().id
    if home not in _reach(desk, "quota.show"):
        return []
    below = desk.offices.below(home)
    names = {each.id: each.name for each in programmes.programmes(desk.store)}
    bars = []
    for cycle in programmes.cycles(desk.store):
        quotas = [q for q in programmes.quotas(desk.store, cycle.id) if q.office_id == home]
        if cycle.state in quota_lists.OVER or not quotas:
            continue
        used = quota_lists.used_of(desk, cycle, below)
        for quota in sorted(quotas, key=lambda q: q.category):
            n = sum(count for (_, c), count in used.items() if quota.category in ("*", c))
            bars.append(
                QuotaBar(cycle.code, names[cycle.programme_id], quota.category, n, quota.allotted)
            )
    return bars


def office_bars(desk: Desk) -> tuple[str, list[OfficeBar]]:
    """The last year of which a cycle has ended, else the newest one, and what reached people in it
    through each office below one's own; for those who lead, else nothing."""
    held = {duty for duty, office in desk.actor.duties if office == desk.home().id}
    children = [each for each in desk.offices.children(desk.home().id) if not each.pseudo]
    if not children or not held & set(LEADING):
        return "", []
    below = desk.offices.below(desk.home().id)
    cycles = programmes.cycles(desk.store)
    years = {cycle.id: cycle.opens_on[:4] for cycle in cycles}
    over = [years[cycle.id] for cycle in cycles if cycle.state == "ended"]
    year = max(over or years.values(), default="")
    of_year = [cycle.id for cycle in cycles if years[cycle.id] == year]
    times: dict[str, int] = defaultdict(int)
    value: dict[str, int] = defaultdict(int)
    for each in summaries.standing_by_office(desk.store, "served", below, of_year):
        times[each.office_id] += each.n
    for each in summaries.standing_by_office(desk.store, "disbursement", below, of_year):
        if each.state in ("paid", "delivered"):
            value[each.office_id] += each.fen
    return year, [
        OfficeBar(
            child.id,
            child.name,
            sum(times[id] for id in desk.offices.below(child.id)),
            sum(value[id] for id in desk.offices.below(child.id)),
        )
        for child in children
        if year
    ]
