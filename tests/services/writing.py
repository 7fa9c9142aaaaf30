"""What the tests of the writing services share: refusals by code, and what stands in the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from rcaid.db.engine import Row, Statement, Store
from rcaid.db.tables import RECORDED, AidCase, Disbursement, Entitlement, Person
from rcaid.demo.staff import DISTRICT
from rcaid.domain.errors import ProblemError, Refused
from rcaid.services import programmes, staff
from rcaid.services.desk import Desk
from rcaid.services.society import as_person
from tests.services.conftest import JD, Society, set_quota

SUMS = ("person_key", "served", "balance", "flow", "import_row", "import_change")
"""Tables that are written beside the recorded ones."""
BOX = "守“沪”家庭箱"


def sql(text: str) -> Statement:
    """A statement outside the registry."""
    return Statement("", text)


def rows(store: Store, text: str) -> list[Row]:
    """All rows of a question."""
    return store.rows(sql(text))


def number(store: Store, text: str) -> int:
    """The one number a question gives."""
    return int(rows(store, text)[0][0] or 0)


def contents(
    store: Store, *, without: tuple[str, ...] = (), also: tuple[str, ...] = ()
) -> dict[str, list[Row]]:
    """Every table but the record, as sets of rows in an order of their own."""
    names = [*RECORDED, *SUMS, "setting", *also]
    return {
        name: sorted(map(_plain, rows(store, f"SELECT * FROM {name}")), key=repr)
        for name in names
        if name not in without
    }


def _plain(row: Row) -> Row:
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)


@contextmanager
def refused(*codes: str, by: type[ProblemError] = Refused) -> Iterator[Any]:
    """Expects exactly these codes, each at least once."""
    with pytest.raises(by) as caught:
        yield caught
    assert {problem.code for problem in caught.value.problems} == set(codes)


def people(store: Store) -> dict[str, Person]:
    """People by name."""
    found = [Person(*row) for row in rows(store, "SELECT * FROM person")]
    return {person.name or "": person for person in found}


def lines(store: Store) -> dict[str, AidCase]:
    """Roster lines by case number."""
    return {row[1]: AidCase(*row) for row in rows(store, "SELECT * FROM aid_case")}


def rights(store: Store) -> list[Entitlement]:
    """All entitlements."""
    return [Entitlement(*row) for row in rows(store, "SELECT * FROM entitlement ORDER BY id")]


def vouchers(store: Store) -> dict[str, Disbursement]:
    """Lines of batches by voucher number."""
    return {row[3]: Disbursement(*row) for row in rows(store, "SELECT * FROM disbursement")}


def balances(society: Society, fund: str = "QWR") -> dict[str, int]:
    """What a fund holds on each of its accounts, in fen; empty accounts left out."""
    found = rows(
        society.admin.store,
        "SELECT b.account, b.fen FROM balance b JOIN fund f ON f.id = b.fund_id"
        f" WHERE f.code = '{fund}' AND b.fen <> 0",
    )
    return {account: int(fen) for account, fen in found}


def newcomer(society: Society, login: str, *duties: str, office: str = JD) -> Desk:
    """The desk of somebody new with these duties in an office."""
    staff.add(society.admin, login, login, [(duty, office) for duty in duties])
    return as_person(society.admin, login)


def all_round(society: Society, login: str = "all-round", office: str = JD) -> Desk:
    """Somebody with every duty of a district, so that only the parts they had can stop them."""
    return newcomer(society, login, *DISTRICT, office=office)


def next_cycle(society: Society, code: str = "22B", quota: int = 50) -> None:
    """Opens another cycle of the programme, with one round and quota for every street."""
    approver = society.desk("sh-approver")
    programmes.new_cycle(approver, "QWR", code, code, "2022-02-01", ["once"])
    programmes.move_cycle(approver, code, "open")
    set_quota(society, code, quota)


def between(desk: Desk, act: Callable[[], object]) -> None:
    """Lets somebody else act after this desk has looked and before its unit begins."""
    whole = desk.write

    def write(*arguments: Any, **rest: Any) -> Any:
        desk.write = whole  # type: ignore[method-assign]
        act()
        return whole(*arguments, **rest)

    desk.write = write  # type: ignore[method-assign]
