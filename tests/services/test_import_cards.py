"""What became of a file: its card, its rows that were not taken, the line of Today."""

from __future__ import annotations

from pathlib import Path

import pytest

from rcaid.domain.errors import Problem
from rcaid.files.tables import open_table
from rcaid.services import lists, today
from rcaid.services.importing import import_cards, inbox, rejects, undo
from tests.services.conftest import JD_STREETS, Society
from tests.services.writing import next_cycle, refused

REASON = "rejected because"


@pytest.fixture(autouse=True)
def own_inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(inbox.SETTING, str(tmp_path / "inbox"))
    return tmp_path / "inbox"


def say(problem: Problem) -> str:
    """The reason of a row, in short."""
    return f"{problem.column} {problem.code}"


def batch(society: Society) -> str:
    """An import of three rows, of which one is not taken and one changes somebody on file."""
    society.import_roster([society.person(1, "王伟")])
    next_cycle(society)
    moved = society.street(JD_STREETS[1])
    rows = [
        society.person(1, "王伟", 联系电话="13911112222", 地址="新路1号", 街道=moved),
        society.person(2, "赵敏"),
        society.person(3, "李娜", 类别="感冒"),
    ]
    done = society.take_in(society.write(rows), "roster", "jd-caseworker", "22B")[1]
    return done.batch.id


def test_a_card_says_what_became_of_every_row(society: Society) -> None:
    id = batch(society)
    card = import_cards.card(society.desk("jd-reviewer"), id)
    row = card.row
    assert (row.read, row.new, row.updated, row.unchanged, row.rejected) == (3, 2, 0, 0, 1)
    assert [(each.row, each.waits) for each in card.not_taken] == [(4, False)]
    problem = card.not_taken[0].problems[0]
    assert (problem.column, problem.value, problem.field) == ("类别", "感冒", "category")
    assert [(each.field, each.before, each.now) for each in card.changes] == [
        ("phone", "138****0001", "139****2222"),
        ("address", "****", "****"),
        ("street", *(society.desk("jd-reviewer").offices.path(society.office(code))
                     for code in JD_STREETS[:2])),
    ]  # fmt: skip
    assert [(each.act, each.login) for each in card.story] == [("import.roster", "jd-caseworker")]


def test_cells_are_for_those_who_read_names_there(society: Society) -> None:
    id = batch(society)
    seen = import_cards.card(society.desk("jd-auditor"), id)
    assert seen.not_taken == ()
    assert {each.name for each in seen.changes} == {"王*"}
    with refused("who.no_duty"):
        rejects.of_batch(society.desk("jd-auditor"), id)
    with refused("who.no_duty"):
        import_cards.card(society.desk("pd-reviewer"), id)


def test_rows_that_were_not_taken_lie_in_the_inbox_of_their_office(
    society: Society, own_inbox: Path
) -> None:
    desk, id = society.desk("jd-caseworker"), batch(society)
    bad = rejects.of_batch(desk, id)
    first = rejects.to_inbox(desk, bad, REASON, say)
    again = rejects.to_inbox(desk, bad, REASON, say)
    assert first.parent == own_inbox / "310114" and first != again
    assert first.read_bytes() == again.read_bytes()
    with open_table(first) as table:
        rows = [dict(zip(table.header, cells, strict=False)) for _row, cells in table.rows]
    assert [(row["姓名"], row[REASON]) for row in rows] == [("李娜", "类别 category.unknown")]
    assert {first.name, again.name} <= {each.name for each in inbox.listing(desk)}


def test_a_file_with_no_such_row_is_said_to_have_none(society: Society) -> None:
    path = society.write([society.person(1, "王伟")])
    done = society.take_in(path, "roster", "jd-caseworker", "22A")[1]
    desk = society.desk("jd-caseworker")
    with refused("import.no_rejects"):
        rejects.to_inbox(desk, rejects.of_batch(desk, done.batch.id), REASON, say)


def test_the_line_of_today_opens_the_files_it_counts_and_forgets_those_taken_back(
    society: Society,
) -> None:
    desk, id = society.desk("jd-caseworker"), batch(society)

    def waiting() -> list[today.TodayLine]:
        return [line for line in today.lines(desk) if line.id == "import.rejected"]

    (line,) = waiting()
    found = lists.page(desk, line.place, line.filter)
    assert (line.n, [row.id for row in found.rows]) == (1, [id])
    undo.undo(society.desk("jd-reviewer"), id)
    assert waiting() == []
    assert lists.page(desk, line.place, line.filter).rows == ()
