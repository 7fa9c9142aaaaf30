"""What a batch can be made of: rounds with something ready, by office and kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rcaid.db import programmes, ready
from rcaid.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Choice:
    """A batch that could be made: its round (``22A`` and 1), the office by code, money or goods,
    and what would be in it."""

    cycle: str
    round: int
    label: str
    programme: str
    office_code: str
    office: str
    own: bool
    kind: str
    n: int
    fen: int
    qty: int

    @property
    def round_code(self) -> str:
        """The round as people write it, ``22A-1``."""
        return f"{self.cycle}-{self.round}"


def choices(desk: Desk) -> list[Choice]:
    """Every batch this person could make now: of an office they work for and all below it
    together, and of each office below alone; the newest round first, larger offices first."""
    offices = desk.reach("batch.create")
    counted = ready.counted(desk.store, offices)
    rounds = _rounds(desk)
    own = {office for duty, office in desk.actor.duties if duty == "preparer"}
    made: dict[tuple[str, str, str], Choice] = {}
    for each in counted:
        cycle, number, label, programme = rounds[each.round_id]
        above = [o for o in own if desk.offices.within(each.office_id, o)]
        for office_id in dict.fromkeys((*above, each.office_id)):
            office = desk.offices.by_id[office_id]
            key = (each.round_id, office_id, each.kind)
            have = made.get(key)
            if have is None:
                have = Choice(
                    cycle, number, label, programme, office.code, desk.offices.path(office_id),
                    office_id in own, each.kind, 0, 0, 0,
                )  # fmt: skip
            made[key] = replace(
                have, n=have.n + each.n, fen=have.fen + each.fen, qty=have.qty + each.qty
            )
    order = {code: n for n, code in enumerate(rounds)}
    keyed = sorted(
        made.items(), key=lambda each: (-order[each[0][0]], not each[1].own, each[1].office_code)
    )
    return [choice for _key, choice in keyed]


def _rounds(desk: Desk) -> dict[str, tuple[str, int, str, str]]:
    """Cycle, number, label and programme of every round, by id, oldest first."""
    names = {each.id: each.name for each in programmes.programmes(desk.store)}
    return {
        each.id: (cycle.code, each.number, each.label, names[cycle.programme_id])
        for cycle in programmes.cycles(desk.store)
        for each in programmes.rounds(desk.store, cycle.id)
    }


def of_roster(desk: Desk, cycle: str, office_code: str) -> Sequence[Choice]:
    """The batches of one office in one cycle: what an approved roster comes to."""
    return [
        each for each in choices(desk) if (each.cycle, each.office_code) == (cycle, office_code)
    ]
