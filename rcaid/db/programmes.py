"""Programmes with their rule versions, cycles, rounds, quotas, funds, goods."""

from __future__ import annotations

from rcaid.db.engine import Store, one, statement
from rcaid.db.tables import (
    CYCLE,
    FUND,
    ITEM,
    LOT,
    PROGRAMME,
    PROGRAMME_VERSION,
    QUOTA,
    ROUND,
    Cycle,
    Fund,
    Item,
    Lot,
    Programme,
    ProgrammeVersion,
    Quota,
    Round,
)

_PROGRAMMES = statement("programme.all", f"SELECT {PROGRAMME.listed} FROM programme ORDER BY code")
_VERSIONS = statement(
    "programme.versions",
    f"SELECT {PROGRAMME_VERSION.listed} FROM programme_version WHERE programme_id = :programme"
    " ORDER BY number",
)
_CYCLES = statement("cycle.all", f"SELECT {CYCLE.listed} FROM cycle ORDER BY opens_on, code")
_CYCLE = statement("cycle.by_code", f"SELECT {CYCLE.listed} FROM cycle WHERE code = :code")
_ROUNDS = statement(
    "round.of_cycle", f"SELECT {ROUND.listed} FROM round WHERE cycle_id = :cycle ORDER BY number"
)
_QUOTAS = statement(
    "quota.of_cycle", f"SELECT {QUOTA.listed} FROM quota WHERE cycle_id = :cycle ORDER BY id"
)
_FUND = statement(
    "fund.of_programme",
    f"SELECT {FUND.listed} FROM fund WHERE programme_id = :id AND restriction IS NULL",
)
_FUNDS = statement("fund.all", f"SELECT {FUND.listed} FROM fund ORDER BY code")
_BALANCES = statement(
    "balance.of_fund", "SELECT account, fen FROM balance WHERE fund_id = :id ORDER BY account"
)
_ITEMS = statement("item.all", f"SELECT {ITEM.listed} FROM item ORDER BY code")
_LOTS = statement("lot.all", f"SELECT {LOT.listed} FROM lot ORDER BY code")


def programmes(store: Store) -> list[Programme]:
    """All programmes, by code."""
    return [Programme(*row) for row in store.rows(_PROGRAMMES)]


def versions(store: Store, programme_id: str) -> list[ProgrammeVersion]:
    """The rule versions of a programme, oldest first."""
    return [ProgrammeVersion(*r) for r in store.rows(_VERSIONS, {"programme": programme_id})]


def cycles(store: Store) -> list[Cycle]:
    """All cycles, by opening day."""
    return [Cycle(*row) for row in store.rows(_CYCLES)]


def cycle_by_code(store: Store, code: str) -> Cycle | None:
    """The cycle of this code."""
    found = one(store, _CYCLE, {"code": code})
    return Cycle(*found) if found else None


def rounds(store: Store, cycle_id: str) -> list[Round]:
    """The rounds of a cycle, by number."""
    return [Round(*row) for row in store.rows(_ROUNDS, {"cycle": cycle_id})]


def quotas(store: Store, cycle_id: str) -> list[Quota]:
    """All quota rows of a cycle."""
    return [Quota(*row) for row in store.rows(_QUOTAS, {"cycle": cycle_id})]


def fund_of(store: Store, programme_id: str) -> Fund | None:
    """A programme's own fund, which nothing but the programme restricts."""
    found = one(store, _FUND, {"id": programme_id})
    return Fund(*found) if found else None


def funds(store: Store) -> list[Fund]:
    """All funds, by code."""
    return [Fund(*row) for row in store.rows(_FUNDS)]


def balances(store: Store, fund_id: str) -> dict[str, int]:
    """The balances of a fund's accounts, in fen."""
    return {account: int(fen) for account, fen in store.rows(_BALANCES, {"id": fund_id})}


def items(store: Store) -> list[Item]:
    """All goods, by code."""
    return [Item(*row) for row in store.rows(_ITEMS)]


def lots(store: Store) -> list[Lot]:
    """All lots, by code."""
    return [Lot(*row) for row in store.rows(_LOTS)]
