"""Two people on file who are one: both ids stay, the winner counts for both, and back (BR-010)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rcaid.db.digests import digests
from rcaid.db.upkeep import miscounted
from rcaid.domain.errors import Refused
from rcaid.domain.identity import make_number
from rcaid.services import audit, changes, deaths, finding, lookup, people
from rcaid.services.desk import Desk
from rcaid.services.importing import imports, undo
from rcaid.services.invariants import broken
from rcaid.services.reporting import reports
from rcaid.services.same_person import duplicates, merging
from tests.services import writing
from tests.services.conftest import JD_STREETS, Societies, Society
from tests.services.writing import contents, lines, next_cycle, number, refused, rights, rows

WEI = make_number("310199", "19500101", 1)
ELDER = make_number("310199", "19500101", 3)
CAP_FEN = 100_000


@pytest.fixture
def two(society: Society) -> tuple[str, str]:
    """王伟, listed in 22A, and the same man under another number in 22B."""
    society.import_roster([society.person(1, "王伟")])
    next_cycle(society)
    society.import_roster([society.person(3, "王伟", 联系电话="13700000000")], cycle="22B")
    ids = [id for (id,) in rows(society.admin.store, "SELECT id FROM person ORDER BY doc")]
    return ids[0], ids[1]


def pair_of(society: Society, login: str = "jd-reviewer") -> str:
    [pair] = duplicates.queue(society.desk(login))
    return pair.id


def merge(society: Society) -> None:
    duplicates.decide(society.desk("jd-reviewer"), pair_of(society), "same")


def merge_id(society: Society) -> str:
    [(id,)] = rows(society.admin.store, "SELECT id FROM person_merge WHERE state = 'merged'")
    return str(id)


def kept(society: Society) -> dict[str, str]:
    """Digests of all but what says that there was a merge."""
    found = digests(society.admin.store, society.admin.keys)
    return {k: v for k, v in found.items() if k not in ("person_merge", "duplicate_pair")}


def whole(society: Society) -> bool:
    """Whether the record holds and every count adds up."""
    faults = audit.verify_store(society.desk("sh-auditor")).faults
    store = society.admin.store
    return faults == [] and miscounted(store) == [] and broken(store) == []


def test_br_010_the_loser_keeps_id_and_lines_and_points_to_the_winner(
    society: Society, two: tuple[str, str]
) -> None:
    winner, loser = two
    before = lines(society.admin.store)
    merge(society)

    found = rows(society.admin.store, "SELECT id, state, merged_into FROM person ORDER BY doc")
    assert [tuple(row) for row in found] == [(winner, "live", None), (loser, "merged", winner)]
    assert lines(society.admin.store) == before
    assert whole(society)


def test_br_010_a_merge_can_be_split_and_everything_is_as_before(
    society: Society, two: tuple[str, str]
) -> None:
    before = kept(society)
    merge(society)
    assert kept(society) != before
    merging.split(society.desk("jd-reviewer"), merge_id(society))
    assert kept(society) == before
    assert whole(society)

    pair = pair_of(society, "jd-caseworker")
    assert duplicates.pair(society.desk("jd-caseworker"), pair).state == "open"
    merge(society)
    assert whole(society)


def test_br_010_a_merge_stays_once_something_went_out_to_either(
    society: Society, two: tuple[str, str]
) -> None:
    merge(society)
    [roster] = [number for (number,) in rows(society.admin.store, "SELECT number FROM roster") if number.startswith("22B")]  # fmt: skip
    society.approve(roster)
    merging.split(society.desk("jd-reviewer"), merge_id(society))
    merge(society)
    batch = society.pay(cycle="22B")
    society.bank_result(batch, {"22B-JD-00001-1C": "00"})

    before = contents(society.admin.store)
    with refused("merge.paid"):
        merging.split(society.desk("jd-reviewer"), merge_id(society))
    assert contents(society.admin.store) == before
    assert whole(society)


def test_help_before_the_merge_does_not_stop_a_split(
    society: Society, two: tuple[str, str]
) -> None:
    society.approve(society_roster(society, "22A"))
    society.bank_result(society.pay(), {"22A-JD-00001-1C": "00"})
    society.clock.set("2022-02-03")
    merge(society)
    merging.split(society.desk("jd-reviewer"), merge_id(society))
    assert whole(society)


def society_roster(society: Society, cycle: str) -> str:
    found = rows(society.admin.store, "SELECT number FROM roster ORDER BY number")
    return next(str(number) for (number,) in found if number.startswith(cycle))


def test_the_winners_card_shows_both_and_either_id_opens_it(
    society: Society, two: tuple[str, str]
) -> None:
    winner, _ = two
    merge(society)
    desk = society.desk("jd-caseworker")
    for id in two:
        card = people.card(desk, id)
        assert (card.id, card.state) == (winner, "live")
        assert [case.case_no for case in card.cases] == ["22B-JD-00001", "22A-JD-00001"]
    for text in (WEI, ELDER, "13700000000", "王伟", "22B-JD-00001"):
        [line] = finding.find(desk, text)
        assert (line.id, line.open_lines) == (winner, 2)
    assert [a.enrolled for a in lookup.look_up(desk, [WEI, ELDER])] == [("22A", "22B")] * 2


def test_either_number_in_a_file_is_the_winner(society: Society, two: tuple[str, str]) -> None:
    winner, _ = two
    merge(society)
    next_cycle(society, "22C")
    society.import_roster([society.person(3, "王伟")], cycle="22C")
    third = [line for line in lines(society.admin.store).values() if line.case_no[:3] == "22C"]
    assert [line.person_id for line in third] == [winner]

    path = society.write([society.person(1, "王伟"), society.person(3, "王伟", 金额="100")])
    planned = imports.plan(
        society.desk("jd-caseworker"), path, "roster", cycle_code="22C",
        target=society.folder / "c.plan",
    )  # fmt: skip
    assert [problem.code for problem in planned.problems] == ["row.repeated"]
    assert whole(society)


def test_a_line_of_the_loser_in_the_cycle_is_the_winners(
    society: Society, two: tuple[str, str]
) -> None:
    merge(society)
    path = society.write([society.person(1, "王伟", 金额="400")])
    planned, _ = society.take_in(path, "roster", "jd-caseworker", "22B")
    assert [problem.code for problem in planned.problems] == ["case.listed"]


def test_br_022_the_cap_counts_what_both_were_given(society: Society, two: tuple[str, str]) -> None:
    merge(society)
    society.approve(society_roster(society, "22A"))
    society.approve(society_roster(society, "22B"))
    assert sum(right.fen or 0 for right in rights(society.admin.store)) == CAP_FEN
    next_cycle(society, "22C")
    path = society.write([society.person(1, "王伟", 金额="100")])
    planned, _ = society.take_in(path, "roster", "jd-caseworker", "22C")
    assert [problem.code for problem in planned.problems] == ["cap.person"]
    given = people.history(society.desk("jd-caseworker"), two[1])
    assert {line.who for line in given} <= {"person", "household"}


def test_persons_are_counted_after_merges(society: Society, two: tuple[str, str]) -> None:
    for cycle in ("22A", "22B"):
        society.approve(society_roster(society, cycle))
        society.bank_result(society.pay(cycle=cycle), {f"{cycle}-JD-00001-1C": "00"})

    def persons() -> int:
        report = reports.run(society.desk("sh-auditor"), "annual", "2022", "2022-12-31")
        return int(report.rows[0][1])

    assert persons() == 2
    merge(society)
    assert persons() == 1
    assert people.history(society.desk("jd-caseworker"), two[0])[0].fen == CAP_FEN
    assert whole(society)


def test_what_was_said_of_the_loser_holds_for_the_winner(
    society: Society, two: tuple[str, str]
) -> None:
    next_cycle(society, "22C")
    passport = {"证件类型": "护照", "证件号码": "E12345678", "联系电话": "13700000000"}
    row = society.person(3, "王伟") | passport
    _, applied = society.take_in(society.write([row]), "roster", "jd-caseworker", "22C")
    assert applied.batch.rows_undecided == 1
    held = [p for p in duplicates.queue(society.desk("jd-caseworker")) if p.what == "row"]
    for pair in held:
        duplicates.decide(society.desk("jd-caseworker"), pair.id, "different")
    [(pair_id,)] = rows(society.admin.store, "SELECT id FROM duplicate_pair WHERE right_id <> ''")
    duplicates.decide(society.desk("jd-reviewer"), pair_id, "same")

    more = society.write([row, society.person(7, "李四")])
    planned, _ = society.take_in(more, "roster", "jd-caseworker", "22C")
    assert (planned.facts.rows_undecided, planned.facts.rows_new) == (0, 2)


def test_two_lines_of_one_cycle_stop_a_merge_and_are_named(society: Society) -> None:
    society.import_roster([society.person(1, "王伟")])
    society.import_roster([society.person(3, "王伟")])
    before = contents(society.admin.store)
    with refused("merge.both_listed") as caught:
        merge(society)
    assert dict(caught.value.problems[0].params) == {
        "case": "22A-JD-00002", "other": "22A-JD-00001",
    }  # fmt: skip
    assert contents(society.admin.store) == before


def test_what_would_be_lost_stops_a_merge(society: Society, two: tuple[str, str]) -> None:
    desk = society.desk("jd-reviewer")
    winner, loser = two
    with refused("merge.one"):
        merging.merge(desk, winner, winner)
    with refused("state.gone"):
        merging.merge(desk, winner, "0" * 26)
    change, _ = changes.ask(society.desk("jd-caseworker"), loser, "name", "王玮", "typed wrongly")
    with refused("merge.change_waits"):
        merge(society)
    changes.refuse(desk, change, "x")
    merge(society)
    with refused("merge.state"):
        merging.merge(desk, winner, loser)
    [(pair,)] = rows(society.admin.store, "SELECT id FROM duplicate_pair")
    with refused("duplicate.merged"):
        duplicates.pair(desk, pair)
    with refused("state.gone"):
        merging.split(desk, "0" * 26)


def test_who_others_were_merged_into_stays(society: Society, two: tuple[str, str]) -> None:
    next_cycle(society, "22C")
    society.import_roster([society.person(5, "王伟")], cycle="22C")
    third = str(rows(society.admin.store, "SELECT id FROM person ORDER BY doc")[2][0])
    desk = society.desk("jd-reviewer")
    merging.merge(desk, two[0], two[1])
    with refused("merge.chain"):
        merging.merge(desk, third, two[0])
    merging.merge(desk, two[0], third)
    assert [len(people.card(desk, id).cases) for id in (*two, third)] == [3, 3, 3]
    assert merging.standing(desk, third)[0].loser_id == third
    assert len(merging.standing(desk, two[0])) == 2
    assert whole(society)


def test_br_016_a_death_reaches_the_lines_of_both(society: Society, two: tuple[str, str]) -> None:
    merge(society)
    society.approve(society_roster(society, "22B"))
    assert deaths.record_by_number(society.desk("jd-caseworker"), ELDER, "2022-02-01", "x") == 1

    assert {right.state for right in rights(society.admin.store)} == {"suspended"}
    assert lines(society.admin.store)["22A-JD-00001"].state == "struck"
    with refused("merge.state"):
        merging.split(society.desk("jd-reviewer"), merge_id(society))
    with refused("person.not_live"):
        deaths.record(society.desk("jd-caseworker"), two[1], "2022-02-01", "x")
    assert whole(society)


def test_an_undo_keeps_who_a_merge_rests_on(society: Society, two: tuple[str, str]) -> None:
    merge(society)
    [(batch,)] = rows(society.admin.store, "SELECT id FROM import_batch ORDER BY id DESC LIMIT 1")
    done, _ = undo.undo(society.desk("jd-reviewer"), batch)
    assert [problem.code for problem in done.kept] == ["undo.acted"]
    assert number(society.admin.store, "SELECT count(*) FROM person") == 2
    merging.split(society.desk("jd-reviewer"), merge_id(society))
    assert whole(society)


def test_a_caseworker_asks_for_a_merge_and_a_reviewer_does_it(
    society: Society, two: tuple[str, str]
) -> None:
    pair = pair_of(society, "jd-caseworker")
    duplicates.decide(society.desk("jd-caseworker"), pair, "same", "one man")
    assert number(society.admin.store, "SELECT count(*) FROM person_merge") == 0

    [asked] = duplicates.queue(society.desk("jd-reviewer"))
    assert (asked.act, asked.state, asked.mine) == ("merge", "same", True)
    for login in ("pd-reviewer", "jd-approver", "jd-verifier"):
        with refused("who.no_duty"):
            duplicates.decide(society.desk(login), pair, "same")
        with refused("who.no_duty"):
            merging.merge(society.desk(login), *two)
    merge(society)
    assert duplicates.queue(society.desk("jd-reviewer")) == []
    for login in ("jd-caseworker", "pd-reviewer"):
        with refused("who.no_duty"):
            merging.split(society.desk(login), merge_id(society))
    assert whole(society)


def test_a_reviewer_may_say_no_to_a_merge(society: Society, two: tuple[str, str]) -> None:
    pair = pair_of(society, "jd-caseworker")
    duplicates.decide(society.desk("jd-caseworker"), pair, "same")
    assert "different" in duplicates.pair(society.desk("jd-reviewer"), pair).may
    duplicates.decide(society.desk("jd-reviewer"), pair, "different")
    assert duplicates.queue(society.desk("jd-reviewer")) == []
    assert number(society.admin.store, "SELECT count(*) FROM person_merge") == 0
    assert whole(society)


def test_people_of_two_districts_are_merged_by_who_is_over_both(society: Society) -> None:
    street = society.admin.offices.children(society.office("310115"))[0]
    society.import_roster([society.person(1, "王伟", 街道=street.name)], login="pd-caseworker")
    next_cycle(society)
    phone = {"联系电话": "13800000001"}
    society.import_roster([society.person(3, "王伟", 街道=society.street(JD_STREETS[0]), **phone)], cycle="22B")  # fmt: skip
    pair = pair_of(society)
    with refused("who.no_duty"):
        duplicates.decide(society.desk("jd-reviewer"), pair, "same")
    view = duplicates.pair(society.desk("sh-reviewer"), pair)
    assert view.keeps == view.left_id
    duplicates.decide(society.desk("sh-reviewer"), pair, "same")
    assert writing.people(society.admin.store)["王伟"] is not None
    assert whole(society)


CYCLES = ("22A", "22B", "22C", "22D")
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("split"), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("import"), st.integers(0, 3), st.integers(2, 3)),
    ),
    min_size=4, max_size=14,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(acts=ACTS)
def test_however_people_are_merged_and_split_all_are_themselves_in_the_end(
    societies: Societies, tmp_path_factory: pytest.TempPathFactory, acts: list[Any]
) -> None:
    society = societies.copy("sqlite", tmp_path_factory.mktemp("merges"))
    try:
        for cycle in CYCLES[1:]:
            next_cycle(society, cycle)
        for n, cycle in enumerate(("22A", "22A", "22B", "22B")):
            society.import_roster([society.person(2 * n + 1, f"王{'甲乙丙丁'[n]}")], cycle=cycle)
        who = [id for (id,) in rows(society.admin.store, "SELECT id FROM person ORDER BY doc")]
        desk, twin = society.desk("jd-reviewer"), _Twin(who)
        before = kept(society)
        for act, first, second in acts:
            if act == "merge":
                twin.merge(desk, first, second)
            elif act == "split":
                twin.split(desk, first)
            else:
                twin.bring(society, first, CYCLES[second])
            for n, id in enumerate(who):
                assert people.card(desk, id).id == who[twin.stands(n)]
        assert whole(society)
        for n in range(len(who)):
            twin.split(desk, n)
        if not twin.imported:
            assert kept(society) == before
        states = rows(society.admin.store, "SELECT DISTINCT state, merged_into FROM person")
        assert [tuple(row) for row in states] == [("live", None)]
        assert whole(society)
    finally:
        societies.close(society)


class _Twin:
    """A plain model beside the store: who was merged into whom, and who has a line where."""

    def __init__(self, who: Sequence[str]) -> None:
        self._who = who
        self._into: dict[int, tuple[int, str]] = {}
        self._cycles = {0: {"22A"}, 1: {"22A"}, 2: {"22B"}, 3: {"22B"}}
        self.imported = False
        self._files = 0

    def stands(self, n: int) -> int:
        return self._into[n][0] if n in self._into else n

    def _all(self, winner: int) -> set[str]:
        group = [n for n in self._cycles if self.stands(n) == winner]
        return set().union(*(self._cycles[n] for n in group))

    def merge(self, desk: Desk, winner: int, loser: int) -> None:
        lost = {n for n, _ in self._into.values()}
        fits = (
            winner != loser
            and not {winner, loser} & set(self._into)
            and loser not in lost
            and not self._all(winner) & self._cycles[loser]
        )
        if fits:
            merging.merge(desk, self._who[winner], self._who[loser])
            [made] = merging.standing(desk, self._who[loser])
            self._into[loser] = (winner, made.id)
        else:
            with pytest.raises(Refused):
                merging.merge(desk, self._who[winner], self._who[loser])

    def split(self, desk: Desk, loser: int) -> None:
        if loser in self._into:
            merging.split(desk, self._into.pop(loser)[1])

    def bring(self, society: Society, n: int, cycle: str) -> None:
        winner = self.stands(n)
        fits = cycle not in self._all(winner)
        self._files += 1
        changes = {"金额": "100", "地址": f"幸福路{self._files}号"}
        path = society.write([society.person(2 * n + 1, f"王{'甲乙丙丁'[n]}", **changes)])
        _, applied = society.take_in(path, "roster", "jd-caseworker", cycle)
        assert applied.batch.rows_new == int(fits)
        if fits:
            self._cycles[winner] |= {cycle}
            self.imported = True
