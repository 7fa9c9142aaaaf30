"""The months of the books: closed one after another, and then nothing is posted on their days.

`rcaid.db.unit.Unit.post` refuses an entry on a day of a closed month (I12). What happened then and
comes in late is posted on the first day that is still open.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from rcaid.db import funds as rows
from rcaid.db import programmes
from rcaid.db.engine import Store
from rcaid.db.tables import FUND_PERIOD, FundPeriod, LedgerEntry
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.record import canonical
from rcaid.services.desk import Desk

_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])", re.ASCII)


def close_month(desk: Desk, month: str) -> tuple[FundPeriod, Entry]:
    """Closes a month that is over, by the city's approver: ``month`` is like 2022-04.

    Refused while an earlier month has entries and is open. What is kept is the SHA-256 over the
    month's entries, so that the books of that month can be proven later.
    """
    if _MONTH.fullmatch(month) is None:
        raise Refused(Problem("period.form", {"month": month}))
    city = desk.offices.top.id
    desk.require("period.close", city)

    def work(unit: Unit) -> FundPeriod:
        if unit.day[:7] <= month:
            raise Refused(Problem("period.early", {"month": month}))
        _hold(unit)
        closed = last_closed(unit.store)
        if closed >= month:
            raise Refused(Problem("period.again", {"closed": closed}))
        earlier = [each for each in rows.months(unit.store, month) if each > closed]
        if earlier:
            raise Refused(Problem("period.earlier", {"earlier": earlier[0]}))
        sha256 = digest(of_month(unit.store, month))
        made = FundPeriod(unit.new_id(), month, city, desk.actor.staff_id, unit.day, sha256, 1)
        unit.insert(FUND_PERIOD, [made])
        return made

    return desk.write("period.close", city, work, object=month)


def _hold(unit: Unit) -> None:
    """Lets every posting wait until the month is closed, and waits for those under way."""
    funds = [fund.id for fund in programmes.funds(unit.store)]
    keys = ("fund_id", "account")
    unit.store.add_many("balance", keys, ("fen",), [(fund, "available", 0) for fund in funds])
    unit.store.lock("balance", "fund_id", sorted(funds))


def listing(desk: Desk) -> list[FundPeriod]:
    """The months that are closed, oldest first."""
    desk.reach("donation.list")
    return rows.periods(desk.store)


def last_closed(store: Store) -> str:
    """The last closed month, like 2022-04; "" before any."""
    found = rows.periods(store)
    return found[-1].month if found else ""


def posting_day(store: Store, day: str, today: str) -> str:
    """The day on which something that happened on ``day`` is posted: that day while its month is
    open, else the first day after the last closed month."""
    closed = last_closed(store)
    if day[:7] > closed:
        return day
    year, month = int(closed[:4]), int(closed[5:])
    first = f"{year + month // 12}-{month % 12 + 1:02}-01"
    return min(first, today)


def of_month(store: Store, month: str) -> Iterable[LedgerEntry]:
    """The entries on the days of a month, by id."""
    return rows.entries(store, f"{month}-01", f"{month}-31")


def digest(entries: Iterable[LedgerEntry]) -> str:
    """SHA-256 over entries in canonical form, a line each."""
    total = hashlib.sha256()
    for entry in entries:
        total.update(canonical(entry._asdict()) + b"\n")
    return total.hexdigest()
