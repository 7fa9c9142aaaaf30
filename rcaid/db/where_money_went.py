"""Sums of the ledger by what was done, and cases of a disaster by their state: for cards."""

from __future__ import annotations

from typing import NamedTuple

from rcaid.db.engine import Store, statement

_BY_KIND = statement(
    "ledger.by_kind",
    "SELECT kind, debit, credit, count(*), CAST(SUM(fen) AS BIGINT) FROM ledger_entry"
    " WHERE fund_id = :fund GROUP BY kind, debit, credit ORDER BY kind, debit, credit",
)
_OF_DISASTER = statement(
    "application.of_disaster",
    "SELECT c.state, count(*), CAST(SUM(COALESCE(c.fen, 0)) AS BIGINT) FROM application a"
    " JOIN aid_case c ON c.id = a.id WHERE a.disaster_id = :disaster"
    " GROUP BY c.state ORDER BY c.state",
)


class Posted(NamedTuple):
    """Entries of one kind between two accounts: how many, and their sum in fen."""

    kind: str
    debit: str
    credit: str
    n: int
    fen: int


def by_kind(store: Store, fund_id: str) -> list[Posted]:
    """What was posted in a fund, summed by kind and accounts."""
    return [
        Posted(kind, debit, credit, int(n), int(fen or 0))
        for kind, debit, credit, n, fen in store.rows(_BY_KIND, {"fund": fund_id})
    ]


def of_disaster(store: Store, disaster_id: str) -> list[tuple[str, int, int]]:
    """Applications that name a disaster, by state: how many, and the amounts in force in fen."""
    found = store.rows(_OF_DISASTER, {"disaster": disaster_id})
    return [(state, int(n), int(fen or 0)) for state, n, fen in found]
