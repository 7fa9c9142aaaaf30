"""The made-up year played through the services agrees with what was planted, row by row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from rcaid.db.digests import digests
from rcaid.db.engine import Statement, Store
from rcaid.db.upkeep import miscounted
from rcaid.demo.make import make
from rcaid.demo.run import Player
from rcaid.demo.truth import Count, Truth
from rcaid.domain.money import announce, announce_money
from rcaid.services import audit, programmes, society
from rcaid.services.desk import Desk
from rcaid.services.invariants import broken
from rcaid.services.reporting import figures, reports
from tests.postgres_server import Server

YEAR = ("2022-01-01", "2022-12-31")


@dataclass
class Played:
    """A year that was played, beside its truth."""

    folder: Path
    truth: Truth
    admin: Desk
    player: Player
    said: list[str]

    @property
    def store(self) -> Store:
        return self.admin.store


def play(folder: Path, url: str, scale: float, seed: int) -> Played:
    """Makes a year, plays it, and keeps the plans of its imports within its folder."""
    truth = make(folder, scale=scale, seed=seed)
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder / "data"))
        player = Player(folder, url, said.append)
        admin = player.set_up()
        player.play()
    return Played(folder, truth, admin, player, said)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """A hundredth of the year of the demo, on SQLite."""
    folder = tmp_path_factory.mktemp("small") / "year"
    played = play(folder, str(folder / "rcaid.db"), 0.01, 2022)
    yield played
    played.store.close()


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Two hundredths of a year of another seed."""
    folder = tmp_path_factory.mktemp("other") / "year"
    played = play(folder, str(folder / "rcaid.db"), 0.02, 7)
    yield played
    played.store.close()


@pytest.fixture(scope="module", params=["small", "other"])
def year(request: pytest.FixtureRequest) -> Played:
    """Each of the two years."""
    played: Played = request.getfixturevalue(request.param)
    return played


def rows(store: Store, text: str) -> list[tuple[Any, ...]]:
    """All rows of a question."""
    return store.rows(Statement("", text))


_LINES = (
    " FROM disbursement d JOIN entitlement e ON e.id = d.entitlement_id"
    " JOIN round r ON r.id = e.round_id JOIN cycle y ON y.id = r.cycle_id"
    " JOIN programme p ON p.id = y.programme_id JOIN office o ON o.id = d.office_id"
)
_RIGHTS = (
    " FROM entitlement e JOIN round r ON r.id = e.round_id JOIN cycle y ON y.id = r.cycle_id"
    " JOIN programme p ON p.id = y.programme_id JOIN office o ON o.id = e.office_id"
)


def counted(store: Store, programme: str, where: str = "") -> Count:
    """What the store's rows come to, in the words of the truth, by statements of its own."""
    scope = f" WHERE p.code = '{programme}' AND y.code LIKE '22%' {where}"
    done = scope + " AND d.state IN ('paid', 'delivered')"

    def one(text: str) -> int:
        return int(rows(store, text)[0][0] or 0)

    def lines(what: str, more: str) -> int:
        return one(f"SELECT {what}{_LINES}{scope} AND {more}")

    came_back = f"SELECT DISTINCT d.entitlement_id{_LINES}{scope} AND d.state IN ('returned', 'reissued', 'written_back')"
    paid = f"SELECT d.entitlement_id{_LINES}{scope} AND d.state = 'paid'"
    found = Count(programme)
    found.entitled = one(
        f"SELECT count(*) FROM (SELECT DISTINCT r.id, e.person_id{_RIGHTS}{scope}) t"
    )
    found.deceased = one(
        f"SELECT count(*) FROM (SELECT DISTINCT r.id, e.person_id{_RIGHTS}{scope}"
        " AND e.state = 'cancelled') t"
    )
    found.persons = one(f"SELECT count(DISTINCT d.person_id){_LINES}{done}")
    found.households = one(f"SELECT count(DISTINCT d.household_id){_LINES}{done}")
    found.person_times = one(
        f"SELECT count(*) FROM (SELECT DISTINCT r.id, d.person_id{_LINES}{done}) t"
    )
    found.cash_fen = lines("sum(d.value_fen)", "d.state = 'paid'")
    found.cash_lines = lines("count(*)", "d.state = 'paid'")
    found.kits = lines("sum(d.qty)", "d.state = 'delivered'")
    found.kits_fen = lines("sum(d.value_fen)", "d.state = 'delivered'")
    found.value_fen = found.cash_fen + found.kits_fen
    found.undelivered = lines("count(*)", "d.state = 'undelivered'")
    found.returned = one(f"SELECT count(*) FROM ({came_back}) t")
    found.reissued = one(f"SELECT count(*) FROM ({came_back} AND d.entitlement_id IN ({paid})) t")
    found.unpaid = found.returned - found.reissued
    return found


def test_every_figure_of_the_year_is_what_was_planted(year: Played) -> None:
    for programme, planted in year.truth.totals.items():
        assert asdict(counted(year.store, programme)) == asdict(planted)


def test_every_figure_of_every_round_is_what_was_planted(year: Played) -> None:
    for name, planted in year.truth.rounds.items():
        cycle, _, number = name.partition("-")
        found = counted(
            year.store, planted.programme, f"AND y.code = '{cycle}' AND r.number = {number}"
        )
        assert asdict(found) == asdict(planted), name


def test_every_figure_of_every_district_is_what_was_planted(year: Played) -> None:
    for letters, by_programme in year.truth.districts.items():
        for programme, planted in by_programme.items():
            found = counted(year.store, programme, f"AND o.letters = '{letters}'")
            assert asdict(found) == asdict(planted), (letters, programme)


def test_what_went_to_institutions_and_regions_is_what_was_planted(year: Played) -> None:
    sql = (
        "SELECT p.code, d.code, count(DISTINCT t.institution_id), sum(t.fen) + sum(t.goods_fen)"
        " FROM transfer t JOIN programme p ON p.id = t.programme_id"
        " LEFT JOIN disaster d ON d.id = t.disaster_id WHERE t.state = 'received'"
        " GROUP BY p.code, d.code"
    )
    found = {
        f"{programme} {disaster or ''}".strip(): {"receivers": n, "value_fen": fen}
        for programme, disaster, n, fen in year.store.rows(Statement("", sql))
    }
    assert found == year.truth.transfers
    assert set(found) == {"UNI", "AID", "AID EQ-2022-09"}


def test_the_report_is_what_was_planted_and_what_a_recount_gives(year: Played) -> None:
    listed = {each.code: each for each in programmes.listing(year.admin)}
    for programme in (listed["QWR"], listed["HLW"]):
        planted = year.truth.totals[programme.code]
        found = figures.counts(year.admin, programme, *YEAR)
        assert found == figures.recounted(year.admin, programme, *YEAR)
        assert (
            found.persons, found.households, found.person_times, found.cash_fen, found.goods_fen,
        ) == (
            planted.persons, planted.households, planted.person_times, planted.cash_fen,
            planted.kits_fen,
        )  # fmt: skip


def test_the_programmes_together_come_to_the_targets(year: Played) -> None:
    main = year.truth.totals["QWR"]
    assert (main.person_times, main.value_fen) == (year.truth.person_times, year.truth.value_fen)
    report = reports.run(year.admin, "annual", "2022", "2022-12-31")
    said = f"{announce(main.person_times, '人次')}，价值{announce_money(main.value_fen)}"
    assert f"千万人帮万家：{said}" in report.wording


def test_every_rejected_row_is_one_that_was_planted_wrong_with_its_code_and_column(
    year: Played,
) -> None:
    found: dict[str, list[tuple[int, str, str]]] = {}
    for name, row, problems in rows(
        year.store,
        "SELECT b.file_name, i.row_no, i.problems FROM import_row i"
        " JOIN import_batch b ON b.id = i.batch_id"
        " WHERE i.outcome = 'rejected' AND b.kind = 'roster' ORDER BY b.file_name, i.row_no",
    ):
        said = [(int(row), each["code"], each["column"]) for each in json.loads(problems)]
        found.setdefault(name, []).extend(said)
    names = [Path(name).name for name in year.truth.files]
    if len(set(names)) == len(names):
        planted = {
            Path(name).name: [(r.row, r.code, r.column) for r in file.rejected]
            for name, file in year.truth.files.items()
            if file.rejected and file.rejected[0].row
        }
        assert found == planted


def test_every_file_has_the_rows_that_were_planted(year: Played) -> None:
    for name, planted in year.truth.files.items():
        have = year.player.rejected[name]
        assert sorted({(r.row, r.code) for r in planted.rejected}) == have, name
    read, new, bad = rows(
        year.store,
        "SELECT sum(rows_read), sum(rows_new), sum(rows_rejected) FROM import_batch"
        " WHERE kind = 'roster'",
    )[0]
    files = [f for f in year.truth.files.values() if not f.rejected or f.rejected[0].row]
    assert int(read) == sum(f.rows for f in files)
    assert int(new) == sum(f.accepted for f in files)
    assert int(bad) == sum(len({r.row for r in f.rejected}) for f in files)


def test_all_results_of_the_year_fit_their_lines(year: Played) -> None:
    bad = rows(
        year.store,
        "SELECT file_name FROM import_batch WHERE kind IN ('bank', 'delivery')"
        " AND rows_rejected > 0",
    )
    assert bad == []


def test_finished_cycles_leave_no_money_between_the_fund_and_the_people(year: Played) -> None:
    """All that was not paid is available again; what is still set aside is of the open cycle."""
    found = {
        (fund, account): int(fen)
        for fund, account, fen in rows(
            year.store,
            "SELECT f.code, b.account, b.fen FROM balance b JOIN fund f ON f.id = b.fund_id",
        )
    }
    assert found["QWR", "settled"] >= year.truth.totals["QWR"].cash_fen
    late = int(rows(
        year.store,
        f"SELECT COALESCE(sum(d.fen), 0){_LINES} WHERE y.code = '23A' AND d.state = 'paid'",
    )[0][0])  # fmt: skip
    assert found["QWR", "settled"] == year.truth.totals["QWR"].cash_fen + late
    due = int(rows(
        year.store,
        f"SELECT COALESCE(sum(e.fen), 0){_RIGHTS} WHERE y.code = '23A'"
        " AND e.state IN ('ready', 'reserved', 'suspended')",
    )[0][0])  # fmt: skip
    between = ("payable", "in_transit", "returned")
    assert sum(found.get(("QWR", account), 0) for account in between) == due
    assert sum(fen for (fund, _), fen in found.items() if fund == "QWR") == 0


def test_sums_and_summaries_agree_with_the_rows(year: Played) -> None:
    assert miscounted(year.store) == []
    assert broken(year.store) == []


def test_finished_cycles_leave_nothing_on_its_way(year: Played) -> None:
    open_lines = rows(
        year.store,
        f"SELECT d.voucher, d.state{_LINES} WHERE y.code LIKE '22%'"
        " AND d.state IN ('prepared', 'released', 'issued')",
    )
    states = rows(
        year.store,
        "SELECT DISTINCT b.state FROM batch b JOIN round r ON r.id = b.round_id"
        " JOIN cycle y ON y.id = r.cycle_id WHERE y.code LIKE '22%'",
    )
    assert open_lines == []
    assert states == [("closed",)]


def test_the_record_of_the_year_holds(year: Played) -> None:
    auditor = society.as_person(year.admin, "sh-auditor")
    verdict = audit.verify_store(auditor)
    assert verdict.faults == []
    assert verdict.events > 100


def test_four_different_people_acted_on_every_batch(year: Played) -> None:
    parts: dict[str, dict[str, set[str]]] = {}
    for batch, roster, act, who in rows(
        year.store,
        "SELECT DISTINCT d.batch_id, m.noun, m.act, m.staff_id FROM disbursement d"
        " JOIN entitlement e ON e.id = d.entitlement_id JOIN aid_case c ON c.id = e.case_id"
        " JOIN maker m ON m.object_id IN (d.batch_id, c.roster_id, c.id)"
        " JOIN batch b ON b.id = d.batch_id WHERE b.state IN ('released', 'reconciled', 'closed')",
    ):
        parts.setdefault(batch, {}).setdefault(act, set()).add(who)
        assert roster in ("roster", "batch", "case")
    assert parts
    for acts in parts.values():
        made = acts.get("import") or acts["submit"]
        four = [made, acts["verify"], acts["batch.approve"], acts["batch.release"]]
        assert len(set().union(*four)) == sum(map(len, four))


def test_it_leaves_work_in_the_open_cycle(small: Played) -> None:
    states = {
        state
        for (state,) in rows(
            small.store,
            "SELECT DISTINCT t.state FROM roster t JOIN cycle y ON y.id = t.cycle_id"
            " WHERE y.code = '23A'",
        )
    }
    assert {"open", "submitted", "verified", "frozen", "approved"} <= states
    assert rows(small.store, "SELECT state FROM cycle WHERE code = '23A'") == [("open",)]
    back = rows(
        small.store, f"SELECT count(*){_LINES} WHERE y.code = '23A' AND d.state = 'returned'"
    )
    assert int(back[0][0]) > 0


def test_it_says_what_it_does_and_keeps_its_last_day(small: Played) -> None:
    assert any("千" not in line and "batch" in line for line in small.said)
    assert any("rejected" in line for line in small.said)
    opened = society.open_desk(str(small.folder / "rcaid.db"), as_login="jd-street")
    assert opened.day >= "2023-01-01"
    opened.store.close()


@pytest.fixture
def again(
    tmp_path: Path, postgres_server: Server, postgres_template: str
) -> Iterator[Callable[[], Played]]:
    """The small year once more, on PostgreSQL."""
    name = postgres_server.create(postgres_template)
    made: list[Played] = []

    def run() -> Played:
        made.append(play(tmp_path / "year", postgres_server.url_of(name), 0.01, 2022))
        return made[0]

    yield run
    for each in made:
        each.store.close()
    postgres_server.drop(name)


def test_the_same_seed_on_the_other_engine_gives_the_same_digest_of_every_table(
    small: Played, again: Callable[[], Played]
) -> None:
    second = again()

    assert digests(small.store, small.admin.keys) == digests(second.store, second.admin.keys)
    assert audit.verify_store(society.as_person(second.admin, "sh-auditor")).ok
    assert miscounted(second.store) == []
    assert broken(second.store) == []


def test_another_seed_gives_another_year(small: Played, other: Played) -> None:
    mine, others = (digests(each.store, each.admin.keys) for each in (small, other))
    same = {name for name in mine if mine[name] == others[name]}
    filled = {name for name in mine if rows(small.store, f"SELECT 1 FROM {name} LIMIT 1")}
    assert same & filled == {"region"}


def test_applications_came_to_what_was_planted(year: Played) -> None:
    assert set(year.truth.applications) == {"FIRE", "STORM", "STU", "ANGEL"}
    for programme, planted in year.truth.applications.items():
        of = " FROM aid_case c JOIN cycle y ON y.id = c.cycle_id JOIN programme p ON"
        of += f" p.id = y.programme_id WHERE p.code = '{programme}' AND y.code LIKE '22%'"
        ((cases,),) = rows(year.store, f"SELECT count(*){of}")
        ((paid, fen),) = rows(
            year.store,
            "SELECT count(*), SUM(d.fen) FROM disbursement d JOIN entitlement e ON"
            " e.id = d.entitlement_id WHERE d.state = 'paid' AND e.case_id IN"
            f" (SELECT c.id{of})",
        )
        assert (cases, paid, fen) == (
            planted["cases"], planted["person_times"], planted["value_fen"]
        )  # fmt: skip


def test_every_batch_of_the_year_is_closed_at_zero(year: Played) -> None:
    left = rows(
        year.store,
        "SELECT b.number, b.state FROM batch b JOIN round r ON r.id = b.round_id JOIN cycle y"
        " ON y.id = r.cycle_id WHERE y.code LIKE '22%' AND b.state <> 'closed'",
    )
    assert left == []


def test_applications_wait_at_every_step_at_the_end(small: Played) -> None:
    found = dict(
        rows(
            small.store,
            "SELECT c.state, count(*) FROM aid_case c JOIN cycle y ON y.id = c.cycle_id"
            " WHERE y.code = '23F' GROUP BY c.state",
        )
    )
    assert found == {
        "submitted": 22, "returned": 2, "district_review": 3, "approval": 3, "approved": 2
    }  # fmt: skip
