"""What somebody has begun to type is theirs alone, sealed, and no part of the record."""

from __future__ import annotations

import pytest

from rcaid.db import drafts as rows
from rcaid.domain.errors import Broken, Refused
from rcaid.services import drafts
from tests.services.conftest import Society
from tests.services.writing import number

TYPED = {"number": "310199195001010011", "name": "赵小敏"}


def test_what_was_typed_last_is_found_again_by_whoever_typed_it(society: Society) -> None:
    desk = society.desk("jd-caseworker")
    id = drafts.new_id(desk)
    drafts.keep(desk, id, "register", "STU", {"number": "3101"})
    at = drafts.keep(desk, id, "register", "STU 赵小敏", TYPED)
    (kept,) = drafts.mine(desk)
    assert kept == drafts.find(desk, id)
    assert kept == (id, "register", at, "STU 赵小敏", TYPED, False)
    assert drafts.waiting(desk) == (1, at)
    drafts.drop(desk, id)
    drafts.drop(desk, id)
    assert drafts.mine(desk) == []
    assert drafts.waiting(desk) == (0, "")


def test_nobody_else_sees_overwrites_or_drops_a_draft(society: Society) -> None:
    mine, other = society.desk("jd-caseworker"), society.desk("jd-verifier")
    id = drafts.new_id(mine)
    drafts.keep(mine, id, "register", "", TYPED)
    assert drafts.mine(other) == []
    for act in (
        lambda: drafts.find(other, id),
        lambda: drafts.drop(other, id),
        lambda: drafts.keep(other, id, "register", "", {}),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.problems[0].code == "draft.not_yours"
    assert drafts.find(mine, id).values == TYPED


def test_a_draft_is_sealed_and_opens_only_under_its_own_id(society: Society) -> None:
    desk = society.desk("jd-caseworker")
    first, second = drafts.new_id(desk), drafts.new_id(desk)
    drafts.keep(desk, first, "register", "", TYPED)
    stored = rows.by_id(desk.store, first)
    assert stored is not None
    assert b"310199195001010011" not in stored.sealed
    assert "赵小敏".encode() not in stored.sealed
    moved = stored._replace(id=second)
    desk.store.unit(lambda: rows.put(desk.store, moved))
    with pytest.raises(Broken):
        drafts.find(desk, second)


def test_drafts_leave_no_word_in_the_record(society: Society) -> None:
    desk = society.desk("jd-caseworker")
    before = number(desk.store, "SELECT count(*) FROM audit_event")
    drafts.keep(desk, drafts.new_id(desk), "register", "", TYPED)
    assert number(desk.store, "SELECT count(*) FROM audit_event") == before


def test_so_many_drafts_and_no_more(society: Society, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST", 2)
    desk = society.desk("jd-caseworker")
    first = drafts.new_id(desk)
    drafts.keep(desk, first, "register", "", TYPED)
    drafts.keep(desk, drafts.new_id(desk), "register", "", TYPED)
    with pytest.raises(Refused) as refusal:
        drafts.keep(desk, drafts.new_id(desk), "register", "", TYPED)
    assert refusal.value.problems[0].code == "draft.many"
    drafts.keep(desk, first, "register", "", {})
