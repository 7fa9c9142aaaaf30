"""Files of single applications: judged like a form, taken in as drafts, taken back, never doubled."""

from __future__ import annotations

import pytest

from rcaid.db import applications as rows
from rcaid.db import cases, people, rosters
from rcaid.services.applications import intake, papers
from rcaid.services.importing import imports, undo
from rcaid.services.importing.plan_rows import new_rows
from rcaid.services.importing.plans import read_plan
from tests.services.applying import (
    APPLICATION,
    CASEWORKER,
    VERIFIER,
    application,
    applying,
    fire,
    made,
    student,
)
from tests.services.conftest import Society
from tests.services.writing import newcomer, refused


@pytest.fixture
def open_society(society: Society) -> Society:
    return applying(society)


def plan(society: Society, *wanted: dict[str, str], cycle: str = "22F") -> imports.Planned:
    path = society.write(wanted, APPLICATION)
    desk = society.desk(CASEWORKER)
    return imports.plan(
        desk, path, "application", cycle_code=cycle, target=path.with_suffix(".plan")
    )


def test_rows_become_drafts_that_go_the_usual_way(open_society: Society) -> None:
    planned = plan(
        open_society, application(open_society, fire(1)), application(open_society, fire(3, "赵强"))
    )
    facts = planned.facts
    assert (facts.rows_read, facts.rows_new, facts.fen) == (2, 2, 1_400_000)
    shown = new_rows(open_society.desk(CASEWORKER), read_plan(open_society.admin, planned.path))
    assert [(row.row, row.name, row.fen) for row in shown] == [
        (2, "王建国", 700_000), (3, "赵强", 700_000),
    ]  # fmt: skip
    text = planned.path.read_bytes()
    assert "赵强".encode() not in text and fire(3).number.encode() not in text

    imports.apply(open_society.desk(CASEWORKER), planned.path)

    case = cases.by_number(open_society.admin.store, "22F-JD-00002")
    assert case is not None and (case.state, case.fen, case.lane) == ("draft", 700_000, "A")
    assert [act for _, act in rosters.makers(open_society.admin.store, [case.id])] == ["import"]
    listed = papers.checklist(open_society.desk(VERIFIER), case.case_no)
    assert {p.state for p in listed} == {"seen"}
    intake.submit(open_society.desk(CASEWORKER), case.case_no)
    intake.verify(open_society.desk(VERIFIER), case.case_no)


def test_what_is_wrong_is_said_with_row_and_column(open_society: Society) -> None:
    planned = plan(
        open_society,
        application(open_society, fire(1), 类别="洪水"),
        application(open_society, fire(3), 证件号码="310199196005040019"),
        application(open_society, fire(5), 灾害="F-1999"),
        application(open_society, fire(7), 已交材料="护照"),
        application(open_society, fire(9), 申请金额="0"),
        application(open_society, fire(11), 街道=""),
        application(open_society, fire(13)),
    )
    said = {(p.row, p.column, p.code) for p in planned.problems}
    assert said == {
        (2, "类别", "category.unknown"), (3, "证件号码", "identity.checksum"),
        (4, "灾害", "disaster.unknown"), (5, "已交材料", "paper.unknown"),
        (6, "申请金额", "application.sum"), (7, "街道", "application.street"),
    }  # fmt: skip
    assert (planned.facts.rows_new, planned.facts.rows_rejected) == (1, 6)


def test_br_008_and_091_nobody_and_no_application_is_doubled(open_society: Society) -> None:
    made(open_society, fire(1))
    planned = plan(
        open_society,
        application(open_society, fire(1)),
        application(open_society, student(1), 灾害=fire().disaster, 类别="home", 病种=""),
    )
    assert (planned.facts.rows_unchanged, planned.facts.rows_new) == (1, 1)
    imports.apply(open_society.desk(CASEWORKER), planned.path)
    again = plan(open_society, application(open_society, fire(1), 联系电话="13900009999"))
    assert again.facts.rows_unchanged == 1


def test_what_moved_since_the_plan_is_refused(open_society: Society) -> None:
    planned = plan(open_society, application(open_society, fire(1)))
    made(open_society, fire(1))
    with refused("plan.moved"):
        imports.apply(open_society.desk(CASEWORKER), planned.path)


def test_a_programme_of_rosters_takes_no_applications_from_a_file(open_society: Society) -> None:
    with refused("application.lane"):
        plan(open_society, application(open_society, fire(1)), cycle="22A")
    path = open_society.write([application(open_society, fire(1))], APPLICATION)
    with refused("import.cycle"):
        imports.plan(open_society.desk(CASEWORKER), path, "application")
    with refused("who.no_duty"):
        imports.plan(open_society.desk(VERIFIER), path, "application", cycle_code="22F")


def test_an_undo_keeps_what_was_acted_on_and_takes_the_rest_back(open_society: Society) -> None:
    planned = plan(
        open_society, application(open_society, fire(1)), application(open_society, fire(3, "赵强"))
    )
    batch = imports.apply(open_society.desk(CASEWORKER), planned.path).batch
    intake.submit(open_society.desk(CASEWORKER), "22F-JD-00001")

    done, _ = undo.undo(open_society.desk("jd-reviewer"), batch.id)

    assert (done.removed["aid_case"], done.removed["person"]) == (1, 1)
    assert [(p.code, p.params["name"]) for p in done.kept] == [("undo.acted", "22F-JD-00001")]
    store = open_society.admin.store
    kept = cases.by_number(store, "22F-JD-00001")
    assert kept is not None and rows.consents(store, kept.person_id)
    assert cases.by_number(store, "22F-JD-00002") is None
    assert len(people.page(store, open_society.admin.offices.below(kept.office_id), "", 9)) == 1


def test_br_040_who_brought_a_file_in_does_not_verify_what_came_with_it(
    open_society: Society,
) -> None:
    both = newcomer(open_society, "both", "caseworker", "verifier")
    path = open_society.write([application(open_society, fire(1))], APPLICATION)
    target = path.with_suffix(".plan")
    imports.plan(both, path, "application", cycle_code="22F", target=target)
    imports.apply(both, target)
    intake.submit(open_society.desk(CASEWORKER), "22F-JD-00001")
    with refused("who.maker"):
        intake.verify(both, "22F-JD-00001")
    intake.verify(open_society.desk(VERIFIER), "22F-JD-00001")
