"""A small society in which people apply one by one: students with an accident or an illness."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rcaid import data
from rcaid.domain.identity import make_number
from rcaid.services import programmes
from rcaid.services.applications import intake, new
from rcaid.services.applications.new import Wanted
from tests.services.conftest import JD_STREETS, Society, make_society

PAPERS = ("ID", "STUDENT", "INVOICE", "HARDSHIP", "BANK", "CONSENT", "DISASTER")
CONSENTS = ("processing", "sensitive", "publication")
DAY = "2022-02-01"


def office(new_url: Callable[..., str], folder: Path, *codes: str) -> Society:
    """A society whose programmes for single applications are open; STU if none is named."""
    society = make_society(new_url("sqlite"), folder)
    for code in codes or ("STU",):
        open_programme(society, code)
    return society


def open_programme(society: Society, code: str) -> None:
    """Loads a programme, opens a cycle and pays into its fund."""
    names = {"STU": "student", "FIRE": "fire", "ANGEL": "angel"}
    programmes.load(society.admin, data.text(f"programmes/{names[code]}.toml"))
    approver = society.desk("sh-approver")
    cycle = {"STU": "22S", "FIRE": "22F", "ANGEL": "22L"}[code]
    programmes.new_cycle(approver, code, cycle, "2022", "2022-01-10", ["2022"])
    programmes.move_cycle(approver, cycle, "open")
    programmes.receive(society.desk("sh-preparer"), code, 100_000_000, f"first {code}")


def student(seq: int, name: str, **changes: object) -> Wanted:
    """A made-up student of twenty who had an accident; everything is there and right."""
    wanted: dict[str, object] = {
        "name": name, "id_kind": "RESIDENT_ID",
        "number": make_number("310199", "20010901", seq), "phone": f"138{seq:08}",
        "street": JD_STREETS[0], "category": "accident", "hardship": "low_income",
        "hardship_until": "2022-12-31", "out_of_pocket_fen": 1_500_000, "asked_fen": 500_000,
        "cause": "traffic", "account": f"62{seq:014}", "bank": "上海银行", "payee": name,
        "papers": PAPERS, "consents": CONSENTS,
    }  # fmt: skip
    return Wanted("STU", **(wanted | changes))  # type: ignore[arg-type]


def submitted(
    society: Society, seq: int, name: str, login: str = "jd-caseworker", **changes: object
) -> str:
    """The number of an application that was handed in."""
    desk = society.desk(login)
    case, _ = new.create(desk, student(seq, name, **changes))
    intake.submit(desk, case.case_no)
    return case.case_no
