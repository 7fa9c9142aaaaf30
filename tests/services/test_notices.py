"""Public notices: what goes up and how it reads, its days, objections, corrections."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from rcaid import data
from rcaid.db import applications, cases
from rcaid.db import notices as notice_rows
from rcaid.db.tables import AID_CASE, APPLICATION, PERSON, Notice
from rcaid.domain.duties import DUTIES
from rcaid.domain.errors import Broken
from rcaid.domain.workflow import move
from rcaid.services import notices, programmes, staff, today
from rcaid.services.applications import after
from rcaid.services.desk import Desk
from rcaid.services.notices import listing, objecting
from rcaid.services.society import as_person
from tests.services.conftest import JD, JD_STREETS, PD, Society
from tests.services.on_notice import CYCLE, PHONE, consent, with_cases
from tests.services.writing import balances, between, newcomer, number, refused, rights

NAMES = ("王小明", "李雷", "欧阳锋")
N1, N2 = "22F-N-001", "22F-N-002"
FIRST, LAST = "2022-02-01", "2022-02-09"
"""The Spring Festival of 2022 lies between the first and the third working day after it."""


def officer(society: Society) -> Desk:
    """The notice officer of the city."""
    return society.desk("sh-notice")


def reviewer(society: Society) -> Desk:
    """A reviewer of the district, who takes nothing down."""
    return society.desk("jd-reviewer")


def put_up(society: Society, *names: str, **changes: Any) -> list[str]:
    """A notice that went up today with a case of each name; the numbers of the cases."""
    made = with_cases(society, *(names or NAMES), **changes)
    notice, _ = notices.draft(officer(society), CYCLE, phone=PHONE)
    notices.publish(officer(society), notice.number)
    return made


def states(society: Society, numbers: list[str]) -> list[str]:
    """The states of these cases."""
    found = [cases.by_number(society.admin.store, each) for each in numbers]
    return [each.state for each in found if each is not None]


def notice(society: Society, number: str = N1) -> Notice:
    """A notice as it is kept."""
    found = notice_rows.by_number(society.admin.store, number)
    assert found is not None
    return found


def change(society: Society, case_no: str, **columns: Any) -> None:
    """Changes columns of a case, its application or its person behind the services' backs."""
    store = society.admin.store
    case = cases.by_number(store, case_no)
    assert case is not None
    found = applications.of_case(store, case.id)
    assert found is not None

    def work(unit: Any) -> None:
        from rcaid.db import people

        who = people.many(store, [case.person_id])[case.person_id]
        for table, row in ((AID_CASE, found.case), (APPLICATION, found.said), (PERSON, who)):
            own = {name: value for name, value in columns.items() if name in table.columns}
            if own:
                unit.update(table, [row._replace(**own)], tuple(own))
                for name in own:
                    columns.pop(name)

    society.desk("sh-approver").write("cycle.new", society.office("310000"), work)


def test_a_draft_takes_the_approved_cases_of_the_cycle_by_number(society: Society) -> None:
    numbers = with_cases(society, *NAMES)
    with_cases(society, "赵敏", state="approval")
    made, entry = notices.draft(officer(society), CYCLE, phone=PHONE)
    assert (made.number, made.state, made.days, made.unit) == (N1, "draft", 3, "workdays")
    assert str(entry)
    shown = notices.shown(officer(society), N1)
    assert [line.name for line in shown.lines] == ["王*明", "李*", "欧阳*"]
    assert states(society, numbers) == ["approved"] * 3


def test_a_draft_of_an_office_takes_its_own_cases_and_those_below(society: Society) -> None:
    with_cases(society, "王小明")
    with_cases(society, "李雷", street="310115004")
    own = newcomer(society, "jd-notice", "notice")
    made, _ = notices.draft(own, CYCLE, phone=PHONE)
    assert [line.place for line in notices.shown(own, made.number).lines] == [
        society.admin.offices.path(society.office(JD_STREETS[0]))
    ]
    with refused("who.no_duty"):
        notices.draft(own, CYCLE, office=PD, phone=PHONE)


def test_a_case_stands_on_one_draft_alone(society: Society) -> None:
    with_cases(society, "王小明")
    notices.draft(officer(society), CYCLE, phone=PHONE)
    assert notices.waiting(officer(society)) == []
    with refused("notice.nothing"):
        notices.draft(officer(society), CYCLE, phone=PHONE)
    notices.cancel(officer(society), N1)
    [left] = notices.waiting(officer(society))
    assert (left.cycle, left.n, left.fen) == (CYCLE, 1, 300_000)
    assert notices.draft(officer(society), CYCLE, phone=PHONE)[0].number == N2


def test_a_programme_without_a_notice_has_nothing_to_put_up(society: Society) -> None:
    with_cases(society, "王小明", received_on="2022-01-26")
    text = data.text("programmes/fire.toml").replace("notice_days = 3", "notice_days = 0")
    text = text.replace("version = 1", "version = 2")
    text = text.replace('effective_from = "2022-01-01"', 'effective_from = "2022-01-25"')
    programmes.load(society.admin, text)
    assert notices.waiting(officer(society)) == []
    with refused("notice.nothing"):
        notices.draft(officer(society), CYCLE, phone=PHONE)


@pytest.mark.parametrize(("phone", "code"), [("", "phone.empty"), ("12", "phone.format")])
def test_a_notice_names_a_telephone_for_objections(society: Society, phone: str, code: str) -> None:
    with_cases(society, "王小明")
    with refused(code):
        notices.draft(officer(society), CYCLE, phone=phone)


def test_the_telephone_of_the_last_notice_is_the_usual_one(society: Society) -> None:
    assert notices.usual_phone(officer(society)) == ""
    put_up(society)
    assert notices.usual_phone(officer(society)) == PHONE


def test_publishing_puts_the_cases_on_notice_and_fixes_the_text(society: Society) -> None:
    numbers = put_up(society)
    assert states(society, numbers) == ["on_notice"] * 3
    kept = notice(society)
    assert (kept.state, kept.starts_on, kept.ends_on) == ("published", FIRST, LAST)
    shown = notices.shown(officer(society), N1)
    assert shown.text == kept.content
    assert "公示期：2022-02-01 至 2022-02-09（3 个工作日）" in shown.text
    assert "以上共 3 件，现金 9,000.00 元。" in shown.text
    assert notices.as_file(shown, "text").decode() == kept.content


def test_the_text_stays_whatever_happens_to_its_cases(society: Society) -> None:
    numbers = put_up(society)
    before = notices.shown(officer(society), N1)
    change(society, numbers[0], name="陈大文", fen=1)
    after = notices.shown(officer(society), N1)
    assert after == before
    assert notices.as_file(after, "html") == notices.as_file(before, "html")


def test_a_text_that_was_changed_is_not_shown(society: Society) -> None:
    put_up(society)
    store = society.admin.store
    from rcaid.db.engine import Statement

    store.unit(lambda: store.run(Statement("", "UPDATE notice SET content = 'x'")))
    with refused("notice.changed", by=Broken):
        notices.shown(officer(society), N1)


def test_only_as_many_go_up_as_were_reviewed(society: Society) -> None:
    numbers = with_cases(society, *NAMES)
    notices.draft(officer(society), CYCLE, phone=PHONE)
    change(society, numbers[1], state="approval")
    with refused("act.expected"):
        notices.publish(officer(society), N1, expect=3)
    notices.publish(officer(society), N1, expect=2)
    shown = notices.shown(officer(society), N1)
    assert [line.name for line in shown.lines] == ["王*明", "欧阳*"]
    assert [line.n for line in notice_rows.lines(society.admin.store, notice(society).id)] == [1, 2]
    assert states(society, numbers) == ["on_notice", "approval", "on_notice"]


def test_a_notice_goes_up_once(society: Society) -> None:
    put_up(society)
    with refused("state.no_move"):
        notices.publish(officer(society), N1)
    with refused("state.no_move"):
        notices.cancel(officer(society), N1)


def test_br_051_nothing_but_five_facts_of_a_person_is_public(society: Society) -> None:
    [case_no] = put_up(society, "王小明", disease="烧伤", cause="FIRE-1")
    shown = notices.shown(officer(society), N1)
    [row] = list(csv.reader(io.StringIO(notices.as_file(shown, "csv").decode("utf-8-sig"))))[1:]
    assert row == [
        N1, "1", "王*明", society.admin.offices.path(society.office(JD_STREETS[0])), "住房受损",
        "现金", "3,000.00 元", FIRST, LAST, PHONE,
    ]  # fmt: skip
    for form in notices.FORMATS:
        text = notices.as_file(shown, form).decode()
        assert not any(word in text for word in ("王小明", "1950", "烧伤", "FIRE-1", case_no))


@pytest.mark.parametrize(
    "changes",
    [{"born": "2008-02-02"}, {"may_publish": 0}, {"may_publish": None}],
    ids=["under 14", "no consent", "nobody asked"],
)
def test_br_052_a_code_stands_for_who_may_not_be_named(
    society: Society, changes: dict[str, Any]
) -> None:
    [case_no] = put_up(society, "王小明", **changes)
    assert [line.name for line in notices.shown(officer(society), N1).lines] == [case_no]


def test_br_052_who_is_14_today_is_named_by_a_mask(society: Society) -> None:
    put_up(society, "王小明", born="2008-02-01")
    assert [line.name for line in notices.shown(officer(society), N1).lines] == ["王*明"]


@pytest.mark.parametrize(("withdrawn", "named"), [(False, True), (True, False)])
def test_br_052_a_consent_that_was_taken_back_counts_no_more(
    society: Society, withdrawn: bool, named: bool
) -> None:
    [case_no] = with_cases(society, "王小明")
    consent(society.desk("sh-approver"), case_no, withdrawn=withdrawn)
    notices.draft(officer(society), CYCLE, phone=PHONE)
    [line] = notices.shown(officer(society), N1).lines
    assert line.name == ("王*明" if named else case_no)


@pytest.mark.parametrize("column", ["category", "disease"])
def test_br_052_a_sensitive_need_hides_the_name_and_its_own_word(
    society: Society, column: str
) -> None:
    approver = society.desk("sh-approver")
    programmes.new_cycle(approver, "QWR", CYCLE, "2022 年", "2022-01-10", ["one"])
    programmes.move_cycle(approver, CYCLE, "open")
    [case_no] = with_cases(society, "王小明", **{"category": "tumour", column: "leprosy"})
    notices.draft(officer(society), CYCLE, phone=PHONE)
    [line] = notices.shown(officer(society), N1).lines
    assert line.name == case_no
    assert line.category == ("其他" if column == "category" else "肿瘤")


def test_br_053_lines_that_read_the_same_get_a_serial(society: Society) -> None:
    put_up(society, "王小明", "王大明", "李雷")
    shown = notices.shown(officer(society), N1)
    assert [line.cells(0)[1] for line in shown.lines] == ["王*明(1)", "王*明(2)", "李*"]


def test_br_050_nothing_is_cleared_before_the_last_day(society: Society) -> None:
    numbers = put_up(society)
    for day in (FIRST, "2022-02-08"):
        society.clock.set(day)
        with refused("notice.not_ended") as caught:
            notices.close(officer(society), N1)
        assert caught.value.problems[0].params["day"] == LAST
    society.clock.set(LAST)
    done, _ = notices.close(officer(society), N1)
    assert (done.state, done.cleared, done.left) == ("closed", 3, 0)
    assert states(society, numbers) == ["cleared"] * 3


def test_br_050_the_days_are_those_of_the_rules_when_the_case_came_in(society: Society) -> None:
    with_cases(society, "王小明")
    text = data.text("programmes/fire.toml").replace("notice_days = 3", "notice_days = 7")
    text = text.replace("version = 1", "version = 2")
    text = text.replace('effective_from = "2022-01-01"', 'effective_from = "2022-01-25"')
    programmes.load(society.admin, text)
    made, _ = notices.draft(officer(society), CYCLE, phone=PHONE)
    assert made.days == 3
    notices.cancel(officer(society), made.number)
    with_cases(society, "李雷", received_on="2022-01-26")
    assert notices.draft(officer(society), CYCLE, phone=PHONE)[0].days == 7


def test_br_050_days_of_a_year_without_a_known_calendar_are_provisional(society: Society) -> None:
    society.clock.set("2026-12-30")
    put_up(society, "王小明")
    assert listing.row_of(officer(society), N1).provisional
    assert notice(society).ends_on == "2027-01-04"


@pytest.mark.parametrize("state", ["approved", "on_notice", "objected"])
def test_br_050_no_right_arises_before_a_notice_has_ended(state: str) -> None:
    assert move("case", state, "entitle") is None


@pytest.mark.parametrize("state", ["approved", "on_notice", "objected"])
def test_br_050_a_right_before_the_end_of_a_notice_is_refused(society: Society, state: str) -> None:
    numbers = with_cases(society, *NAMES) if state == "approved" else put_up(society)
    if state == "objected":
        notices.object(officer(society), N1, 1, "x")
    with refused("state.no_move"):
        after.entitle(society.desk("jd-approver"), numbers[:1])
    with refused("state.no_move" if state == "objected" else "case.notice"):
        after.clear(society.desk("jd-approver"), numbers[:1])
    assert rights(society.admin.store) == []


def test_br_050_a_case_decided_anew_stands_the_days_of_its_new_notice(society: Society) -> None:
    numbers = put_up(society)
    change(society, numbers[1], state="approved", fen=200_000)
    society.clock.set("2022-02-08")
    notices.draft(officer(society), CYCLE, phone=PHONE)
    notices.publish(officer(society), N2)
    society.clock.set(LAST)
    assert listing.row_of(officer(society), N1).due == 2
    with refused("notice.line"):
        notices.object(officer(society), N1, 2, "x")
    done, _ = notices.close(officer(society), N1)
    assert (done.state, done.cleared) == ("closed", 2)
    assert states(society, numbers) == ["cleared", "on_notice", "cleared"]
    assert listing.row_of(officer(society), N2).left == 1


def test_an_objection_stops_its_case_and_says_nothing_in_the_open(society: Society) -> None:
    numbers = put_up(society)
    made, _ = notices.object(officer(society), N1, 2, "他家没有着火", "邻居")
    assert states(society, numbers) == ["on_notice", "objected", "on_notice"]
    assert made.sealed is not None and "着火".encode() not in bytes(made.sealed)
    [said] = objecting.read(reviewer_of_city(society), N1)
    assert (said.line, said.text, said.who) == (2, "他家没有着火", "邻居")
    assert number(society.admin.store, "SELECT count(*) FROM audit_event WHERE act = 'objection.read'") == 1  # fmt: skip


def reviewer_of_city(society: Society) -> Desk:
    """A reviewer whose office the notice is of."""
    return society.desk("sh-reviewer")


def test_an_objection_is_to_a_line_of_a_notice_that_is_up(society: Society) -> None:
    with_cases(society, *NAMES)
    notices.draft(officer(society), CYCLE, phone=PHONE)
    with refused("notice.not_up"):
        notices.object(officer(society), N1, 1, "x")
    notices.publish(officer(society), N1)
    with refused("notice.line"):
        notices.object(officer(society), N1, 4, "x")
    with refused("row.required"):
        notices.object(officer(society), N1, 1, " ")


def test_closing_clears_the_rest_and_waits_for_what_is_objected_to(society: Society) -> None:
    numbers = put_up(society)
    notices.object(officer(society), N1, 2, "x")
    society.clock.set(LAST)
    done, _ = notices.close(officer(society), N1)
    assert (done.state, done.cleared, done.left) == ("published", 2, 1)
    assert states(society, numbers) == ["cleared", "objected", "cleared"]
    with refused("notice.waits"):
        notices.close(officer(society), N1)


def test_br_050_after_an_objection_is_dismissed_the_days_begin_anew(society: Society) -> None:
    numbers = put_up(society)
    made, _ = notices.object(officer(society), N1, 2, "x")
    society.clock.set(LAST)
    notices.close(officer(society), N1)
    notices.dismiss(reviewer(society), made.id, "no_ground", "查过")
    assert states(society, numbers)[1] == "on_notice"
    with refused("notice.not_ended") as caught:
        notices.close(officer(society), N1)
    assert caught.value.problems[0].params["day"] == "2022-02-14"
    society.clock.set("2022-02-14")
    assert notices.close(officer(society), N1)[0].state == "closed"
    assert states(society, numbers) == ["cleared"] * 3


def test_br_054_an_upheld_objection_rejects_the_case_and_frees_its_money(society: Society) -> None:
    numbers = put_up(society)
    assert balances(society, "FIRE")["committed"] == 900_000
    made, _ = notices.object(officer(society), N1, 2, "x")
    notices.uphold(reviewer(society), made.id, "not_true", "查实")
    assert states(society, numbers) == ["on_notice", "rejected", "on_notice"]
    assert balances(society, "FIRE")["committed"] == 600_000
    lines = notice_rows.lines(society.admin.store, notice(society).id)
    assert [line.state for line in lines] == ["listed", "struck", "listed"]
    kept = notice_rows.objection(society.admin.store, made.id)
    assert kept is not None
    assert (kept.state, kept.reason, kept.decided_on) == ("upheld", "not_true", FIRST)


def test_br_040_who_took_an_objection_down_does_not_decide_on_it(society: Society) -> None:
    numbers = put_up(society)
    both = newcomer(society, "both", "notice", "reviewer", office="310000")
    made, _ = notices.object(both, N1, 2, "x")
    for act in (notices.dismiss, notices.uphold):
        with refused("who.maker"):
            act(both, made.id, "x")
    assert states(society, numbers)[1] == "objected"
    with refused("who.no_duty"):
        notices.dismiss(officer(society), made.id, "x")


def test_an_objection_is_decided_once(society: Society) -> None:
    put_up(society)
    made, _ = notices.object(officer(society), N1, 2, "x")
    notices.dismiss(reviewer(society), made.id, "x")
    with refused("state.no_move"):
        notices.uphold(reviewer(society), made.id, "x")
    with refused("notice.no_objection"):
        objecting.open_on(officer(society), N1, 2)


def test_a_case_waits_until_all_that_was_said_against_it_is_decided(society: Society) -> None:
    numbers = put_up(society)
    first, _ = notices.object(officer(society), N1, 2, "x")
    second, _ = notices.object(officer(society), N1, 2, "y")
    notices.dismiss(reviewer(society), first.id, "x")
    assert states(society, numbers)[1] == "objected"
    notices.uphold(reviewer(society), second.id, "x")
    assert states(society, numbers)[1] == "rejected"


def test_one_objection_that_is_upheld_decides_the_others(society: Society) -> None:
    put_up(society)
    first, _ = notices.object(officer(society), N1, 2, "x")
    second, _ = notices.object(officer(society), N1, 2, "y")
    notices.uphold(reviewer(society), first.id, "not_true")
    kept = notice_rows.objection(society.admin.store, second.id)
    assert kept is not None and kept.state == "upheld"


def test_br_054_a_correction_is_published_and_the_old_notice_stays(society: Society) -> None:
    numbers = put_up(society, "王小明", "王大明", "李雷")
    before = notices.shown(officer(society), N1)
    made, _ = notices.object(officer(society), N1, 1, "x")
    notices.uphold(reviewer(society), made.id, "not_true")
    society.clock.set("2022-02-07")
    corrected, _ = notices.correct(officer(society), N1, "一户不符合条件")
    assert (corrected.number, corrected.corrects, corrected.state) == (N2, N1, "published")
    assert notice(society).state == "corrected"
    assert notices.shown(officer(society), N1) == before
    after = notices.shown(officer(society), N2)
    assert "本公示更正 22F-N-001 号公示。原因：一户不符合条件" in after.text
    assert "撤下原公示第 1 号。" in after.text
    assert [line.cells(0)[1] for line in after.lines] == ["王*明", "李*"]
    assert corrected.ends_on == LAST
    society.clock.set(LAST)
    with refused("state.no_move"):
        notices.close(officer(society), N1)
    assert notices.close(officer(society), N2)[0].cleared == 2
    assert states(society, numbers) == ["rejected", "cleared", "cleared"]


def test_br_050_a_line_that_reads_otherwise_begins_anew(society: Society) -> None:
    numbers = put_up(society)
    change(society, numbers[2], may_publish=0)
    society.clock.set("2022-02-08")
    corrected, _ = notices.correct(officer(society), N1, "隐去一人姓名")
    assert notices.shown(officer(society), N2).lines[2].name == numbers[2]
    assert corrected.ends_on == "2022-02-11"
    society.clock.set(LAST)
    done, _ = notices.close(officer(society), N2)
    assert (done.state, done.cleared, done.left) == ("published", 2, 1)


def test_an_objection_goes_on_with_the_correction(society: Society) -> None:
    numbers = put_up(society)
    made, _ = notices.object(officer(society), N1, 2, "x")
    notices.correct(officer(society), N1, "电话有误")
    notices.dismiss(reviewer(society), made.id, "x")
    assert states(society, numbers)[1] == "on_notice"
    lines = notice_rows.lines(society.admin.store, notice(society, N2).id)
    assert [line.state for line in lines] == ["listed"] * 3


def test_a_correction_after_the_end_is_a_text_and_no_more(society: Society) -> None:
    numbers = put_up(society)
    society.clock.set(LAST)
    notices.close(officer(society), N1)
    corrected, _ = notices.correct(officer(society), N1, "电话有误")
    assert corrected.state == "closed"
    assert states(society, numbers) == ["cleared"] * 3


def test_a_case_that_left_the_notice_is_not_cleared(society: Society) -> None:
    numbers = put_up(society)
    change(society, numbers[0], state="suspended", resume_to="on_notice")
    change(society, numbers[1], state="closed_deceased")
    society.clock.set(LAST)
    done, _ = notices.close(officer(society), N1)
    assert (done.state, done.cleared, done.left) == ("published", 1, 1)
    assert states(society, numbers) == ["suspended", "closed_deceased", "cleared"]


def test_the_list_counts_lines_money_objections_and_what_may_be_cleared(society: Society) -> None:
    put_up(society)
    notices.object(officer(society), N1, 2, "x")
    row = listing.row_of(officer(society), N1)
    assert (row.lines, row.fen, row.objected, row.due, row.left) == (3, 900_000, 1, 0, 3)
    society.clock.set(LAST)
    row = listing.row_of(officer(society), N1)
    assert (row.due, row.due_fen, row.left) == (2, 600_000, 1)


def test_the_list_is_asked_by_step_cycle_and_objections(society: Society) -> None:
    put_up(society)
    with_cases(society, "赵敏")
    notices.draft(officer(society), CYCLE, phone=PHONE)
    notices.object(officer(society), N1, 2, "x")
    for text, found in (
        ("", [N2, N1]),
        ("step:draft", [N2]),
        ("环节：公示中", [N1]),
        ("is:objected", [N1]),
        ("cycle:22F programme:FIRE", [N2, N1]),
        ("-step:draft 22F-N", [N1]),
        ("cycle:23A", []),
    ):
        got = listing.page(officer(society), text)
        assert isinstance(got, list)
        assert [each.number for each in got] == found, text


def test_today_says_what_to_put_up_to_publish_to_close_and_to_decide(society: Society) -> None:
    def lines(desk: Desk) -> dict[str, tuple[int, str]]:
        return {each.id: (each.n, each.due) for each in today.lines(desk)}

    with_cases(society, *NAMES)
    assert lines(officer(society)) == {"notice.draft": (3, "")}
    notices.draft(officer(society), CYCLE, phone=PHONE)
    assert lines(officer(society)) == {"notice.publish": (3, "")}
    notices.publish(officer(society), N1)
    assert lines(officer(society)) == {}
    notices.object(officer(society), N1, 2, "x")
    assert lines(society.desk("jd-reviewer"))["objection.decide"] == (1, "")
    society.clock.set(LAST)
    assert lines(officer(society)) == {"notice.close": (2, LAST)}


def test_who_may_see_no_notice_is_told_so(society: Society) -> None:
    put_up(society)
    with refused("who.no_duty"):
        notices.shown(society.desk("jd-keeper"), N1)
    with refused("notice.unknown"):
        notices.shown(officer(society), "22F-N-009")


@pytest.mark.parametrize("duty", DUTIES)
def test_each_act_on_a_notice_is_for_its_duty_alone(society: Society, duty: str) -> None:
    with_cases(society, *NAMES)
    notices.draft(officer(society), CYCLE, phone=PHONE)
    desk = newcomer(society, "only", duty, office="310000")
    mine: dict[str, list[Callable[[], object]]] = {
        "notice": [
            lambda: notices.publish(desk, N1),
            lambda: notices.object(desk, N1, 1, "x"),
            lambda: notices.correct(desk, N1, "x"),
        ],
        "reviewer": [
            lambda: notices.dismiss(desk, said.id, "x"),
            lambda: notices.uphold(desk, said.id, "x"),
        ],
    }
    if duty == "notice":
        for act in mine["notice"]:
            act()
        return
    for act in (
        *mine["notice"],
        lambda: notices.draft(desk, CYCLE, phone=PHONE),
        lambda: notices.cancel(desk, N1),
        lambda: notices.close(desk, N1),
    ):
        with refused("who.no_duty"):
            act()
    notices.publish(officer(society), N1)
    said, _ = notices.object(officer(society), N1, 1, "x")
    for act in mine["reviewer"] if duty != "reviewer" else ():
        with refused("who.no_duty"):
            act()


def test_a_duty_that_was_taken_away_publishes_nothing(society: Society) -> None:
    with_cases(society, "王小明")
    desk = newcomer(society, "jd-notice", "notice", office=JD)
    made, _ = notices.draft(desk, CYCLE, phone=PHONE)
    staff.revoke(society.admin, "jd-notice", "notice", JD)
    with refused("who.no_duty"):
        notices.publish(desk, made.number)
    assert as_person(society.admin, "jd-notice").actor.duties == ()


def test_a_notice_of_an_office_above_is_seen_by_those_whose_cases_stand_on_it(
    society: Society,
) -> None:
    put_up(society)
    made, _ = notices.object(officer(society), N1, 2, "x")
    desk = reviewer(society)
    assert [row.number for row in listing.listing(desk)] == [N1]
    assert notices.shown(desk, N1).number == N1
    row = listing.row_of(desk, N1)
    assert listing.why_not(desk, "objection.uphold", row) is None
    assert [said.objection.id for said in objecting.read(desk, N1)] == [made.id]
    other = society.desk("pd-reviewer")
    found = listing.why_not(other, "objection.uphold", listing.row_of(other, N1))
    assert found is not None and found.code == "who.no_duty"
    with refused("who.no_duty"):
        objecting.read(other, N1)


def test_a_draft_of_an_office_above_is_not_seen(society: Society) -> None:
    with_cases(society, "王小明")
    notices.draft(officer(society), CYCLE, phone=PHONE)
    assert listing.listing(reviewer(society)) == []
    with refused("who.no_duty"):
        notices.shown(reviewer(society), N1)


def test_two_officers_do_not_put_one_draft_up_twice(society: Society) -> None:
    with_cases(society, *NAMES)
    notices.draft(officer(society), CYCLE, phone=PHONE)
    other = newcomer(society, "other", "notice", office="310000")
    slow = officer(society)
    between(slow, lambda: notices.publish(other, N1))
    with refused("notice.nothing"):
        notices.publish(slow, N1)
    assert number(society.admin.store, "SELECT count(*) FROM notice_line") == 3


def test_a_case_that_two_drafts_want_is_on_one_of_them(society: Society) -> None:
    with_cases(society, *NAMES)
    other = newcomer(society, "other", "notice", office="310000")
    slow = officer(society)
    between(slow, lambda: notices.draft(other, CYCLE, phone=PHONE))
    with refused("notice.nothing"):
        notices.draft(slow, CYCLE, phone=PHONE)


def test_an_objection_that_comes_while_a_notice_is_closed_is_not_lost(society: Society) -> None:
    numbers = put_up(society)
    society.clock.set(LAST)
    slow = officer(society)
    between(slow, lambda: notices.object(as_person(society.admin, "sh-notice"), N1, 2, "x"))
    done, _ = notices.close(slow, N1)
    assert (done.cleared, done.left) == (2, 1)
    assert states(society, numbers) == ["cleared", "objected", "cleared"]


def test_an_objection_after_the_case_was_cleared_is_refused(society: Society) -> None:
    numbers = put_up(society)
    society.clock.set(LAST)
    slow = officer(society)
    between(slow, lambda: notices.close(as_person(society.admin, "sh-notice"), N1))
    with refused("state.stale"):
        notices.object(slow, N1, 2, "x")
    assert states(society, numbers) == ["cleared"] * 3
    assert number(society.admin.store, "SELECT count(*) FROM objection") == 0
