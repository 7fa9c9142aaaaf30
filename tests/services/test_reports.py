"""The figures of a year: from the summaries, equal to a recount, each with its rule."""

from __future__ import annotations

import pytest

from rcaid import data
from rcaid.domain.counting import COUNTING_RULE
from rcaid.services import programmes
from rcaid.services.reporting import reports
from tests.services.conftest import Society
from tests.services.test_batches import take
from tests.services.test_results import both, delivered, paid, returned
from tests.services.writing import newcomer, refused

QWR = "千万人帮万家"


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
