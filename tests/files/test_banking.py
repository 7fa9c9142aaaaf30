"""Bank files: the same bytes for the same batch, control sums, and what a bank cannot take."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from rcaid.domain.errors import Broken, Unusable
from rcaid.domain.sentences import SENTENCES
from rcaid.files.banking import BankLine, read_back, templates, write_bank_file
from rcaid.files.tables import open_table

BATCH = "22A-1-JD-C01"
LINES = (
    BankLine(
        "22A-JD-00001-1C", "张三", "6228480000000000001", "农业银行江桥支行", 100000, "救助金"
    ),
    BankLine("22A-JD-00002-1C", "王𬭎", "6228480000000000002", "工商银行", 50050, ""),
)


@pytest.mark.parametrize("name", sorted(templates()))
def test_br_064_a_bank_file_is_read_back_with_its_sum_and_count(tmp_path: Path, name: str) -> None:
    template = templates()[name]
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    digest = write_bank_file(first, template, BATCH, LINES)
    assert digest == write_bank_file(second, template, BATCH, LINES)
    assert digest == hashlib.sha256(second.read_bytes()).hexdigest()
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    back = read_back(first, template)
    assert (back.batch_no, back.lines, back.total) == (BATCH, LINES, 150050)


def test_br_064_the_standard_file_is_this(tmp_path: Path) -> None:
    path = tmp_path / "standard.csv"
    write_bank_file(path, templates()["standard"], BATCH, LINES[:1])
    assert path.read_bytes().decode("utf-8-sig") == (
        "批次号,凭证号,户名,账号,开户行,金额,用途\r\n"
        f"{BATCH},22A-JD-00001-1C,张三,6228480000000000001,农业银行江桥支行,1000.00,救助金\r\n"
        "合计,1,,,,1000.00,壹仟元整\r\n"
    )
    with open_table(path) as table:
        assert len(list(table.rows)) == 1
        assert len(table.totals) == 1


def test_the_counter_file_is_gb18030_with_bars(tmp_path: Path) -> None:
    path = tmp_path / "counter.txt"
    write_bank_file(path, templates()["counter"], BATCH, LINES)
    lines = path.read_bytes().decode("gb18030").split("\r\n")
    assert lines[0] == "批次编号|业务编号|收款账号|收款户名|收款行|金额（元）|附言"
    assert lines[3] == "总计|2||||1500.50|壹仟伍佰元伍角整"


def test_an_empty_batch_is_a_file_with_a_zero_sum(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    write_bank_file(path, templates()["standard"], BATCH, ())
    assert read_back(path, templates()["standard"]).total == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": 0}, "bank.amount"),
        ({"amount": -5}, "bank.amount"),
        ({"holder": ""}, "bank.blank"),
        ({"account": ""}, "bank.blank"),
        ({"holder": "张\n三"}, "bank.text"),
        ({"holder": "=张三"}, "bank.text"),
        ({"remark": "\u202ex"}, "bank.text"),
    ],
)
def test_a_line_that_a_bank_cannot_take_stops_the_file(
    tmp_path: Path, changes: dict[str, object], code: str
) -> None:
    bad = replace(LINES[1], **changes)  # type: ignore[arg-type]
    with pytest.raises(Unusable) as raised:
        write_bank_file(tmp_path / "x.csv", templates()["standard"], BATCH, (LINES[0], bad))
    (problem,) = raised.value.problems
    assert (problem.code, problem.row) == (code, 2)
    assert code in SENTENCES
    assert list(tmp_path.iterdir()) == []


def test_a_name_outside_the_encoding_stops_the_file(tmp_path: Path) -> None:
    template = replace(templates()["standard"], encoding="gb2312")
    with pytest.raises(Unusable, match=r"bank\.encoding"):
        write_bank_file(tmp_path / "x.csv", template, BATCH, LINES)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1000.00", "1000.01"),
        ("1500.50", "1500.51"),
        ("合计,2", "合计,3"),
        ("壹仟伍佰", "壹仟肆佰"),
        ("22A-1-JD-C01,22A-JD-00002", "22A-1-JD-C02,22A-JD-00002"),
        ("500.50", "5OO.50"),
        ("户名", "姓名"),
        ("王𬭎,", '"王𬭎,'),
        (",救助金", ""),
    ],
)
def test_br_064_a_changed_file_is_noticed(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "changed.csv"
    template = templates()["standard"]
    write_bank_file(path, template, BATCH, LINES)
    text = path.read_bytes().decode("utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode("utf-8"))
    with pytest.raises(Broken) as raised:
        read_back(path, template)
    assert all(problem.code in SENTENCES for problem in raised.value.problems)
