"""Disasters, institutions, and what went to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rcaid.db.engine import Store, one, statement
from rcaid.db.people import chunks
from rcaid.db.tables import (
    DISASTER,
    INSTITUTION,
    TRANSFER,
    TRANSFER_LINE,
    Disaster,
    Institution,
    Transfer,
    TransferLine,
)

_DISASTERS = statement(
    "disaster.all", f"SELECT {DISASTER.listed} FROM disaster ORDER BY happened_on, code"
)
_INSTITUTIONS = statement(
    "institution.all", f"SELECT {INSTITUTION.listed} FROM institution ORDER BY code"
)
_INSTITUTION = statement(
    "institution.by_code", f"SELECT {INSTITUTION.listed} FROM institution WHERE code = :code"
)
_NUMBERED = statement(
    "transfer.numbered", "SELECT count(*) FROM transfer WHERE number LIKE :prefix"
)
_BY_NUMBER = statement(
    "transfer.by_number", f"SELECT {TRANSFER.listed} FROM transfer WHERE number = :number"
)
_OF_OFFICES = statement(
    "transfer.of_offices",
    f"SELECT {TRANSFER.listed} FROM transfer WHERE office_id IN (:offices) ORDER BY number",
    lists=("offices",),
)
_OF_DISASTER = statement(
    "transfer.of_disaster",
    f"SELECT {TRANSFER.listed} FROM transfer WHERE disaster_id = :disaster ORDER BY number",
)
_LINES = statement(
    "transfer.lines",
    f"SELECT {TRANSFER_LINE.listed} FROM transfer_line WHERE transfer_id = :transfer ORDER BY id",
)
_RECEIVED = statement(
    "transfer.received",
    f"SELECT {TRANSFER.listed} FROM transfer WHERE state IN ('received', 'closed')"
    " AND received_on >= :first AND received_on <= :last ORDER BY received_on, number",
)

_NAMED = statement(
    "institution.named",
    "SELECT DISTINCT institution_id FROM transfer WHERE institution_id IN (:ids)",
    lists=("ids",),
)


def disasters(store: Store) -> list[Disaster]:
    """Every disaster, by the day it happened."""
    return [Disaster(*row) for row in store.rows(_DISASTERS)]


def institutions(store: Store) -> list[Institution]:
    """Every institution, by code."""
    return [Institution(*row) for row in store.rows(_INSTITUTIONS)]


def institution_by_code(store: Store, code: str) -> Institution | None:
    """One institution."""
    found = one(store, _INSTITUTION, {"code": code})
    return Institution(*found) if found else None


def numbered(store: Store, prefix: str) -> int:
    """How many transfers have a number that begins so."""
    return int(store.rows(_NUMBERED, {"prefix": f"{prefix}%"})[0][0])


def by_number(store: Store, number: str) -> Transfer | None:
    """One transfer."""
    found = one(store, _BY_NUMBER, {"number": number})
    return Transfer(*found) if found else None


def of_offices(store: Store, offices: Sequence[str]) -> list[Transfer]:
    """The transfers of these offices, by number."""
    return [Transfer(*row) for row in store.rows(_OF_OFFICES, {"offices": offices})]


def of_disaster(store: Store, disaster_id: str) -> list[Transfer]:
    """What was given for a disaster, by number."""
    return [Transfer(*row) for row in store.rows(_OF_DISASTER, {"disaster": disaster_id})]


def lines(store: Store, transfer_id: str) -> list[TransferLine]:
    """The goods of a transfer."""
    return [TransferLine(*row) for row in store.rows(_LINES, {"transfer": transfer_id})]


def received(store: Store, first: str, last: str) -> list[Transfer]:
    """What arrived between two days, both included, by day."""
    return [Transfer(*row) for row in store.rows(_RECEIVED, {"first": first, "last": last})]


def named_institutions(store: Store, ids: Iterable[str]) -> set[str]:
    """Those of the institutions that a transfer was made out to."""
    return {id for piece in chunks(ids) for (id,) in store.rows(_NAMED, {"ids": piece})}
