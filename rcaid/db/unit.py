"""One unit of work: rows in and changed, money posted, counts kept, and the event that records it.

A service opens a unit on the acting office's log, hands the rows it makes to `Unit.insert` and
`Unit.update`, and the unit writes the event with all its rows as the last thing before the commit.
So nothing is changed that the record does not show, and nothing recorded that did not happen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, TypeVar

from rcaid.db import record
from rcaid.db.engine import Store, statement
from rcaid.db.keys import Keys
from rcaid.db.tables import LEDGER_ENTRY, LedgerEntry, Table
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.ids import Source
from rcaid.domain.record import Tree

T = TypeVar("T")

_BALANCES = statement(
    "balance.below_zero",
    "SELECT account, fen FROM balance WHERE fund_id = :fund AND fen < 0 AND account <> 'external'",
)


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is done: ``at`` UTC text, ``day`` the business date, both by one clock."""

    at: str
    day: str
    milliseconds: int


@dataclass(slots=True)
class Unit:
    """What a service writes with. Made by `run_unit` only."""

    store: Store
    keys: Keys
    source: Source
    moment: Moment
    log: str
    seq: int
    rows: list[record.Leaf] = field(default_factory=list)
    tree: Tree = field(default_factory=Tree)
    """Leaves of rows that a plan numbered and hashed before; they come before ``rows``."""
    flows: dict[tuple[str, ...], list[int]] = field(
        default_factory=lambda: defaultdict(lambda: [0, 0])
    )
    _series: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self._series = self.ids()

    @property
    def day(self) -> str:
        """The business date of this unit."""
        return self.moment.day

    def ids(self) -> Iterator[str]:
        """New ids, growing."""
        return self.source.ids(self.moment.milliseconds)

    def new_id(self) -> str:
        """One new id, above all that were given so before: acts of one unit keep their order."""
        return next(self._series)

    def seal(self, table: Table) -> Callable[[str, Mapping[str, Any]], bytes]:
        """A function (id, values) that gives the sealed column of a row."""
        return self.keys.sealer(table.name, self.source)

    def insert(self, table: Table, rows: Sequence[Any]) -> None:
        """Inserts new rows, version 1 in them, and records each."""
        self.store.insert_many(table.name, table.columns, rows)
        self.rows.extend(record.leaves(table, rows, self.keys))

    def update(self, table: Table, rows: Sequence[Any], columns: Sequence[str]) -> list[Any]:
        """Writes ``columns`` of rows that carry the version they were read with.

        Returns the rows with their new version. Raises Refused state.stale if any has moved on
        meanwhile, so the whole unit is undone (BR-047).
        """
        if not rows:
            return []
        at = table.columns.index("version")
        newer = [row._replace(version=row[at] + 1) for row in rows]
        pick = itemgetter(*(table.columns.index(name) for name in (*columns, "version", "id")))
        touched = self.store.update_many(
            table.name,
            (*columns, "version"),
            ("id", "version"),
            [(*pick(new), new[at] - 1) for new in newer],
        )
        if touched != len(rows):
            raise Refused(
                Problem("state.stale", {"noun": table.name, "changes": len(rows) - touched})
            )
        self.rows.extend(record.leaves(table, newer, self.keys))
        return newer

    def delete(self, table: Table, rows: Sequence[Any]) -> None:
        """Deletes rows that carry the version they were read with; the record keeps that they went.

        Raises Refused state.stale if any has moved on meanwhile.
        """
        gone = self.store.delete_many(
            table.name, ("id", "version"), [(row.id, row.version) for row in rows]
        )
        if gone != len(rows):
            raise Refused(Problem("state.stale", {"noun": table.name, "changes": len(rows) - gone}))
        self.rows.extend((table.name, row.id, row.version + 1, None, None) for row in rows)

    def flow(
        self, office: str, cycle: str, machine: str, category: str, state: str, n: int, fen: int,
        day: str = "",
    ) -> None:  # fmt: skip
        """Counts ``n`` things (and their fen) into a state, or out of it with a minus.

        ``day`` is the business day of the move where it is another than today.
        """
        total = self.flows[(office, cycle, machine, category, state, day or self.day)]
        total[0] += n
        total[1] += fen

    def post(self, entries: Sequence[LedgerEntry]) -> None:
        """Adds ledger entries and moves the balances.

        Refused fund.short if one would fall below zero (BR-072), period.closed for an entry on a
        day whose month is closed (I12).
        """
        if not entries:
            return
        moves: dict[tuple[str, str], int] = defaultdict(int)
        for entry in entries:
            moves[entry.fund_id, entry.debit] -= entry.fen
            moves[entry.fund_id, entry.credit] += entry.fen
        sums = [(fund, account, fen) for (fund, account), fen in sorted(moves.items())]
        self._move_balances(sums)
        self._refuse_closed(min(entry.day for entry in entries))
        self.insert(LEDGER_ENTRY, entries)

    def _refuse_closed(self, day: str) -> None:
        """Asked once the balances are locked: who closes a month locks them all before it counts,
        so an entry is either counted or refused."""
        ((closed,),) = self.store.rows(_CLOSED)
        if closed and day[:7] <= closed:
            raise Refused(Problem("period.closed", {"day": day, "month": closed}))

    def _move_balances(self, sums: list[tuple[str, str, int]]) -> None:
        self.store.add_many(
            "balance", ("fund_id", "account"), ("fen",), [(f, a, 0) for f, a, _ in sums]
        )
        self.store.lock("balance", "fund_id", sorted({fund for fund, _, _ in sums}))
        short = [
            Problem("fund.short", {"account": account, "missing": -(have + move)})
            for fund, account, move in sums
            for have in [self._balance(fund, account)]
            if account != "external" and have + move < 0
        ]
        if short:
            raise Refused(short)
        self.store.add_many("balance", ("fund_id", "account"), ("fen",), sums)

    def _balance(self, fund: str, account: str) -> int:
        rows = self.store.rows(_BALANCE, {"fund": fund, "account": account})
        return int(rows[0][0]) if rows else 0

    def write_flows(self) -> None:
        """Adds what was counted to the summaries; called once, before the event."""
        rows = [(*key, n, fen) for key, (n, fen) in sorted(self.flows.items()) if n or fen]
        keys = ("office_id", "cycle_id", "machine", "category", "state", "day")
        self.store.add_many("flow", keys, ("n", "fen"), rows)


_CLOSED = statement("period.last_closed", "SELECT MAX(month) FROM fund_period")
_BALANCE = statement(
    "balance.of", "SELECT fen FROM balance WHERE fund_id = :fund AND account = :account"
)


@dataclass(frozen=True, slots=True)
class Act:
    """What is done, as the event says it."""

    action: str
    actor: str
    duty: str
    office: str
    log: str
    object: str | None = None
    reason: str | None = None
    note: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """Where an event stands in the record."""

    log: str
    seq: int

    def __str__(self) -> str:
        return f"{self.log}-{self.seq}"


def run_unit(
    store: Store,
    keys: Keys,
    source: Source,
    moment: Callable[[], Moment],
    act: Act,
    work: Callable[[Unit], tuple[T, Act]],
) -> tuple[T, Entry]:
    """Runs ``work`` in one transaction and records it; the act it returns is the one recorded.

    ``work`` may run again after a passing clash, so it touches nothing but the unit.
    """

    def inside() -> tuple[T, Entry]:
        source.step(act.action)
        head = record.lock_head(store, act.log)
        unit = Unit(store, keys, source, moment(), act.log, head.frontier.size)
        result, said = work(unit)
        unit.write_flows()
        seq = record.append(store, head, said, unit.moment.at, unit.rows, unit.tree)
        return result, Entry(act.log, seq)

    return store.unit(inside, what=act.action)


def by_id(rows: Iterable[Any]) -> dict[str, Any]:
    """Rows by their id."""
    return {row.id: row for row in rows}
