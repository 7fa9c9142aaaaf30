"""What always holds of money, help and the record, and a check of each over the whole store.

Services and the engine keep most of these in the unit of each act. The check finds what went past
them: a row changed with a database tool, a guard taken away, a fault of the program.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby

from rcaid.db import case_invariants as case_rows
from rcaid.db import fund_invariants as fund_rows
from rcaid.db import invariants as rows
from rcaid.db import programmes
from rcaid.db.engine import Row, Statement, Store
from rcaid.db.funds import months, periods
from rcaid.db.invariants import MOST
from rcaid.db.tables import ProgrammeVersion
from rcaid.domain.errors import Problem
from rcaid.domain.programmes import read
from rcaid.domain.record import canonical
from rcaid.services.applications.commitment import digest_of
from rcaid.services.funds.periods import digest, of_month
from rcaid.services.rosters import line_facts

Find = Callable[[Store], Iterable[Row]]


@dataclass(frozen=True, slots=True)
class Check:
    """One question: the code of what it finds, the names of what its rows say, and how to ask."""

    code: str
    params: tuple[str, ...]
    find: Statement | Find

    def problems(self, store: Store) -> list[Problem]:
        """A Problem for each row found."""
        ask = self.find
        found = rows.found(store, ask) if isinstance(ask, Statement) else ask(store)
        return [
            Problem(f"invariant.{self.code}", dict(zip(self.params, row, strict=True)))
            for row in found
        ]


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that always holds: its number, what it says, and the questions that test it."""

    id: str
    says: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an invariant holds; ``problems`` name each row that breaks it."""

    id: str
    says: str
    problems: tuple[Problem, ...]

    @property
    def held(self) -> bool:
        """Nothing was found."""
        return not self.problems


def _over_cap(store: Store) -> Iterator[Row]:
    """Every programme and year against the cap in force when its cycles opened."""
    cycles = programmes.cycles(store)
    for programme in programmes.programmes(store):
        versions = programmes.versions(store, programme.id)
        caps: dict[str, int] = {}
        for cycle in cycles:
            if cycle.programme_id != programme.id:
                continue
            in_force = [each for each in versions if each.effective_from <= cycle.opens_on]
            rules = read(in_force[-1].rules) if in_force else None
            if rules is None or isinstance(rules, Problem):
                continue
            year = cycle.opens_on[:4]
            caps[year] = max(caps.get(year, 0), rules.cap_fen_per_year)
        for year, cap in sorted(caps.items()):
            span = {"first": f"{year}-01-01", "last": f"{year}-12-31"}
            over = rows.found(store, rows.OVER_CAP, programme=programme.id, cap=cap, **span)
            yield from ((case, fen, cap) for case, fen in over)
        yield from _over_paid(store, programme.id, versions)


def _over_paid(
    store: Store, programme_id: str, versions: Sequence[ProgrammeVersion]
) -> Iterator[Row]:
    """Applications may run over the end of a year, so what was paid in one is held against the
    highest cap there ever was."""
    rules = [read(each.rules) for each in versions]
    caps = [each.cap_fen_per_year for each in rules if not isinstance(each, Problem)]
    if caps:
        cap = max(caps)
        over = rows.found(store, case_rows.OVER_PAID, programme=programme_id, cap=cap)
        yield from ((case, fen, cap) for case, fen in over)


def _not_as_closed(store: Store) -> Iterator[Row]:
    """Months whose entries are others than when they were closed, or that came before and never
    were closed."""
    closed = periods(store)
    for period in closed:
        if digest(of_month(store, period.month)) != period.sha256:
            yield (period.month,)
    known = {period.month for period in closed}
    last = closed[-1].month if closed else ""
    yield from ((month,) for month in months(store, last) if month not in known)


def _not_frozen(store: Store) -> Iterator[Row]:
    """Lines and rosters whose hash is another than when they were frozen and approved."""
    wrong = 0
    with closing(_as_frozen(store)) as found:
        for row in found:
            yield row
            wrong += 1
            if wrong == MOST:
                return


def _as_frozen(store: Store) -> Generator[Row, None, None]:
    for (number, kept), lines in groupby(rows.frozen(store), key=lambda on: (on.roster, on.frozen)):
        texts = []
        for line, account, *_ in lines:
            text = canonical(line_facts(line, account))
            texts.append(text)
            if line.line_hash and hashlib.sha256(text).hexdigest() != line.line_hash:
                yield (line.case_no,)
        if hashlib.sha256(b"\n".join(sorted(texts))).hexdigest() != kept:
            yield (number,)


def _not_as_approved(store: Store) -> Iterator[Row]:
    """Applications whose person, amount, account or fund is another than somebody approved."""
    approved = case_rows.approved(store)
    wrong = 0
    with closing(case_rows.standing(store)) as found:  # type: ignore[type-var]
        for case, account, fund_id in found:
            text = digest_of(case, account, fund_id or "")
            if case.line_hash != text or (case.id, text) not in approved:
                yield (case.case_no,)
                wrong += 1
                if wrong == MOST:
                    return


INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "I1",
        "every entry takes from one account of a fund what it gives to another",
        (Check("entry", ("row", "debit", "credit"), rows.ENTRY),),
    ),
    Invariant(
        "I2",
        "no account of a fund or of a lot is below zero",
        (
            Check("below_zero", ("fund", "account", "fen"), rows.BELOW_ZERO),
            Check("stock_below", ("row", "account", "qty"), rows.STOCK_BELOW),
        ),
    ),
    Invariant(
        "I3",
        "a right is paid at most once and no more than was set aside for it",
        (
            Check("overdrawn", ("row", "account", "fen"), rows.OVERDRAWN),
            Check("twice", ("row", "n"), rows.TWICE),
            Check("not_live", ("row", "state"), rows.NOT_LIVE),
            Check("right_twice", ("row", "kind", "n"), case_rows.RIGHT_TWICE),
            Check("committed", ("row", "fen", "held"), case_rows.COMMITTED),
            Check("no_case", ("row", "fen"), case_rows.NO_CASE),
        ),
    ),
    Invariant(
        "I4",
        "entries only grow; a correction names what it reverses, and nothing is reversed twice",
        (
            Check("reversed_twice", ("row", "n"), rows.REVERSED_TWICE),
            Check("reverses", ("row",), rows.REVERSES),
            Check("rewritten", ("row", "version"), rows.REWRITTEN),
        ),
    ),
    Invariant(
        "I5",
        "each act on a payment is posted once, under the key of the act and the payment",
        (
            Check("key_twice", ("row", "n"), rows.KEY_TWICE),
            Check("key_other", ("row", "key"), rows.KEY_OTHER),
            Check("key_other", ("row", "key"), case_rows.CASE_KEY),
        ),
    ),
    Invariant(
        "I6",
        "who approved or released had no earlier part that bars them, and somebody did",
        (
            Check("approver", ("row", "login", "act", "part"), rows.APPROVER),
            Check("approver", ("row", "login", "act", "part"), rows.BATCH_APPROVER),
            Check("by_nobody", ("row", "act"), rows.BY_NOBODY),
        ),
    ),
    Invariant(
        "I7",
        "payee, amount and account are those that were approved",
        (
            Check("not_frozen", ("row",), _not_frozen),
            Check("not_frozen", ("row",), _not_as_approved),
            Check("approved_other", ("row",), rows.APPROVED_OTHER),
            Check("right_other", ("row", "kind"), rows.RIGHT_OTHER),
            Check("payee_other", ("row",), rows.PAYEE_OTHER),
        ),
    ),
    Invariant(
        "I8",
        "a batch states the number and sum of its lines, goods the value of their lot",
        (
            Check("batch_sum", ("row", "lines", "counted", "fen", "sum"), rows.BATCH_SUM),
            Check("batch_file", ("row",), rows.BATCH_FILE),
            Check("goods_value", ("row", "fen"), rows.GOODS_VALUE),
            Check("transfer_value", ("row", "fen", "counted"), rows.TRANSFER_VALUE),
            Check("stock_delivered", ("row", "kept", "counted"), rows.STOCK_DELIVERED),
        ),
    ),
    Invariant(
        "I9",
        "the balances kept are those the entries come to",
        (
            Check("balance", ("fund", "account", "kept", "counted"), rows.BALANCES),
            Check("stock_balance", ("row", "account", "kept", "counted"), rows.STOCK_BALANCE),
            Check("donation_sum", ("row", "fen", "counted"), fund_rows.DONATION_SUM),
            Check("moved", ("row",), fund_rows.MOVED),
            Check("recovery", ("row", "fen", "counted"), case_rows.WRITTEN_OFF),
        ),
    ),
    Invariant(
        "I10",
        "each paid line has one voucher of its own and one entry that says so",
        (
            Check("voucher_twice", ("row", "n"), rows.VOUCHER_TWICE),
            Check("unsettled", ("row",), rows.UNSETTLED),
            Check("settled_unpaid", ("row", "voucher"), rows.SETTLED_UNPAID),
            Check("receipt_twice", ("row", "n"), fund_rows.RECEIPT_TWICE),
            Check("receipt_other", ("row",), fund_rows.RECEIPT_OTHER),
        ),
    ),
    Invariant(
        "I11",
        "nobody is entitled to more than the programme's cap in a year, or listed twice in a cycle",
        (
            Check("over_cap", ("row", "fen", "cap"), _over_cap),
            Check("listed_twice", ("row", "cycle", "n"), rows.LISTED_TWICE),
        ),
    ),
    Invariant(
        "I12",
        "a cycle that ended has nothing left open, and a closed month stays as it was",
        (
            Check("left_open", ("row", "cycle", "state"), rows.LEFT_OPEN),
            Check("left_open", ("row", "cycle", "state"), case_rows.LEFT_DECIDED),
            Check("closed_month", ("month",), _not_as_closed),
        ),
    ),
    Invariant(
        "I13",
        "a fund pays for its own programme alone",
        (
            Check("other_fund", ("row", "fund"), rows.OTHER_FUND),
            Check("other_fund", ("row", "fund"), case_rows.CASE_FUND),
            Check("other_purpose", ("row", "fund"), rows.OTHER_PURPOSE),
            Check("out_of_scope", ("row", "fund"), fund_rows.OUT_OF_SCOPE),
        ),
    ),
    Invariant(
        "I14",
        "the ledger is what the record says, entry by entry",
        (
            Check("unrecorded", ("row",), rows.unrecorded),
            Check("unposted", ("row",), rows.UNPOSTED),
        ),
    ),
)
"""Every invariant of the store, by number."""


def check(store: Store) -> list[Verdict]:
    """Tests every invariant on one moment of the store."""
    return [
        Verdict(each.id, each.says, tuple(p for ask in each.checks for p in ask.problems(store)))
        for each in INVARIANTS
    ]


def broken(store: Store) -> list[Problem]:
    """What breaks an invariant, row by row; nothing in a store that is whole."""
    return [problem for verdict in check(store) for problem in verdict.problems]
