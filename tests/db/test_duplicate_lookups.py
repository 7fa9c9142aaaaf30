"""The look-ups of possible duplicates go by their indexes on both engines."""

from __future__ import annotations

import pytest

from rcaid.db.engine import STATEMENTS, Statement, Store, expand

PLANNED = {
    "duplicate.by_street_and_birth": "person_street",
    "duplicate.by_birth_and_name": "person_alike",
    "merge.losers": "person_merge_winner",
    "merge.winners": "person_merge_loser",
}


@pytest.mark.parametrize("name", PLANNED)
def test_a_look_up_goes_by_its_index(store: Store, name: str) -> None:
    query = STATEMENTS[name]
    listed = {each: ["a", "b"] for each in query.lists}
    text, params = expand(query, listed)
    if store.engine == "sqlite":
        plan = store.rows(Statement("", f"EXPLAIN QUERY PLAN {text}"), params)
    else:
        # With so few rows the engine would read them all; what matters is that it may go by it.
        store.run(Statement("", "SET enable_seqscan = off"))
        plan = store.rows(Statement("", f"EXPLAIN {text}"), params)
    assert PLANNED[name] in repr(plan)
