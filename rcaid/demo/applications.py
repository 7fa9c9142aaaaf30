"""The single applications of the made-up year: after a fire and a storm, of students, of children.

One file for each programme, a row for each application as a street's office has it on paper, with
what becomes of it. What they come to is planted in the truth.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from random import Random

from rcaid.demo import names
from rcaid.demo.handouts import later
from rcaid.demo.keyed import stream
from rcaid.demo.people import Numbers, PeopleMaker, write_number
from rcaid.demo.places import LETTERS, District, districts
from rcaid.demo.sheets import write_csv

FOLDER = "applications"
FIRE, STORM, STU, ANGEL = "FIRE", "STORM", "STU", "ANGEL"
PROGRAMMES = (FIRE, STORM, STU, ANGEL)
BURNT = ("FIRE-2022-03", "月浦民房火灾", "fire", "上海宝山", "2022-03-18")
BLOWN = ("TY-2022-09", "台风“梅花”", "typhoon", "上海", "2022-09-14")

PAID, ANSWERED, BOUNCED, OBJECTED = "paid", "answered", "bounced", "objected"
REJECTED, UPHELD, WITHDRAWN = "rejected", "upheld", "withdrawn"
HELPED = (PAID, ANSWERED, BOUNCED, OBJECTED)
"""What becomes of an application that is helped in the end."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """One run of a programme that people apply to; ``rounds`` are its hand-outs by day received."""

    code: str
    programme: str
    name: str
    opens: str
    rounds: tuple[tuple[str, str], ...]


CYCLES = (
    Cycle("22F", FIRE, "2022年火灾救助", "2022-01-05", (("2022-03-21", "四月发放"),)),
    Cycle("22S", STU, "2022年大学生救助", "2022-01-05", (("2022-05-09", "六月发放"),)),
    Cycle("22G", ANGEL, "2022年小天使救助", "2022-01-05",
          (("2022-05-16", "六月发放"), ("2022-11-01", "十二月发放"))),
    Cycle("22T", STORM, "2022年台风救助", "2022-09-15", (("2022-09-19", "十月发放"),)),
)  # fmt: skip
NEXT = Cycle("23F", FIRE, "2023年火灾救助", "2023-01-05", (("2023-02-06", "三月发放"),))
"""The run that is open at the end of the year, with work left to do in one district."""
ALL_CYCLES = (*CYCLES, NEXT)
OF_PROGRAMME = {cycle.programme: cycle for cycle in CYCLES}
BURNT_AGAIN = ("FIRE-2023-02", "真新街道民房火灾", "fire", "上海嘉定", "2023-02-04")
EVENTS = {FIRE: BURNT, STORM: BLOWN}
# Days after the first one of a wave: what happens when. The longest notice is of seven working
# days, and whoever's objection is dismissed stands on notice once more.
DAYS = {
    "verify": 2, "answer": 3, "review": 4, "approve": 7, "publish": 8, "object": 9, "decide": 10,
    "close": 23, "pay": 24, "answered": 28, "again": 29, "answered_again": 32,
    "settle": 35,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applied:
    """One application; sums in yuan, ``case`` is the number it gets and ``fate`` what becomes of
    it. ``elsewhere`` is what the town gave on the day."""

    programme: str
    round: int
    case: str
    name: str
    number: str
    phone: str
    street: str
    address: str
    category: str
    hardship: str
    hardship_until: str
    disease: str
    stage: str
    cause: str
    disaster: str
    out_of_pocket: int
    elsewhere: int
    asked: int
    guardian: str
    guardian_relation: str
    payee: str
    bank: str
    account: str
    received: str
    fate: str

    @property
    def letters(self) -> str:
        """The letters of its district."""
        return LETTERS[self.street[:6]]

    @property
    def voucher(self) -> str:
        """The number of its first payment."""
        return f"{self.case}-{self.round}C"


HEADINGS = tuple(field.name for field in fields(Applied))


def made(seed: int, scale: float) -> list[Applied]:
    """Every application of the year, in the order in which it comes in."""
    found = [*_fire(seed, scale), *_students(seed, scale), *_children(seed, scale)]
    found += _storm(seed, scale)
    return list(_numbered(found))


def _numbered(found: Iterable[Applied]) -> Iterator[Applied]:
    """With the case numbers they get: counted for a cycle and a district as they come in."""
    last: dict[str, int] = {}
    for each in found:
        prefix = f"{OF_PROGRAMME[each.programme].code}-{each.letters}"
        last[prefix] = last.get(prefix, 0) + 1
        yield replace(each, case=f"{prefix}-{last[prefix]:05}")


class _Applicants:
    """People who apply. Their numbers end in sequences that no roster of the year uses."""

    def __init__(self, seed: int, programme: str, born: tuple[int, int]) -> None:
        self.rng = stream(seed, "applications", programme)
        self._seed, self._programme = seed, programme
        first, last = (date(year, 1, 1).toordinal() for year in born)
        step = (*PROGRAMMES, "FIRE-2023").index(programme)
        days = range(first + step, last, len(PROGRAMMES) + 1)
        self._days = self.rng.sample(days, min(len(days), 4_000))

    def one(self, district: District, received: str, **facts: object) -> Applied:
        """A person of a district's street, with an account of their own."""
        rng, day = self.rng, self._days.pop()
        female = rng.random() < 0.5
        maker = PeopleMaker(self._seed, district, self._programme, Numbers(district))
        bank, account = maker.account(rng)
        name = names.full_name(rng, female, date.fromordinal(day).year)
        street = rng.choice(district.living)
        said = {
            "programme": self._programme, "round": 1, "case": "", "name": name,
            "number": write_number(day, rng.choice((996, 998) if female else (997, 999))),
            "phone": maker.phone(rng), "street": street.code,
            "address": f"团结路{rng.randrange(1, 900)}弄{rng.randrange(1, 80)}号",
            "category": "", "hardship": "none", "hardship_until": "", "disease": "", "stage": "",
            "cause": "", "disaster": "", "out_of_pocket": 0, "elsewhere": 0, "asked": 0,
            "guardian": "", "guardian_relation": "", "payee": name, "bank": bank,
            "account": account, "received": received, "fate": PAID,
        } | facts  # fmt: skip
        return Applied(**said)  # type: ignore[arg-type]


def _many(scale: float, whole: int, least: int) -> int:
    return max(least, round(whole * scale))


def _in(letters: str) -> list[District]:
    return [each for each in districts() if each.letters in letters.split()]


def _fates(found: list[Applied], *fates: str) -> list[Applied]:
    """The first of them go other ways than straight to their payment."""
    return [
        replace(each, fate=fates[i]) if i < len(fates) else each for i, each in enumerate(found)
    ]


SUBMITTED, RETURNED, REVIEWED, PROPOSED, APPROVED = (
    "submitted",
    "returned",
    "verified",
    "proposed",
    "approved",
)
_LEFT = {SUBMITTED: 22, RETURNED: 2, REVIEWED: 3, PROPOSED: 3, APPROVED: 2}
"""How far the applications have come that are open at the end."""


def left_open(seed: int) -> list[Applied]:
    """The applications after a fire in 嘉定 that wait for somebody; as many at any scale."""
    people = _Applicants(seed, "FIRE-2023", (1945, 1980))
    (place,) = _in("JD")
    found = []
    for fate, count in _LEFT.items():
        for i in range(count):
            facts: dict[str, object] = {"category": "home", "asked": 3_000 + 500 * (i % 5)}
            facts |= {"programme": FIRE, "cause": BURNT_AGAIN[0], "disaster": BURNT_AGAIN[0]}
            found.append(people.one(place, NEXT.rounds[0][0], fate=fate, **facts))
    return [replace(each, case=f"{NEXT.code}-JD-{n:05}") for n, each in enumerate(found, 1)]


def _fire(seed: int, scale: float) -> list[Applied]:
    people = _Applicants(seed, FIRE, (1945, 1980))
    (place,) = _in("BS")
    found = []
    for i in range(_many(scale, 12, 4)):
        poor = i % 3 == 1
        facts: dict[str, object] = {
            "category": "burns" if i == 2 else "home",
            "hardship": "subsistence" if poor else "none",
            "hardship_until": "2022-12-31" if poor else "",
            "elsewhere": 3_000,
            "asked": 9_500 if i == 2 else 7_000 if poor else 3_000 + 1_000 * (i % 4),
        }
        found.append(people.one(place, "2022-03-21", cause=BURNT[0], disaster=BURNT[0], **facts))
    return _fates(found, REJECTED, ANSWERED)


def _storm(seed: int, scale: float) -> list[Applied]:
    people = _Applicants(seed, STORM, (1945, 1985))
    places = _in("CM FX PD JS")
    found = []
    for i in range(_many(scale, 60, 8)):
        cost, asked = ((3_800, 1_500), (12_000, 4_000), (5_000, 2_000), (26_000, 8_000))[i % 4]
        facts: dict[str, object] = {"category": "home", "out_of_pocket": cost, "asked": asked}
        facts |= {"cause": BLOWN[0], "disaster": BLOWN[0]}
        found.append(people.one(places[i // 2 % len(places)], "2022-09-19", **facts))
    return _fates(found, BOUNCED, REJECTED, OBJECTED, UPHELD, ANSWERED, WITHDRAWN)


def _students(seed: int, scale: float) -> list[Applied]:
    people = _Applicants(seed, STU, (1999, 2004))
    places = _in("YP XH MH SJ")
    found = []
    for i in range(_many(scale, 20, 4)):
        cost, asked = ((18_000, 5_000), (36_000, 8_000), (72_000, 15_000))[i % 3]
        ill = i % 4 != 3
        facts: dict[str, object] = {
            "category": "illness" if ill else "accident",
            "disease": ("leukaemia", "tumour", "kidney_transplant")[i % 3] if ill else "",
            "cause": ("leukaemia", "tumour", "kidney_transplant")[i % 3] if ill else "accident",
            "hardship": ("low_income", "subsistence")[i % 2], "hardship_until": "2022-12-31",
            "out_of_pocket": cost, "asked": asked,
        }  # fmt: skip
        found.append(people.one(places[i % len(places)], "2022-05-09", **facts))
    return _fates(found, REJECTED)


def _children(seed: int, scale: float) -> list[Applied]:
    people = _Applicants(seed, ANGEL, (2008, 2020))
    places = _in("PD MH JD")
    found = []
    for i in range(_many(scale, 15, 4)):
        ill = i % 2 == 0
        cost = 60_000 if ill else (9_800, 10_000, 14_200, 30_000)[i // 2 % 4]
        asked = 30_000 if ill else 5_000 if cost <= 10_000 else 10_000 if cost <= 15_000 else 15_000
        disease = "leukaemia" if ill else "congenital_heart"
        facts: dict[str, object] = {
            "category": "illness", "disease": disease, "cause": disease,
            "out_of_pocket": cost, "asked": asked,
        }  # fmt: skip
        child = people.one(places[i % len(places)], "2022-05-16", **facts)
        found.append(_under_guard(people.rng, child))
    found = _fates(found, PAID, ANSWERED)
    again = [each for each in found if each.disease == "leukaemia"][: max(1, len(found) // 5)]
    return found + [
        replace(each, round=2, stage="transplant", asked=20_000, received="2022-11-01", fate=PAID)
        for each in again
    ]


def _under_guard(rng: Random, child: Applied) -> Applied:
    guardian = names.full_name(rng, True, int(child.number[6:10]) - 30)
    return replace(child, guardian=guardian, guardian_relation="母亲", payee=guardian)


def write(folder: Path, seed: int, scale: float) -> dict[str, dict[str, int]]:
    """Writes the files and the bank's answers; returns what was planted, by programme."""
    found = made(seed, scale)
    for programme in PROGRAMMES:
        own = [each for each in found if each.programme == programme]
        rows = [tuple(str(value) for value in asdict(each).values()) for each in own]
        write_csv(folder / FOLDER / f"{programme}.csv", HEADINGS, rows)
    _bank(folder, found)
    return {programme: _planted(found, programme) for programme in PROGRAMMES}


def _planted(found: Iterable[Applied], programme: str) -> dict[str, int]:
    own = [each for each in found if each.programme == programme]
    helped = [each for each in own if each.fate in HELPED]
    return {
        "cases": len(own),
        "persons": len({each.number for each in helped}),
        "person_times": len(helped),
        "value_fen": sum(each.asked for each in helped) * 100,
    }


BANK = ("批次号", "凭证号", "账号后四位", "金额", "日期", "结果代码", "说明")


def day_of(received: str, what: str) -> str:
    """The day on which something happens to a wave that came in on a day."""
    return later(received, DAYS[what])


def batch_of(programme: str, round: int, again: bool = False) -> str:
    """The number of a wave's batch, or of the one that pays again what came back."""
    return f"{OF_PROGRAMME[programme].code}-{round}-SH-C{2 if again else 1:02}"


def answers(programme: str, round: int, again: bool = False) -> str:
    """The file in which the bank says what became of a batch."""
    return f"{FOLDER}/bank_{batch_of(programme, round, again)}.csv"


def _bank(folder: Path, found: list[Applied]) -> None:
    for cycle in CYCLES:
        for n, (received, _) in enumerate(cycle.rounds, 1):
            own = [e for e in found if e.programme == cycle.programme and e.round == n]
            going = [each for each in own if each.fate in HELPED]
            rows = [_answer(each, received, False) for each in going]
            write_csv(folder / answers(cycle.programme, n), BANK, rows)
            back = [each for each in going if each.fate == BOUNCED]
            if back:
                rows = [_answer(each, received, True) for each in back]
                write_csv(folder / answers(cycle.programme, n, True), BANK, rows)


def _answer(each: Applied, received: str, again: bool) -> tuple[str, ...]:
    bounced = each.fate == BOUNCED and not again
    day = day_of(received, "answered_again" if again else "answered")
    account = mended(each) if again else each.account
    code, why = ("02", "账号不存在") if bounced else ("00", "")
    voucher = each.voucher + (".2" if again else "")
    batch = batch_of(each.programme, each.round, again)
    return (batch, voucher, account[-4:], f"{each.asked}.00", day, code, why)


def mended(each: Applied) -> str:
    """The account that takes the place of one the bank did not know."""
    return each.account[:-4] + f"{(int(each.account[-4:]) + 7) % 10_000:04}"


def read(folder: Path, programme: str) -> list[Applied]:
    """The applications of a programme's file."""
    path = folder / FOLDER / f"{programme}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            Applied(**{**row, **{n: int(row[n]) for n in _NUMBERS}})  # type: ignore[arg-type]
            for row in csv.DictReader(file)
        ]


_NUMBERS = ("round", "out_of_pocket", "elsewhere", "asked")
