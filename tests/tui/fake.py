"""A made-up office to try the screens on: 46 rosters, 1,284 cases, 387 people, no store.

``python -m tests.tui.fake [approver|maker|caseworker|auditor]`` opens the program on it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rcaid.domain.errors import Problem, Refused, Unusable
from rcaid.locale import _
from rcaid.screens.labels import label
from rcaid.screens.session import (
    ATTENTION,
    DONE,
    STOPPED,
    Amount,
    Bar,
    Bars,
    Card,
    Choice,
    Done,
    Exemption,
    Given,
    Group,
    Marked,
    Note,
    Page,
    Preview,
    Review,
    Row,
    Step,
    Today,
    TodayLine,
    Who,
)

STREETS = (
    "真新街道", "新成路街道", "嘉定镇街道", "菊园新区", "南翔镇", "安亭镇", "马陆镇", "江桥镇",
)  # fmt: skip
SURNAMES = (("赵", "z"), ("周", "z"), ("张", "z"), ("欧阳", "oy"), ("王", "w"), ("曾", "z"))
GIVEN = (("小敏", "xm"), ("芳", "f"), ("新民", "xm"), ("雪梅", "xm"), ("明", "m"), ("建国", "jg"))
STATES = ("submitted", "verified", "frozen", "approved", "open")
CATEGORIES = ("tumour", "mental", "dementia", "accident", "illness")
NEXT = {"roster.verify": "verified", "roster.freeze": "frozen", "roster.approve": "approved"}
FROM = {
    "roster.verify": ("submitted",),
    "roster.freeze": ("verified",),
    "roster.approve": ("frozen",),
    "roster.return": ("submitted", "verified"),
}


@dataclass
class Person:
    """Somebody made up."""

    id: str
    name: str
    initials: str
    digits: str
    street: str
    circle: int


def people(n: int = 387) -> list[Person]:
    """The same people each time, of all streets."""
    made = []
    for i in range(n):
        surname, s = SURNAMES[i % len(SURNAMES)]
        given, g = GIVEN[(i // 6) % len(GIVEN)]
        street = STREETS[(i * 7) % len(STREETS)]
        made.append(Person(f"p{i:04}", surname + given, s + g, f"{1200 + i * 4:04}", street, i % 3))
    return made


@dataclass
class FakeSession:
    """Keeps everything in memory; `log` holds what was asked for."""

    duties: tuple[str, ...] = ("verifier", "reviewer", "approver")
    maker: bool = False
    moved: bool = False
    log: list[tuple[str, ...]] = field(default_factory=list)
    people: list[Person] = field(default_factory=people)
    states: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.states = {f"r{i:03}": STATES[i % len(STATES)] for i in range(46)}

    @property
    def who(self) -> Who:
        return Who(
            "jd-approver",
            "吴敏",
            "嘉定区",
            self.duties,
            "上海市红十字会",
            ("DEMO", "local"),
            "2022-11-24",
        )

    def today(self) -> Today:
        n = sum(state == "frozen" for state in self.states.values())
        lines = (
            TodayLine("late", _("Overdue"), "2", 200000, "2022-11-14", _("2 d late"), STOPPED,
                      "cases", "is:late"),
            TodayLine("frozen", _("To approve"), str(n), 4_320_000, "2022-11-18", "today",
                      ATTENTION, "rosters", "step:frozen"),
            TodayLine("submitted", _("To verify"), "10", 1_920_000, "2022-11-18", "2022-11-28",
                      "", "rosters", "step:submitted"),
        )  # fmt: skip
        bars = Bars(
            "千万人帮万家 2022",
            (_("used"), _("left"), _("allotted")),
            (
                Bar(label("tumour"), 34, 40, ("34", "6", "40")),
                Bar(label("mental"), 8, 8, ("8", _("full"), "8")),
                Bar(label("dementia"), 5, 12, ("5", "7", "12")),
            ),
        )
        return Today("2022-11-24", "09:12", lines, (bars,), "")

    # lists

    def _rosters(self) -> list[Row]:
        rows = []
        for i, (id, state) in enumerate(self.states.items()):
            acts = {act: "" for act, states in FROM.items() if state in states}
            if self.maker and "roster.verify" in acts:
                acts["roster.verify"] = "you filled it; another person verifies (BR-040)"
            if self.maker and "roster.approve" in acts:
                acts["roster.approve"] = "you verified it; another person approves (BR-040)"
            n, fen = 40 + i, (40 + i) * 100000
            values = {
                "roster": f"22B-R-{i + 1:03}", "office": STREETS[i % 8], "programme": "千万人帮万家",
                "state": state, "n": n, "fen": fen, "since": f"2022-11-{i % 20 + 1:02}",
            }  # fmt: skip
            sign = ATTENTION if state == "frozen" else ""
            rows.append(Row(id, values, f"22B-R-{i + 1:03}", sign, fen, 1, acts))
        return rows

    def _cases(self) -> list[Row]:
        rows = []
        for i in range(1284):
            person = self.people[i % len(self.people)]
            values = {
                "case": f"22B-JD-{i + 1:05}", "name": person.name, "who": f"F {40 + i % 50}",
                "office": person.street, "category": CATEGORIES[i % 5], "state": "listed",
                "fen": 100000, "round": "1",
            }  # fmt: skip
            sign = STOPPED if i < 2 else ""
            rows.append(Row(f"c{i:05}", values, f"22B-JD-{i + 1:05}", sign, 100000, 1))
        return rows

    def _all(self, place: str, filter_text: str) -> list[Row]:
        rows = {"rosters": self._rosters, "cases": self._cases}.get(place, list)()
        for word in filter_text.split():
            if word.endswith((">", "<", ":")):
                raise Unusable(Problem("filter.value", {"word": word}))
            if word == "is:late":
                rows = [row for row in rows if row.sign == STOPPED]
            elif word.startswith("step:"):
                rows = [row for row in rows if row.values["state"] == word[5:]]
            else:
                rows = [row for row in rows if word in " ".join(map(str, row.values.values()))]
        return rows

    def page(
        self, place: str, filter_text: str, after_key: str, limit: int, *, backward: bool = False
    ) -> Page:
        self.log.append(("page", place, filter_text, after_key, str(limit)))
        rows = self._all(place, filter_text)
        ids = [row.id for row in rows]
        if backward:
            end = ids.index(after_key) if after_key else len(rows)
            start = max(end - limit, 0)
        else:
            start = ids.index(after_key) + 1 if after_key else 0
            end = min(start + limit, len(rows))
        part = tuple(rows[start:end])
        return Page(
            part,
            len(rows),
            next_key=part[-1].id if end < len(rows) else "",
            before_key=part[0].id if start > 0 else "",
            fen=sum(row.fen for row in rows),
        )

    def marks(self, place: str, filter_text: str) -> tuple[Marked, ...]:
        rows = self._all(place, filter_text)
        return tuple(Marked(row.id, row.fen, row.version) for row in rows)

    def preview(self, place: str, id: str) -> Preview:
        if place == "people":
            person = next(p for p in self.people if p.id == id)
            return Preview(
                person.name, "", (f"138****{person.digits}", person.street, _("no open case"))
            )
        row = next(row for row in self._all(place, "") if row.id == id)
        state = label(str(row.values["state"]))
        return Preview(
            row.label,
            state,
            (f"{row.values['office']}  千万人帮万家 2022", "", ""),
            (
                ("", (Note(_("office"), str(row.values["office"])),)),
                (_("Checks"), (Note("", "quota holds", DONE, "BR-031"),)),
            ),
        )

    # cards and help

    def card(self, place: str, id: str) -> Card:
        self.log.append(("card", place, id))
        if place == "people":
            return self._person_card(id)
        row = next(row for row in self._all(place, "") if row.id == id)
        state = str(row.values["state"])
        steps = ("open", "submitted", "verified", "frozen", "approved", "closed")
        at = steps.index(state) if state in steps else 0
        way = tuple(
            (label(step), "done" if i < at else "here" if i == at else "ahead")
            for i, step in enumerate(steps)
        )
        return Card(
            id,
            f"{row.label}  {row.values['office']}",
            label(state),
            facts=(
                Note(_("programme"), "千万人帮万家 2022 冬季"),
                Note(_("lines"), str(row.values.get("n", 1))),
                Note(_("amount"), f"{row.fen // 100:,}.00"),
            ),
            checks=(
                Note("", "quota tumour 34 of 40", DONE, "BR-031"),
                Note("", "certificate of 2 people ends in 5 days", ATTENTION, "BR-029"),
                Note("", "nobody is on it twice", DONE, "BR-009"),
            ),
            story=(
                Step("11-21 10:02", "verified", "林*", "42 of 42 lines"),
                Step("11-18 09:44", "submitted", "陈*", "22B_JD_嘉定区.xlsx"),
            ),
            way=way if place == "rosters" else (),
            version=row.version,
            acts=row.acts,
            masked=(("phone", _("phone")), ("account", _("account"))) if place == "cases" else (),
        )

    def _person_card(self, id: str) -> Card:
        person = next(p for p in self.people if p.id == id)
        return Card(
            id,
            person.name,
            "F 67",
            facts=(
                Note(_("identity"), f"310***********{person.digits}", reveals="identity"),
                Note(_("phone"), f"138****{person.digits}", reveals="phone"),
                Note(_("lives in"), person.street),
            ),
            story=(Step("2022-04-18", "1,000.00", "千万人帮万家"),),
            masked=(("number", _("identity")), ("phone", _("phone"))),
        )

    def find_people(self, text: str, limit: int) -> tuple[Group, ...]:
        self.log.append(("find", text))
        words = text.casefold().split()
        found = [p for p in self.people if all(_fits(p, word) for word in words)]
        names = (_("my street"), "嘉定区", _("the city"))
        groups = []
        for circle, name in enumerate(names):
            here = [p for p in found if p.circle == circle]
            groups.append(Group(name, len(here), tuple(_person_row(p) for p in here[:4])))
        return tuple(groups)

    def help_given(self, place: str, id: str) -> tuple[Given, ...]:
        return (
            Given("2022", "千万人帮万家", _("person"), 100000),
            Given("2021", "千万人帮万家", _("household"), 0, 1, "守“沪”家庭箱"),
        )

    def reveal(self, place: str, id: str, field: str, reason: str) -> str:
        self.log.append(("reveal", id, field, reason))
        return "13800001248"

    # acts

    def reasons(self, act: str, id: str) -> tuple[Choice, ...]:
        return (
            Choice("lines", _("lines are wrong")),
            Choice("quota", _("over quota")),
            Choice("other", _("other, with a note"), note=True),
        )

    def review(self, act: str, ids: tuple[str, ...]) -> Review:
        self.log.append(("review", act, *ids))
        n = sum(40 + int(id[1:]) for id in ids) - 2 - (1 if self.moved else 0)
        return Review(
            act,
            _("Approve rosters, 千万人帮万家 2022"),
            f"{len(ids)} " + _("rosters"),
            _("approve"),
            Amount(_("will be approved"), n, n * 100000),
            (
                Amount(_("stay behind, a rule stops them"), 1, 100000),
                Amount(_("stay behind, unless you put them in"), 1, 100000),
            ),
            (
                Exemption("x1", "沈*妹", "had 1,000.00 on 2022-03-10, cap is used", "BR-022"),
                Exemption("x2", "欧阳*", "certificate ends 11-29", "BR-029", ATTENTION, 100000),
            ),
            _("By category"),
            (Amount(label("tumour"), n - 8, (n - 8) * 100000), Amount(label("mental"), 8, 800000)),
            (Note("quota", "", DONE), Note("fund", "", DONE)),
            (_("Not paid before the public notice has ended (BR-050)."),),
            include_reasons=(Choice("renewed", _("certificate is renewed")),),
            name="rounds",
            options_title=_("rounds"),
            options=(Choice("1", "1 2022-12", chosen=True),),
        )

    def act(
        self,
        act: str,
        ids: tuple[str, ...],
        *,
        seen: Mapping[str, int],
        choices: Mapping[str, str],
    ) -> Done:
        self.log.append(("act", act, *ids, str(dict(choices))))
        if self.maker:
            raise Refused(Problem("who.maker", {"login": "jd-approver", "part": "verify"}))
        if self.moved and act == "roster.approve":
            self.moved = False
            raise Refused(Problem("state.stale", {"noun": "22B-R-003", "changes": "lines"}))
        for id in ids:
            self.states[id] = NEXT.get(act, "open")
        return Done(f"{len(ids)} done: {act}", f"A-{20400 + len(self.log)}")


def _fits(person: Person, word: str) -> bool:
    return word in person.name or person.initials.startswith(word) or word == person.digits


def _person_row(person: Person) -> Row:
    values = {
        "name": person.name, "who": "F 67", "identity": f"310***********{person.digits}",
        "office": person.street, "helped": "2021-12", "open": 1 if person.circle == 0 else None,
    }  # fmt: skip
    return Row(person.id, values, person.name)


WHO = {
    "approver": FakeSession,
    "maker": lambda: FakeSession(maker=True),
    "caseworker": lambda: FakeSession(("caseworker",)),
    "auditor": lambda: FakeSession(("auditor",)),
    "keeper": lambda: FakeSession(("keeper",)),
}


def hostile(session: FakeSession) -> FakeSession:
    """The same office with a name that wants to drive the terminal."""
    bad = "\x1b]52;c;UFdO\x07[b]赵[/x][@click=app.quit]敏\x9b2J\u202e"
    session.people = [replace(p, name=bad) if i == 0 else p for i, p in enumerate(session.people)]
    return session


if __name__ == "__main__":
    from rcaid.screens.app import run

    sys.exit(run(WHO[sys.argv[1] if len(sys.argv) > 1 else "approver"]()))
