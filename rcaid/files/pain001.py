"""A batch as ISO 20022 pain.001.001.09, the neutral form beside the banks' own templates.

China has no IBAN: accounts stand in ``Id/Othr/Id``; a bank stands by its name, or as a member of
CNAPS when twelve digits are given. ``EndToEndId`` is the voucher, so that what comes back is
matched by it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from rcaid.domain.errors import Problem, Unusable
from rcaid.domain.text import refusal
from rcaid.files.banking import BankLine, check_line

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_ID: Final = 35
_ACCOUNT: Final = 34
_TEXT: Final = 140


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose account the money leaves: name, number, and the bank by name or CNAPS number."""

    name: str
    account: str
    bank: str


def pain001_bytes(
    batch_no: str, made_at: str, day: str, payer: Payer, lines: Sequence[BankLine]
) -> bytes:
    """The bytes of the file; the same arguments give the same bytes.

    ``made_at`` is UTC text, ``day`` the business date on which the bank is to pay. Raises
    `Unusable` for what a bank could not take: a batch without lines, an amount that is not
    positive, a blank or too long voucher or account, a control character. Names and remarks are
    cut to 140 characters.
    """
    problems = [p for n, line in enumerate(lines, 1) for p in _check(line, n)]
    problems += _too_long("batch", batch_no, _ID) if lines else [Problem("bank.empty")]
    problems += _check_payer(payer)
    if problems:
        raise Unusable(problems)
    root = Element("Document", xmlns=NAMESPACE)
    initiation = SubElement(root, "CstmrCdtTrfInitn")
    _header(initiation, batch_no, made_at, payer, lines)
    payment = SubElement(initiation, "PmtInf")
    _add(payment, "PmtInfId", batch_no)
    _add(payment, "PmtMtd", "TRF")
    _totals(payment, lines)
    _add(payment, "ReqdExctnDt/Dt", day)
    _add(payment, "Dbtr/Nm", _cut(payer.name))
    _add(payment, "DbtrAcct/Id/Othr/Id", payer.account)
    _add(payment, "DbtrAgt", "")
    _bank(payment[-1], payer.bank)
    for line in lines:
        _transfer(payment, line)
    ElementTree.indent(root)
    made: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def _check(line: BankLine, row: int) -> Iterable[Problem]:
    yield from check_line(line, row, formulas=False)
    yield from _too_long("voucher", line.voucher, _ID, row)
    yield from _too_long("account", line.account, _ACCOUNT, row)


def _check_payer(payer: Payer) -> Iterable[Problem]:
    for name in ("name", "account", "bank"):
        value = getattr(payer, name)
        if not value.strip():
            yield Problem("bank.blank", {"voucher": "-", "field": f"payer {name}"})
        elif refusal(value) is not None:
            yield Problem("bank.text", {"voucher": "-", "field": f"payer {name}"}, value=value)
    yield from _too_long("payer account", payer.account, _ACCOUNT)


def _too_long(field: str, value: str, most: int, row: int = 0) -> list[Problem]:
    if len(value) <= most:
        return []
    return [Problem("bank.long", {"field": field, "most": most}, field=field, row=row, value=value)]


def _header(
    above: Element, batch_no: str, made_at: str, payer: Payer, lines: Sequence[BankLine]
) -> None:
    header = SubElement(above, "GrpHdr")
    _add(header, "MsgId", batch_no)
    _add(header, "CreDtTm", made_at)
    _totals(header, lines)
    _add(header, "InitgPty/Nm", _cut(payer.name))


def _totals(above: Element, lines: Sequence[BankLine]) -> None:
    _add(above, "NbOfTxs", str(len(lines)))
    _add(above, "CtrlSum", _yuan(sum(line.amount for line in lines)))


def _transfer(above: Element, line: BankLine) -> None:
    transfer = SubElement(above, "CdtTrfTxInf")
    _add(transfer, "PmtId/EndToEndId", line.voucher)
    _add(transfer, "Amt/InstdAmt", _yuan(line.amount)).set("Ccy", "CNY")
    if line.bank.strip():
        _bank(SubElement(transfer, "CdtrAgt"), line.bank.strip())
    _add(transfer, "Cdtr/Nm", _cut(line.holder))
    _add(transfer, "CdtrAcct/Id/Othr/Id", line.account)
    if line.remark.strip():
        _add(transfer, "RmtInf/Ustrd", _cut(line.remark))


def _bank(agent: Element, bank: str) -> None:
    if len(bank) == 12 and bank.isascii() and bank.isdigit():
        member = SubElement(SubElement(agent, "FinInstnId"), "ClrSysMmbId")
        _add(member, "ClrSysId/Cd", "CNAPS")
        _add(member, "MmbId", bank)
    else:
        _add(agent, "FinInstnId/Nm", _cut(bank))


def _add(above: Element, path: str, text: str) -> Element:
    """A new child, grandchild … along ``path`` with this text."""
    for tag in path.split("/"):
        above = SubElement(above, tag)
    above.text = text or None
    return above


def _cut(text: str) -> str:
    """At most 140 characters: composed, and no letter loses only its marks."""
    whole = unicodedata.normalize("NFC", text).strip()
    end = _TEXT
    while len(whole) > end > 0 and unicodedata.combining(whole[end]):
        end -= 1
    return whole[:end].rstrip()


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"
