"""What waits of single applications today, and how the list of cases is narrowed to it."""

from __future__ import annotations

from rcaid.services import drafts, lists, today
from rcaid.services.applications import intake
from tests.services.conftest import Society
from tests.tui.cases_office import open_programme, submitted


def lines(society: Society, login: str) -> dict[str, tuple[int, int, str]]:
    """The lines of somebody's day about applications: how many, how many of them theirs, filter."""
    return {
        line.id: (line.n, line.mine, line.filter)
        for line in today.lines(society.desk(login))
        if line.place in ("cases", "drafts") and line.id != "payment.returned"
    }


def numbers(society: Society, login: str, text: str) -> list[str]:
    return [row.case_no for row in lists.page(society.desk(login), "cases", text).rows]  # type: ignore[union-attr]


def test_each_application_waits_in_one_line_that_opens_exactly_it(society: Society) -> None:
    open_programme(society, "STU")
    first, second, third = (submitted(society, n, f"学生{n}号") for n in (1, 2, 3))
    intake.send_back(society.desk("jd-verifier"), second, ["BANK"])
    intake.send_back(society.desk("jd-verifier"), third, ["BANK"])
    intake.answer(society.desk("jd-caseworker"), third, ["BANK"])
    found = lines(society, "jd-verifier")
    assert {id: n for id, (n, _, _) in found.items()} == {"case.verify": 1, "case.answered": 1}
    assert numbers(society, "jd-verifier", found["case.verify"][2]) == [first]
    assert numbers(society, "jd-verifier", found["case.answered"][2]) == [third]
    ((id, (n, _, where)),) = lines(society, "jd-caseworker").items()
    assert (id, n) == ("case.answer", 1)
    assert numbers(society, "jd-caseworker", where) == [second]


def test_br_044_what_is_late_leaves_its_line_and_stands_first_until_the_family_has_to_answer(
    society: Society,
) -> None:
    open_programme(society, "STU")
    late, paused = submitted(society, 1, "学生一"), submitted(society, 2, "学生二")
    intake.send_back(society.desk("jd-verifier"), paused, ["BANK"])
    society.clock.set("2022-03-10")
    first = today.lines(society.desk("jd-verifier"))[0]
    assert (first.id, first.sign, first.n) == ("case.late", "stopped", 1)
    assert numbers(society, "jd-verifier", first.filter) == [late]
    assert numbers(society, "jd-verifier", "is:late") == [late]
    assert numbers(society, "jd-verifier", "lane:A -is:late") == [paused]
    assert numbers(society, "jd-verifier", "due<2022-03-01 state:submitted") == [late]
    assert numbers(society, "jd-verifier", "missing:BANK") == [paused]


def test_br_040_what_one_entered_is_no_work_of_ones_own(society: Society) -> None:
    open_programme(society, "STU")
    submitted(society, 1, "学生一")
    from rcaid.services import staff

    staff.grant(society.admin, "jd-caseworker", "verifier", "310114")
    society._desks.clear()
    assert "case.verify" not in lines(society, "jd-caseworker")
    submitted(society, 2, "学生二", login="jd-street")
    assert lines(society, "jd-caseworker")["case.verify"][:2] == (2, 1)


def test_drafts_stand_last_and_first_after_a_dropped_line(society: Society) -> None:
    open_programme(society, "STU")
    submitted(society, 1, "学生一")
    desk = society.desk("jd-caseworker")
    intake.send_back(society.desk("jd-verifier"), "22S-JD-00001", ["BANK"])
    id = drafts.new_id(desk)
    drafts.keep(desk, id, "register", "", {"name": "a"})
    assert [line.id for line in today.lines(desk)][-1] == "draft.mine"
    drafts.keep(desk, id, "register", "", {"name": "a"}, is_open=True)
    assert today.lines(desk)[0].id == "draft.mine"


def test_lane_b_is_every_roster_line_and_no_application(society: Society) -> None:
    society.import_roster([society.person(1, "王伟")])
    open_programme(society, "STU")
    number = submitted(society, 1, "学生一")
    assert numbers(society, "jd-caseworker", "lane:A") == [number]
    assert numbers(society, "jd-caseworker", "通道:名册") == ["22A-JD-00001"]
