"""Shortcuts for the tests of funds and donations: a fund, a donor, a gift, a payment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rcaid.db import payments
from rcaid.db import programmes as programme_rows
from rcaid.domain.errors import Problem, Refused
from rcaid.services.funds import donations, donors, funds
from rcaid.services.funds.donors import Giver
from tests.services.conftest import Society

STREET = "310114001"


def problem_of(act: Callable[[], Any]) -> Problem:
    """What an act is refused for."""
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.problems[0]


def code_of(act: Callable[[], Any]) -> str:
    """The code of what an act is refused for."""
    return problem_of(act).code


def balances(society: Society, fund: str) -> dict[str, int]:
    """What each account of a fund holds, without empty ones and the outside."""
    found = next(each for each in programme_rows.funds(society.admin.store) if each.code == fund)
    held = programme_rows.balances(society.admin.store, found.id)
    return {name: fen for name, fen in held.items() if fen and name != "external"}


def new_fund(
    society: Society, code: str, restriction: str, scope: str = "", office: str = ""
) -> str:
    """A fund for a part of QWR's purpose."""
    desk = society.desk("sh-approver")
    funds.open_fund(
        desk, code, f"{code}基金", "QWR", restriction=restriction, scope=scope, office=office
    )
    return code


def donor(society: Society, name: str = "王捐", login: str = "sh-preparer", **facts: Any) -> str:
    """A donor on file; gives their code."""
    kind = facts.pop("kind", "person")
    made, _ = donors.add(society.desk(login), Giver(kind, name, **facts))
    return made.code


def gift(society: Society, fen: int, fund: str = "QWR", by: str = "", **facts: Any) -> str:
    """Money that was given to a fund; gives the number of the donation."""
    login = facts.pop("login", "sh-preparer")
    made, _ = donations.given(
        society.desk(login), by or donor(society, login=login), fund, fen, **facts
    )
    return made.number


def pay_out(society: Society, seqs: range) -> None:
    """Pays some people of a roster 500 yuan each by bank out of QWR."""
    people = [society.person(n, f"人{n:03}") for n in seqs]
    [*_, roster] = society.import_roster(people)
    society.approve(roster)
    batch = society.pay()
    lines = payments.lines(society.admin.store, batch.id)
    society.bank_result(batch, {line.line.voucher: "00" for line in lines})
