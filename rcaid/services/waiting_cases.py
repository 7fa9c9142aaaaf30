"""The applications and drafts that wait for a person today, each in one line only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from rcaid.db import case_queue
from rcaid.db.case_queue import Waiting
from rcaid.domain.duties import APART
from rcaid.services import drafts
from rcaid.services.clock import local_day
from rcaid.services.desk import Desk

ATTENTION, STOPPED = "attention", "stopped"


class Line(NamedTuple):
    """One kind of work; as `today.TodayLine`. ``first``: before everything else."""

    id: str
    sign: str
    n: int
    fen: int | None
    mine: int
    oldest: str
    due: str
    place: str
    filter: str
    first: bool = False


class _Work(NamedTuple):
    """A step that waits for a duty: the states it starts from, the act that does it, and the step
    in the rules of separation."""

    id: str
    states: tuple[str, ...]
    act: str
    step: str = ""


_WORKS = (
    _Work("case.verify", ("submitted", "verifying"), "case.verify", "verify"),
    _Work("case.propose", ("district_review",), "case.propose", "freeze"),
    _Work("case.approve", ("approval",), "case.approve", "approve"),
    _Work("case.answer", ("returned",), "case.answer"),
    _Work("case.submit", ("draft",), "case.submit"),
)


def lines(desk: Desk, reach: Callable[[str], Sequence[str]]) -> Iterable[Line]:
    """What waits: late ones first of all, answered ones apart from those that are new."""
    late: list[tuple[_Work, list[Waiting]]] = []
    for work in _WORKS:
        offices = reach(work.act)
        if not offices:
            continue
        parts = tuple(sorted(APART[work.step])) if work.step else ()
        found = case_queue.waiting(
            desk.store, offices, work.states, desk.day, desk.actor.staff_id, parts
        )
        found = [each for each in found if each.n > each.mine]
        late.append((work, [each for each in found if each.late]))
        in_time = [each for each in found if not each.late]
        step = f"step:{','.join(work.states)} -is:late"
        if work.id == "case.verify":
            new = [each for each in in_time if not each.answered]
            answered = [each for each in in_time if each.answered]
            yield from _line(work.id, "", new, f"{step} -is:answered")
            yield from _line("case.answered", "", answered, "step:submitted is:answered -is:late")
        elif work.id in ("case.answer", "case.submit"):
            sign = ATTENTION if work.id == "case.answer" else ""
            yield from _line(work.id, sign, found, f"step:{','.join(work.states)}")
        else:
            yield from _line(work.id, "", in_time, step)
    every = [each for _, those in late for each in those]
    states = ",".join(dict.fromkeys(each.state for each in every))
    yield from _line("case.late", STOPPED, every, f"is:late step:{states}")
    yield from _drafts(desk)


def _line(id: str, sign: str, found: Sequence[Waiting], where: str) -> Iterable[Line]:
    n = sum(each.n for each in found)
    if n:
        yield Line(
            id, sign, n, sum(each.fen for each in found), sum(each.mine for each in found),
            min((each.oldest for each in found if each.oldest), default=""),
            min((each.due for each in found if each.due), default=""), "cases", where,
        )  # fmt: skip


def _drafts(desk: Desk) -> Iterable[Line]:
    """What this person has begun to type; first of all when its form was never left."""
    n, _ = drafts.waiting(desk)
    if n:
        kept = drafts.mine(desk)
        dropped = any(each.is_open for each in kept)
        sign = ATTENTION if dropped else ""
        yield Line(
            "draft.mine", sign, n, None, 0, local_day(kept[-1].kept_at), "", "drafts", "", dropped
        )
