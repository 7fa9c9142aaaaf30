"""A society's store: made once, opened by somebody it knows, with its keys beside nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rcaid.db import settings
from rcaid.db.engine import open_store
from rcaid.domain.errors import Unusable
from rcaid.domain.ids import SeededSource
from rcaid.services import audit, staff
from rcaid.services.clock import SetClock
from rcaid.services.desk import Desk
from rcaid.services.society import LETTERS, initialise, keep_today, open_desk, regions
from tests.services.conftest import DAY, Society
from tests.services.writing import newcomer, number, refused, rows


def begin(url: str, folder: Path, *, demo: bool = False, os_user: str | None = None) -> Desk:
    """A new society whose administrator is root1."""
    return initialise(
        url, society="红会", admin_login="root1", admin_name="Root", admin_os_user=os_user,
        key_file=folder / "new.keys", demo=demo, source=SeededSource(5), clock=SetClock(DAY),
    )  # fmt: skip


def test_a_new_society_has_its_offices_and_one_administrator_of_the_city(
    url: str, tmp_path: Path
) -> None:
    desk = begin(url, tmp_path)
    offices = desk.offices

    assert len([o for o in offices.all if o.level == "district"]) == 16
    assert len([o for o in offices.all if o.level == "street"]) == len(offices.all) - 17
    assert {o.letters for o in offices.all} <= set(LETTERS.values())
    assert desk.actor.duties == (("administrator", offices.top.id),)
    assert len({o.log for o in offices.all}) == 17
    assert all(o.log == offices.by_id[o.parent_id].log for o in offices.all if o.level == "street" and o.parent_id)  # fmt: skip
    [line] = rows(desk.store, "SELECT act, actor FROM audit_event")
    assert line == ("society.init", "system")
    assert audit.verify_store(desk).ok
    desk.store.close()


def test_a_store_holds_one_society(url: str, tmp_path: Path) -> None:
    begin(url, tmp_path).store.close()
    with refused("society.exists"):
        initialise(url, society="other", admin_login="x", admin_name="x", key_file=tmp_path / "x.keys")  # fmt: skip
    assert not (tmp_path / "x.keys").exists()


def test_keys_that_are_there_are_not_written_over(url: str, tmp_path: Path) -> None:
    (tmp_path / "new.keys").write_text("somebody else's")
    with refused("keys.exists", by=Unusable):
        begin(url, tmp_path)
    assert (tmp_path / "new.keys").read_text() == "somebody else's"
    store = open_store(url)
    assert settings.get(store, "society") == ""
    store.close()


def test_a_store_is_opened_by_login_or_by_the_systems_user(url: str, tmp_path: Path) -> None:
    begin(url, tmp_path, os_user="linux-user").store.close()

    for arguments in ({"login": "root1"}, {"os_user": "linux-user"}):
        desk = open_desk(url, **arguments)
        assert desk.actor.login == "root1"
        desk.store.close()
    with refused("who.unknown"):
        open_desk(url, "nobody")
    with refused("who.os_unknown"):
        open_desk(url, os_user="nobody")
    with refused("who.os_unknown"):
        open_desk(url)


def test_nobody_acts_as_another_in_a_real_store(url: str, tmp_path: Path) -> None:
    begin(url, tmp_path).store.close()
    with refused("who.as_only_demo"):
        open_desk(url, as_login="root1")
    with refused("who.as_only_demo"):
        open_desk(url, "root1", as_login="root1")


def test_a_demo_opens_on_its_own_day(society: Society) -> None:
    keep_today(society.admin, "2022-03-04")
    desk = open_desk(society.url, as_login="jd-caseworker")

    assert (desk.day, desk.actor.login, desk.demo) == ("2022-03-04", "jd-caseworker", True)
    desk.store.close()


def test_somebody_who_left_is_unknown(society: Society) -> None:
    rows(society.admin.store, "UPDATE staff SET active = 0 WHERE login = 'jd-keeper' RETURNING id")
    with refused("who.unknown"):
        open_desk(society.url, as_login="jd-keeper")


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda path: path.unlink(), "keys.missing"),
        (lambda path: path.chmod(0o644), "keys.open"),
        (lambda path: path.write_text("{}"), "keys.unreadable"),
    ],
)
def test_without_its_keys_a_store_is_not_opened(
    society: Society, break_it: Callable[[Path], object], code: str
) -> None:
    break_it(Path(settings.get(society.admin.store, "key_file")))
    with refused(code, by=Unusable):
        open_desk(society.url, as_login="jd-caseworker")


def test_keys_may_lie_where_the_environment_says(
    society: Society, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Path(settings.get(society.admin.store, "key_file"))
    moved = place.rename(place.with_name("moved.keys"))
    monkeypatch.setenv("RCAID_KEYS", str(moved))
    open_desk(society.url, as_login="jd-caseworker").store.close()


def test_a_division_table_without_its_columns_is_unusable() -> None:
    with refused("regions.columns", by=Unusable):
        regions("code,name\n310000,上海市\n")
    assert regions()[0].code


def test_a_desk_is_at_home_where_its_first_duty_is(society: Society) -> None:
    desk = newcomer(society, "new", "keeper", "auditor")
    assert desk.home().code == "310114"
    staff.add(society.admin, "idle", "Idle", [])
    assert number(society.admin.store, "SELECT count(*) FROM staff WHERE login = 'idle'") == 1
