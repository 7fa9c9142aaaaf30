"""A society that takes single applications in: programmes, cycles and a fire; who applies for what.

`applying` gives the small society with ANGEL (cycle 22X), FIRE (22F) and STU (22S) open and the
fire F-2022-01 on record. `angel`, `fire` and `student` are applications that hold by every rule.
"""

from __future__ import annotations

from typing import Any

from rcaid import data
from rcaid.domain.identity import make_number
from rcaid.services import disasters, programmes
from rcaid.services.applications import intake, new
from rcaid.services.applications.new import Wanted
from tests.services.conftest import JD_STREETS, Society

FIRE_CODE = "F-2022-01"
CYCLES = {"ANGEL": "22X", "FIRE": "22F", "STU": "22S"}
PAPERS = {
    "ANGEL": ("ID", "HUKOU", "DIAG", "DISCHARGE", "INVOICE", "BANK", "CONSENT", "GUARD_ID",
              "GUARD_REL"),
    "FIRE": ("ID", "HUKOU", "BANK", "DISASTER", "CONSENT"),
    "STU": ("ID", "STUDENT", "INVOICE", "HARDSHIP", "BANK", "CONSENT", "DIAG", "DISCHARGE"),
}  # fmt: skip
CASEWORKER, VERIFIER, REVIEWER = "jd-caseworker", "jd-verifier", "jd-reviewer"


def applying(society: Society) -> Society:
    """Opens the cycles that single applications stand in."""
    approver = society.desk("sh-approver")
    for code, cycle in CYCLES.items():
        file = {"STU": "student"}.get(code, code.lower())
        programmes.load(society.admin, data.text(f"programmes/{file}.toml"))
        programmes.receive(society.desk("sh-preparer"), code, 100_000_000, "2022")
        programmes.new_cycle(approver, code, cycle, f"2022 {code}", "2022-01-10", ["one"])
        programmes.move_cycle(approver, cycle, "open")
    disasters.open_(approver, FIRE_CODE, "新成路火灾", "fire", "嘉定", "2022-01-20")
    return society


def number(seq: int, born: str = "19600504") -> str:
    """A made-up identity number; an odd ``seq`` is a man."""
    return make_number("310199", born, seq)


def fire(seq: int = 1, name: str = "王建国", **changes: Any) -> Wanted:
    """A household whose home burnt, on subsistence allowance, that asks for 7,000 yuan."""
    facts = {
        "programme": "FIRE", "name": name, "number": number(seq), "phone": f"139{seq:08}",
        "street": JD_STREETS[0], "address": f"幸福路{seq}号", "category": "home",
        "hardship": "subsistence", "hardship_until": "2022-12-31", "disaster": FIRE_CODE,
        "asked_fen": 700_000, "bank": "上海银行", "account": f"62{seq:014}",
        "papers": PAPERS["FIRE"], "consents": ("processing", "sensitive", "publication"),
    }  # fmt: skip
    return Wanted(**(facts | changes))


def angel(seq: int = 1, name: str = "李小明", birth: str = "20120901", **changes: Any) -> Wanted:
    """A child of nine with leukaemia; the mother acts."""
    facts = {
        "programme": "ANGEL", "name": name, "number": number(seq, birth), "phone": f"137{seq:08}",
        "street": JD_STREETS[1], "category": "illness", "hardship": "low_income",
        "hardship_until": "2022-12-31", "disease": "leukaemia", "guardian": "李秀英",
        "guardian_relation": "母亲", "applicant": "李秀英", "applicant_relation": "母亲",
        "diagnosis": "急性淋巴细胞白血病", "hospital": "上海儿童医学中心", "payee": name,
        "account": f"63{seq:014}", "papers": PAPERS["ANGEL"],
        "consents": ("processing", "sensitive", "guardian"),
    }  # fmt: skip
    return Wanted(**(facts | changes))


def student(seq: int = 1, name: str = "陈晓", birth: str = "20010901", **changes: Any) -> Wanted:
    """A student with a tumour who paid 30,000 yuan, of a family with a low income."""
    facts = {
        "programme": "STU", "name": name, "number": number(seq, birth), "phone": f"136{seq:08}",
        "street": JD_STREETS[2], "category": "illness", "hardship": "low_income",
        "hardship_until": "2022-12-31", "disease": "tumour", "out_of_pocket_fen": 3_000_000,
        "asked_fen": 800_000, "account": f"64{seq:014}", "papers": PAPERS["STU"],
        "consents": ("processing", "sensitive", "publication"),
    }  # fmt: skip
    return Wanted(**(facts | changes))


def made(society: Society, wanted: Wanted) -> str:
    """The number of a draft."""
    return new.create(society.desk(CASEWORKER), wanted)[0].case_no


def submitted(society: Society, wanted: Wanted) -> str:
    """The number of an application that was handed in."""
    case_no = made(society, wanted)
    intake.submit(society.desk(CASEWORKER), case_no)
    return case_no


def verified(society: Society, wanted: Wanted) -> str:
    """The number of an application that the street has passed on."""
    case_no = submitted(society, wanted)
    intake.verify(society.desk(VERIFIER), case_no)
    return case_no


WHO = ("姓名", "证件号码", "联系电话", "街道")
APPLICATION = (
    *WHO, "户主证件号码", "与户主关系", "监护人", "类别", "困难类型", "困难证明有效期", "灾害",
    "病种", "申请金额", "开户行", "银行账号", "困难情况", "已交材料", "已签同意书",
)  # fmt: skip


def application(society: Society, wanted: Wanted, **changes: str) -> dict[str, str]:
    """The row of a file that asks for the same; ``changes`` are cells by heading."""
    row = dict.fromkeys(APPLICATION, "") | {
        "姓名": wanted.name,
        "证件号码": wanted.number,
        "联系电话": wanted.phone,
        "街道": society.street(wanted.street),
        "类别": wanted.category,
        "困难类型": wanted.hardship,
        "困难证明有效期": wanted.hardship_until,
        "灾害": wanted.disaster,
        "病种": wanted.disease,
        "申请金额": str((wanted.asked_fen or 0) / 100),
        "银行账号": wanted.account,
        "已交材料": "、".join(wanted.papers),
        "已签同意书": "，".join(wanted.consents),
    }
    return row | changes
