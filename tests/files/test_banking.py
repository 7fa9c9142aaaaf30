"""Bank files: the same bytes for the same batch, control sums, and what a bank cannot take."""

from __future__ import annotations

import hashlib
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rcaid.domain.errors import Broken, Unusable
from rcaid.domain.sentences import SENTENCES
from rcaid.files.banking import (
    BankLine,
    BankTemplate,
    bank_bytes,
    read_back,
    read_template,
    templates,
    write_bank_file,
)
from rcaid.files.tables import open_table

BATCH = "22A-1-JD-C01"
_COLUMNS = [
    {"key": key, "heading": heading}
    for key, heading in (("voucher", "a"), ("holder", "b"), ("account", "c"), ("amount", "d"))
]
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
    assert (back.batch_no, back.lines, back.total) == (*carried(template, BATCH, LINES), 150050)


def carried(
    template: BankTemplate, batch_no: str, lines: Sequence[BankLine]
) -> tuple[str, tuple[BankLine, ...]]:
    """The batch and the lines without what a template has no column for."""
    keys = {column.key for column in template.columns}
    left_out = {key: "" for key in ("bank", "remark") if key not in keys}
    kept = tuple(replace(line, **left_out) for line in lines)  # type: ignore[arg-type]
    return batch_no if "batch" in keys else "", kept


_CELL = st.text(
    st.characters(codec="gb18030", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")),
    max_size=30,
).filter(lambda text: text.lstrip("'").lstrip()[:1] not in tuple("=+-@＝＋－＠"))
_NEEDED = _CELL.filter(lambda text: bool(text.strip()))
_LINE = st.builds(
    BankLine, _NEEDED, _NEEDED, _NEEDED, _CELL, st.integers(1, 10**13), _CELL
)  # fmt: skip


@pytest.mark.parametrize("name", [n for n, t in sorted(templates().items()) if t.format == "text"])
@settings(deadline=None)
@given(lines=st.lists(_LINE, max_size=5))
def test_br_064_every_template_reads_back_equal(name: str, lines: list[BankLine]) -> None:
    template = templates()[name]
    content = bank_bytes(template, BATCH, lines)
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(content)
        back = read_back(file.name, template)
    batch, kept = carried(template, BATCH, lines)
    assert (back.lines, back.total) == (kept, sum(line.amount for line in lines))
    assert back.batch_no == (batch if lines else "")


@settings(deadline=None, max_examples=8)
@given(lines=st.lists(_LINE, max_size=40))
def test_br_064_a_workbook_reads_back_equal(lines: list[BankLine]) -> None:
    template = templates()["workbook"]
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(bank_bytes(template, BATCH, lines))
        back = read_back(file.name, template)
    assert back.lines == carried(template, BATCH, lines)[1]


def test_the_fixed_file_counts_in_fen_and_has_no_headings(tmp_path: Path) -> None:
    content = bank_bytes(templates()["fixed"], BATCH, LINES)
    assert content.decode("gb18030").split("\n") == [
        "DF01|22A-JD-00001-1C|6228480000000000001|张三|100000|156",
        "DF01|22A-JD-00002-1C|6228480000000000002|王𬭎|50050|156",
        "END|2|||150050|",
        "",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"columns": [{"key": "voucher", "heading": "x"}]},
        {"columns": [*_COLUMNS, {"key": "voucher", "heading": "again"}]},
        {"columns": [*_COLUMNS, {"key": "colour", "heading": "x"}]},
        {"last": {"word": 1, "count": 2}},
        {"last": {"word": 1, "count": 2, "sum": 2}},
        {"last": {"word": 1, "count": 2, "sum": 9}},
        {"amount": "jiao"},
        {"format": "xlsx", "header": False},
    ],
)
def test_a_template_that_could_not_be_read_back_is_refused(change: dict[str, object]) -> None:
    good = {
        "title": "t",
        "columns": _COLUMNS,
        "total": "T",
        "last": {"word": 1, "count": 2, "sum": 4},
    }
    assert read_template("x", good).headings == ["a", "b", "c", "d"]
    with pytest.raises(ValueError, match="bank template x"):
        read_template("x", good | change)


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
