"""The kinds delivery and bank: what a hand-out or a bank says became of each voucher."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rcaid.db import payments, people
from rcaid.db.payments import Paying
from rcaid.db.tables import Batch, Cycle
from rcaid.db.unit import Unit
from rcaid.domain import dates
from rcaid.domain.dates import Order
from rcaid.domain.errors import Problem
from rcaid.domain.money import parse_yuan
from rcaid.domain.names import clean
from rcaid.files.headers import HeaderMap
from rcaid.files.tables import Table
from rcaid.services import results
from rcaid.services.desk import Desk
from rcaid.services.importing.kinds import KINDS
from rcaid.services.importing.plans import Facts, Judged, Plan, PlanWriter, Rejected
from rcaid.services.results import Result

PAID_CODES = frozenset({"00", "0", "0000"})
_YES = frozenset({"是", "已发放", "已签收", "y", "yes", "1"})
_NO = frozenset({"否", "未发放", "未签收", "n", "no", "0"})
Said = tuple[str, Problem, str]


class ResultImporter:
    """Plans and applies results; both kinds match by voucher number."""

    def __init__(self, kind: str) -> None:
        self._kind = KINDS[kind]
        self._read: Callable[[dict[str, str], Order], Result | Said] = (
            _delivery if kind == "delivery" else _bank
        )

    def plan(
        self, desk: Desk, table: Table, columns: HeaderMap, cycle: Cycle | None,
        writer: PlanWriter, facts: Facts,
    ) -> Judged:  # fmt: skip
        """Reads each row as a result and holds it against the line it names."""
        read: list[tuple[int, list[str], dict[str, str], Result | Said]] = []
        names = [field.name for field in self._kind.fields]
        width, order = len(table.header), columns.order("day")
        pick = columns.picker(names, width)
        for row, values in table.rows:
            facts.rows_read += 1
            picked = pick([*values[:width], ""])
            cells = dict(zip(names, map(str.strip, picked), strict=True))
            read.append((row, values, cells, self._read(cells, order)))
        mine = set(desk.offices.below(desk.offices.by_code[facts.office].id))
        vouchers = [said.voucher for *_, said in read if isinstance(said, Result)]
        found = payments.by_vouchers(desk.store, vouchers)
        known = _Known(desk, found)
        problems: list[Rejected] = []
        rejected: list[tuple[int, list[str]]] = []
        good: list[tuple[int, Result]] = []
        seen: dict[str, int] = {}
        for row, values, cells, said in read:
            if isinstance(said, Result) and said.voucher in found:
                said = results.for_channel(known.batch(found[said.voucher]), said)
            wrong = self._judge(desk, row, cells, said, found, mine, seen, known)
            if wrong is not None:
                field, problem, value = wrong
                problems.append(
                    Rejected(
                        row, self._kind.heading(field), value, problem.code,
                        dict(problem.params), field,
                    )
                )  # fmt: skip
                rejected.append((row, values))
            elif isinstance(said, Result):
                paying = found[said.voucher]
                if results.is_known(paying, said):
                    facts.rows_unchanged += 1
                    continue
                facts.rows_new += 1
                facts.fen += paying.line.value_fen if said.state in results.DONE else 0
                facts.uses.append(("disbursement", paying.line.id, paying.line.version))
                good.append((row, said))
        writer.part("results", [(row, *_packed(said)) for row, said in good])
        facts.uses.sort()
        return Judged(problems, rejected)

    def _judge(
        self, desk: Desk, row: int, cells: dict[str, str], said: Result | Said,
        found: dict[str, Paying], mine: set[str], seen: dict[str, int], known: _Known,
    ) -> Said | None:  # fmt: skip
        if not isinstance(said, Result):
            return said
        first = seen.setdefault(said.voucher, row)
        if first != row:
            return "voucher", Problem("row.repeated", {"first": first}), said.voucher
        paying = found.get(said.voucher)
        if paying is None or paying.line.office_id not in mine:
            return "voucher", Problem("voucher.unknown", {"voucher": said.voucher}), said.voucher
        if results.is_known(paying, said):
            return None
        batch = known.batch(paying)
        if self._kind.name == "bank" and batch is not None and batch.channel == "cash":
            return "voucher", Problem("cash.not_bank", {"voucher": said.voucher}), said.voucher
        problem = results.problem_of(paying, said, batch)
        if problem is not None:
            return "voucher", problem, said.voucher
        if (untimely := _against_days(desk, cells, said, batch)) is not None:
            return untimely
        if self._kind.name == "bank":
            return _against_line(cells, paying, known)
        return _against_person(cells, paying, known)

    def apply(
        self, desk: Desk, unit: Unit, plan: Plan, batch_id: str
    ) -> list[tuple[int, str, str]]:
        """Takes all results up in the unit of the import."""
        rows = [row for name, part in plan.parts() if name == "results" for row in part]
        said = [Result(*rest) for _, *rest in rows]
        results.take_up(desk, unit, said)
        return [(row, "new", voucher) for row, voucher, *_ in rows]


def _packed(said: Result) -> tuple[str, ...]:
    return (
        said.voucher, said.state, said.day, said.code, said.agent, said.relation, said.agent_last4,
    )  # fmt: skip


def _delivery(cells: dict[str, str], order: Order) -> Result | Said:
    voucher = cells.get("voucher", "")
    if not voucher:
        return "voucher", Problem("row.required", {"field": "凭证号"}), ""
    word = cells.get("delivered", "").casefold()
    if word not in _YES | _NO:
        return "delivered", Problem("delivery.word", {"value": word}), word
    day = dates.read(cells.get("day", ""), order)
    if isinstance(day, Problem) or not day:
        return "day", day or Problem("row.required", {"field": "发放日期"}), cells.get("day", "")
    if word in _NO:
        return Result(voucher, "undelivered", day, cells.get("why", "") or "-")
    return Result(
        voucher, "delivered", day, "", cells.get("agent", ""), cells.get("relation", ""),
        cells.get("agent_number", ""),
    )  # fmt: skip


def _bank(cells: dict[str, str], order: Order) -> Result | Said:
    voucher, code = cells.get("voucher", ""), cells.get("code", "")
    if not voucher:
        return "voucher", Problem("row.required", {"field": "凭证号"}), ""
    if not code:
        return "code", Problem("row.required", {"field": "结果代码"}), ""
    day = dates.read(cells.get("day", ""), order)
    if isinstance(day, Problem) or not day:
        return "day", day or Problem("row.required", {"field": "日期"}), cells.get("day", "")
    if code in PAID_CODES:
        return Result(voucher, "paid", day)
    return Result(voucher, "returned", day, f"{code} {cells.get('text', '')}".strip())


class _Known:
    """The batches, people and accounts of the lines a file names."""

    def __init__(self, desk: Desk, found: Mapping[str, Paying]) -> None:
        self._desk = desk
        lines = [paying.line for paying in found.values()]
        self._people = people.many(desk.store, {line.person_id for line in lines})
        self._accounts = people.accounts(desk.store, {line.account_id or "" for line in lines})
        self._batches: dict[str, Batch | None] = {}

    def batch(self, paying: Paying) -> Batch | None:
        """The batch of a line."""
        batch_id = paying.line.batch_id
        if batch_id not in self._batches:
            self._batches[batch_id] = payments.batch_by_id(self._desk.store, batch_id)
        return self._batches[batch_id]

    def account(self, paying: Paying) -> str:
        """The number of the account a line went to; "" when it was erased."""
        account = self._accounts.get(paying.line.account_id or "")
        return self._opened("account", account).get("number", "") if account else ""

    def person(self, paying: Paying) -> tuple[str, list[str]]:
        """Name and forms of the identity number of a line's person; "" and none when erased."""
        person = self._people[paying.line.person_id]
        values = self._opened("person", person)
        return person.name or "", [values[k] for k in ("number", "number15") if values.get(k)]

    def _opened(self, table: str, row: Any) -> dict[str, Any]:
        return self._desk.keys.open(table, row.id, row.sealed)[1] if row.sealed else {}


def _against_days(
    desk: Desk, cells: dict[str, str], said: Result, batch: Batch | None
) -> Said | None:
    """Nothing came back before it went out, and nothing will have happened tomorrow."""
    cell = cells.get("day", "")
    if said.day > desk.day:
        return "day", Problem("date.future", {"value": cell}), cell
    released = batch.released_on if batch else None
    if released and said.day < released:
        return "day", Problem("date.before", {"value": cell, "released": released}), cell
    return None


def _against_line(cells: dict[str, str], paying: Paying, known: _Known) -> Said | None:
    """The bank's amount, account and batch must be those of the line."""
    amount = parse_yuan(cells.get("amount", ""))
    if amount != paying.line.fen:
        problem = (
            amount
            if isinstance(amount, Problem)
            else Problem("voucher.amount", {"sent": (paying.line.fen or 0) // 100})
        )
        return "amount", problem, cells.get("amount", "")
    batch = known.batch(paying)
    number = batch.number if batch else ""
    if cells.get("batch", "") != number:
        return "batch", Problem("voucher.batch", {"batch": number}), cells["batch"]
    last4 = cells.get("last4", "")
    if last4 and not known.account(paying).endswith(last4):
        return "last4", Problem("voucher.account"), last4
    return None


def _against_person(cells: dict[str, str], paying: Paying, known: _Known) -> Said | None:
    """Quantity, name and number, where they are given, must be those of the line."""
    qty = cells.get("qty", "")
    if qty and qty != str(paying.line.qty):
        return "qty", Problem("voucher.quantity", {"sent": paying.line.qty}), qty
    name, numbers = known.person(paying)
    typed = cells.get("name", "")
    if typed and name and clean(typed) != name:
        return "name", Problem("voucher.name"), typed
    number = cells.get("number", "")
    if number and numbers and not any(n.endswith(number.upper()) for n in numbers):
        return "number", Problem("voucher.number"), number
    return None
