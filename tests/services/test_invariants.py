"""Each invariant of the store, broken by somebody with a database tool, is named, and it alone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from rcaid import data
from rcaid.db.keys import Keys
from rcaid.db.record import AUDIT_ROW, leaves
from rcaid.db.tables import AID_CASE, LEDGER_ENTRY, LedgerEntry
from rcaid.services import deaths, invariants, programmes, upkeep
from rcaid.services.invariants import INVARIANTS
from tests.conftest import ENGINES
from tests.services.conftest import JD_STREETS, Society, make_society
from tests.services.tamper import Change, tampered
from tests.services.test_batches import fix
from tests.services.writing import BOX, rows

Codes = dict[str, set[str]]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The engine of this module's one society."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def told(
    engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Society]:
    """A society that has paid and handed out one round of two; each test takes its change back."""
    folder = tmp_path_factory.mktemp("told")
    if engine == "sqlite":
        url = str(folder / "rcaid.db")
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copyfile(template, url)
    else:
        server = request.getfixturevalue("postgres_server")
        name = server.create(request.getfixturevalue("postgres_template"))
        url = server.url_of(name)
    society = make_society(url, folder)
    tell(society)
    yield society
    society.admin.store.close()
    if engine == "postgres":
        server.drop(name)


def tell(society: Society) -> None:
    """Money and kits: paid, returned, paid again, not yet due; and another programme."""
    programmes.load(society.admin, data.text("programmes/hlw.toml"))
    [roster] = society.import_roster(
        [
            society.person(1, "王伟", 物资=BOX),
            society.person(2, "赵敏"),
            society.person(3, "李静"),
        ]
    )
    society.approve(roster, (1, 2))
    batch = society.pay()
    society.pay("goods")
    society.bank_result(batch, {"22A-JD-00001-1C": "00", "22A-JD-00002-1C": "17"})
    fix(society, "22A-JD-00002-1C")


def broken(society: Society) -> Codes:
    """The codes of what is found, by invariant."""
    found = invariants.check(society.admin.store)
    assert [each.id for each in found] == [each.id for each in INVARIANTS]
    return {each.id: {p.code for p in each.problems} for each in found if not each.held}


def after(society: Society, *changes: Change) -> Codes:
    """What is broken after these changes; they are taken back, and then nothing is."""
    with tampered(society, *changes):
        found = broken(society)
    assert broken(society) == {}
    return found


def entry(society: Society, kind: str) -> LedgerEntry:
    """The first ledger entry of a kind."""
    found = rows(
        society.admin.store, f"SELECT * FROM ledger_entry WHERE kind = '{kind}' ORDER BY id"
    )
    return LedgerEntry(*found[0])


def recorded(keys: Keys, row: LedgerEntry) -> str:
    """What the record says of an entry."""
    [(_, _, _, public, _)] = leaves(LEDGER_ENTRY, [row], keys)
    assert public is not None
    return public


def forged(society: Society, row: LedgerEntry) -> list[Change]:
    """An entry with balances and a line of the record that go with it."""
    said = (
        "310114",
        9000 + int(row.id[0]),
        0,
        "ledger_entry",
        row.id,
        1,
        recorded(society.admin.keys, row),
        None,
    )
    return [
        (_into("ledger_entry", LEDGER_ENTRY.columns), tuple(row)),
        (_into("audit_row", AUDIT_ROW), said),
        _moved(row.fund_id, row.debit, -row.fen),
        _moved(row.fund_id, row.credit, row.fen),
    ]


def _into(table: str, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def _moved(fund: str, account: str, fen: int) -> Change:
    return (
        "UPDATE balance SET fen = fen + ? WHERE fund_id = ? AND account = ?",
        (fen, fund, account),
    )


def restated(society: Society, row: LedgerEntry, **changes: Any) -> list[Change]:
    """An entry that says something else, as does the record."""
    now = row._replace(**changes)
    sets = ", ".join(f"{name} = ?" for name in changes)
    return [
        (f"UPDATE ledger_entry SET {sets} WHERE id = ?", (*changes.values(), row.id)),
        (
            "UPDATE audit_row SET public = ? WHERE noun = 'ledger_entry' AND row_id = ?",
            (recorded(society.admin.keys, now), row.id),
        ),
    ]


def unchecked(society: Society, table: str, constraint: str) -> str:
    """Lets a table hold what its CHECK refuses."""
    if society.admin.store.engine == "sqlite":
        return "PRAGMA ignore_check_constraints=ON"
    return f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {constraint}"


def test_an_untouched_store_keeps_every_invariant(told: Society) -> None:
    assert broken(told) == {}
    counts, verdicts = upkeep.check(told.url)
    assert counts == []
    assert [each.id for each in verdicts] == [f"I{n}" for n in range(1, 15)]
    assert all(each.held for each in verdicts)


def test_i1_an_entry_to_an_account_that_is_none(told: Society) -> None:
    first = entry(told, "receive")
    stray = first._replace(
        id="0" * 26, idem="receive:x", debit="available", credit="nowhere", fen=7
    )
    account = _into("balance", ("fund_id", "account", "fen")), (first.fund_id, "nowhere", 0)
    assert after(told, account, *forged(told, stray)) == {"I1": {"invariant.entry"}}


def test_i2_an_account_below_zero(told: Society) -> None:
    more = entry(told, "receive")._replace(
        id="0" * 26, idem="receive:x", debit="available", credit="payable", fen=900_000_000
    )
    free = unchecked(told, "balance", "balance_check")
    assert after(told, free, *forged(told, more)) == {"I2": {"invariant.below_zero"}}


def test_i3_more_let_go_than_was_set_aside(told: Society) -> None:
    first = entry(told, "release")
    again = first._replace(
        id="0" * 26, disbursement_id=None, idem=f"release:{first.entitlement_id}"
    )
    assert after(told, *forged(told, again)) == {"I3": {"invariant.overdrawn"}}


def test_i3_a_payment_that_no_longer_stands_for_its_right(told: Society) -> None:
    gone = "UPDATE disbursement SET live = NULL WHERE state = 'paid'"
    assert after(told, gone) == {"I3": {"invariant.not_live"}}


def test_i4_a_reversal_of_nothing_and_one_too_many(told: Society) -> None:
    paid = entry(told, "paid")
    first = paid._replace(
        id="0" * 26, kind="reverse", debit="settled", credit="payable",
        idem=f"reverse:{paid.disbursement_id}",
    )  # fmt: skip
    assert after(told, *forged(told, first)) == {"I4": {"invariant.reverses"}}
    receipt = entry(told, "receive")._replace(id="0" * 26, idem="receive:0", fen=7)
    back = [
        receipt._replace(
            id=n * 26, idem=f"receive:{n}", debit="available", credit="external",
            reverses=receipt.id,
        )
        for n in "12"
    ]  # fmt: skip
    once = [change for row in (receipt, back[0]) for change in forged(told, row)]
    assert after(told, *once) == {}
    assert after(told, *once, *forged(told, back[1])) == {"I4": {"invariant.reversed_twice"}}


def test_i5_an_act_posted_under_another_key(told: Society) -> None:
    row = entry(told, "release")
    assert after(told, *restated(told, row, idem="release:again")) == {
        "I5": {"invariant.key_other"}
    }


def test_i5_a_key_that_is_there_twice(told: Society) -> None:
    row = entry(told, "receive")
    more = row._replace(id="0" * 26)
    changes = ["DROP INDEX IF EXISTS ledger_entry_idem", *forged(told, more)]
    assert after(told, *changes) == {"I5": {"invariant.key_twice"}}


@pytest.mark.parametrize("step", ["approve", "freeze", "batch.approve", "batch.release"])
def test_i6_who_filled_a_roster_in_also_decided(told: Society, step: str) -> None:
    change = (
        "UPDATE maker SET staff_id = (SELECT id FROM staff WHERE login = 'jd-caseworker')"
        f" WHERE act = '{step}'"
    )
    assert after(told, change) == {"I6": {"invariant.approver"}}


@pytest.mark.parametrize("step", ["approve", "batch.approve", "batch.release"])
def test_i6_decided_by_nobody(told: Society, step: str) -> None:
    assert after(told, f"DELETE FROM maker WHERE act = '{step}'") == {"I6": {"invariant.by_nobody"}}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE aid_case SET fen = 60000 WHERE case_no = '22A-JD-00001'", "not_frozen"),
        ("UPDATE aid_case SET category = 'mental' WHERE case_no = '22A-JD-00001'", "not_frozen"),
        ("UPDATE account SET hash = 1", "not_frozen"),
        ("UPDATE roster SET frozen_hash = 'x'", "approved_other"),
        ("UPDATE approval SET hash = 'x'", "approved_other"),
        ("UPDATE entitlement SET fen = fen - 1 WHERE state = 'ready'", "right_other"),
        ("UPDATE disbursement SET account_id = NULL WHERE kind = 'money'", "payee_other"),
    ],
)
def test_i7_another_payee_amount_or_account_than_was_approved(
    told: Society, change: str, code: str
) -> None:
    found = after(told, change)
    assert found.keys() == {"I7"}
    assert f"invariant.{code}" in found["I7"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE batch SET fen = fen + 1 WHERE kind = 'money'", "batch_sum"),
        ("UPDATE batch SET lines = lines - 1", "batch_sum"),
        ("UPDATE batch SET left_out = 1", "batch_sum"),
        ("UPDATE batch SET file_sha256 = NULL", "batch_file"),
        ("UPDATE lot SET unit_value_fen = 1", "goods_value"),
        ("UPDATE disbursement SET value_fen = 1 WHERE kind = 'money'", "goods_value"),
    ],
)
def test_i8_a_batch_that_is_not_its_lines(told: Society, change: str, code: str) -> None:
    assert after(told, change) == {"I8": {f"invariant.{code}"}}


def test_i9_a_balance_that_its_entries_do_not_give(told: Society) -> None:
    change = "UPDATE balance SET fen = fen + 1 WHERE account = 'available'"
    assert after(told, change) == {"I9": {"invariant.balance"}}


def test_i10_a_paid_line_without_day_a_settled_one_that_is_not_paid(told: Society) -> None:
    assert after(told, "UPDATE disbursement SET done_on = NULL WHERE state = 'paid'") == {
        "I10": {"invariant.unsettled"}
    }
    assert after(told, "UPDATE disbursement SET state = 'released' WHERE state = 'paid'") == {
        "I10": {"invariant.settled_unpaid"}
    }


def test_i10_a_voucher_that_stands_twice(told: Society) -> None:
    same = "UPDATE disbursement SET voucher = '22A-JD-00001-1C' WHERE voucher = '22A-JD-00002-1C'"
    assert after(told, "DROP INDEX IF EXISTS disbursement_voucher", same) == {
        "I10": {"invariant.voucher_twice"}
    }


def test_i11_more_than_the_cap_of_the_rules(told: Society) -> None:
    rules = rows(told.admin.store, "SELECT rules FROM programme_version")
    [text] = [text for (text,) in rules if 'code = "QWR"' in text]
    lower = re.sub(r"fen_per_year = \d+", "fen_per_year = 99999", text)
    change = "UPDATE programme_version SET rules = ? WHERE rules = ?", (lower, text)
    assert after(told, change) == {"I11": {"invariant.over_cap"}}


def test_i11_one_person_with_two_lines_in_a_cycle(told: Society) -> None:
    [line] = rows(told.admin.store, "SELECT * FROM aid_case WHERE case_no = '22A-JD-00001'")
    names = AID_CASE.columns
    again = dict(zip(names, line, strict=True)) | {
        "id": "0" * 26, "case_no": "22A-JD-99999", "state": "struck",
    }  # fmt: skip
    change = _into("aid_case", names), tuple(again.values())
    assert after(told, "DROP INDEX IF EXISTS aid_case_person", change) == {
        "I11": {"invariant.listed_twice"}
    }


def test_i12_an_ended_cycle_with_rights_left_open(told: Society) -> None:
    assert after(told, "UPDATE cycle SET state = 'ended'") == {"I12": {"invariant.left_open"}}


def test_i13_a_fund_of_another_programme(told: Society) -> None:
    change = (
        "UPDATE fund SET programme_id = (SELECT id FROM programme WHERE code = 'HLW')"
        " WHERE code = 'QWR'"
    )
    assert after(told, change) == {"I13": {"invariant.other_purpose"}}


def test_i14_an_entry_that_the_record_does_not_know_so(told: Society) -> None:
    first = entry(told, "receive")
    change = "UPDATE audit_row SET public = '{}' WHERE row_id = ?", (first.id,)
    assert after(told, change) == {"I14": {"invariant.unrecorded"}}
    more = ("310114", 9999, 0, "ledger_entry", "0" * 26, 1, "{}", None)
    assert after(told, (_into("audit_row", AUDIT_ROW), more)) == {"I14": {"invariant.unposted"}}


def test_what_happens_after_approval_breaks_nothing(society: Society) -> None:
    """A death, an account that is mended and money sent again are no tampering."""
    tell(society)
    person = rows(society.admin.store, "SELECT id FROM person WHERE name = '李静'")[0][0]
    deaths.record(society.desk("jd-caseworker"), person, society.admin.day, "family")
    assert society.admin.offices.by_code[JD_STREETS[0]]
    assert broken(society) == {}
