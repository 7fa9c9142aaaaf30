"""Where one person works: the store, the clock, who they are, and the one door to a write."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from rcaid.db import offices as office_rows
from rcaid.db.audit import log as audit_log
from rcaid.db.engine import Store
from rcaid.db.keys import Keys
from rcaid.db.tables import Office
from rcaid.db.unit import Act, Entry, Unit, run_unit
from rcaid.domain.duties import ACTS, NAMES_IN_FULL
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.ids import Source
from rcaid.domain.sentences import is_rule
from rcaid.services.clock import Clock

T = TypeVar("T")

_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,40}")
"""What a reason in the record looks like: free text might name people, and cannot be erased."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who acts, and the duties they hold today: (duty, office id)."""

    staff_id: str
    login: str
    name: str
    duties: tuple[tuple[str, str], ...]


class Offices:
    """The tree city, district, street."""

    def __init__(self, rows: Iterable[Office]) -> None:
        self.all = tuple(rows)
        self.by_id = {office.id: office for office in self.all}
        self.by_code = {office.code: office for office in self.all}
        self._children: dict[str | None, list[Office]] = {}
        for office in self.all:
            self._children.setdefault(office.parent_id, []).append(office)
        self._below: dict[str, tuple[str, ...]] = {}
        self._within: dict[str, frozenset[str]] = {}

    @property
    def top(self) -> Office:
        """The office above all others, whose programmes, cycles and funds these are."""
        return next(office for office in self.all if office.parent_id is None)

    def children(self, office_id: str) -> list[Office]:
        """The offices directly below."""
        return self._children.get(office_id, [])

    def below(self, office_id: str) -> tuple[str, ...]:
        """The ids of an office and of all below it."""
        if office_id not in self._below:
            found = [office_id]
            for child in self.children(office_id):
                found.extend(self.below(child.id))
            self._below[office_id] = tuple(found)
        return self._below[office_id]

    def within(self, office_id: str, top_id: str) -> bool:
        """Whether an office is another one or below it."""
        if top_id not in self._within:
            self._within[top_id] = frozenset(self.below(top_id))
        return office_id in self._within[top_id]

    def district_of(self, office_id: str) -> Office:
        """The district an office belongs to; the city for itself."""
        office = self.by_id[office_id]
        while office.level not in ("district", "city") and office.parent_id:
            office = self.by_id[office.parent_id]
        return office

    def path(self, office_id: str) -> str:
        """Names from the district down, for people."""
        office = self.by_id[office_id]
        if office.level == "street" and office.parent_id:
            return f"{self.by_id[office.parent_id].name}·{office.name}"
        return office.name


@dataclass
class Desk:
    """What a service is given: who acts, with which store, at which time."""

    store: Store
    keys: Keys
    source: Source
    clock: Clock
    actor: Actor
    society: str = ""
    demo: bool = False
    _cache: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def offices(self) -> Offices:
        """All offices; read once a session."""
        return Offices(office_rows.all_offices(self.store))

    @property
    def day(self) -> str:
        """Today's business date."""
        return self.clock.moment().day

    def home(self) -> Office:
        """The office a person's first duty is for."""
        if not self.actor.duties:
            raise Refused(
                Problem("who.no_duty", {"login": self.actor.login, "act": "", "office": ""})
            )
        return self.offices.by_id[self.actor.duties[0][1]]

    def office_for(self, act: str) -> Office:
        """The first office for which a person holds a duty that may do an act; else their home."""
        found = (office for duty, office in self.actor.duties if duty in ACTS[act])
        return self.offices.by_id[next(found, self.home().id)]

    def duty_for(self, act: str, office_id: str) -> str | None:
        """The duty by which this person may do an act in an office, or None."""
        allowed = ACTS[act]
        for duty, granted in self.actor.duties:
            if duty in allowed and self.offices.within(office_id, granted):
                return duty
        return None

    def require(self, act: str, office_id: str) -> str:
        """The duty by which this person may do an act; Refused who.no_duty otherwise."""
        duty = self.duty_for(act, office_id)
        if duty is None:
            office = self.offices.by_id.get(office_id)
            raise Refused(
                Problem(
                    "who.no_duty",
                    {
                        "login": self.actor.login,
                        "act": act,
                        "office": office.name if office else office_id,
                    },
                )
            )
        return duty

    def reach(self, act: str) -> tuple[str, ...]:
        """The ids of all offices in which this person may do an act; Refused when there is none."""
        found: dict[str, None] = {}
        for duty, granted in self.actor.duties:
            if duty in ACTS[act]:
                found.update(dict.fromkeys(self.offices.below(granted)))
        if not found:
            raise Refused(
                Problem("who.no_duty", {"login": self.actor.login, "act": act, "office": ""})
            )
        return tuple(found)

    def names_in_full(self, office_id: str) -> bool:
        """Whether this person sees names of an office's people in full (model.md, Duties)."""
        return any(
            duty in NAMES_IN_FULL and self.offices.within(office_id, granted)
            for duty, granted in self.actor.duties
        )

    def write(
        self,
        act: str,
        office_id: str,
        work: Callable[[Unit], T],
        *,
        object: str | Callable[[T], str] | None = None,
        reason: str | None = None,
        note: Callable[[T], dict[str, Any]] | None = None,
        duty: str | None = None,
    ) -> tuple[T, Entry]:
        """Checks the permission, does the work in one unit and records it as one event.

        The event goes to the log of the office the person's duty is for.
        """
        if reason is not None and _CODE.fullmatch(reason) is None:
            raise Refused(Problem("reason.form", value=reason))
        held = duty or self.require(act, office_id)
        acting = next(
            (o for d, o in self.actor.duties if d == held and office_id in self.offices.below(o)),
            self.home().id,
        )
        base = Act(act, self.actor.login, held, self.offices.by_id[acting].code, self.offices.by_id[acting].log)  # fmt: skip

        def inside(unit: Unit) -> tuple[T, Act]:
            self._still_holds(unit, held, acting)
            result = work(unit)
            named = object(result) if callable(object) else object
            said = Act(
                base.action,
                base.actor,
                base.duty,
                base.office,
                base.log,
                named,
                reason,
                note(result) if note else {},
            )
            return result, said

        return run_unit(self.store, self.keys, self.source, self.clock.moment, base, inside)

    def _still_holds(self, unit: Unit, duty: str, office_id: str) -> None:
        """A duty that was taken away while somebody sat at the desk no longer counts."""
        now = office_rows.grants(unit.store, self.actor.staff_id, unit.day)
        if not any(g.duty == duty and office_id in self.offices.below(g.office_id) for g in now):
            name = self.offices.by_id[office_id].name
            params = {"login": self.actor.login, "act": duty, "office": name}
            raise Refused(Problem("who.no_duty", params))

    def look(self, act: str, office_id: str, object: str, **note: Any) -> Entry:
        """Records that something was looked at or handed over, with nothing changed."""
        _, entry = self.write(act, office_id, lambda unit: None, object=object, note=lambda _: note)
        return entry


def note_refusal(desk: Desk, problems: Iterable[Problem]) -> None:
    """Records that a rule or a permission said no, at most once a second for a person and a rule.

    A refusal undoes its own unit, so this is a second one. What a person merely mistyped is not
    recorded.
    """
    ruled = [p for p in problems if p.code.startswith("who.") or is_rule(p.code)]
    if not ruled or not desk.actor.duties or getattr(desk.store, "read_only", False):
        return
    code = ruled[0].code
    moment = desk.clock.moment()
    second = moment.at[:19]
    office = desk.home()
    logs = sorted({each.log for each in desk.offices.all})
    last = audit_log(
        desk.store, logs, before="9999", act="refused", actor=desk.actor.login, object=code, limit=1
    )
    if last and last[0][2][:19] == second:
        return
    act = Act("refused", desk.actor.login, "", office.code, office.log, code)
    run_unit(desk.store, desk.keys, desk.source, desk.clock.moment, act, lambda unit: (None, act))


def actor_of(store: Store, login: str, day: str) -> Actor:
    """The person of a login with the duties they hold on a day; Refused who.unknown."""
    staff = office_rows.staff_by_login(store, login)
    if staff is None:
        raise Refused(Problem("who.unknown", {"login": login}))
    held = office_rows.grants(store, staff.id, day)
    return Actor(staff.id, staff.login, staff.name, tuple((g.duty, g.office_id) for g in held))
