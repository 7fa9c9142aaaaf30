"""Who may be known already: what is found, what waits for it, and what is remembered (BR-009)."""

from __future__ import annotations

from typing import Any

import pytest

from rcaid.domain.identity import make_number
from rcaid.services import audit, today
from rcaid.services.importing import imports, plans, undo
from rcaid.services.importing.plans import Pair
from rcaid.services.same_person import duplicate_search, duplicates, watching
from rcaid.services.same_person.duplicates import Newcomer, Watch
from tests.services.conftest import JD_STREETS, Society
from tests.services.writing import contents, lines, next_cycle, number, people, refused, rows, sql

PASSPORT = {"证件类型": "护照", "证件号码": "E12345678"}
WEI = make_number("310199", "19500101", 1)


def newcomer(society: Society, **changes: Any) -> Newcomer:
    """A row without a number who shares nothing with anybody."""
    plain = Newcomer(
        9, "方方", "1961-01-01", "F", "", "", "", society.office(JD_STREETS[0]), "", ""
    )
    return plain._replace(**changes)


def looked(society: Society, *found: Newcomer) -> list[Pair]:
    return Watch(society.desk("jd-caseworker")).look(found)


def on_file(society: Society, *names: str) -> None:
    """People born on one day, each with a phone and an account, the first 王伟."""
    society.import_roster([society.person(n, name) for n, name in enumerate(("王伟", *names), 1)])


def held(society: Society, cycle: str = "22B", **changes: str) -> tuple[str, str]:
    """Brings in 王伟 again, who shows a passport now; returns batch and pair."""
    row = society.person(1, "王伟") | PASSPORT | changes
    _, applied = society.take_in(society.write([row]), "roster", "jd-caseworker", cycle)
    [pair] = duplicates.queue(society.desk("jd-caseworker"))
    return applied.batch.id, pair.id


def again(society: Society, cycle: str = "22B", **changes: str) -> imports.Planned:
    """Plans and applies that row once more, as a mended file brings it."""
    row = society.person(1, "王伟") | PASSPORT | changes
    path = society.write([row, society.person(40 + society._files, "路人")])
    return society.take_in(path, "roster", "jd-caseworker", cycle)[0]


# --- what is found


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "王伟", "birth": "1950-01-01", "sex": "M"}, "name_same"),
        ({"name": "王伟", "birth": "", "sex": "M", "phone": "13800000001"}, "phone_same"),
        ({"account": "6200000000000001"}, "account_other_name"),
        ({"name": "王玮", "birth": "1950-01-01", "sex": "M"}, "name_sound"),
    ],
    ids=["name and birth", "phone", "account with another name", "sound, birth and street"],
)
def test_br_009_candidates_are_found_by_each_rule(
    society: Society, changes: dict[str, str], code: str
) -> None:
    on_file(society, "赵敏")
    [pair] = looked(society, newcomer(society, **changes))

    assert pair.person_id == people(society.admin.store)["王伟"].id
    assert code in [name for name, _ in pair.parts]
    assert looked(society, newcomer(society)) == []


def test_br_009_name_and_birth_are_looked_for_in_every_street_of_who_has_no_number(
    society: Society,
) -> None:
    on_file(society)
    elsewhere = newcomer(
        society, name="王伟", birth="1950-01-01", sex="M", street=society.office(JD_STREETS[1])
    )
    assert looked(society, elsewhere) == []
    store = society.admin.store
    store.unit(lambda: store.run(sql("UPDATE person SET id_kind = 'OTHER'")))
    assert [pair.band for pair in looked(society, elsewhere)] == ["possible"]


def test_br_009_two_valid_numbers_in_one_street_are_asked_and_go_in(society: Society) -> None:
    on_file(society)
    path = society.write([society.person(3, "王伟")])
    planned, applied = society.take_in(path, "roster", "jd-caseworker", "22A")

    assert (planned.facts.rows_new, planned.facts.rows_undecided) == (1, 0)
    [pair] = duplicates.queue(society.desk("jd-caseworker"))
    assert (pair.what, pair.band, pair.state) == ("people", "possible", "open")
    assert applied.batch.rows_new == 1


@pytest.mark.parametrize(
    "changes", [{"街道": "安亭镇"}, {"证件号码": make_number("310199", "19500102", 3)}]
)
def test_namesakes_born_on_another_day_or_living_elsewhere_are_not_asked(
    society: Society, changes: dict[str, str]
) -> None:
    on_file(society)
    if "街道" in changes:
        changes = {"街道": society.street(JD_STREETS[1])}
    planned, _ = society.take_in(
        society.write([society.person(3, "王伟", **changes)]), "roster", "jd-caseworker", "22A"
    )
    assert list(planned.pairs) == []


def test_a_household_may_share_a_phone_and_an_account(society: Society) -> None:
    shared = {"联系电话": "13900000000", "银行账号": "6222333344445555"}
    home = shared | {"户主证件号码": WEI}
    path = society.write([society.person(1, "王伟", **home), society.person(2, "赵敏", **home)])
    planned, _ = society.take_in(path, "roster", "jd-caseworker", "22A")
    assert list(planned.pairs) == []

    later = society.write([society.person(3, "王小伟", **home)])
    planned, _ = society.take_in(later, "roster", "jd-caseworker", "22A")
    assert list(planned.pairs) == []

    stranger = society.write([society.person(5, "钱多", **shared)])
    planned, _ = society.take_in(stranger, "roster", "jd-caseworker", "22A")
    assert {pair.band for pair in planned.pairs} == {"possible"}


def test_a_phone_of_half_the_street_says_nothing(
    society: Society, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LARGEST", 2)
    phone = {"联系电话": "13900000000"}
    society.import_roster([society.person(n, f"张{'甲乙丙'[n]}", **phone) for n in range(3)])
    same = newcomer(society, name="张甲", phone="13900000000", account="1")
    assert looked(society, same) == []


def test_a_row_may_be_one_that_the_same_file_brought_before(society: Society) -> None:
    path = society.write([society.person(1, "王伟"), society.person(1, "王伟") | PASSPORT])
    planned, applied = society.take_in(path, "roster", "jd-caseworker", "22A")

    [pair] = planned.pairs
    assert (pair.row, pair.other_row, pair.person_id, pair.holds) == (3, 2, "", True)
    assert (applied.batch.rows_new, applied.batch.rows_undecided) == (1, 1)
    [asked] = duplicates.queue(society.desk("jd-caseworker"))
    view = duplicates.pair(society.desk("jd-caseworker"), asked.id)
    assert (view.what, view.row, view.left_id) == ("row", 3, people(society.admin.store)["王伟"].id)


def test_rows_are_remembered_across_pieces_of_a_file_and_then_forgotten(
    society: Society, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "KEPT", 2)
    watch = Watch(society.desk("jd-caseworker"))
    one = newcomer(society, row=1, name="王伟", phone="13900000000", birth="1950-01-01")
    others = [newcomer(society, row=n, birth=f"1970-01-{n}") for n in range(10, 20)]

    assert watch.look([one]) == []
    assert watch.look([one._replace(row=2)])[0].other_row == 1
    assert watch.look(others[:1]) == []
    assert [pair.other_row for pair in watch.look([one._replace(row=3)])] == [1, 2]
    for other in others[1:]:
        watch.look([other])
    assert watch.look([one._replace(row=4)]) == []


def test_a_row_that_is_refused_holds_no_later_row(society: Society) -> None:
    full = society.person(1, "王伟", 街道="")
    path = society.write([full, society.person(1, "王伟") | PASSPORT])
    planned, applied = society.take_in(path, "roster", "jd-caseworker", "22A")
    assert list(planned.pairs) == []
    assert (applied.batch.rows_new, applied.batch.rows_rejected) == (1, 1)


# --- what waits, and what is decided


def test_a_row_that_is_nearly_certain_waits_and_the_others_go_in(society: Society) -> None:
    on_file(society)
    next_cycle(society)
    row = society.person(1, "王伟") | PASSPORT
    path = society.write([row, society.person(2, "赵敏"), society.person(4, "", 金额="5")])
    planned, applied = society.take_in(path, "roster", "jd-caseworker", "22B")
    facts = planned.facts

    assert (facts.rows_new, facts.rows_undecided, facts.rows_rejected) == (1, 1, 1)
    assert facts.rows_read == 3
    assert set(people(society.admin.store)) == {"王伟", "赵敏"}
    batch = applied.batch
    assert (batch.rows_undecided, batch.rows_rejected) == (1, 1)
    back = imports.rejects(society.desk("jd-caseworker"), batch)
    assert [row for row, _, _ in back] == [2, 4]
    assert audit.verify_store(society.desk("sh-auditor")).faults == []


def test_same_is_remembered_and_the_row_goes_in_as_that_person(society: Society) -> None:
    on_file(society)
    next_cycle(society)
    _, pair = held(society)
    duplicates.decide(society.desk("jd-caseworker"), pair, "same", "seen at the counter")
    planned = again(society, 联系电话="13700000000")

    assert planned.facts.rows_undecided == 0
    wei = people(society.admin.store)["王伟"]
    assert [line.person_id for line in lines(society.admin.store).values()].count(wei.id) == 2
    values = society.admin.keys.open("person", wei.id, bytes(wei.sealed or b""))[1]
    assert (values["number"], values["phone"]) == (WEI, "13700000000")
    assert duplicates.queue(society.desk("jd-caseworker")) == []
    assert audit.verify_store(society.desk("sh-auditor")).faults == []


def test_a_person_named_by_both_their_documents_is_listed_once(society: Society) -> None:
    on_file(society)
    next_cycle(society)
    _, pair = held(society)
    duplicates.decide(society.desk("jd-caseworker"), pair, "same")
    both = [society.person(1, "王伟"), society.person(1, "王伟") | PASSPORT]
    for order in (both, both[::-1]):
        path = society.write(order)
        planned = imports.plan(
            society.desk("jd-caseworker"), path, "roster", cycle_code="22B",
            target=society.folder / "both.plan",
        )  # fmt: skip
        assert [problem.code for problem in planned.problems] == ["row.repeated"]
        assert planned.facts.rows_new == 1


def test_different_is_remembered_and_the_row_goes_in(society: Society) -> None:
    on_file(society)
    next_cycle(society)
    _, pair = held(society)
    duplicates.decide(society.desk("jd-caseworker"), pair, "different")
    planned = again(society)

    assert (planned.facts.rows_undecided, planned.facts.rows_new) == (0, 2)
    assert number(society.admin.store, "SELECT count(*) FROM person WHERE name = '王伟'") == 2
    assert duplicates.queue(society.desk("jd-caseworker")) == []
    assert list(again(society).pairs) == []


def test_later_leaves_the_row_waiting_and_the_pair_last_in_the_queue(society: Society) -> None:
    on_file(society)
    next_cycle(society)
    _, pair = held(society)
    society.import_roster([society.person(3, "王伟")])
    duplicates.decide(society.desk("jd-caseworker"), pair, "later")

    states = [row.state for row in duplicates.queue(society.desk("jd-caseworker"))]
    assert states == ["open", "later"]
    assert again(society).facts.rows_undecided == 1
    assert len(duplicates.queue(society.desk("jd-caseworker"))) == 2


def test_another_document_or_name_is_asked_about_anew(society: Society) -> None:
    on_file(society)
    next_cycle(society)
    _, pair = held(society)
    duplicates.decide(society.desk("jd-caseworker"), pair, "different")
    assert again(society, 证件号码="E99999999").facts.rows_undecided == 1


def test_a_decision_may_be_taken_before_the_file_is_applied(society: Society) -> None:
    on_file(society)
    next_cycle(society)
    desk = society.desk("jd-caseworker")
    path = society.write([society.person(1, "王伟") | PASSPORT])
    target = society.folder / "x.plan"
    imports.plan(desk, path, "roster", cycle_code="22B", target=target)
    plan = plans.read_plan(desk, target)
    with refused("duplicate.row"):
        duplicates.decide_row(desk, plan, 7, "same")
    with refused("duplicate.answer"):
        duplicates.decide_row(desk, plan, 2, "maybe")
    duplicates.decide_row(desk, plan, 2, "later", "ask the family")
    duplicates.decide_row(desk, plan, 2, "same")

    planned = imports.plan(desk, path, "roster", cycle_code="22B", target=target)
    assert (planned.facts.rows_new, planned.facts.rows_undecided) == (1, 0)
    assert audit.verify_store(society.desk("sh-auditor")).faults == []


def test_two_rows_of_one_file_are_decided_once_the_first_came_in(society: Society) -> None:
    desk = society.desk("jd-caseworker")
    path = society.write([society.person(1, "王伟"), society.person(1, "王伟") | PASSPORT])
    planned, _ = society.take_in(path, "roster", "jd-caseworker", "22A")
    with refused("duplicate.in_file"):
        duplicates.decide_row(desk, planned, 3, "same")


def test_the_same_rows_fed_in_again_are_not_asked_twice(society: Society) -> None:
    on_file(society)
    next_cycle(society)
    held(society)
    for _ in range(2):
        assert again(society).facts.rows_undecided == 1
    assert number(society.admin.store, "SELECT count(*) FROM duplicate_pair") == 1


def test_an_undo_takes_undecided_pairs_along_and_keeps_decided_ones(society: Society) -> None:
    on_file(society)
    next_cycle(society)
    batch, _ = held(society)
    undo.undo(society.desk("jd-reviewer"), batch)
    assert rows(society.admin.store, "SELECT * FROM duplicate_pair") == []

    batch, pair = held(society)
    duplicates.decide(society.desk("jd-caseworker"), pair, "different")
    undo.undo(society.desk("jd-reviewer"), batch)
    assert number(society.admin.store, "SELECT count(*) FROM duplicate_pair") == 1
    assert audit.verify_store(society.desk("sh-auditor")).faults == []


# --- who may, and what is seen


def test_a_pair_shows_no_full_number_and_no_name_of_another_district(society: Society) -> None:
    pudong = society.admin.offices.children(society.office("310115"))[0]
    society.import_roster(
        [society.person(1, "欧阳锋", 街道=pudong.name, 地址="丰庄一居")], login="pd-caseworker"
    )
    next_cycle(society)
    row = society.person(1, "欧阳锋") | PASSPORT
    planned, _ = society.take_in(society.write([row]), "roster", "jd-caseworker", "22B")
    [pair] = duplicates.queue(society.desk("jd-caseworker"))
    view = duplicates.pair(society.desk("jd-caseworker"), pair.id)

    said = repr((planned.pairs, pair, view))
    for hidden in (WEI, "E12345678", "13800000001", "6200000000000001", "丰庄一居", "幸福路1号"):
        assert hidden not in said
    assert (pair.left, pair.right) == ("欧阳*", "欧阳锋")
    fields = {field.name: field for field in view.fields}
    assert (fields["name"].left, fields["name"].right) == ("欧阳*", "欧阳锋")
    assert fields["phone"].left == fields["phone"].right == "138****0001"
    assert (fields["phone"].how, fields["street"].how) == ("same", "differs")


def test_each_office_decides_its_own_pairs(society: Society) -> None:
    on_file(society)
    next_cycle(society)
    _, pair = held(society)
    before = contents(society.admin.store)

    assert duplicates.queue(society.desk("pd-caseworker")) == []
    for login in ("pd-caseworker", "jd-verifier", "jd-auditor", "sh-administrator"):
        with refused("who.no_duty"):
            duplicates.decide(society.desk(login), pair, "same")
    with refused("who.no_duty"):
        duplicates.decide(society.desk("jd-reviewer"), pair, "different")
    with refused("duplicate.answer"):
        duplicates.decide(society.desk("jd-caseworker"), pair, "perhaps")
    with refused("state.gone"):
        duplicates.decide(society.desk("jd-caseworker"), "0" * 26, "same")
    assert contents(society.admin.store) == before

    assert duplicates.pair(society.desk("jd-reviewer"), pair).may == ()
    assert duplicates.pair(society.desk("jd-caseworker"), pair).may == duplicates.ANSWERS
    duplicates.decide(society.desk("jd-caseworker"), pair, "different", "the photo differs")
    [(state, by)] = rows(society.admin.store, "SELECT state, decided_by FROM duplicate_pair")
    assert (state, by) == ("different", society.desk("jd-caseworker").actor.staff_id)
    assert duplicates.pair(society.desk("jd-caseworker"), pair).note == "the photo differs"


def test_today_says_how_many_pairs_are_open(society: Society) -> None:
    def waiting(login: str) -> dict[str, int]:
        found = today.lines(society.desk(login))
        return {line.id: line.n for line in found if line.id.startswith("duplicate.")}

    on_file(society)
    next_cycle(society)
    assert waiting("jd-caseworker") == {}
    _, pair = held(society)
    society.import_roster([society.person(3, "王伟")])
    assert waiting("jd-caseworker") == {"duplicate.decide": 2}
    assert waiting("pd-caseworker") == {}
    duplicates.decide(society.desk("jd-caseworker"), pair, "later")
    assert waiting("jd-caseworker") == {"duplicate.decide": 1}

    [two] = [row for row in duplicates.queue(society.desk("jd-caseworker")) if row.what == "people"]
    duplicates.decide(society.desk("jd-caseworker"), two.id, "same")
    assert waiting("jd-caseworker") == {}
    assert waiting("jd-reviewer") == {"duplicate.merge": 1}


# --- everybody


def test_a_search_finds_what_exact_look_ups_do_not_and_asks_once(society: Society) -> None:
    swapped = make_number("310199", "19500301", 3)
    first = society.person(1, "赵晓敏", 证件号码=make_number("310199", "19500103", 1))
    second = society.person(3, "赵小敏", 证件号码=swapped, 地址=first["地址"])
    society.import_roster([first])
    society.import_roster([second, society.person(5, "李四")])
    assert rows(society.admin.store, "SELECT * FROM duplicate_pair") == []
    found, _ = duplicate_search.search(society.desk("jd-reviewer"))

    assert (found.people, sum(found.new.values())) == (3, 1)
    [pair] = duplicates.queue(society.desk("jd-caseworker"))
    assert {pair.left, pair.right} == {"赵晓敏", "赵小敏"}
    again, _ = duplicate_search.search(society.desk("jd-caseworker"))
    assert sum(again.new.values()) == 0
    with refused("who.no_duty"):
        duplicate_search.search(society.desk("jd-auditor"))
    assert audit.verify_store(society.desk("sh-auditor")).faults == []


def test_what_was_decided_at_an_import_is_not_found_again_by_a_search(society: Society) -> None:
    on_file(society)
    next_cycle(society)
    _, pair = held(society)
    duplicates.decide(society.desk("jd-caseworker"), pair, "different")
    again(society)
    found, _ = duplicate_search.search(society.desk("sh-reviewer"))
    assert sum(found.new.values()) == 0
