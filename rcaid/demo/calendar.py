"""The days of the made-up year: when quotas go out, lists come in, help is handed out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoundDays:
    """One hand-out. Deaths known by ``prepared`` happened between ``deaths_from`` and the day
    before; goods go out from ``handed`` on, the bank answers on ``answered``."""

    number: int
    name: str
    deaths_from: str
    prepared: str
    handed: str
    answered: str
    mended: str
    answered_again: str
    settled: str


@dataclass(frozen=True, slots=True)
class CycleDays:
    """One cycle with its rounds; dates are ISO text."""

    code: str
    programme: str
    name: str
    title: str
    opens: str
    quota: str
    imported: str
    verified: str
    frozen: str
    approved: str
    closes: str
    ends: str
    rounds: tuple[RoundDays, ...]
    late: str = ""
    late_verified: str = ""
    late_approved: str = ""


SPRING = CycleDays(
    code="22A",
    programme="QWR",
    name="2022年春季",
    title="2022年春季“千万人帮万家”救助对象名册",
    opens="2022-01-05",
    quota="2022-01-10",
    imported="2022-02-21",
    verified="2022-02-28",
    frozen="2022-03-02",
    approved="2022-03-07",
    late="2022-03-09",
    late_verified="2022-03-11",
    late_approved="2022-03-14",
    closes="2022-03-15",
    ends="2022-07-08",
    rounds=(
        RoundDays(
            1, "四月发放", "2022-03-16", "2022-04-06", "2022-04-11", "2022-04-12", "2022-04-18",
            "2022-04-22", "2022-04-28",
        ),
        RoundDays(
            2, "六月发放", "2022-04-29", "2022-06-06", "2022-06-10", "2022-06-10", "2022-06-15",
            "2022-06-20", "2022-06-30",
        ),
    ),
)  # fmt: skip
NURSING = CycleDays(
    code="22N",
    programme="HLW",
    name="2022年护理物资",
    title="2022年困难重度失智老人护理物资发放名册",
    opens="2022-03-15",
    quota="2022-03-16",
    imported="2022-04-13",
    verified="2022-04-15",
    frozen="2022-04-18",
    approved="2022-04-20",
    closes="2022-04-21",
    ends="2022-06-01",
    rounds=(
        RoundDays(
            1, "五月发放", "2022-04-22", "2022-05-06", "2022-05-10", "2022-05-10", "2022-05-12",
            "2022-05-16", "2022-05-25",
        ),
    ),
)  # fmt: skip
WINTER = CycleDays(
    code="22B",
    programme="QWR",
    name="2022年冬季",
    title="2022年冬季“千万人帮万家”救助对象名册",
    opens="2022-09-30",
    quota="2022-10-10",
    imported="2022-11-07",
    verified="2022-11-11",
    frozen="2022-11-14",
    approved="2022-11-17",
    closes="2022-11-18",
    ends="2022-12-30",
    rounds=(
        RoundDays(
            1, "十二月发放", "2022-11-19", "2022-12-05", "2022-12-08", "2022-12-08", "2022-12-13",
            "2022-12-19", "2022-12-27",
        ),
    ),
)  # fmt: skip
NEXT = CycleDays(
    code="23A",
    programme="QWR",
    name="2023年春季",
    title="2023年春季“千万人帮万家”救助对象名册",
    opens="2023-01-05",
    quota="2023-01-09",
    imported="2023-01-30",
    verified="2023-02-06",
    frozen="2023-02-08",
    approved="2023-02-10",
    closes="",
    ends="",
    rounds=(
        RoundDays(
            1, "二月发放", "2023-02-11", "2023-02-14", "2023-02-17", "2023-02-17", "", "", "",
        ),
    ),
)  # fmt: skip
CYCLES = (SPRING, NURSING, WINTER, NEXT)
BY_CODE = {cycle.code: cycle for cycle in CYCLES}
FINISHED = ("22A", "22N", "22B")

# What is left to do in the cycle that is open at the end, by district.
OPEN_STATES = {
    "HP": "approved",
    "XH": "submitted",
    "YP": "locked",
    "MH": "verified",
    "BS": "frozen",
    "JD": "returned payments",
    "PD": "one of each",
    "CM": "wrong file",
}
