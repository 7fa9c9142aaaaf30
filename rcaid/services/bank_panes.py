"""Results of a bank in two panes: what settled, and what came back or fits nothing.

A payment that came back gets another account here and is then put into a batch again; it goes out
only after others have approved and released that batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rcaid.db import bank_panes as rows
from rcaid.db import payments, people
from rcaid.db.payments import Paying
from rcaid.db.tables import Account, Batch, ImportBatch
from rcaid.db.unit import Entry
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.identity import mask_account
from rcaid.domain.names import mask
from rcaid.services import batches, catalogue, results
from rcaid.services.desk import Desk
from rcaid.services.importing import imports, rejects
from rcaid.services.importing.rejects import NotTaken
from rcaid.services.narrowing import narrowed
from rcaid.services.shown import shown_name

ACT = "case.list"
"""Who may see lines of a batch with the people they are for may see these."""
FIX, AGAIN = "return.fix_account", "return.reissue"
SHOWN_UNMATCHED = 200
_SETTLED = ("paid", "reversed")


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file of a bank: its lines that settled and came back as they are now, their money in fen;
    ``waiting`` of those that came back have no other account yet, ``ready`` have one."""

    id: str
    file_name: str
    office_id: str
    place: str
    day: str
    settled: int
    settled_fen: int
    returned: int
    returned_fen: int
    waiting: int
    ready: int
    unmatched: int
    version: int


@dataclass(frozen=True, slots=True)
class PaneLine:
    """One payment. ``state`` is settled, waiting, ready, again or written_back; ``why`` is what the
    bank said, ``again`` the batch by which it goes out anew."""

    voucher: str
    case_no: str
    name: str
    fen: int
    day: str
    state: str
    why: str
    account: str
    batch: str
    again: str = ""


@dataclass(frozen=True, slots=True)
class Panes:
    """A file in full. ``unmatched`` are the first rows of it that fit no payment; none for who may
    not read the cells of such files."""

    file: BankFile
    settled: tuple[PaneLine, ...]
    returned: tuple[PaneLine, ...]
    unmatched: tuple[NotTaken, ...]


def page(desk: Desk, filter_text: str = "") -> list[BankFile] | Problem:
    """The files of banks, the newest first, or what is wrong with the filter."""
    found = _shown(desk, rows.files(desk.store, desk.reach(ACT)))
    return narrowed(filter_text, found, lambda each: (each.file_name, each.place, each.day))


def file_of(desk: Desk, id: str) -> BankFile:
    """One of them; Refused import.unknown or who.no_duty."""
    return _shown(desk, [_found(desk, id)])[0]


def _found(desk: Desk, id: str) -> ImportBatch:
    batch = imports.batch_of(desk, id)
    desk.require(ACT, batch.office_id)
    if batch.kind != "bank":
        raise Refused(Problem("import.unknown", {"batch": id}))
    return batch


def _shown(desk: Desk, found: Sequence[ImportBatch]) -> list[BankFile]:
    counted = rows.counted(desk.store, [each.id for each in found])
    made = []
    for each in found:
        own = [line for line in counted if line.batch_id == each.id]
        settled = [line for line in own if line.state in _SETTLED]
        back = [line for line in own if line.state not in _SETTLED]
        open_ = [line for line in back if line.state == "returned"]
        made.append(
            BankFile(
                each.id, each.file_name, each.office_id, desk.offices.path(each.office_id),
                each.applied_on, sum(line.n for line in settled),
                sum(line.fen for line in settled), sum(line.n for line in back),
                sum(line.fen for line in back),
                sum(line.n for line in open_ if not line.another),
                sum(line.n for line in open_ if line.another), each.rows_rejected, each.version,
            )
        )  # fmt: skip
    return made


def panes(desk: Desk, id: str) -> Panes:
    """A file in full; Refused import.unknown or who.no_duty."""
    batch = _found(desk, id)
    vouchers = rows.vouchers(desk.store, batch.id)
    found = payments.by_vouchers(desk.store, vouchers)
    lines = list(_lines(desk, [found[voucher] for voucher in vouchers if voucher in found]))
    sees = rejects.may_read(desk, batch.kind, batch.office_id)
    bad = rejects.of_batch(desk, batch.id, SHOWN_UNMATCHED).rows if sees else ()
    return Panes(
        _shown(desk, [batch])[0],
        tuple(line for line in lines if line.state == "settled"),
        tuple(line for line in lines if line.state != "settled"),
        tuple(bad),
    )


def _lines(desk: Desk, found: Sequence[Paying]) -> Iterator[PaneLine]:
    who = people.many(desk.store, (paying.line.person_id for paying in found))
    back = [paying for paying in found if paying.line.state not in _SETTLED]
    accounts = people.accounts(desk.store, {p.entitlement.account_id or "" for p in back})
    again = rows.followed(desk.store, [paying.entitlement.id for paying in back])
    numbers: dict[str, str] = {}
    for paying in found:
        line = paying.line
        if line.batch_id not in numbers:
            batch = payments.batch_by_id(desk.store, line.batch_id)
            numbers[line.batch_id] = batch.number if batch else ""
        person = who.get(line.person_id)
        yield PaneLine(
            line.voucher, paying.case_no, shown_name(desk, person) if person else mask(""),
            line.fen or 0, line.done_on or "", _state(paying), line.code or "",
            _account(desk, accounts.get(paying.entitlement.account_id or "")),
            numbers[line.batch_id], again.get(line.id, ("", ""))[0],
        )  # fmt: skip


def _state(paying: Paying) -> str:
    line = paying.line
    if line.state in _SETTLED:
        return "settled"
    if line.state == "returned":
        same = paying.entitlement.account_id == line.account_id
        return "waiting" if same else "ready"
    return "again" if line.state == "reissued" else line.state


def _account(desk: Desk, account: Account | None) -> str:
    if account is None or account.sealed is None:
        return ""
    values = desk.keys.open("account", account.id, bytes(account.sealed))[1]
    return mask_account(str(values.get("number", "")))


def fix(desk: Desk, voucher: str, number: str, bank: str = "", holder: str = "") -> Entry:
    """Gives a payment that came back another account, at the same bank and for the same holder
    unless others are named. Refused as `results.fix_accounts`."""
    paying = payments.by_vouchers(desk.store, [voucher]).get(voucher)
    if paying is None:
        raise Refused(Problem("voucher.unknown", {"voucher": voucher}))
    old = people.accounts(desk.store, [paying.line.account_id or ""])
    account = old.get(paying.line.account_id or "")
    values = {}
    if account is not None and account.sealed is not None:
        values = desk.keys.open("account", account.id, bytes(account.sealed))[1]
    person = people.many(desk.store, [paying.line.person_id])[paying.line.person_id]
    said_holder = holder or str(values.get("holder", "")) or (person.name or "")
    said_bank = bank or ((account.bank or "") if account else "")
    fixes = [(voucher, said_holder, said_bank, number)]
    return results.fix_accounts(desk, fixes, paying.line.office_id)[1]


def again(desk: Desk, batch_number: str) -> tuple[Batch, Entry]:
    """Puts all that came back in the round and the office of a batch, and has another account by
    now, into a new batch. Refused reissue.none where there is none."""
    batch = batches.find(desk, batch_number)
    round_code = catalogue.names(desk).round[batch.round_id]
    cycle, _dash, number = round_code.rpartition("-")
    office = desk.offices.by_id[batch.office_id]
    try:
        return batches.reissue(desk, cycle, int(number), office.code)
    except Refused as error:
        if [problem.code for problem in error.problems] != ["batch.empty"]:
            raise
        params = {"office": office.name, "cycle": round_code}
        raise Refused(Problem("reissue.none", params)) from error
