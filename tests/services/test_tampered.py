"""What somebody changed behind the program's back is named by `audit verify` (BR-094)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rcaid.db.tables import RECORDED
from rcaid.domain.errors import Broken
from rcaid.domain.record import Frontier, leaf_hash
from rcaid.services import audit, quotas
from tests.conftest import ENGINES
from tests.services.conftest import JD, JD_STREETS, Society, make_society
from tests.services.tamper import Change, tampered
from tests.services.test_record import tell
from tests.services.writing import number, refused, rows


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The engine of this module's one society."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def told(
    engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Society]:
    """A society with a story in its record and a signed head; each test takes its change back."""
    folder = tmp_path_factory.mktemp("told")
    if engine == "sqlite":
        url = str(folder / "rcaid.db")
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copyfile(template, url)
    else:
        server = request.getfixturevalue("postgres_server")
        name = server.create(request.getfixturevalue("postgres_template"))
        url = server.url_of(name)
    society = make_society(url, folder)
    tell(society)
    audit.export(society.desk("sh-auditor"), folder / "bundle.zip", "audit", "audit office")
    yield society
    society.admin.store.close()
    if engine == "postgres":
        server.drop(name)


Fault = tuple[str, dict[str, Any]]


def verify(society: Society) -> list[Fault]:
    verdict = audit.verify_store(society.desk("sh-auditor"))
    return [(problem.code, dict(problem.params)) for problem in verdict.faults]


def after(society: Society, *changes: Change) -> list[Fault]:
    """What is found after these changes; they are taken back, and then nothing is found."""
    with tampered(society, *changes) as touched:
        assert touched >= 1
        found = verify(society)
        assert found
    assert verify(society) == []
    return found


def codes(society: Society, *changes: Change) -> set[str]:
    """The codes of what is found after these changes."""
    return {code for code, _ in after(society, *changes)}


def faults(society: Society) -> list[tuple[str, dict[str, Any]]]:
    verdict = audit.verify_store(society.desk("sh-auditor"))
    assert not verdict.ok
    return [(problem.code, dict(problem.params)) for problem in verdict.faults]


CHANGES = [
    ("person", "name = '李四'"),
    ("person", "born = '1951-01-01'"),
    ("person", "state = 'merged'"),
    ("account", "bank = 'x'"),
    ("account", "hash = 1"),
    ("aid_case", "fen = 99999"),
    ("aid_case", "category = 'mental'"),
    ("aid_case", "household_id = 'x'"),
    ("roster", "frozen_hash = 'x'"),
    ("entitlement", "state = 'ready'"),
    ("entitlement", "fen = 1"),
    ("batch", "fen = 1"),
    ("batch", "note = 'x'"),
    ("disbursement", "state = 'paid'"),
    ("disbursement", "account_id = 'x'"),
    ("ledger_entry", "fen = fen + 1"),
    ("ledger_entry", "credit = 'settled'"),
    ("approval", "checker_id = 'x'"),
    ("maker", "staff_id = 'x'"),
    ("duty_grant", "duty = 'approver'"),
    ("staff", "name = 'x'"),
    ("staff", "os_user = 'root'"),
    ("office", "name = 'x'"),
    ("quota", "allotted = 1000"),
    ("programme_version", "rules = 'x'"),
    ("cycle", "state = 'draft'"),
    ("import_batch", "file_name = 'x'"),
    ("lot", "unit_value_fen = 1"),
    ("person", "version = version + 1"),
]


def first(society: Society, table: str, order: str = "id") -> str:
    """The id of the first row of a table."""
    return str(rows(society.admin.store, f"SELECT id FROM {table} ORDER BY {order} LIMIT 1")[0][0])


@pytest.mark.parametrize(("table", "change"), CHANGES)
def test_a_row_changed_by_hand_is_named(told: Society, table: str, change: str) -> None:
    row_id = first(told, table)
    found = after(told, f"UPDATE {table} SET {change} WHERE id = '{row_id}'")

    assert found == [("record.changed", {"noun": table, "id": row_id})]


@pytest.mark.parametrize("table", ["person", "account", "ledger_entry", "maker", "entitlement"])
def test_a_row_removed_by_hand_is_named(told: Society, table: str) -> None:
    row_id = first(told, table, "id DESC")
    found = after(told, f"DELETE FROM {table} WHERE id = '{row_id}'")

    assert found == [("record.missing", {"noun": table, "id": row_id})]


@pytest.mark.parametrize("table", ["duty_grant", "quota", "ledger_entry", "staff"])
def test_a_row_added_by_hand_is_named(told: Society, table: str) -> None:
    columns = RECORDED[table].columns
    unique = {"login": "'z'", "idem": "'z'", "category": "'zz'"}
    picked = ", ".join("'ZZ'" if c == "id" else unique.get(c, c) for c in columns)
    text = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {picked} FROM {table} LIMIT 1"

    assert after(told, text) == [("record.unlisted", {"noun": table, "id": "ZZ"})]


@pytest.mark.parametrize("table", ["person", "account", "relation"])
@pytest.mark.parametrize("change", ["erased", "one bit", "empty", "short"])
def test_an_erased_or_altered_sealed_value_is_named(told: Society, table: str, change: str) -> None:
    row_id = first(told, table)
    sealed = bytes(
        rows(told.admin.store, f"SELECT sealed FROM {table} WHERE id = '{row_id}'")[0][0]
    )
    bit = sealed[:-1] + bytes([sealed[-1] ^ 1])
    value = {"erased": None, "one bit": bit, "empty": b"", "short": b"short"}[change]
    found = after(told, (f"UPDATE {table} SET sealed = ? WHERE id = '{row_id}'", (value,)))

    assert found == [("record.changed", {"noun": table, "id": row_id})]


def test_sealed_values_that_changed_places_are_named(told: Society) -> None:
    (one, a), (two, b) = rows(
        told.admin.store, "SELECT id, sealed FROM account ORDER BY id LIMIT 2"
    )
    found = after(
        told,
        ("UPDATE account SET sealed = ? WHERE id = ?", (bytes(b), one)),
        ("UPDATE account SET sealed = ? WHERE id = ?", (bytes(a), two)),
    )
    assert {params["id"] for _, params in found} == {one, two}


def cut(log: str, seq: int) -> tuple[str, str]:
    """Takes one event out, with its rows."""
    where = f"WHERE log = '{log}' AND seq = {seq}"
    return f"DELETE FROM audit_event {where}", f"DELETE FROM audit_row {where}"


def last_of(society: Society, log: str = JD) -> int:
    return number(society.admin.store, f"SELECT max(seq) FROM audit_event WHERE log = '{log}'")


def test_a_log_cut_at_its_end_is_found_by_its_head(told: Society) -> None:
    assert ("record.head", {"log": JD}) in after(told, *cut(JD, last_of(told)))


def test_a_log_cut_together_with_its_head_is_found_by_a_signed_head(told: Society) -> None:
    last = last_of(told)
    front = Frontier()
    for (line,) in rows(
        told.admin.store,
        f"SELECT line FROM audit_event WHERE log = '{JD}' AND seq < {last} ORDER BY seq",
    ):
        front.append(leaf_hash(line.encode()))
    head = f"UPDATE audit_head SET size = {last}, frontier = ? WHERE log = '{JD}'"

    found = after(told, *cut(JD, last), (head, (front.text().encode(),)))
    assert ("record.cut", {"log": JD, "size": last + 1}) in found


def test_an_event_taken_out_of_the_middle_is_found(told: Society) -> None:
    assert {"record.seq", "record.head"} <= codes(told, *cut(JD, 3))


def test_events_in_another_order_are_found(told: Society) -> None:
    moves = [(2, 9999), (3, 2), (9999, 3)]
    changes = [
        f"UPDATE audit_event SET seq = {b} WHERE log = '{JD}' AND seq = {a}" for a, b in moves
    ]
    assert {"record.root", "record.head"} <= codes(told, *changes)


LINES = {
    "actor": """replace(line, '"actor":"jd-', '"actor":"pd-')""",
    "time": """replace(line, '"at":"2022', '"at":"2021')""",
    "no longer JSON": "substr(line, 2)",
    "empty": "''",
    "a list": "'[1,2]'",
    "blank added": "line || ' '",
}


@pytest.mark.parametrize("change", LINES)
def test_an_altered_event_line_is_found(told: Society, change: str) -> None:
    where = f"log = '{JD}' AND seq = 4"
    assert "record.head" in codes(
        told, f"UPDATE audit_event SET line = {LINES[change]} WHERE {where}"
    )


COLUMNS = {"actor": "'x'", "at": "'2020-01-01T00:00:00.000000Z'", "act": "'x'", "object": "'x'"}


@pytest.mark.parametrize("column", COLUMNS)
def test_the_columns_beside_an_event_line_say_what_the_line_says(
    told: Society, column: str
) -> None:
    """Who reads the log reads these columns, so a changed one must not stand unnoticed."""
    where = f"log = '{JD}' AND seq = 4"
    found = after(told, f"UPDATE audit_event SET {column} = {COLUMNS[column]} WHERE {where}")

    assert found == [("record.columns", {"event": f"{JD}-4"})]


ROWS = {
    "public": "public = replace(public, 'submitted', 'approved')",
    "private": "private_hash = NULL",
    "version": "version = version + 100",
    "id": "row_id = 'x'",
}


@pytest.mark.parametrize("change", ROWS)
def test_an_altered_row_of_an_event_is_found(told: Society, change: str) -> None:
    noun = "account" if change == "private" else "roster"
    [(log, seq, n)] = rows(
        told.admin.store,
        f"SELECT log, seq, n FROM audit_row WHERE noun = '{noun}' AND version = 1 LIMIT 1",
    )
    where = f"log = '{log}' AND seq = {seq} AND n = {n}"
    assert "record.root" in codes(told, f"UPDATE audit_row SET {ROWS[change]} WHERE {where}")


def test_a_row_of_an_event_taken_out_is_found(told: Society) -> None:
    text = "DELETE FROM audit_row WHERE noun = 'roster' AND version = 2"
    assert "record.root" in codes(told, text)


def test_rows_of_an_event_that_never_was_are_found(told: Society) -> None:
    text = (
        "INSERT INTO audit_row (log, seq, n, noun, row_id, version, public)"
        " VALUES ('999999', 0, 0, 'staff', 'x', 1, '{}')"
    )
    assert "record.rows_left" in codes(told, text)


@pytest.mark.parametrize("value", [b"", b"garbage", b"3 00", b"5 \xe9"])
def test_an_altered_head_is_found(told: Society, value: bytes) -> None:
    change = (f"UPDATE audit_head SET frontier = ? WHERE log = '{JD}'", (value,))
    assert ("record.head", {"log": JD}) in after(told, change)


@pytest.mark.parametrize(
    "change",
    [f"UPDATE audit_head SET size = size + 1 WHERE log = '{JD}'", f"DELETE FROM audit_head WHERE log = '{JD}'"],
)  # fmt: skip
def test_a_head_of_another_size_or_none_is_found(told: Society, change: str) -> None:
    assert ("record.head", {"log": JD}) in after(told, change)


def test_nothing_is_written_to_a_log_whose_head_makes_no_sense(told: Society) -> None:
    change = (f"UPDATE audit_head SET frontier = ? WHERE log = '{JD}'", (b"garbage",))
    with tampered(told, change), refused("record.head", by=Broken):
        quotas.set_one(told.desk("jd-reviewer"), "22A", JD_STREETS[0], "*", 41)


@pytest.mark.parametrize(
    "change", ["note = note || 'x'", "note = replace(note, '0', '1')", "signature = ?"]
)
def test_an_altered_signed_head_is_found(told: Society, change: str) -> None:
    values = (bytes(64),) if "?" in change else ()
    assert "record.signature" in codes(told, (f"UPDATE checkpoint SET {change}", values))
