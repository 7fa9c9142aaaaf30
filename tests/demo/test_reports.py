"""What the summaries tell of a made-up year is what a full recount of its rows gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest

from rcaid.db.engine import Statement
from rcaid.db.upkeep import miscounted
from rcaid.services import programmes, society, today
from rcaid.services.reporting import figures, reports
from rcaid.services.reporting.shape import span
from tests.demo.test_run import Played, play
from tests.postgres_server import Server

MONTHS = [f"2022-{month:02}" for month in range(1, 13)]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def year(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Played]:
    """Two hundredths of the year, on each engine."""
    folder = tmp_path_factory.mktemp(request.param) / "year"
    url = str(folder / "rcaid.db")
    if request.param == "postgres":
        server: Server = request.getfixturevalue("postgres_server")
        url = server.url_of(server.create(request.getfixturevalue("postgres_template")))
    played = play(folder, url, 0.02, 2022)
    yield played
    played.store.close()


def test_every_summary_is_what_its_rows_come_to(year: Played) -> None:
    assert miscounted(year.store) == []


def test_figures_of_each_month_are_those_of_the_rows(year: Played) -> None:
    for programme in programmes.listing(year.admin):
        for period in ("2022", *MONTHS):
            first, last = span(period)
            found = figures.counts(year.admin, programme, first, last)
            assert found == figures.recounted(year.admin, programme, first, last), period


def test_the_report_by_office_is_those_figures_split(year: Played) -> None:
    desk = society.as_person(year.admin, "sh-auditor")
    report = reports.run(desk, "monthly", "2022", "2022-12-31")
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    whole: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in report.rows:
        of = dict(zip(report.columns, row, strict=True))
        target = whole if of["office"] == "*" else sums
        for n, name in enumerate(("person_times", "cash", "goods")):
            target[str(of["programme"])][n] += int(of[name])
    assert sums == whole
    for programme in figures.with_cycles(desk):
        found = figures.counts(desk, programme, "2022-01-01", "2022-12-31")
        assert whole[programme.name] == [found.person_times, found.cash_fen, found.goods_fen]


def test_the_bars_of_the_first_page_are_what_the_rows_come_to(year: Played) -> None:
    desk = society.as_person(year.admin, "sh-approver")
    shown, bars = today.office_bars(desk)
    sql = (
        "SELECT o.id, e.round_id, d.person_id, d.value_fen FROM disbursement d"
        " JOIN entitlement e ON e.id = d.entitlement_id JOIN round r ON r.id = e.round_id"
        " JOIN cycle y ON y.id = r.cycle_id JOIN office o ON o.id = d.office_id"
        f" WHERE d.state IN ('paid', 'delivered') AND y.opens_on LIKE '{shown}%'"
    )
    times: dict[str, set[tuple[str, str]]] = defaultdict(set)
    fen: dict[str, int] = defaultdict(int)
    for office, round_id, person, value in year.store.rows(Statement("", sql)):
        district = desk.offices.district_of(office).id
        times[district].add((round_id, person))
        fen[district] += value
    assert sum(each.person_times for each in bars) > 1_000
    assert [(each.person_times, each.fen) for each in bars] == [
        (len(times[each.office_id]), fen[each.office_id]) for each in bars
    ]


def test_income_and_use_add_up_to_the_fen_in_every_fund(year: Played) -> None:
    report = reports.run(year.admin, "income", "2022", "2022-12-31")
    signs = {"opening": 1, "received": 1, "transferred": 1, "given_back": -1, "used": -1,
             "written_off": -1, "closing": -1}  # fmt: skip
    left: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in report.rows:
        of = dict(zip(report.columns, row, strict=True))
        sign = signs.get(str(of["line"]), 0)
        left[str(of["fund"])][0] += sign * int(of["cash"])
        left[str(of["fund"])][1] += sign * int(of["goods"])
    assert left and all(sums == [0, 0] for sums in left.values())
