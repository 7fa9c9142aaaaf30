"""Plans that nobody applied go after a week; a spooled file is private and never stays."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from rcaid.domain.errors import Unusable
from rcaid.services.importing import imports, plan_store
from rcaid.services.importing.plans import plan_folder
from tests.services.conftest import Society
from tests.services.writing import refused

WEEK = 7 * 24 * 3600


def test_old_plans_and_spools_are_swept_and_young_ones_stay(society: Society) -> None:
    desk = society.desk("jd-caseworker")
    folder = plan_folder(desk)
    folder.mkdir(parents=True, exist_ok=True)
    spool = folder / ".from-stdin-x"
    spool.mkdir(exist_ok=True)
    (spool / "a.csv").write_text("x")
    old, young, other = (folder / name for name in ("old.plan", "young.plan", "notes.txt"))
    for each in (old, young, other):
        each.write_text("x")
    for each in (old, spool, other):
        seen = each.stat().st_mtime - WEEK - 60
        os.utime(each, (seen, seen))

    plan_store.sweep(desk)

    assert not old.exists() and not spool.exists()
    assert young.exists() and other.exists()
    for each in (young, other):
        each.unlink()


def test_a_spooled_file_is_private_and_gone_whatever_happens(society: Society) -> None:
    desk = society.desk("jd-caseworker")
    seen: list[Path] = []

    def read() -> None:
        with plan_store.spooled(desk, io.BytesIO(b"a,b\n1,2\n"), "x.csv") as path:
            seen.append(path)
            assert path.stat().st_mode & 0o777 == 0o600
            assert path.parent.stat().st_mode & 0o777 == 0o700
            raise KeyError

    with pytest.raises(KeyError):
        read()
    assert not seen[0].parent.exists()


def test_too_much_is_refused_and_leaves_nothing(
    society: Society, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_store, "MOST_MIB", 1)
    desk = society.desk("jd-caseworker")
    endless = io.BytesIO(bytes((1 << 20) + 1))
    with (
        refused("import.too_large", by=Unusable),
        plan_store.spooled(desk, endless),
    ):
        pass
    assert not list(plan_folder(desk).glob(".from-stdin-*"))


def test_a_plan_is_read_by_those_of_its_office(society: Society) -> None:
    path = society.write([society.person(1, "王伟")])
    made = imports.plan(society.desk("jd-caseworker"), path, "roster", cycle_code="22A")
    which = made.facts.plan_id
    assert plan_store.is_plan(society.admin, which)
    for login in ("jd-caseworker", "jd-reviewer", "sh-auditor"):
        assert plan_store.open_plan(society.desk(login), which).facts.rows_new == 1
    for login in ("pd-caseworker", "jd-releaser"):
        with refused("who.no_duty"):
            plan_store.open_plan(society.desk(login), which)

    done = imports.apply(society.desk("jd-caseworker"), made.path)
    found = plan_store.applied_as(society.desk("jd-reviewer"), which)
    assert found is not None
    assert found.id == done.batch.id
    with refused("who.no_duty"):
        plan_store.applied_as(society.desk("pd-caseworker"), which)
