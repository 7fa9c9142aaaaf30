"""One unit of work: all of it with its event, or nothing; money, counts and versions in step."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from rcaid.db import record
from rcaid.db.engine import Store, open_store
from rcaid.db.keys import Keys, make_keys
from rcaid.db.tables import LEDGER_ENTRY, OFFICE, STAFF, LedgerEntry, Office, Staff
from rcaid.db.unit import Act, Entry, Moment, Unit, by_id, run_unit
from rcaid.domain.errors import Refused
from rcaid.domain.ids import SeededSource
from rcaid.domain.record import Frontier, leaf_hash
from tests.db.support import INTEGRITY, everything, sql

KEYS: Keys = make_keys(SeededSource(1))
MOMENT = Moment("2022-02-01T01:00:00.000000Z", "2022-02-01", 1_643_677_200_000)
ACT = Act("test.act", "jd-caseworker", "caseworker", "310114", "310114", "thing")


def run(
    store: Store, work: Callable[[Unit], Any], act: Act = ACT, moment: Moment = MOMENT
) -> tuple[Any, Entry]:
    """Runs work in a unit of the test's society."""
    return run_unit(
        store, KEYS, SeededSource(3), lambda: moment, act, lambda unit: (work(unit), act)
    )


def staff(id: str, login: str | None = None, version: int = 1) -> Staff:
    return Staff(id, login or id, f"Name {id}", None, 1, version)


def event(store: Store, seq: int, log: str = "310114") -> dict[str, Any]:
    """The line of an event."""
    found = store.rows(
        sql("SELECT line FROM audit_event WHERE log = :l AND seq = :s"), {"l": log, "s": seq}
    )
    line: dict[str, Any] = json.loads(found[0][0])
    return line


def test_a_unit_writes_its_rows_and_one_event_at_the_end_of_its_log(store: Store) -> None:
    run(store, lambda unit: unit.insert(STAFF, [staff("a"), staff("b")]))
    _, entry = run(store, lambda unit: unit.insert(STAFF, [staff("c")]))

    assert str(entry) == "310114-1"
    assert [row[0] for row in everything(store, "staff", "id")] == ["a", "b", "c"]
    line = event(store, 0)
    assert (line["rows"], line["action"], line["object"]) == (2, "test.act", "thing")
    assert [row[3:6] for row in everything(store, "audit_row", "seq, n")] == [
        ("staff", "a", 1), ("staff", "b", 1), ("staff", "c", 1),
    ]  # fmt: skip


def test_what_is_private_of_a_row_is_hashed_and_the_rest_is_shown(store: Store) -> None:
    run(store, lambda unit: unit.insert(STAFF, [staff("a")]))
    [row] = everything(store, "audit_row", "seq, n")

    assert json.loads(row[6]) == {"login": "a", "active": 1}
    assert len(bytes(row[7])) == 32


def test_an_event_without_rows_has_no_root(store: Store) -> None:
    run(store, lambda unit: None)
    line = event(store, 0)

    assert line["rows"] == 0
    assert "root" not in line
    assert everything(store, "audit_row", "seq, n") == []


def test_heads_grow_with_their_own_log_alone(store: Store) -> None:
    other = Act("test.act", "x", "", "310115", "310115")
    for act in (ACT, other, ACT):
        run(store, lambda unit: None, act)
    fronts = {log: Frontier() for log in ("310114", "310115")}
    for log, seq, line in store.rows(
        sql("SELECT log, seq, line FROM audit_event ORDER BY log, seq")
    ):
        assert seq == fronts[log].size
        fronts[log].append(leaf_hash(line.encode()))

    kept = {log: bytes(text).decode() for log, _, text in everything(store, "audit_head", "log")}
    assert kept == {log: front.text() for log, front in fronts.items()}


@pytest.mark.parametrize("where", ["at once", "after rows", "after money"])
def test_whatever_is_raised_in_a_unit_undoes_all_of_it(store: Store, where: str) -> None:
    fund(store)
    before = {t: everything(store, t, "1, 2") for t in ("staff", "flow", "balance", "audit_event", "audit_row", "audit_head", "ledger_entry")}  # fmt: skip

    def work(unit: Unit) -> None:
        if where != "at once":
            unit.insert(STAFF, [staff("a")])
            unit.flow("o", "c", "line", "x", "listed", 1, 5)
        if where == "after money":
            unit.post([entry("e1", "external", "available", 5)])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(store, work)
    after = {table: everything(store, table, "1, 2") for table in before}
    assert after == before
    run(store, lambda unit: unit.insert(STAFF, [staff("a")]))


def fund(store: Store) -> None:
    """A programme with a fund F."""
    store.run(sql("INSERT INTO programme VALUES ('P', 'P', 'P', 'P', 1)"))
    store.run(sql("INSERT INTO fund VALUES ('F', 'F', 'F', 'P', 'o', 1, NULL, NULL, NULL)"))


def entry(id: str, debit: str, credit: str, fen: int, idem: str = "") -> LedgerEntry:
    return LedgerEntry(
        id, MOMENT.day, "x", debit, credit, "F", fen, "o", None, None, None, idem or id, 1
    )


def balances(store: Store) -> dict[str, int]:
    return {row[1]: int(row[2]) for row in everything(store, "balance", "account") if row[2]}


def test_balances_follow_the_entries(store: Store) -> None:
    fund(store)
    run(store, lambda unit: unit.post([entry("e1", "external", "available", 100)]))
    run(
        store,
        lambda unit: unit.post(
            [entry("e2", "available", "payable", 60), entry("e3", "payable", "in_transit", 25)]
        ),
    )
    assert balances(store) == {"external": -100, "available": 40, "payable": 35, "in_transit": 25}
    run(store, lambda unit: unit.post([]))
    assert len(everything(store, "ledger_entry", "id")) == 3


def test_br_072_no_account_falls_below_zero_and_what_is_short_is_named(store: Store) -> None:
    fund(store)
    run(store, lambda unit: unit.post([entry("e1", "external", "available", 100)]))
    with pytest.raises(Refused) as caught:
        run(store, lambda unit: unit.post([entry("e2", "available", "payable", 60), entry("e3", "available", "payable", 41)]))  # fmt: skip

    [problem] = caught.value.problems
    assert (problem.code, problem.params) == ("fund.short", {"account": "available", "missing": 1})
    assert balances(store) == {"external": -100, "available": 100}


def test_money_moves_through_an_account_within_one_unit(store: Store) -> None:
    """Only where the accounts stand at the end counts, not the order of entries."""
    fund(store)
    run(
        store,
        lambda unit: unit.post(
            [entry("e2", "available", "payable", 60), entry("e1", "external", "available", 60)]
        ),
    )
    assert balances(store) == {"external": -60, "payable": 60}


def test_an_entry_with_a_known_idempotency_key_is_not_posted_again(store: Store) -> None:
    fund(store)
    run(store, lambda unit: unit.post([entry("e1", "external", "available", 100, "one")]))
    with pytest.raises(INTEGRITY):
        run(store, lambda unit: unit.post([entry("e2", "external", "available", 100, "one")]))
    assert balances(store)["available"] == 100


def test_counts_of_a_unit_are_added_up_once_and_zeros_left_out(store: Store) -> None:
    def work(unit: Unit) -> None:
        unit.flow("o", "c", "line", "x", "listed", 1, 50)
        unit.flow("o", "c", "line", "x", "listed", 1, 50)
        unit.flow("o", "c", "line", "x", "struck", 1, 50)
        unit.flow("o", "c", "line", "x", "struck", -1, -50)
        unit.flow("o", "c", "line", "x", "listed", -1, -50, "2022-01-05")

    run(store, work)
    run(store, lambda unit: unit.flow("o", "c", "line", "x", "listed", 3, 1))

    assert [row[4:] for row in everything(store, "flow", "day")] == [
        ("listed", "2022-01-05", -1, -50),
        ("listed", "2022-02-01", 5, 101),
    ]


def test_an_update_makes_the_next_version_and_writes_only_its_columns(store: Store) -> None:
    run(store, lambda unit: unit.insert(STAFF, [staff("a")]))
    seen = staff("a")._replace(login="renamed", name="not written")
    [made], _ = run(store, lambda unit: unit.update(STAFF, [seen], ("login",)))

    assert (made.version, made.login) == (2, "renamed")
    [row] = everything(store, "staff", "id")
    assert row == ("a", "renamed", "Name a", None, 1, 2)


def test_br_047_an_update_of_an_old_version_is_refused_and_undoes_the_unit(store: Store) -> None:
    run(store, lambda unit: unit.insert(STAFF, [staff("a"), staff("b")]))
    run(store, lambda unit: unit.update(STAFF, [staff("b")._replace(login="x")], ("login",)))
    with pytest.raises(Refused) as caught:
        run(store, lambda unit: unit.update(STAFF, [staff("a"), staff("b")], ("login",)))

    [problem] = caught.value.problems
    assert (problem.code, problem.params["noun"], problem.params["changes"]) == (
        "state.stale",
        "staff",
        1,
    )
    assert [row[-1] for row in everything(store, "staff", "id")] == [1, 2]
    assert run(store, lambda unit: unit.update(STAFF, [], ("login",)))[0] == []


def test_a_clock_that_went_back_does_not_unsort_the_log(store: Store) -> None:
    run(store, lambda unit: None)
    earlier = Moment("2022-01-01T01:00:00.000000Z", "2022-01-01", 1_640_998_800_000)
    run(store, lambda unit: None, moment=earlier)

    assert event(store, 1)["at"] == event(store, 0)["at"] == MOMENT.at


def test_ids_of_a_unit_grow_and_repeat_with_the_seed(store: Store) -> None:
    made, _ = run(store, lambda unit: [next(unit.ids()) for _ in range(2)])
    again, _ = run(store, lambda unit: [next(unit.ids()) for _ in range(2)])
    series, _ = run(store, lambda unit: [x for x, _ in zip(unit.ids(), range(50), strict=False)])

    assert made == again
    assert len(set(series)) == 50
    assert series == sorted(series)


def test_a_sealed_row_of_a_unit_opens_and_its_hash_covers_what_is_hidden(store: Store) -> None:
    from rcaid.db.tables import RELATION, Relation

    store.run(sql("INSERT INTO household VALUES ('H', 'o', 1)"))
    store.run(sql("INSERT INTO person VALUES ('P', 1, 'o', 'H', 'live', 'n', NULL, NULL, NULL, NULL, NULL, NULL, 1)"))  # fmt: skip

    def work(unit: Unit) -> None:
        sealed = unit.seal(RELATION)("R", {"name": "Guardian"})
        unit.insert(RELATION, [Relation("R", "P", "guardian", "o", None, sealed, 1)])

    run(store, work)
    [row] = everything(store, "relation", "id")
    salt, values = KEYS.open("relation", "R", bytes(row[5]))
    assert values == {"name": "Guardian"}
    [kept] = everything(store, "audit_row", "seq")
    assert bytes(kept[7]) == record.private_digest(salt, values)


def test_two_desks_write_to_one_log_one_after_another(store: Store, url: str) -> None:
    """Both events are there, numbered without a gap, and the head is that of both."""
    errors: list[BaseException] = []

    def work(name: str) -> None:
        mine = open_store(url)
        try:
            for n in range(5):
                run(mine, lambda unit, n=n: unit.insert(STAFF, [staff(f"{name}{n}")]))
        except BaseException as error:
            errors.append(error)
        finally:
            mine.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert errors == []
    assert [row[1] for row in everything(store, "audit_event", "seq")] == list(range(15))
    front = Frontier()
    for (line,) in store.rows(sql("SELECT line FROM audit_event ORDER BY seq")):
        front.append(leaf_hash(line.encode()))
    [(_, size, text)] = everything(store, "audit_head", "log")
    assert (int(size), bytes(text).decode()) == (15, front.text())


def test_the_newest_version_of_rows_is_read_from_the_record(store: Store) -> None:
    run(store, lambda unit: unit.insert(STAFF, [staff("a"), staff("b")]))
    run(store, lambda unit: unit.update(STAFF, [staff("a")._replace(login="x")], ("login",)))

    assert record.newest_versions(store, "staff", ["a", "b", "none"]) == {"a": 2, "b": 1}
    assert record.newest_versions(store, "office", ["a"]) == {}


def test_rows_by_their_id() -> None:
    office = Office("o", "1", "n", "city", "SH", None, "1", 0, "2000-01-01", None, 1)
    assert by_id([office]) == {"o": office}
    assert (OFFICE.name, LEDGER_ENTRY.name) == ("office", "ledger_entry")
