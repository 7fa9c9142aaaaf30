"""The figures of a year: from the summaries, equal to a recount, each with its rule."""

from __future__ import annotations

import pytest

from rcaid import data
from rcaid.domain.counting import COUNTING_RULE, PUBLIC_RULE
from rcaid.services import notices, programmes, rosters
from rcaid.services.applications import deciding
from rcaid.services.reporting import choosing, reports
from rcaid.services.same_person import duplicates
from tests.services import on_notice
from tests.services.applying import applying, fire, submitted
from tests.services.conftest import JD, JD_STREETS, PD, Society
from tests.services.deciding import approved, proposed
from tests.services.on_notice import PHONE, fire_cycle
from tests.services.test_batches import take
from tests.services.test_results import both, delivered, paid, returned
from tests.services.writing import newcomer, next_cycle, refused

QWR = "千万人帮万家"
LAST = "2022-12-31"


def figures(society: Society, as_of: str = "2022-12-31", year: str = "2022") -> tuple[object, ...]:
    """The row of the programme in the annual report."""
    [row] = [r for r in reports.run(society.admin, "annual", year, as_of).rows if r[0] == QWR]
    return row[1:]


def test_br_060_to_062_the_annual_figures(society: Society) -> None:
    both(society, (1, 2))
    assert figures(society) == (0, 0, 0, 0, 0, 0)
    take(society, paid(), login="jd-preparer")
    take(society, delivered())
    take(society, delivered("22A-JD-00001-2K"))

    assert figures(society) == (1, 1, 2, 50_000, 35_600, 85_600)
    take(society, returned(), login="jd-preparer")
    assert figures(society) == (1, 1, 2, 0, 35_600, 35_600)


def test_figures_of_a_day_hold_what_had_happened_by_it(society: Society) -> None:
    both(society)
    society.clock.set("2022-02-20")
    take(society, paid(day="2022-02-10"), login="jd-preparer")

    assert [figures(society, day)[2] for day in ("2022-02-09", "2022-02-10")] == [0, 1]
    assert figures(society, year="2021") == (0, 0, 0, 0, 0, 0)


def test_each_programme_stands_on_a_line_of_its_own(society: Society) -> None:
    programmes.load(society.admin, data.text("programmes/hlw.toml"))
    programmes.new_cycle(
        society.desk("sh-approver"), "HLW", "22N", "nursing", "2022-03-15", ["May"]
    )
    report = reports.run(society.admin, "annual", "2022", "2022-12-31")

    assert len(report.rows) == 2
    assert report.rules == (COUNTING_RULE,)
    assert report.money == {"cash", "goods", "value"}
    assert len(report.columns) == len(report.rows[0])


def test_br_076_the_announced_wording(society: Society) -> None:
    both(society)
    take(society, paid(), login="jd-preparer")
    wording = reports.run(society.admin, "annual", "2022", "2022-12-31").wording
    assert wording == (f"{QWR}：1人次，价值500元",)


Cells = dict[str, object]


def monthly(society: Society, login: str, period: str = "2022-02", office: str = "") -> list[Cells]:
    """The lines of the report by office."""
    report = reports.run(society.desk(login), "monthly", period, "2022-12-31", office)
    return [dict(zip(report.columns, row, strict=True)) for row in report.rows]


def test_br_060_the_month_by_street_counts_people_once_and_in_all(society: Society) -> None:
    both(society)
    take(society, paid(), login="jd-preparer")
    take(society, delivered())
    whole, street = monthly(society, "jd-reviewer")

    assert (whole["office"], street["office"]) == ("*", society.street(JD_STREETS[0]))
    for line in (whole, street):
        assert (line["lane"], line["taken_in"], line["approved"], line["rejected"]) == (
            "B",
            1,
            1,
            0,
        )
        assert (line["paid"], line["persons"], line["households"]) == (1, 1, 1)
        assert (line["person_times"], line["cash"], line["goods"]) == (1, 50_000, 17_800)
        assert (line["days"], line["overdue"]) == ("", 0)
    assert (street["quota"], street["used_share"]) == (50, 20)
    assert monthly(society, "jd-reviewer", "2022-03") == []
    assert monthly(society, "pd-reviewer") == []


def test_br_061_the_month_counts_a_person_of_two_ids_once_after_the_merge(
    society: Society,
) -> None:
    society.import_roster([society.person(1, "王伟")])
    next_cycle(society)
    society.import_roster([society.person(3, "王伟", 联系电话="13700000000")], cycle="22B")
    for cycle in ("22A", "22B"):
        [number] = rosters_of(society, cycle)
        society.approve(number)
        society.bank_result(society.pay(cycle=cycle), {f"{cycle}-JD-00001-1C": "00"})
    whole = monthly(society, "jd-reviewer")[0]
    assert (whole["persons"], whole["person_times"], whole["paid"]) == (2, 2, 2)
    [pair] = duplicates.queue(society.desk("jd-reviewer"))
    duplicates.decide(society.desk("jd-reviewer"), pair.id, "same")
    whole = monthly(society, "jd-reviewer")[0]
    assert (whole["persons"], whole["person_times"], whole["paid"]) == (1, 2, 2)


def test_br_062_what_came_back_goes_on_its_own_day_in_every_report(society: Society) -> None:
    both(society)
    take(society, paid(), login="jd-preparer")
    society.clock.set("2022-03-05")
    take(society, returned(day="2022-03-04"), login="jd-preparer")
    february, march = (monthly(society, "jd-reviewer", f"2022-0{n}")[0] for n in (2, 3))

    assert (february["person_times"], february["cash"]) == (1, 50_000)
    assert (march["person_times"], march["cash"]) == (-1, -50_000)
    for period, cash in (("2022-02", 50_000), ("2022-03", -50_000), ("2022", 0)):
        report = reports.run(society.admin, "annual", period, LAST)
        assert [row[4] for row in report.rows if row[0] == QWR] == [cash]
        assert any(said.startswith(QWR) for said in report.wording)


def rosters_of(society: Society, cycle: str) -> list[str]:
    """The numbers of the rosters of a cycle."""
    found = programmes.cycle(society.admin, cycle)
    return [roster.number for roster in rosters.of_cycle(society.admin, found.id)]


def test_br_063_money_is_whole_fen_in_every_report_and_lines_add_up(society: Society) -> None:
    both(society)
    take(society, paid(), login="jd-preparer")
    take(society, delivered())
    desk = society.desk("sh-auditor")
    for name, kind in reports.REPORTS.items():
        if name == "public":
            continue
        report = reports.run(desk, name, "22A" if kind.period == reports.CYCLE else "2022", LAST)
        for row in report.rows:
            cells = dict(zip(report.columns, row, strict=True))
            assert all(type(cell) in (str, int) for cell in row), (name, row)
            assert all(cells[column] == "" or type(cells[column]) is int for column in report.money)
    lines = monthly(society, "sh-auditor")
    for column in ("cash", "goods"):
        parts = [int(str(line[column])) for line in lines if line["office"] != "*"]
        assert sum(parts) == sum(int(str(li[column])) for li in lines if li["office"] == "*") > 0


def test_br_051_a_public_list_is_what_hangs_on_the_wall(society: Society) -> None:
    fire_cycle(society.admin, society.desk("sh-approver"), society.desk("sh-preparer"))
    on_notice.approved(society.desk("sh-approver"), "王建国", "欧阳明")
    officer = society.desk("sh-notice")
    draft, _ = notices.draft(officer, "22F", phone=PHONE)
    notices.publish(officer, draft.number)
    report = reports.run(officer, "public", draft.number)
    wall = notices.shown(officer, draft.number)

    assert report.rows == tuple(line.cells(n) for n, line in enumerate(wall.lines, 1))
    assert [row[1] for row in report.rows] == ["王*国", "欧阳*"]
    assert "310199" not in str(report) and report.wording[-1] == PHONE
    with refused("who.no_duty"):
        reports.run(society.desk("jd-keeper"), "public", draft.number)
    with refused("notice.unknown"):
        reports.run(officer, "public", "N-1")
    for login in ("sh-notice", "jd-reviewer"):
        assert choosing.periods(society.desk(login), "public") == [draft.number]


def test_what_shows_the_whole_society_alone_takes_no_office(society: Society) -> None:
    for name in ("review", "income", "institutions"):
        with refused("report.whole"):
            reports.run(society.admin, name, "2022", LAST, JD)


def test_the_city_sees_districts_and_one_of_them_its_streets(society: Society) -> None:
    both(society)
    take(society, paid(), login="jd-preparer")
    district = society.admin.offices.by_code[JD].name
    assert [line["office"] for line in monthly(society, "sh-reviewer")] == ["*", district]
    assert [line["office"] for line in monthly(society, "sh-reviewer", office=JD)] == [
        "*", society.street(JD_STREETS[0]),
    ]  # fmt: skip
    with refused("who.elsewhere"):
        monthly(society, "jd-reviewer", office=PD)
    with refused("report.office"):
        monthly(society, "jd-reviewer", office="999999")


def test_single_applications_stand_apart_with_their_days_to_a_decision(society: Society) -> None:
    town = applying(society)
    town.clock.set("2022-02-07")
    approved(town, fire())
    late = proposed(town, fire(2, "赵敏"))
    town.clock.set("2022-03-20")
    deciding.reject(town.desk("sh-approver"), late, "untrue", opinion="与证明不符")
    waiting = submitted(town, fire(3, "李静"))
    whole = monthly(town, "jd-reviewer")[0]
    assert (whole["lane"], whole["taken_in"], whole["approved"], whole["rejected"]) == (
        "A",
        2,
        1,
        0,
    )
    march = monthly(town, "jd-reviewer", "2022-03")[0]
    assert (march["taken_in"], march["approved"], march["rejected"]) == (1, 0, 1)
    assert march["days"] == 290
    assert monthly(town, "jd-reviewer", "2022-12")[0]["overdue"] == 1, waiting


def test_quotas_as_they_were_carried_out_by_a_day(society: Society) -> None:
    both(society)
    society.clock.set("2022-02-10")
    take(society, paid(day="2022-02-09"), login="jd-preparer")
    street = society.street(JD_STREETS[0])

    def line(day: str) -> tuple[object, ...]:
        rows = reports.run(society.desk("jd-reviewer"), "quota", "22A", day).rows
        return next(row for row in rows if row[0] == street)

    assert line("2022-01-31") == (street, "*", 50, 0, 0, 0, 50, 0)
    assert line("2022-02-01") == (street, "*", 50, 1, 1, 0, 49, 0)
    assert line("2022-02-09") == (street, "*", 50, 1, 1, 1, 49, 0)


def test_br_071_people_by_sex_and_age_show_no_small_cells(society: Society) -> None:
    both(society)
    take(society, paid(), login="jd-preparer")
    report = reports.run(society.desk("sh-auditor"), "people", "2022", "2022-12-31")

    assert report.hidden and PUBLIC_RULE in report.rules
    assert all(cell == "x" for row in report.rows for cell in row[3:])
    assert "王伟" not in str(report.rows)


def test_br_071_sensitive_categories_are_not_named(society: Society) -> None:
    rows = [society.person(n, f"人{n}", 类别="精神疾病" if n > 6 else "肿瘤") for n in range(1, 13)]
    [roster] = society.import_roster(rows)
    society.approve(roster)
    batch = society.pay()
    society.bank_result(batch, {f"22A-JD-{n:05}-1C": "00" for n in range(1, 13)})
    report = reports.run(society.admin, "people", "2022", "2022-12-31")

    assert report.columns == ("programme", "sex", "age", "tumour", "sensitive", "persons")
    assert report.rows[-1][3:] == (6, 6, 12)


def test_br_073_075_the_review_tells_each_figure_with_its_days(society: Society) -> None:
    both(society)
    take(society, paid(), login="jd-preparer")
    report = reports.run(society.admin, "review", "2022", "2022-06-30")
    found = {(row[0], row[1]): row for row in report.rows}

    assert found["relief.person_times", QWR][2:] == (
        1, "", "人次", "2022-01-01", "2022-06-30", "1人次",
    )  # fmt: skip
    assert found["relief.value", QWR][3] == 50_000
    assert found["donation.raised", ""][3] == 100_000_000
    assert len(report.wording) == len(report.rows)


def test_a_report_is_run_by_name(society: Society) -> None:
    assert reports.run(society.admin, "annual", "2022").name == "annual"
    with refused("report.unknown"):
        reports.run(society.admin, "nonsense", "2022")
    with refused("cycle.unknown"):
        reports.run(society.desk("jd-reviewer"), "quota", "99Z")


@pytest.mark.parametrize("duty", ["notice", "administrator", "keeper"])
def test_everybody_with_a_duty_may_run_the_annual_report(society: Society, duty: str) -> None:
    desk = newcomer(society, "new", duty)
    assert reports.run(desk, "annual", "2022", "2022-12-31").rows


@pytest.mark.parametrize(
    "period",
    [
        "",
        "22",
        "22A",
        "2022-13",
        "1899",
        "3000",
        "二〇二二",
        "2022 ",
        "2022-02-30..2022-03-01",
        "2022-03-01..2022-02-01",
    ],
)
def test_what_is_no_period_is_refused_and_gives_no_zeros(society: Society, period: str) -> None:
    for name in ("annual", "monthly", "review", "income", "people"):
        with refused("report.period"):
            reports.run(society.admin, name, period)
