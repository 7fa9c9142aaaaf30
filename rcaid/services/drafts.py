"""Drafts of one's own: kept while one types, offered again after any end of the program.

A draft is nobody else's, is sealed by the store's key, and leaves no word in the record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from rcaid.db import drafts as rows
from rcaid.domain.errors import Problem, Refused
from rcaid.services.desk import Desk

MOST = 50
"""So many things a person may have begun at a time."""


class Kept(NamedTuple):
    """A draft: where it was begun, when it was kept (UTC text), what it is about in words, its
    values by field, and whether its form was open then."""

    id: str
    place: str
    kept_at: str
    about: str
    values: dict[str, str]
    is_open: bool = False


def new_id(desk: Desk) -> str:
    """The id of a draft that is about to be begun."""
    return next(desk.source.ids(desk.clock.moment().milliseconds))


def keep(
    desk: Desk, id: str, place: str, about: str, values: Mapping[str, str], *, is_open: bool = False
) -> str:
    """Keeps what was typed so far, in place of what was kept under this id; when (UTC text).
    ``is_open`` says that its form stands open: should it stay so, a line has dropped.

    Refused draft.not_yours for the id of somebody else's, draft.many above `MOST`.
    """
    at = desk.clock.moment().at
    desk.source.step("draft")
    said = {"about": about, "values": dict(values), "is_open": is_open}
    text = json.dumps(said, ensure_ascii=False)
    sealed = desk.keys.encrypt(f"draft|{id}", text.encode(), desk.source.chance(12))

    def work() -> None:
        known = rows.by_id(desk.store, id)
        if known is None and rows.count(desk.store, desk.actor.staff_id)[0] >= MOST:
            raise Refused(Problem("draft.many", {"most": MOST}))
        if known is not None:
            _own(desk, known)
        rows.put(desk.store, rows.Draft(id, desk.actor.staff_id, place, at, sealed))

    desk.store.unit(work, what="draft")
    return at


def mine(desk: Desk) -> list[Kept]:
    """What this person has begun, newest first."""
    return [_opened(desk, each) for each in rows.of_staff(desk.store, desk.actor.staff_id)]


def waiting(desk: Desk) -> tuple[int, str]:
    """How many drafts this person has, and when the oldest was kept (UTC text, "" for none)."""
    return rows.count(desk.store, desk.actor.staff_id)


def find(desk: Desk, id: str) -> Kept:
    """A draft of one's own; Refused state.gone, draft.not_yours."""
    found = rows.by_id(desk.store, id)
    if found is None:
        raise Refused(Problem("state.gone", {"noun": "draft", "id": id}))
    return _opened(desk, _own(desk, found))


def drop(desk: Desk, id: str) -> None:
    """Takes a draft away: it was sent, or is not wanted any more. Nothing happens where it is gone already."""
    found = rows.by_id(desk.store, id)
    if found is not None:
        _own(desk, found)
        desk.store.unit(lambda: rows.drop(desk.store, id), what="draft")


def _own(desk: Desk, draft: rows.Draft) -> rows.Draft:
    if draft.staff_id != desk.actor.staff_id:
        raise Refused(Problem("draft.not_yours", {"id": draft.id}))
    return draft


def _opened(desk: Desk, draft: rows.Draft) -> Kept:
    said = json.loads(desk.keys.decrypt(f"draft|{draft.id}", bytes(draft.sealed)))
    return Kept(draft.id, draft.place, draft.kept_at, said["about"], said["values"],
                said["is_open"])  # fmt: skip
