"""Whatever is done, both engines then hold the same rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rcaid.db.engine import Row, Store
from tests.db.support import INTEGRITY, everything, sql

_TABLES = {
    "setting": "key",
    "import_row": "batch_id, row_no",
    "balance": "fund_id, account",
    "flow": "office_id, cycle_id, machine, category, state, day",
}
_IMPORT = ("batch_id", "row_no", "outcome", "object_id", "problems", "sealed")
_FLOW = ("office_id", "cycle_id", "machine", "category", "state", "day")

Step = Callable[[Store], Any]

_texts = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6
) | st.sampled_from(["", "a", "B", "é", "王伟", "%s", ":a", "\\", "'", "\\N", "\t", "\n", "𠮷"])
_keys = st.sampled_from(["a", "A", "b-1", "b1", "王", "𠮷", "é"])
_fen = st.integers(-(10**12), 10**12)
_bytes = st.none() | st.binary(max_size=8)


def _padded(rows: list[Row], pad: int, make: Callable[[int], Row]) -> list[Row]:
    """More rows beside those drawn, so that the way for many rows is taken too."""
    return rows + [make(i) for i in range(pad)]


_pads = st.sampled_from([0, 0, 40])


@st.composite
def _insert_settings(draw: st.DrawFn) -> Step:
    rows = draw(st.lists(st.tuples(_texts, _texts), max_size=5, unique_by=lambda row: row[0]))
    start = draw(st.integers(0, 60))
    rows = _padded(rows, draw(_pads), lambda i: (f"pad{start + i:04}", ""))
    return lambda store: store.insert_many("setting", ("key", "value"), rows)


@st.composite
def _insert_import_rows(draw: st.DrawFn) -> Step:
    row = st.tuples(
        _keys, st.integers(0, 3), _texts, st.none() | _texts, st.none() | _texts, _bytes
    )
    rows = draw(st.lists(row, max_size=5, unique_by=lambda row: row[:2]))
    rows = _padded(rows, draw(_pads), lambda i: ("pad", i, "new", None, None, None))
    return lambda store: store.insert_many("import_row", _IMPORT, rows)


@st.composite
def _update_import_rows(draw: st.DrawFn) -> Step:
    row = st.tuples(_texts, st.none() | _texts, _bytes, _keys, st.integers(0, 3))
    rows = draw(st.lists(row, max_size=5, unique_by=lambda row: row[3:]))
    rows = _padded(rows, draw(_pads), lambda i: ("seen", None, b"\x00", "pad", i))
    columns = ("outcome", "problems", "sealed")
    return lambda store: store.update_many("import_row", columns, ("batch_id", "row_no"), rows)


@st.composite
def _add_balances(draw: st.DrawFn) -> Step:
    row = st.tuples(_keys, st.sampled_from(["external", "payable"]), _fen)
    rows = draw(st.lists(row, max_size=5))
    rows = _padded(rows, draw(_pads), lambda i: (f"pad{i:03}", "payable", i))
    return lambda store: store.add_many("balance", ("fund_id", "account"), ("fen",), rows)


@st.composite
def _add_flows(draw: st.DrawFn) -> Step:
    row = st.tuples(_keys, *[_keys] * 5, st.integers(-3, 3), _fen)
    rows = draw(st.lists(row, max_size=5))
    rows = _padded(rows, draw(_pads), lambda i: ("O", "C", "line", "*", "listed", f"{i}", 1, -i))
    return lambda store: store.add_many("flow", _FLOW, ("n", "fen"), rows)


@st.composite
def _delete_settings(draw: st.DrawFn) -> Step:
    keys = draw(st.lists(_texts, max_size=5))
    gone = sql("DELETE FROM setting WHERE key IN (:keys)", "keys")
    return lambda store: store.run(gone, {"keys": keys})


_steps = st.one_of(
    _insert_settings(),
    _insert_import_rows(),
    _update_import_rows(),
    _add_balances(),
    _add_flows(),
    _delete_settings(),
)
_units = st.lists(_steps, min_size=1, max_size=4)


def _carry_out(store: Store, units: list[list[Step]]) -> list[Any]:
    """What each unit gave, or that a constraint refused it."""
    outcomes: list[Any] = []
    for steps in units:
        try:
            outcomes.append(store.unit(lambda steps=steps: [step(store) for step in steps]))  # type: ignore[misc]
        except INTEGRITY:
            outcomes.append("refused")
    return outcomes


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(units=st.lists(_units, max_size=6))
def test_both_engines_hold_the_same_rows_after_the_same_units(
    sqlite_store: Store, postgres_store: Store, units: list[list[Step]]
) -> None:
    both = (sqlite_store, postgres_store)
    for store in both:
        for table in _TABLES:
            store.run(sql(f"DELETE FROM {table}"))
    assert _carry_out(sqlite_store, units) == _carry_out(postgres_store, units)
    for table, order in _TABLES.items():
        ours, theirs = (everything(store, table, order) for store in both)
        assert ours == theirs
