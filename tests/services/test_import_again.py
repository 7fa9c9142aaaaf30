"""Every kind: planned, applied twice, undone, imported again, mended: the digests prove each step."""

from __future__ import annotations

from pathlib import Path

import pytest

from rcaid.db.digests import digests
from rcaid.db.upkeep import miscounted
from rcaid.domain.ids import SeededSource
from rcaid.services import audit
from rcaid.services.clock import SetClock
from rcaid.services.importing import imports
from rcaid.services.importing.undo import undo
from rcaid.services.society import as_person
from tests.services.conftest import Societies, Society
from tests.services.killing import LATER
from tests.services.ready import KINDS, OPPOSITE, Ready, planned

pytestmark = pytest.mark.parametrize("kind", KINDS)


def state(society: Society) -> dict[str, str]:
    """The digest of each table."""
    return digests(society.admin.store, society.admin.keys)


def begin(society: Society, seed: int) -> None:
    """From now on ids, salts and times are those of a seed, whatever happened before."""
    society.admin.source, society.admin.clock = SeededSource(seed), SetClock(LATER)
    society._desks.clear()


def take_in(society: Society, kind: str, ready: Ready, seed: int, plan: str = "") -> str:
    """Plans and applies the right file; its import."""
    begin(society, seed)
    path = society.folder / "whole.csv"
    if not path.exists():
        ready.write(society).rename(path)
    _, made = planned(society, kind, ready, path)
    return imports.apply(society.desk(ready.login), made).batch.id


def sound(society: Society) -> None:
    assert miscounted(society.admin.store) == []
    assert audit.verify_store(as_person(society.admin, "sh-auditor")).faults == []


def test_a_plan_changes_nothing_and_applied_twice_is_applied_once(
    society: Society, kind: str
) -> None:
    ready = KINDS[kind](society)
    before = state(society)
    path = ready.write(society)
    facts, plan = planned(society, kind, ready, path)
    _, other = planned(society, kind, ready, path)
    assert state(society) == before
    desk = society.desk(ready.login)
    assert not imports.apply(desk, plan, keep=True).again
    after = state(society)
    assert after != before
    assert facts.facts.rows_rejected == facts.facts.rows_unchanged == 0

    for each in (plan, other):
        assert imports.apply(desk, each, keep=True).again
        assert state(society) == after
    assert planned(society, kind, ready, path)[0].known is not None
    assert state(society) == after
    sound(society)


def test_an_import_after_an_undo_leaves_what_it_would_have_left_without(
    engine: str, societies: Societies, tmp_path: Path, kind: str
) -> None:
    there, plain = (societies.copy(engine, _folder(tmp_path, name)) for name in ("one", "other"))
    ready, alike = KINDS[kind](there), KINDS[kind](plain)
    before = state(there)
    assert state(plain) == before
    batch = take_in(there, kind, ready, seed=101)
    undo(there.desk("jd-reviewer"), batch)
    back = state(there)
    assert (back == before) == (kind not in OPPOSITE)

    take_in(there, kind, ready, seed=202)
    take_in(plain, kind, alike, seed=202)

    # What was paid back is due under a new number: the old sheet speaks of nothing any more.
    assert state(there) == (back if kind in OPPOSITE else state(plain))
    for each in (there, plain):
        sound(each)
        societies.close(each)


def _folder(place: Path, name: str) -> Path:
    (place / name).mkdir()
    return place / name


def test_mended_rejects_touch_their_rows_alone_however_often(society: Society, kind: str) -> None:
    ready = KINDS[kind](society)
    begin(society, 101)
    bad = [0, len(ready.rows) - 1]
    judged, plan = planned(society, kind, ready, ready.write(society, wrong=bad))
    assert judged.facts.rows_rejected == len(bad)
    desk = society.desk(ready.login)
    imports.apply(desk, plan)

    mended = ready._replace(rows=[ready.rows[n] for n in bad])
    judged, plan = planned(society, kind, mended, mended.write(society))
    facts = judged.facts
    assert (facts.rows_new + facts.rows_updated, facts.rows_rejected) == (len(bad), 0)
    imports.apply(desk, plan)
    whole = state(society)

    for rows in (ready.rows, list(reversed(ready.rows)), list(reversed(mended.rows))):
        again = ready._replace(rows=rows)
        judged, plan = planned(society, kind, again, again.write(society))
        assert judged.facts.rows_unchanged == len(rows)
        imports.apply(desk, plan)
        assert state(society) == whole
    sound(society)
