"""The accepted lines of one district's year and what became of each."""

from __future__ import annotations

from dataclasses import dataclass, field

from rcaid.demo.people import Numbers, Person
from rcaid.demo.places import District

BOX, NURSE = "守“沪”家庭箱", "护理物资"
BOX_YUAN, NURSE_YUAN = 178, 120
MOST_YUAN = 1000  # cash to one person in a calendar year

UNDELIVERED = ("外出", "外出", "拒收", "地址不详", "住院")
RETURN_CODES = {"01": "户名不符", "02": "账号错误", "03": "账户冻结", "04": "销户"}


@dataclass(frozen=True, slots=True)
class Return:
    """A payment the bank sent back; ``bank`` and ``account`` are the corrected ones, if any."""

    code: str
    bank: str = ""
    account: str = ""


@dataclass(slots=True)
class Line:
    """One accepted roster line and, by round, what became of it.

    ``cash`` is in yuan and, like ``item``, is given in each of ``rounds``. ``dead`` is the first
    round the person did not live to see, 0 for none.
    """

    person: Person
    cash: int = 0
    item: str = ""
    rounds: tuple[int, ...] = (1,)
    supplement: bool = False
    dead: int = 0
    undelivered: dict[int, str] = field(default_factory=dict)
    returned: dict[int, Return] = field(default_factory=dict)
    case: str = ""

    def alive(self, number: int) -> bool:
        return not self.dead or number < self.dead

    def has_kit(self, number: int) -> bool:
        """Whether the kit of that round was handed out."""
        return bool(self.item) and self.alive(number) and number not in self.undelivered

    def pays(self, number: int) -> bool:
        """Whether money of that round would arrive, at once or after a correction."""
        sent_back = self.returned.get(number)
        return self.alive(number) and (sent_back is None or bool(sent_back.account))

    def has_cash(self, number: int) -> bool:
        """Whether there was money and it arrived."""
        return bool(self.cash) and self.pays(number)


@dataclass(slots=True)
class DistrictYear:
    """All accepted lines of a district by cycle, in file order, and the rounds of each street
    in 22A."""

    district: District
    numbers: Numbers
    lines: dict[str, list[Line]]
    rounds: dict[str, tuple[int, ...]]
