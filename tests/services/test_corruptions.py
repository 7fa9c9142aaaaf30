"""What somebody with a database tool did to ledger, case and lot rows is named by `rcaid db check`.

Each corruption is one change past every guard, taken back afterwards. `FOUND_BY` names by hand every
question that finds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rcaid.db import upkeep
from rcaid.db.engine import Statement
from rcaid.services.invariants import INVARIANTS, Check
from tests.conftest import ENGINES
from tests.services.conftest import Societies, Society
from tests.services.storied import PAID, READY, WAITS, storied
from tests.services.tamper import tamper, tampered

DOCS = Path(__file__).parent.parent.parent / "docs" / "reliability.md"
LINE = "22A-JD-00001"


def case(case_no: str) -> str:
    return f"(SELECT id FROM aid_case WHERE case_no = '{case_no}')"


def first(table: str, where: str = "1 = 1") -> str:
    """The id of the first row that fits, by a derived table so that both engines take it."""
    return f"(SELECT f.id FROM (SELECT min(id) AS id FROM {table} WHERE {where}) f)"


def again(table: str, where: str, **changes: str) -> str:
    """One more row like the first that fits; ``changes`` are its other values, as SQL."""
    names = COLUMNS[table]
    picked = ", ".join(changes.get(name, name) for name in names)
    return (
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {picked} FROM {table}"
        f" WHERE id = {first(table, where)}"
    )


def _columns() -> dict[str, tuple[str, ...]]:
    from rcaid.db.tables import RECORDED

    return {name: table.columns for name, table in RECORDED.items()}


COLUMNS = _columns()
NEW = "'" + "0" * 26 + "'"
CHECKS = (
    ("ledger_entry", "check"), ("ledger_entry", "fen_check"), ("balance", "check"),
    ("stock", "check"), ("donation_receipt", "number_key"),
)  # fmt: skip
LEDGER = "UPDATE ledger_entry SET"

# The change by what it did.
CORRUPTIONS: dict[str, str | tuple[str, ...]] = {
    # --- ledger and balances
    "entry to an account that is none": (f"{LEDGER} credit = 'nowhere' WHERE id = " + first("ledger_entry", "kind = 'paid'"),),
    "entry to itself": (f"{LEDGER} credit = debit WHERE id = " + first("ledger_entry", "kind = 'paid'"),),
    "entry of a fund that is none": (f"{LEDGER} fund_id = 'x' WHERE id = {first('ledger_entry')}",),
    "entry below zero": (f"{LEDGER} fen = -fen WHERE id = {first('ledger_entry')}",),
    "entry one fen more": (f"{LEDGER} fen = fen + 1 WHERE kind = 'receive'",),
    "release one fen less": (f"{LEDGER} fen = fen - 1 WHERE id = " + first("ledger_entry", "kind = 'release'"),),
    "receipt removed": ("DELETE FROM ledger_entry WHERE id = " + first("ledger_entry", "kind = 'receive'"),),
    "payment removed": ("DELETE FROM ledger_entry WHERE kind = 'paid'",),
    "commitment removed": ("DELETE FROM ledger_entry WHERE kind = 'commit'",),
    "entitlement entry removed": ("DELETE FROM ledger_entry WHERE kind = 'entitle'",),
    "receipt added": (again("ledger_entry", "kind = 'receive'", id=NEW, idem="'receive:x'"),),
    "payment posted again": (again("ledger_entry", "kind = 'paid'", id=NEW, idem="'paid:x'"),),
    "key there twice": (again("ledger_entry", "kind = 'paid'", id=NEW)),
    "key of a payment changed": (f"{LEDGER} idem = 'x' || idem WHERE kind = 'release'",),
    "key of a case changed": (f"{LEDGER} idem = 'x' || idem WHERE kind = 'commit'",),
    "version of an entry": (f"{LEDGER} version = 2 WHERE kind = 'receive'",),
    "correction of nothing": (f"{LEDGER} reverses = 'x' WHERE kind = 'receive'",),
    "corrected twice": (f"{LEDGER} reverses = {first('ledger_entry')} WHERE kind = 'receive'",),
    "day of an entry": (f"{LEDGER} day = '2022-02-03' WHERE kind = 'paid'",),
    "entry moved into a closed month": (f"{LEDGER} day = '2022-02-27' WHERE day >= '2022-03-01'",),
    "entry of another fund": (f"{LEDGER} fund_id = (SELECT id FROM fund WHERE code = 'AID') WHERE kind = 'release'",),
    "entry without its case": (f"{LEDGER} case_id = NULL WHERE kind = 'commit'",),
    "entry of another right": (f"{LEDGER} entitlement_id = {first('entitlement')} WHERE kind = 'paid'",),
    "entry without its gift": (f"{LEDGER} donation_id = NULL WHERE donation_id IS NOT NULL",),
    "entry of another office": (f"{LEDGER} office_id = {first('office')} WHERE kind = 'release'",),
    "balance one fen more": ("UPDATE balance SET fen = fen + 1 WHERE account = 'available'",),
    "balance removed": ("DELETE FROM balance WHERE account = 'settled'",),
    "balance of another account": ("UPDATE balance SET account = 'nowhere' WHERE account = 'written_off'",),
    "balance below zero": ("UPDATE balance SET fen = -5 WHERE account = 'available'",),
    "month of another hash": ("UPDATE fund_period SET sha256 = 'x'",),
    # --- funds, gifts, transfers
    "fund of another programme": ("UPDATE fund SET programme_id = (SELECT id FROM programme WHERE code = 'STU') WHERE code = 'FIRE'",),
    "fund for something else": ("UPDATE fund SET restriction = 'campaign', scope = 'X' WHERE code = 'FIRE'",),
    "move between funds raised": ("UPDATE fund_move SET fen = fen + 1",),
    "move between funds removed": ("DELETE FROM fund_move",),
    "gift one fen more": (f"UPDATE donation SET fen = fen + 1 WHERE id = {first('donation', 'receipt_no IS NULL')}",),
    "gift only promised": (f"UPDATE donation SET state = 'pledged' WHERE id = {first('donation', 'receipt_no IS NULL')}",),
    "gift removed": (f"DELETE FROM donation WHERE id = {first('donation', 'receipt_no IS NULL')}",),
    "receipt of another amount": ("UPDATE donation_receipt SET fen = fen + 1",),
    "receipt of another number": ("UPDATE donation SET receipt_no = 'R-9' WHERE receipt_no = 'R-0001'",),
    "receipt number twice": ("UPDATE donation_receipt SET number = 'R-0001'"),
    "transfer approved by nobody": ("DELETE FROM maker WHERE act = 'transfer.approve'",),
    "value of a transfer": ("UPDATE transfer SET goods_fen = goods_fen + 1 WHERE goods_fen > 0",),
    "transfer of another fund": ("UPDATE transfer SET fund_id = (SELECT id FROM fund WHERE code = 'QWR') WHERE fen > 0",),
    # --- cases, rosters, rights
    "amount of a roster's line": (f"UPDATE aid_case SET fen = 60000 WHERE case_no = '{LINE}'",),
    "category of a roster's line": (f"UPDATE aid_case SET category = 'mental' WHERE case_no = '{LINE}'",),
    "line removed": (f"DELETE FROM aid_case WHERE case_no = '{LINE}'",),
    "hash of a roster": ("UPDATE roster SET frozen_hash = 'x'",),
    "hash of an approval": ("UPDATE approval SET hash = 'x' WHERE noun = 'roster'",),
    "approval of a case removed": (f"DELETE FROM approval WHERE object_id = {case(WAITS)}",),
    "state of a case": (f"UPDATE aid_case SET state = 'paid' WHERE case_no = '{READY}'",),
    "case rejected": (f"UPDATE aid_case SET state = 'rejected' WHERE case_no = '{WAITS}'",),
    "case of another person": (f"UPDATE aid_case SET person_id = (SELECT p.person_id FROM (SELECT person_id FROM aid_case WHERE case_no = '{PAID}') p) WHERE case_no = '{WAITS}'",),
    "case of another account": (f"UPDATE aid_case SET account_id = (SELECT p.account_id FROM (SELECT account_id FROM aid_case WHERE case_no = '{PAID}') p) WHERE case_no = '{WAITS}'",),
    "case of another amount": (f"UPDATE aid_case SET fen = fen + 1 WHERE case_no = '{WAITS}'",),
    "case of another office": (f"UPDATE aid_case SET office_id = {first('office')} WHERE case_no = '{WAITS}'",),
    "hash of a case": (f"UPDATE aid_case SET line_hash = NULL WHERE case_no = '{WAITS}'",),
    "number of an account": ("UPDATE account SET hash = 1",),
    "approved amount": (f"UPDATE application SET approved_fen = 1 WHERE id = {case(WAITS)}",),
    "fund of an application": (f"UPDATE application SET fund_id = NULL WHERE id = {case(WAITS)}",),
    "recovery given up": ("UPDATE recovery SET lost_fen = 1",),
    "right one fen less": ("UPDATE entitlement SET fen = fen - 1 WHERE state = 'ready'",),
    "right of another person": (f"UPDATE entitlement SET person_id = (SELECT p.person_id FROM (SELECT person_id FROM aid_case WHERE case_no = '{WAITS}') p) WHERE case_id = {case(READY)}",),
    "right of another fund": ("UPDATE entitlement SET fund_id = (SELECT id FROM fund WHERE code = 'AID') WHERE state = 'delivered'",),
    "right removed": (f"DELETE FROM entitlement WHERE case_id = {case(READY)}",),
    "right delivered": (f"UPDATE entitlement SET state = 'delivered' WHERE case_id = {case(READY)}",),
    "right twice": (again("entitlement", f"case_id = {case(READY)}", id=NEW, again="7"),),
    "person twice in a cycle": (again("aid_case", f"case_no = '{LINE}'", id=NEW, case_no="'22A-JD-99999'", state="'struck'")),
    "rules with another cap": ("UPDATE programme_version SET rules = replace(rules, 'person_fen_per_year = 100000', 'person_fen_per_year = 99999')",),
    "cap of single cases": ("UPDATE programme_version SET rules = replace(rules, 'household_fen_per_year = 1000000', 'person_fen_per_year = 100')",),
    "cycle of a roster ended": ("UPDATE cycle SET state = 'ended' WHERE code = '22A'",),
    "cycle of cases ended": ("UPDATE cycle SET state = 'ended' WHERE code = '22F'",),
    "who approved removed": (f"DELETE FROM maker WHERE act = 'approve' AND object_id = {case(WAITS)}",),
    "who approved is who entered": (f"UPDATE maker SET staff_id = (SELECT p.staff_id FROM (SELECT staff_id FROM maker WHERE act = 'create' AND object_id = {case(PAID)}) p) WHERE act = 'approve' AND object_id = {case(PAID)}",),
    "who released is who entered": ("UPDATE maker SET staff_id = (SELECT id FROM staff WHERE login = 'jd-caseworker') WHERE act = 'batch.release'",),
    # --- batches and payments
    "sum of a batch": ("UPDATE batch SET fen = fen + 1 WHERE kind = 'money'",),
    "lines of a batch": ("UPDATE batch SET lines = lines + 1",),
    "file of a batch": ("UPDATE batch SET file_sha256 = NULL",),
    "payment of another amount": ("UPDATE disbursement SET fen = fen + 1 WHERE kind = 'money' AND state = 'paid'",),
    "payment to another account": ("UPDATE disbursement SET account_id = NULL WHERE kind = 'money'",),
    "payment without its day": ("UPDATE disbursement SET done_on = NULL WHERE state = 'paid'",),
    "payment never made": ("UPDATE disbursement SET state = 'released' WHERE state = 'paid'",),
    "payment that stands for nothing": ("UPDATE disbursement SET live = NULL WHERE state = 'paid'",),
    "payment removed from its batch": ("DELETE FROM disbursement WHERE id = " + first("disbursement", "state = 'paid'"),),
    "paid once more": (again("disbursement", "state = 'paid'", id=NEW, live="NULL", voucher="'V-9'"),),
    "paid twice": (
        again("disbursement", "kind = 'goods'", id=NEW, voucher="'V-9'"),
        "UPDATE batch SET lines = lines + 1, qty = qty + 1 WHERE kind = 'goods'",
    ),
    "voucher twice": ("UPDATE disbursement SET voucher = '22A-JD-00001-1C' WHERE voucher = '22A-JD-00002-1C'"),
    # --- goods
    "value of a lot": ("UPDATE lot SET unit_value_fen = 1 WHERE code = 'BOX-1'",),
    "value of a lot sent": ("UPDATE lot SET unit_value_fen = 1 WHERE code = 'B-1'",),
    "item of a lot": ("UPDATE lot SET item_id = 'x' WHERE code = 'BOX-1'",),
    "lot removed": ("DELETE FROM lot WHERE code = 'BOX-1'",),
    "stock one more": ("UPDATE stock SET qty = qty + 1 WHERE account = 'on_hand'",),
    "stock removed": ("DELETE FROM stock WHERE account = 'delivered'",),
    "stock below zero": ("UPDATE stock SET qty = -5 WHERE account = 'on_hand'"),
    "stock entry of more": ("UPDATE stock_entry SET qty = qty + 1",),
    "stock entry removed": (f"DELETE FROM stock_entry WHERE id = {first('stock_entry')}",),
    "stock entry of another lot": ("UPDATE stock_entry SET lot_id = (SELECT id FROM lot WHERE code = 'BOX-1')",),
    "goods delivered that were not": ("UPDATE transfer_line SET qty = 3",),
}  # fmt: skip


# The questions that find it; "sums" are counts that differ from their rows. To the last one, so that
# a question that is taken out makes a test fail.
FOUND_BY = {
    "entry to an account that is none": "balances entry not_as_closed unrecorded",
    "entry to itself": "balances entry not_as_closed unrecorded",
    "entry of a fund that is none": "balances entry not_as_closed unrecorded",
    "entry below zero": "balances entry not_as_closed unrecorded",
    "entry one fen more": "balances donation_sum not_as_closed unrecorded",
    "release one fen less": "balances not_as_closed overdrawn unrecorded",
    "receipt removed": "balances not_as_closed unposted",
    "payment removed": "balances not_as_closed overdrawn unposted unsettled",
    "commitment removed": "balances committed not_as_closed unposted",
    "entitlement entry removed": "balances committed not_as_closed overdrawn unposted",
    "receipt added": "balances not_as_closed unrecorded",
    "payment posted again": "balances key_other not_as_closed overdrawn unrecorded",
    "key there twice": "balances key_twice not_as_closed overdrawn unrecorded",
    "key of a payment changed": "key_other not_as_closed unrecorded",
    "key of a case changed": "case_key not_as_closed unrecorded",
    "version of an entry": "not_as_closed rewritten unrecorded",
    "correction of nothing": "not_as_closed reversed_twice reverses unrecorded",
    "corrected twice": "not_as_closed reversed_twice reverses unrecorded",
    "day of an entry": "not_as_closed unrecorded",
    "entry moved into a closed month": "not_as_closed unrecorded",
    "entry of another fund": "balances not_as_closed other_fund unrecorded",
    "entry without its case": "case_key committed no_case not_as_closed unrecorded",
    "entry of another right": "not_as_closed other_fund overdrawn unrecorded",
    "entry without its gift": "donation_sum not_as_closed unrecorded",
    "entry of another office": "not_as_closed unrecorded",
    "balance one fen more": "balances",
    "balance removed": "balances",
    "balance of another account": "balances",
    "balance below zero": "balances below_zero",
    "month of another hash": "not_as_closed",
    "fund of another programme": "case_fund other_purpose",
    "fund for something else": "out_of_scope",
    "move between funds raised": "moved",
    "move between funds removed": "moved",
    "gift one fen more": "donation_sum",
    "gift only promised": "donation_sum",
    "gift removed": "donation_sum",
    "receipt of another amount": "receipt_other",
    "receipt of another number": "receipt_other",
    "receipt number twice": "receipt_other receipt_twice",
    "transfer approved by nobody": "by_nobody",
    "value of a transfer": "transfer_value",
    "transfer of another fund": "other_fund other_purpose",
    "amount of a roster's line": "not_frozen right_other sums",
    "category of a roster's line": "not_frozen sums",
    "line removed": "not_frozen sums",
    "hash of a roster": "approved_other not_frozen",
    "hash of an approval": "approved_other",
    "approval of a case removed": "not_as_approved",
    "state of a case": "sums",
    "case rejected": "committed sums",
    "case of another person": "not_as_approved",
    "case of another account": "not_as_approved",
    "case of another amount": "not_as_approved sums",
    "case of another office": "sums",
    "hash of a case": "not_as_approved",
    "number of an account": "not_as_approved not_frozen",
    "approved amount": "committed",
    "fund of an application": "not_as_approved",
    "recovery given up": "recovery",
    "right one fen less": "payee_other right_other sums",
    "right of another person": "payee_other right_other",
    "right of another fund": "other_fund other_purpose",
    "right removed": "other_fund sums",
    "right delivered": "sums",
    "right twice": "right_twice sums",
    "person twice in a cycle": "listed_twice sums",
    "rules with another cap": "over_cap",
    "cap of single cases": "over_cap",
    "cycle of a roster ended": "left_open",
    "cycle of cases ended": "left_decided left_open",
    "who approved removed": "by_nobody",
    "who approved is who entered": "approver",
    "who released is who entered": "batch_approver",
    "sum of a batch": "batch_sum",
    "lines of a batch": "batch_sum",
    "file of a batch": "batch_file",
    "payment of another amount": "batch_sum goods_value payee_other unsettled",
    "payment to another account": "payee_other",
    "payment without its day": "unsettled",
    "payment never made": "settled_unpaid sums",
    "payment that stands for nothing": "not_live",
    "payment removed from its batch": "batch_sum settled_unpaid sums",
    "paid once more": "batch_sum not_live sums twice unsettled",
    "paid twice": "sums twice",
    "voucher twice": "voucher_twice",
    "value of a lot": "goods_value",
    "value of a lot sent": "transfer_value",
    "item of a lot": "goods_value",
    "lot removed": "goods_value",
    "stock one more": "stock_balance",
    "stock removed": "stock_balance stock_delivered",
    "stock below zero": "stock_balance stock_below",
    "stock entry of more": "stock_balance",
    "stock entry removed": "stock_balance",
    "stock entry of another lot": "stock_balance",
    "goods delivered that were not": "stock_delivered transfer_value",
}  # fmt: skip


@pytest.fixture(scope="module", params=ENGINES)
def told(
    request: pytest.FixtureRequest, societies: Societies, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Society]:
    """The society of the story; each test takes its change back."""
    society = storied(societies.copy(request.param, tmp_path_factory.mktemp("told")))
    lift(society)
    yield society
    societies.close(society)


def name_of(check: Check) -> str:
    """What a question is called here: its invariant's code and how it is asked."""
    find = check.find
    return (
        find.name.removeprefix("invariant.")
        if isinstance(find, Statement)
        else find.__name__.strip("_")
    )


def lift(society: Society) -> None:
    """Takes away the indexes and CHECKs that would stop a change."""
    for name in (
        "ledger_entry_idem",
        "aid_case_person",
        "disbursement_voucher",
        "disbursement_live",
    ):
        tamper(society, f"DROP INDEX IF EXISTS {name}")
    if society.admin.store.engine == "sqlite":  # where a UNIQUE goes with its table alone
        tamper(society, "CREATE TABLE loose AS SELECT * FROM donation_receipt")
        tamper(society, "DROP TABLE donation_receipt")
        tamper(society, "ALTER TABLE loose RENAME TO donation_receipt")
        return
    for table, name in CHECKS:
        tamper(society, f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {table}_{name}")


def _free(society: Society) -> list[str]:
    sqlite = society.admin.store.engine == "sqlite"
    return ["PRAGMA ignore_check_constraints=ON"] if sqlite else []


def found(society: Society, change: str | tuple[str, ...]) -> set[str]:
    """The questions that find a change, and "sums" where counts differ from their rows."""
    changes = (change,) if isinstance(change, str) else change
    with tampered(society, *_free(society), *changes):
        store = society.admin.store
        asked = [check for each in INVARIANTS for check in each.checks]
        names = {name_of(check) for check in asked if check.problems(store)}
        return names | ({"sums"} if upkeep.uncounted(store) else set())


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_corruption_is_found_and_named(told: Society, name: str) -> None:
    assert found(told, CORRUPTIONS[name]) == set(FOUND_BY[name].split())


def test_an_untouched_store_is_whole(told: Society) -> None:
    assert found(told, ()) == set()


def test_each_question_is_missed_when_it_is_taken_out() -> None:
    questions = {name_of(check) for each in INVARIANTS for check in each.checks}
    named = {name for names in FOUND_BY.values() for name in names.split()}
    assert len(CORRUPTIONS) >= 60
    assert named - {"sums"} == questions


def test_the_page_names_a_corruption_for_each_question() -> None:
    page = DOCS.read_text(encoding="utf-8")
    for name in {name for names in FOUND_BY.values() for name in names.split()} - {"sums"}:
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{name}` |")]
        shown = row.split("|")[3].strip().split("; ")
        assert all(name in FOUND_BY[each].split() for each in shown), row
