"""Programmes with their rules, cycles and rounds, funds and goods."""

from __future__ import annotations

import pytest

from rcaid import data
from rcaid.services import programmes, rulebook
from tests.services.conftest import DAY, Society
from tests.services.writing import contents, next_cycle, refused, rows

QWR = data.text("programmes/qwr.toml")
SECOND = QWR.replace("version = 1", "version = 2").replace('2021-05-18"\n', '2022-07-01"\n', 1)


def test_a_programme_comes_with_fund_goods_and_rules_as_they_were_read(society: Society) -> None:
    programmes.load(society.admin, data.text("programmes/hlw.toml"))

    store = society.admin.store
    assert rows(store, "SELECT code FROM programme ORDER BY code") == [("HLW",), ("QWR",)]
    assert rows(store, "SELECT code FROM fund ORDER BY code") == [("HLW",), ("QWR",)]
    assert rows(store, "SELECT code FROM item ORDER BY code") == [("BOX",), ("NURSE",)]
    kept = rows(store, "SELECT rules FROM programme_version ORDER BY id DESC LIMIT 1")[0][0]
    assert kept == data.text("programmes/hlw.toml")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("not toml [", "programme.toml"),
        (QWR, "programme.version"),
        ("", "programme.field"),
        (QWR.replace('code = "QWR"', ""), "programme.field"),
        (QWR.replace("version = 1", 'version = "one"'), "programme.number"),
    ],
)
def test_rules_that_cannot_be_used_are_refused_whole(
    society: Society, text: str, code: str
) -> None:
    before = contents(society.admin.store)
    with refused(code):
        programmes.load(society.admin, text)
    assert contents(society.admin.store) == before


def test_br_020_the_rules_in_force_on_a_day_judge(society: Society) -> None:
    [programme] = programmes.listing(society.admin)
    programmes.load(society.admin, SECOND)

    def on(day: str) -> int:
        return programmes.rules_on(society.admin, programme.id, day).version

    assert [on(day) for day in ("2021-05-18", "2022-06-30", "2022-07-01", "2030-01-01")] == [
        1,
        1,
        2,
        2,
    ]
    with refused("programme.none"):
        on("2021-05-17")
    with refused("programme.version"):
        programmes.load(society.admin, SECOND)


def version(number: int, begins: str) -> str:
    """The rules of QWR as another version."""
    text = QWR.replace("version = 1", f"version = {number}")
    return text.replace('effective_from = "2021-05-18"', f'effective_from = "{begins}"')


def test_br_020_a_version_that_would_judge_anew_is_refused(society: Society) -> None:
    """Cycle 22A opens on 2022-01-10 and is judged by version 1."""
    before = contents(society.admin.store)
    for begins in ("2021-05-18", "2022-01-09", "2022-01-10"):
        with refused("programme.used"):
            programmes.load(society.admin, version(2, begins))
    assert contents(society.admin.store) == before
    programmes.load(society.admin, version(2, "2022-01-11"))


def test_br_020_what_nobody_used_may_be_replaced_by_an_earlier_one(society: Society) -> None:
    [programme] = programmes.listing(society.admin)
    programmes.new_cycle(society.desk("sh-approver"), "QWR", "23A", "draft", "2022-12-01", ["a"])
    programmes.load(society.admin, version(2, "2022-12-01"))
    programmes.load(society.admin, version(3, "2022-11-01"))
    assert programmes.rules_on(society.admin, programme.id, "2022-12-15").version == 3
    assert programmes.rules_on(society.admin, programme.id, "2022-10-31").version == 1
    programmes.move_cycle(society.desk("sh-approver"), "23A", "open")
    with refused("programme.used"):
        programmes.load(society.admin, version(4, "2022-11-15"))


def test_br_020_a_version_may_end(society: Society) -> None:
    [programme] = programmes.listing(society.admin)
    text = version(2, "2023-01-01").replace(
        'citation = "千', 'effective_to = "2023-06-30"\ncitation = "千', 1
    )
    programmes.load(society.admin, text)

    def on(day: str) -> int:
        return programmes.rules_on(society.admin, programme.id, day).version

    assert [on("2023-06-30"), on("2023-07-01")] == [2, 1]


def test_rules_whose_examples_do_not_hold_are_refused(society: Society) -> None:
    before = contents(society.admin.store)
    text = version(2, "2022-07-01").replace(
        "person_fen_per_year = 100000", "person_fen_per_year = 90000"
    )
    with refused("programme.example"):
        programmes.load(society.admin, text)
    assert contents(society.admin.store) == before


def test_a_programme_keeps_its_fund(society: Society) -> None:
    with refused("programme.fund"):
        programmes.load(
            society.admin, version(2, "2022-07-01").replace('fund = "QWR"', 'fund = "X"')
        )


@pytest.mark.parametrize("name", data.names("programmes"))
def test_every_worked_programme_can_be_loaded(society: Society, name: str) -> None:
    text = data.text(name)
    if text == QWR:
        return
    programmes.load(society.admin, text)
    found = rows(
        society.admin.store,
        "SELECT count(*) FROM programme_version v JOIN fund f ON f.programme_id = v.programme_id",
    )
    assert found == [(2,)]


def test_versions_are_shown_with_what_they_changed(society: Society) -> None:
    text = version(2, "2022-07-01").replace("max_fen = 100000", "max_fen = 90000")
    text = text.replace('leprosy = "麻风致残"\n', "").replace('["mental", "leprosy"]', '["mental"]')
    text = text.replace("notice_days = 5", "notice_days = 5\npay_days = 10")
    programmes.load(
        society.admin,
        text.replace("fen = 100000\nlevel", "fen = 90000\nlevel")
        .replace("asked_fen = 100000", "asked_fen = 90000")
        .replace('outcome = "pass"\nfen = 100000', 'outcome = "pass"\nfen = 90000'),
    )
    first, second = rulebook.versions(society.admin, "QWR")
    assert (first["changes"], first["version"]) == ([], 1)
    assert {(c["field"], c["before"], c["after"]) for c in second["changes"]} == {
        ("version", 1, 2),
        ("effective_from", "2021-05-18", "2022-07-01"),
        ("cash.max_fen", 100000, 90000),
        ("categories.leprosy", "麻风致残", None),
        ("sensitive.categories", "mental, leprosy", "mental"),
        ("decide.pay_days", None, 10),
    }
    with refused("programme.unknown"):
        rulebook.versions(society.admin, "XXX")


def test_a_new_version_makes_no_second_fund(society: Society) -> None:
    programmes.load(society.admin, SECOND)
    assert rows(society.admin.store, "SELECT count(*) FROM fund") == [(1,)]
    assert rows(society.admin.store, "SELECT count(*) FROM item") == [(1,)]


def state(society: Society, code: str = "22A") -> str:
    return str(rows(society.admin.store, f"SELECT state FROM cycle WHERE code = '{code}'")[0][0])


def test_a_cycle_moves_by_its_table_alone(society: Society) -> None:
    desk = society.desk("sh-approver")
    acts = ("open", "close", "distribute", "end", "cancel")
    allowed = {
        "draft": {"open": "open", "cancel": "cancelled"},
        "open": {"close": "closed_for_entry", "cancel": "cancelled"},
        "closed_for_entry": {"distribute": "distributing", "cancel": "cancelled"},
        "distributing": {"end": "ended"},
        "ended": {},
        "cancelled": {},
    }
    paths = {
        "draft": (), "open": ("open",), "closed_for_entry": ("open", "close"),
        "distributing": ("open", "close", "distribute"),
        "ended": ("open", "close", "distribute", "end"), "cancelled": ("cancel",),
    }  # fmt: skip
    for n, (source, path) in enumerate(paths.items()):
        for m, act in enumerate(acts):
            code = f"C{n}{m}"
            programmes.new_cycle(desk, "QWR", code, code, DAY, ["once"])
            for each in path:
                programmes.move_cycle(desk, code, each)
            assert state(society, code) == source
            if act in allowed[source]:
                programmes.move_cycle(desk, code, act)
                assert state(society, code) == allowed[source][act]
            else:
                with refused("state.no_move"):
                    programmes.move_cycle(desk, code, act)
                assert state(society, code) == source


def test_a_cycle_closes_for_entry_on_its_day(society: Society) -> None:
    programmes.move_cycle(society.desk("sh-approver"), "22A", "close")
    assert rows(society.admin.store, "SELECT closes_on FROM cycle WHERE code = '22A'") == [(DAY,)]


def test_a_cycle_has_a_code_of_its_own_and_numbered_rounds(society: Society) -> None:
    desk = society.desk("sh-approver")
    with refused("cycle.exists"):
        programmes.new_cycle(desk, "QWR", "22A", "again", DAY, ["a"])
    with refused("programme.unknown"):
        programmes.new_cycle(desk, "XXX", "29A", "x", DAY, ["a"])
    with refused("cycle.unknown"):
        programmes.move_cycle(desk, "29A", "open")
    programmes.new_cycle(desk, "QWR", "29A", "x", DAY, ["a", "b", "c"])
    found = rows(
        society.admin.store,
        "SELECT r.number, r.label FROM round r JOIN cycle y ON y.id = r.cycle_id"
        " WHERE y.code = '29A' ORDER BY r.number",
    )
    assert found == [(1, "a"), (2, "b"), (3, "c")]


def test_a_draft_takes_no_roster(society: Society) -> None:
    next_cycle(society, "24A")
    programmes.new_cycle(society.desk("sh-approver"), "QWR", "29A", "x", DAY, ["a"])
    with refused("cycle.not_open"):
        society.import_roster([society.person(1, "王伟")], cycle="29A")


def test_goods_are_taken_in_under_a_code_of_their_own(society: Society) -> None:
    keeper = society.desk("sh-keeper")
    with refused("item.unknown"):
        programmes.receive_lot(keeper, "XXX", "X-1", 1)
    with refused("lot.exists"):
        programmes.receive_lot(keeper, "BOX", "BOX-1", 1)
    with refused("lot.value"):
        programmes.receive_lot(keeper, "BOX", "BOX-9", -1)
    programmes.receive_lot(keeper, "BOX", "BOX-2", 20_000)
