"""Made-up people: numbers that are nobody's, homes, accounts, families and special cases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from rcaid.demo import names
from rcaid.demo.keyed import stream
from rcaid.demo.places import District, Street, districts
from rcaid.domain.identity import make_number
from rcaid.domain.names import split_surname

REGION = "310199"  # never given to any place, so no number made here is anybody's
_SEQUENCES = 995  # 996 to 999 once meant people born in the century before

CATEGORIES = ("肿瘤", "精神疾病", "失智", "因病致贫", "意外伤害", "麻风致残")
_CATEGORY_UP_TO = (46, 66, 78, 92, 99, 100)
HARDSHIPS = ("低保", "低收入", "支出型贫困", "特困供养", "无")
_HARDSHIP_UP_TO = (30, 50, 65, 70, 100)
# First year, last year and usual year of birth.
_BORN = {
    "肿瘤": (1930, 1995, 1954),
    "精神疾病": (1938, 2001, 1966),
    "失智": (1923, 1955, 1938),
    "因病致贫": (1932, 2000, 1958),
    "意外伤害": (1940, 2000, 1970),
    "麻风致残": (1928, 1962, 1942),
}
_BANKS = (
    ("中国工商银行", "621226", 19),
    ("上海银行", "621005", 18),
    ("中国农业银行", "622848", 19),
    ("中国建设银行", "621700", 19),
    ("交通银行", "622262", 17),
    ("上海农商银行", "622478", 16),
    ("中国邮政储蓄银行", "621799", 19),
)
_ROADS = [
    "和平",
    "人民",
    "新华",
    "民主",
    "团结",
    "文化",
    "迎春",
    "长江",
    "黄河",
    "学府",
    "园林",
    "金桥",
    "银杏",
    "香樟",
    "梅园",
    "桃浦",
    "莲花",
    "清河",
    "塔城",
    "环城",
]
_DOUBLED = tuple(value * 2 if value < 5 else value * 2 - 9 for value in range(10))


@dataclass(frozen=True, slots=True)
class Person:
    """One person as the files know them. ``head`` is the number of the head of a shared
    household, empty for whoever lives alone; ``tag`` names the special case, if any."""

    name: str
    number: str
    female: bool
    street: Street
    address: str
    phone: str
    category: str
    hardship: str
    bank: str
    account: str
    head: str = ""
    relation: str = ""
    guardian: str = ""
    tag: str = ""

    @property
    def born(self) -> int:
        return int(self.number[6:10])

    @property
    def payee(self) -> str:
        return self.guardian or self.name


def luhn_digit(digits: str) -> str:
    """The last digit of an account number."""
    total = 0
    double = True
    for digit in reversed(digits):
        value = int(digit)
        total += _DOUBLED[value] if double else value
        double = not double
    return str(-total % 10)


class Numbers:
    """Identity numbers of one district: each district has sequences of its own, so that all
    numbers of a year differ without one district knowing of another."""

    def __init__(self, district: District) -> None:
        whole = sum(d.weight for d in districts())
        before = sum(d.weight for d in districts()[: district.index])
        self._first = 1 + (_SEQUENCES * before // whole + 1) // 2 * 2
        self._last = _SEQUENCES * (before + district.weight) // whole
        self._taken: set[int] = set()
        self._full: dict[int, int] = {}

    def take(self, rng: Random, day: int, female: bool) -> tuple[int, int]:
        """A free (day, sequence) of that sex; a day that is nearly full gives way to the next."""
        room = (self._last - self._first) // 3
        while self._full.get(day, 0) >= room:
            day -= 1
        while True:
            sequence = rng.randrange(self._first, self._last, 2) + female
            if day * 1000 + sequence not in self._taken:
                self._mark(day, sequence)
                return day, sequence

    def take_pair(self, rng: Random, day: int) -> tuple[int, int]:
        """Two free sequences of one day that follow each other: the day and the first."""
        while True:
            sequence = rng.randrange(self._first, self._last, 2)
            if not {day * 1000 + sequence, day * 1000 + sequence + 1} & self._taken:
                self._mark(day, sequence)
                self._mark(day, sequence + 1)
                return day, sequence
            day -= 1

    def _mark(self, day: int, sequence: int) -> None:
        self._taken.add(day * 1000 + sequence)
        self._full[day] = self._full.get(day, 0) + 1


def write_number(day: int, sequence: int) -> str:
    """The number of eighteen characters for a day (ordinal) and a sequence."""
    born = date.fromordinal(day)
    return make_number(REGION, f"{born.year:04}{born.month:02}{born.day:02}", sequence)


class PeopleMaker:
    """Makes the people of one district, street by street."""

    def __init__(self, seed: int, district: District, step: str, numbers: Numbers) -> None:
        self._rng = stream(seed, "people", district.code, step)
        self._numbers = numbers
        self._district = district

    def fill(self, street: Street, count: int, special: list[str]) -> list[Person]:
        """``count`` people of a street; special cases are taken from ``special`` while they fit."""
        people: list[Person] = []
        while len(people) < count:
            room = count - len(people)
            if special:
                made = self._special(street, special[0], room)
                if made:
                    special.pop(0)
                    people += made
                    continue
            people += self._ordinary(street, room)
        return people

    def single(self, street: Street, category: str = "", name: str = "") -> Person:
        """An adult who lives alone; a known name decides whether it is a woman."""
        rng = self._rng
        category = category or rng.choices(CATEGORIES, cum_weights=_CATEGORY_UP_TO)[0]
        female = name in names.WOMEN if name else rng.random() < 0.54
        return self._person(street, category, female, self._birthday(category))

    def account(self, rng: Random) -> tuple[str, str]:
        """A bank's branch and a new account there."""
        bank, bin_, length = rng.choice(_BANKS)
        digits = f"{bin_}{rng.randrange(10 ** (length - 7)):0{length - 7}}"
        place = self._district.name.removesuffix("区").removesuffix("新")
        return f"{bank}上海{place}支行", digits + luhn_digit(digits)

    def phone(self, rng: Random) -> str:
        """A mobile number."""
        return f"1{rng.randrange(3_000_000_000, 10_000_000_000)}"

    def _ordinary(self, street: Street, room: int) -> list[Person]:
        chance = self._rng.random()
        if chance < 0.012 and room >= 2:
            return self._couple(street)
        if chance < 0.03:
            return [self._minor(street, self._rng.randrange(2005, 2021))]
        person = self.single(street)
        if chance < 0.3:
            near = date(person.born, 1, 1).toordinal() + self._rng.randrange(-900, 900)
            day, sequence = self._numbers.take(self._rng, near, not person.female)
            return [replace(person, head=write_number(day, sequence), relation="配偶")]
        return [person]

    def _special(self, street: Street, kind: str, room: int) -> list[Person]:
        if kind == "twin":
            return self._twins(street) if room >= 2 else []
        if kind == "couple":
            return self._couple(street) if room >= 2 else []
        if kind == "minor":
            return [self._minor(street, 2012)]
        if kind == "newborn":
            return [replace(self._minor(street, 2021), tag="newborn")]
        if kind == "leap_day":
            day = date(1956, 2, 29).toordinal()
            return [replace(self._person(street, "肿瘤", True, day), tag=kind)]
        if kind == "centenarian":
            day = date(1918, 12, 31).toordinal() - self._rng.randrange(300)
            return [replace(self._person(street, "失智", True, day), tag=kind)]
        kind, _, name = kind.partition(":")
        return [replace(self.single(street, name=name), name=name, tag=kind)]

    def _couple(self, street: Street) -> list[Person]:
        husband = self._person(street, "肿瘤", False, self._birthday("肿瘤"))
        wife = self._person(street, "精神疾病", True, self._birthday("肿瘤"))
        head = husband.number
        return [
            replace(husband, head=head, relation="本人", tag="couple"),
            replace(
                wife,
                head=head,
                relation="配偶",
                tag="couple",
                address=husband.address,
                phone=husband.phone,
                hardship=husband.hardship,
            ),
        ]

    def _minor(self, street: Street, year: int) -> Person:
        day = date(year, 1, 1).toordinal() + self._rng.randrange(330)
        child = self._person(street, "肿瘤", self._rng.random() < 0.5, day)
        return self._under_guard(child, "minor")

    def _twins(self, street: Street) -> list[Person]:
        day = date(2012, 9, 1).toordinal() - self._rng.randrange(200)
        day, sequence = self._numbers.take_pair(self._rng, day)
        first = self._person(street, "因病致贫", sequence % 2 == 0, day, sequence)
        first = self._under_guard(first, "twin")
        second = self._person(street, "因病致贫", not first.female, day, sequence + 1)
        family = split_surname(first.name)[0]
        name = names.full_name(self._rng, second.female, 2012, family)
        while name == first.name:
            name = names.full_name(self._rng, second.female, 2012, family)
        return [
            first,
            replace(
                second,
                name=name,
                head=first.head,
                relation=first.relation,
                guardian=first.guardian,
                tag="twin",
                address=first.address,
                phone=first.phone,
            ),
        ]

    def _under_guard(self, child: Person, tag: str) -> Person:
        """The child with a parent who is guardian and head of the household."""
        rng = self._rng
        female = rng.random() < 0.5
        day = date(child.born - rng.randrange(24, 38), 6, 1).toordinal() + rng.randrange(300)
        day, sequence = self._numbers.take(rng, day, female)
        family = "" if female else split_surname(child.name)[0]
        return replace(
            child,
            guardian=names.full_name(rng, female, child.born - 30, family),
            head=write_number(day, sequence),
            relation="子女",
            tag=tag,
        )

    def _person(
        self, street: Street, category: str, female: bool, day: int, sequence: int = 0
    ) -> Person:
        rng = self._rng
        if not sequence:
            day, sequence = self._numbers.take(rng, day, female)
        bank, account = self.account(rng)
        road = f"{rng.choice(_ROADS)}{rng.choice(('路', '路', '东路', '西路', '新村'))}"
        return Person(
            name=names.full_name(rng, female, date.fromordinal(day).year),
            number=write_number(day, sequence),
            female=female,
            street=street,
            address=f"{road}{rng.randrange(1, 900)}弄{rng.randrange(1, 80)}号{rng.randrange(101, 1899)}室",
            phone=self.phone(rng),
            category=category,
            hardship=rng.choices(HARDSHIPS, cum_weights=_HARDSHIP_UP_TO)[0],
            bank=bank,
            account=account,
        )

    def _birthday(self, category: str) -> int:
        first, last, usual = _BORN[category]
        return int(
            self._rng.triangular(
                date(first, 1, 1).toordinal(),
                date(last, 12, 31).toordinal(),
                date(usual, 7, 1).toordinal(),
            )
        )


def special_cases(district: District) -> list[str]:
    """The special people a district has at any scale; every kind is somewhere."""
    kinds: list[str] = []
    kinds += [f"rare:{name}" for name in names.RARE]
    kinds += [f"beyond_bmp:{name}" for name in names.BEYOND_BMP]
    kinds += [f"dots:{name}" for name in names.DOTTED]
    kinds += ["twin", "couple", "centenarian", "minor", "newborn", "leap_day"] * 2
    mine = [kind for i, kind in enumerate(kinds) if i % 16 == district.index]
    if district.letters in ("PD", "MH", "BS"):
        mine += [f"namesake:{name}" for name in names.NAMESAKES]
        mine += [f"dots:{names.DOTTED[0]}"] * 2
    if district.letters == "PD":
        mine += [f"namesake:{names.NAMESAKES[0]}"] * 3
        mine += [f"dots:{name}" for name in names.DOTTED]
    return mine
