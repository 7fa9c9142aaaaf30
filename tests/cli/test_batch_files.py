"""rcaid batch: templates, pain.001, sheets to sign, flags, cash and what explains a difference."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from rcaid.files.banking import read_back, templates
from rcaid.services import staff
from rcaid.services.society import open_desk
from tests.cli.conftest import STREET, Ran, Run, line, roster_text

BATCH = "22A-1-JD-C01"
ROSTER = f"22A-R-{STREET}"
WHY = ("--purpose", "payment", "--for", "bank")
NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


@pytest.fixture
def entitled(rcaid: Run, place: Path, tmp_path: Path) -> Path:
    """Two approved lines of 300 yuan, one of them paid to somebody else."""
    file, plan = tmp_path / "jd.csv", tmp_path / "jd.plan"
    rows = [
        line(1, "王小明", phone="13800000001"),
        line(2, "李强", phone="13800000002", payee="别人"),
    ]
    file.write_text(roster_text(*rows), encoding="utf-8-sig")
    said = ("import", "plan", file, "--kind", "roster", "--cycle", "22A", "-o", plan)
    for command in (
        ("--as", "hua", *said),
        ("--as", "hua", "import", "apply", plan, "--yes"),
        ("--as", "wen", "roster", "verify", ROSTER),
        ("--as", "rui", "roster", "freeze", ROSTER),
        ("--as", "tang", "roster", "approve", ROSTER, "--round", "1", "--yes"),
    ):
        assert rcaid(*command).code == 0
    return place


def flags_of(rcaid: Run, batch: str) -> list[dict[str, object]]:
    return [
        json.loads(each)
        for each in rcaid("--as", "rui", "batch", "flags", batch, "--json").out.splitlines()
    ]


def let_go(rcaid: Run, *how: str) -> Ran:
    """Makes a batch of money and takes it to released; what it was made as."""
    made = rcaid("--as", "bo", "batch", "create", "22A-1", "310114", "money", *how, "--json")
    assert made.code == 0, made.err
    assert rcaid("--as", "bo", "batch", "lock", BATCH).code == 0
    for flag in flags_of(rcaid, BATCH):
        clear = ("batch", "clear", BATCH, str(flag["flag"]), "--reason", "looked_into")
        assert rcaid("--as", "rui", *clear).code == 0
    assert rcaid("--as", "chief", "batch", "approve", BATCH, "--yes").code == 0
    assert rcaid("--as", "fei", "batch", "release", BATCH, "--yes").code == 0
    return made


@pytest.mark.parametrize("template", ["payroll", "workbook"])
def test_br_064_a_batch_is_paid_in_the_form_of_its_template(
    rcaid: Run, entitled: Path, tmp_path: Path, template: str
) -> None:
    let_go(rcaid, "--template", template)
    file = tmp_path / "bank"
    ran = rcaid("--as", "fei", "batch", "export", BATCH, "-o", file, *WHY, "--json")
    said = json.loads(ran.out)
    assert (said["lines"], said["fen"], said["capital"]) == (2, 60_000, "陆佰元整")
    assert read_back(file, templates()[template]).total == 60_000
    shown = json.loads(rcaid("--as", "bo", "batch", "show", BATCH, "--json").out)
    assert (shown["channel"], shown["template"]) == ("bank", template)


def test_a_template_nobody_has_is_refused_with_those_there_are(rcaid: Run, entitled: Path) -> None:
    create = ("batch", "create", "22A-1", "310114", "money", "--template", "nobody")
    ran = rcaid("--as", "bo", *create)
    assert ran.code == 4
    assert "standard" in ran.err
    assert len(rcaid("batch", "templates", "--json").out.splitlines()) == len(templates())


def test_pain_001_needs_a_payer_and_says_the_sum_of_the_batch(
    rcaid: Run, entitled: Path, tmp_path: Path
) -> None:
    let_go(rcaid)
    file = tmp_path / "bank.xml"
    export = ("--as", "fei", "batch", "export", BATCH, "-o", file, "--format", "pain001", *WHY)
    ran = rcaid(*export)
    assert ran.code == 4
    assert not file.exists()
    account = ("--name", "市红十字会", "--account", "31001234567890123456", "--bank", "工商银行")
    assert rcaid("--as", "tang", "batch", "payer", "310000", *account).code == 4
    assert rcaid("--as", "chief", "batch", "payer", "310000", *account).code == 0

    first = json.loads(rcaid(*export, "--json").out)
    root = ElementTree.parse(file).getroot()
    assert root.findtext(".//p:GrpHdr/p:CtrlSum", namespaces=NS) == "600.00"
    assert root.findtext(".//p:Dbtr/p:Nm", namespaces=NS) == "市红十字会"
    assert json.loads(rcaid(*export, "--json").out)["sha256"] == first["sha256"]


def test_a_held_batch_is_not_released_and_says_how_many_flags(rcaid: Run, entitled: Path) -> None:
    rcaid("--as", "bo", "batch", "create", "22A-1", "310114", "money")
    locked = json.loads(rcaid("--as", "bo", "batch", "lock", BATCH, "--json").out)
    held = flags_of(rcaid, BATCH)
    assert locked["flags"] == len(held)
    assert {"code": "other_payee", "object": "22A-JD-00002"}.items() <= held[-1].items()
    rcaid("--as", "chief", "batch", "approve", BATCH, "--yes")
    ran = rcaid("--as", "fei", "batch", "release", BATCH, "--yes")
    assert ran.code == 4
    assert f"{len(held)} red flags are not cleared (R-14)" in ran.err
    for flag in held:
        clear = ("batch", "clear", BATCH, str(flag["flag"]), "--reason", "looked_into")
        assert rcaid("--as", "bo", *clear).code == 4
        assert rcaid("--as", "rui", *clear).code == 0
    assert rcaid("--as", "fei", "batch", "release", BATCH, "--yes").code == 0


def test_br_068_cash_is_signed_for_with_two_people_on_its_day(
    rcaid: Run, entitled: Path, tmp_path: Path
) -> None:
    cash = ("--channel", "cash", "--place", "江桥镇<b>", "--on", "2022-02-01", "--everybody")
    assert rcaid("--as", "chief", "batch", "limit", "--person", "200", "--point", "500").code == 0
    create = ("batch", "create", "22A-1", "310114", "money", *cash)
    ran = rcaid("--as", "bo", *create)
    assert ran.code == 4
    assert "BR-068" in ran.err
    assert rcaid("--as", "chief", "batch", "limit", "--person", "300", "--point", "600").code == 0
    let_go(rcaid, *cash)

    assert rcaid("--as", "bo", "batch", "staff", BATCH, "hua", "hua").code == 4
    assert rcaid("--as", "bo", "batch", "staff", BATCH, "hua", "wen").code == 0
    sheet = tmp_path / "sheet.html"
    ran = rcaid("--as", "hua", "batch", "sheet", BATCH, "-o", sheet, *WHY)
    assert ran.code == 0, ran.err
    page = sheet.read_text(encoding="utf-8")
    assert "江桥镇&lt;b&gt;" in page
    assert "300.00 元" in page
    assert "王小明" not in page
    assert "Hua" in page
    assert rcaid("--as", "hua", "batch", "sheet", BATCH, "-o", sheet).code == 2
    assert rcaid("--as", "fei", "batch", "export", BATCH, "-o", sheet, *WHY).code == 4


def test_br_070_the_statement_is_held_against_what_is_paid(
    rcaid: Run, entitled: Path, tmp_path: Path
) -> None:
    let_go(rcaid)
    results, plan = tmp_path / "bank.csv", tmp_path / "bank.plan"
    rows = [f"{BATCH},22A-JD-0000{n}-1C,300.00,2022-02-01,00" for n in (1, 2)]
    results.write_text(
        "\r\n".join(("批次号,凭证号,金额,日期,结果代码", *rows)), encoding="utf-8-sig"
    )
    assert rcaid("--as", "bo", "import", "plan", results, "--kind", "bank", "-o", plan).code == 0
    assert rcaid("--as", "bo", "import", "apply", plan, "--yes").code == 0
    reconcile = ("--as", "bo", "batch", "reconcile", BATCH, "--statement", "599.00")
    assert rcaid(*reconcile).code == 4
    assert rcaid(*reconcile, "--explain", "bank_fee").code == 0
    assert rcaid("--as", "chief", "batch", "close", BATCH).code == 4
    assert rcaid("--as", "chief", "batch", "close", BATCH, "--accept", "bank_fee").code == 0
    shown = json.loads(rcaid("--as", "bo", "batch", "show", BATCH, "--json").out)
    assert (shown["state"], shown["explanation"]) == ("closed", "bank_fee")


def test_br_082_goods_are_taken_in_by_two_and_listed_by_what_expires(
    rcaid: Run, place: Path
) -> None:
    desk = open_desk(str(place), as_login="root")
    staff.add(desk, "kee", "Kee", [("keeper", "310000")])
    desk.store.close()
    value = ("--value", "178.00", "--ground", "1", "--evidence", "发票42")
    receive = ("--as", "kee", "lot", "receive", "BOX", "B-1", "500", *value)
    assert rcaid(*receive, "--with", "kee").code == 4
    assert rcaid(*receive, "--with", "mo", "--expires", "2023-12-31").code == 0
    none = ("--ground", "4", "--source", "donation", "--with", "mo")
    assert rcaid("--as", "kee", "lot", "receive", "BOX", "A-1", "20", *none).code == 0
    listed = [json.loads(li) for li in rcaid("--as", "kee", "lot", "list", "--json").out.split("\n")[:-1]]  # fmt: skip
    assert [(li["code"], li["value"], li["on_hand"]) for li in listed] == [
        ("B-1", 17_800, 500), ("A-1", None, 20),
    ]  # fmt: skip
    gone = ("lot", "write-off", "B-1", "3", "--reason", "spoilt", "--yes")
    assert rcaid("--as", "kee", *gone).code == 4
    assert rcaid("--as", "chief", *gone).code == 0
    shown = json.loads(rcaid("--as", "chief", "lot", "show", "B-1", "--json").out)
    assert (shown["on_hand"], shown["written_off"], shown["evidence"]) == (497, 3, "发票42")
