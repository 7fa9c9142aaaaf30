"""The inbox: each office sees its own files and those below it, and no way leads out of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rcaid.files.tables import open_table
from rcaid.services.importing import imports, inbox
from rcaid.services.importing.plans import plan_folder
from rcaid.services.society import beside
from tests.services.conftest import JD, JD_STREETS, PD, Society
from tests.services.writing import refused


@pytest.fixture
def box(society: Society, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(inbox.SETTING, str(tmp_path / "box"))
    for place in ("", JD, PD, JD_STREETS[0], "nobody"):
        (tmp_path / "box" / place).mkdir(parents=True, exist_ok=True)
        (tmp_path / "box" / place / f"{place or 'top'}.csv").write_text("姓名\n张三\n")
    return tmp_path / "box"


def ids(society: Society, login: str) -> list[str]:
    """The files somebody sees; plans of other tests may lie about on a server."""
    return sorted(each.id for each in inbox.listing(society.desk(login)) if "/" in each.id)


def plans(society: Society, login: str) -> list[str]:
    return [each.id for each in inbox.listing(society.desk(login)) if "/" not in each.id]


def test_everybody_sees_the_files_of_their_office_and_of_those_below(
    society: Society, box: Path
) -> None:
    street = f"{JD_STREETS[0]}/{JD_STREETS[0]}.csv"
    assert ids(society, "jd-caseworker") == [f"{JD}/{JD}.csv", street]
    assert ids(society, "jd-street") in ([street], [])
    everything = [f"{JD}/{JD}.csv", street, f"{PD}/{PD}.csv", "310000/top.csv"]
    assert ids(society, "sh-caseworker") == sorted(everything)
    with refused("who.no_duty"):
        inbox.listing(society.desk("jd-keeper"))


def test_links_hidden_files_folders_and_pipes_are_not_there(society: Society, box: Path) -> None:
    secret = box.parent / "secret.csv"
    secret.write_text("姓名\n李四\n")
    (box / JD / "link.csv").symlink_to(secret)
    (box / JD / ".hidden.csv").write_text("x")
    (box / JD / "folder.csv").mkdir()
    os.mkfifo(box / JD / "pipe.csv")
    assert f"{JD}/{JD}.csv" in ids(society, "jd-caseworker")
    assert len([id for id in ids(society, "jd-caseworker") if id.startswith(f"{JD}/")]) == 1


def test_a_folder_of_an_office_that_is_a_link_is_not_followed(society: Society, box: Path) -> None:
    elsewhere = box.parent / "elsewhere"
    (box / JD).rename(elsewhere)
    (box / JD).symlink_to(elsewhere)
    assert [id for id in ids(society, "jd-caseworker") if id.startswith(f"{JD}/")] == []


@pytest.mark.parametrize(
    "id",
    [
        f"{PD}/{PD}.csv", f"{JD}/../{PD}/{PD}.csv", f"../{JD}/{JD}.csv", f"{JD}/{PD}.csv",
        "/etc/passwd", "310000/top.csv", f"{JD}.csv", "", ".", f"{JD}/",
    ],
)  # fmt: skip
def test_no_name_leads_out_of_ones_own_folders(society: Society, box: Path, id: str) -> None:
    with refused("inbox.gone"):
        inbox.find(society.desk("jd-caseworker"), id)


def test_a_file_is_found_by_its_id(society: Society, box: Path) -> None:
    found = inbox.find(society.desk("jd-caseworker"), f"{JD}/{JD}.csv")
    assert found == box / JD / f"{JD}.csv"


def test_a_planned_file_says_so_then_that_it_was_taken_in(society: Society, box: Path) -> None:
    desk = society.desk("jd-caseworker")
    file = society.write([society.person(1, "王小芳")])
    path = box / JD / "名册.csv"
    path.write_bytes(file.read_bytes())
    planned = imports.plan(desk, path, "roster", cycle_code="22A")

    def state() -> tuple[bool, bool]:
        (found,) = [each for each in inbox.listing(desk) if each.name == "名册.csv"]
        return found.plan is not None, found.applied is not None

    assert state() == (True, False)
    again = imports.plan(desk, path, "roster", cycle_code="22A")
    inbox.drop_others(desk, again.facts)
    assert not planned.path.exists() and again.path.exists()
    imports.apply(desk, again.path)
    assert state() == (False, True)


def test_a_plan_whose_file_lies_elsewhere_is_listed_by_itself(society: Society, box: Path) -> None:
    desk = society.desk("jd-caseworker")
    file = society.write([society.person(1, "王小芳")])
    planned = imports.plan(desk, file, "roster", cycle_code="22A")
    assert planned.facts.plan_id in plans(society, "jd-caseworker")
    assert planned.facts.plan_id in plans(society, "jd-reviewer")
    assert planned.facts.plan_id not in plans(society, "pd-caseworker")
    planned.path.unlink()
    (plan_folder(desk) / "x.plan").write_bytes(b"no plan")
    assert planned.facts.plan_id not in plans(society, "jd-caseworker")
    (plan_folder(desk) / "x.plan").unlink()


def test_new_files_go_beside_the_others_under_a_name_that_is_free(
    society: Society, box: Path
) -> None:
    desk = society.desk("jd-caseworker")
    first = inbox.beside(desk, JD, "退回.xlsx")
    assert first == box / JD / "退回.xlsx"
    first.write_text("x")
    assert inbox.beside(desk, JD, "退回.xlsx") == box / JD / "退回-2.xlsx"
    assert inbox.beside(desk, JD, "../../退回.xlsx").parent == box / JD
    assert inbox.beside(desk, "310000", "a.csv") == box / "a.csv"


def test_the_kind_of_a_file_is_offered_by_its_headings(society: Society) -> None:
    path = society.write([society.person(1, "王小芳")])
    with open_table(path) as table:
        assert inbox.kinds_by_headings(table)[0] == "roster"


def test_the_same_person_can_work_by_a_second_connection(society: Society) -> None:
    desk = society.desk("jd-caseworker")
    other = beside(desk)
    try:
        assert other.actor == desk.actor
        assert imports.listing(other) == imports.listing(desk)
    finally:
        other.store.close()
