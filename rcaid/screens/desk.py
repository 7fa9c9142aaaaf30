"""A desk behind the screens: the services of one person, in the shapes the screens ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from rcaid.domain.errors import Problem, ProblemError, Refused, Unusable
from rcaid.domain.money import yuan
from rcaid.domain.sentences import sentence
from rcaid.locale import _
from rcaid.screens import desk_acts as acting
from rcaid.screens import (
    desk_aid,
    desk_applications,
    desk_batches,
    desk_notice_acts,
    desk_notices,
    desk_pairs,
    desk_rows,
    desk_transfers,
)
from rcaid.screens.desk_short import CARDS, PAGES
from rcaid.screens.labels import label
from rcaid.screens.session import (
    Bar,
    Bars,
    Card,
    Choice,
    Done,
    Given,
    Group,
    Marked,
    Page,
    Preview,
    Review,
    Today,
    TodayLine,
    Unreachable,
    Who,
)
from rcaid.screens.work_words import WORK
from rcaid.services.clock import ZONE

if TYPE_CHECKING:
    from rcaid.screens.desk_bank_results import DeskBankResults
    from rcaid.screens.desk_form import DeskForm
    from rcaid.screens.desk_hand_out import DeskHandingOut
    from rcaid.screens.desk_imports import DeskImports
    from rcaid.screens.desk_making import DeskMaking
    from rcaid.screens.desk_reports import DeskReports
    from rcaid.services.desk import Desk

_GONE = ("store.unreachable", "store.busy", "store.disk")
_PLACES = {"batches": "aid", "notices": "aid", "duplicates": "imports"}
"""Lists that stand in a place of another name."""
_WHOLE = ("quota", "inbox", "duplicates", "transfers", *PAGES)
"""Short lists that are read whole, on which nothing is marked."""


class DeskSession:
    """One person at work on a store. See `rcaid.screens.session.Session`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._totals: dict[tuple[str, str], tuple[int, int | None, bool]] = {}

    @property
    def desk(self) -> Desk:
        """The desk behind this session."""
        return self._desk

    @cached_property
    def imports(self) -> DeskImports:
        """The files that came in, and their plans."""
        from rcaid.screens.desk_imports import DeskImports

        return DeskImports(self._desk)

    @cached_property
    def handing(self) -> DeskHandingOut:
        """The table where things are handed out."""
        from rcaid.screens.desk_hand_out import DeskHandingOut

        return DeskHandingOut(self._desk)

    @cached_property
    def bank(self) -> DeskBankResults:
        """What banks said of payments."""
        from rcaid.screens.desk_bank_results import DeskBankResults

        return DeskBankResults(self._desk)

    @cached_property
    def making(self) -> DeskMaking:
        """Batches on the way."""
        from rcaid.screens.desk_making import DeskMaking

        return DeskMaking(self._desk)

    @cached_property
    def applying(self) -> DeskForm:
        """Single applications, from the form to the decision."""
        from rcaid.screens.desk_form import DeskForm

        return DeskForm(self._desk, _spoken)

    @cached_property
    def reporting(self) -> DeskReports:
        """Figures, as of a day or as they were frozen."""
        from rcaid.screens.desk_reports import DeskReports

        return DeskReports(self._desk)

    @property
    def who(self) -> Who:
        desk = self._desk
        duties = tuple(dict.fromkeys(duty for duty, _office in desk.actor.duties))
        local = _("local") if desk.store.engine == "sqlite" else _("server")
        flags = (_("DEMO"), local) if desk.demo else (local,)
        return Who(
            desk.actor.login, desk.actor.name, desk.offices.path(desk.home().id), duties,
            desk.society, flags, desk.day,
        )  # fmt: skip

    # --- today

    def today(self) -> Today:
        from rcaid.services import today

        desk = self._desk
        with _spoken():
            moment = desk.clock.moment()
            lines = tuple(
                TodayLine(
                    line.id + line.number, f"{_(WORK[line.id])}  {line.number}".rstrip(),
                    f"{line.n:,}", line.fen or None, line.oldest,
                    desk_applications.due_of(desk, line.id, line.due), line.sign, _PLACES.get(line.place, line.place), line.filter,
                    _("of them yours, for another person: {n}").format(n=line.mine)
                    if line.mine else "",
                    line.place,
                )
                for line in today.lines(desk)
            )  # fmt: skip
            bars = (*self._quota_bars(), *self._office_bars())
        as_of = datetime.fromisoformat(moment.at).astimezone(ZONE)
        return Today(moment.day, f"{as_of:%H:%M}", lines, bars)

    def _quota_bars(self) -> Iterator[Bars]:
        from rcaid.services import today

        titles: dict[str, list[Bar]] = {}
        for each in today.quota_bars(self._desk):
            title = f"{_('Quota')}  {each.programme} {each.cycle}"
            left = each.allotted - each.used
            cells = (f"{each.used:,}", f"{left:,}" if left > 0 else _("full"), f"{each.allotted:,}")
            bar = Bar(label(each.category), each.used, each.allotted, cells)
            titles.setdefault(title, []).append(bar)
        headings = (_("entered"), _("left"), _("allotted"))
        for title, bars in titles.items():
            yield Bars(title, headings, tuple(bars))

    def _office_bars(self) -> Iterator[Bars]:
        from rcaid.services import today

        year, found = today.office_bars(self._desk)
        most = max((each.fen for each in found), default=0)
        if not most:
            return
        bars = tuple(
            Bar(each.name, each.fen, most, (f"{each.person_times:,}", yuan(each.fen)))
            for each in found
        )
        title = f"{self._desk.home().name} {year}"
        yield Bars(title, (_("person-times"), _("given")), bars)

    # --- lists

    def page(
        self, place: str, filter_text: str, after_key: str, limit: int, *, backward: bool = False
    ) -> Page:
        from rcaid.services import lists

        with _spoken():
            if place == "quota":
                return self._quota(filter_text)
            if place == "inbox":
                return self.imports.inbox_page(filter_text)
            if place == "duplicates":
                return desk_pairs.page(self._desk, filter_text)
            if place == "transfers":
                return desk_transfers.page(self._desk, filter_text)
            if place in PAGES:
                return PAGES[place][0](self._desk, filter_text)
            counted = not after_key and not backward
            found = lists.page(
                self._desk, place, filter_text, after_key, limit, backward=backward,
                counted=counted,
            )  # fmt: skip
            if found.problem is not None and not found.problem.warning:
                raise Unusable(found.problem)
            known = (place, filter_text)
            if counted or known not in self._totals:
                total = found.total if found.total is not None else len(found.rows)
                self._totals[known] = (total, found.total_fen, found.capped)
            total, fen, capped = self._totals[known]
            rows = desk_rows.rows_of(self._desk, place, found.rows)
            return Page(rows, total, found.next_key, found.before_key, fen, capped)

    def _quota(self, filter_text: str) -> Page:
        from rcaid.services import quota_lists

        found = quota_lists.page(self._desk, filter_text)
        if isinstance(found, Problem):
            raise Unusable(found)
        return Page(tuple(desk_rows.quota_row(row) for row in found), len(found))

    def marks(self, place: str, filter_text: str) -> tuple[Marked, ...]:
        from rcaid.services import lists

        with _spoken():
            if place in _WHOLE:
                return ()
            found = lists.marks(self._desk, place, filter_text)
            return tuple(Marked(id, fen, version) for id, fen, version in found)

    def find_people(self, text: str, limit: int) -> tuple[Group, ...]:
        from rcaid.services import people

        with _spoken():
            found = people.look_up(self._desk, text, limit)
        names = {
            "street": _("my street"),
            "district": self._desk.offices.district_of(self._desk.home().id).name,
            "city": _("the city"),
        }
        groups = []
        for circle, name in names.items():
            rows = tuple(
                desk_rows.person_row(self._desk, line)
                for line in found.lines
                if line.circle == circle
            )
            groups.append(Group(name, found.totals.get(circle, 0), rows))
        return tuple(groups)

    # --- one thing

    def preview(self, place: str, id: str) -> Preview:
        from rcaid.screens import desk_cards as cards
        from rcaid.services import cases, finding, people, roster_cards

        desk = self._desk
        with _spoken():
            if place == "people":
                person = people.person_of(desk, id, "person.find", anywhere=True)
                if desk.duty_for("person.card", person.office_id) is None:
                    (line,) = finding.lines_of(desk, [("", person)])
                    return Preview(line.name, line.identity, (line.place, _("of other offices")))
                return cards.person_preview(people.read_card(desk, person))
            if place == "cases":
                case = cases.find(desk, id, "case.list")
                if case.lane == "A":
                    return desk_applications.preview(desk, id)
                return cards.case_preview(cases.read_card(desk, case), desk.day)
            if place == "inbox":
                return self.imports.inbox_preview(id)
            if place == "imports":
                return desk_batches.preview(desk, id)
            if place == "duplicates":
                return desk_pairs.preview(desk, id)
            if place == "batches":
                return desk_aid.preview(desk, id)
            if place == "transfers":
                return desk_transfers.preview(desk, id)
            if place in PAGES:
                return PAGES[place][1](desk, id)
            if place == "rosters":
                return cards.roster_preview(roster_cards.card(desk, id), desk.day)
            return Preview("", "", ())

    def card(self, place: str, id: str) -> Card:
        from rcaid.screens import desk_cards as cards
        from rcaid.services import cases, finding, people, roster_cards

        desk = self._desk
        with _spoken():
            if place == "people":
                person = people.person_of(desk, id, "person.find", anywhere=True)
                if desk.duty_for("person.card", person.office_id) is None:
                    (line,) = finding.lines_of(desk, [("", person)])
                    return cards.stranger_card(line)
                return cards.person_card(people.card(desk, id))
            if place == "cases":
                if cases.find(desk, id).lane == "A":
                    return desk_applications.card(desk, id)
                return cards.case_card(cases.card(desk, id), desk.day)
            if place == "rosters":
                found = roster_cards.card(desk, id)
                return cards.roster_card(found, acting.roster_acts(desk, found.row), desk.day)
            if place in CARDS:
                return CARDS[place](desk, id)
            if place == "batches":
                return desk_aid.card(desk, id)
            if place == "transfers":
                return desk_transfers.card(desk, id)
            if place == "notices":
                return desk_notices.card(desk, id)
            if place == "objections":
                return desk_notices.objections(desk, id)
            if place == "imports":
                return desk_batches.card(desk, id)
            if place == "duplicates":
                return desk_pairs.card(desk, id)
            raise Refused(Problem("state.gone", {"noun": place, "id": id}))

    def help_given(self, place: str, id: str) -> tuple[Given, ...]:
        from rcaid.services import people

        with _spoken():
            return tuple(
                Given(
                    each.year, each.programme, label(each.who), each.fen, each.pieces, each.item,
                )
                for each in people.history(self._desk, self._person(place, id))
            )  # fmt: skip

    def reveal(self, place: str, id: str, field: str, reason: str) -> str:
        from rcaid.services import people

        with _spoken():
            return people.reveal(self._desk, self._person(place, id), field, reason)

    def _person(self, place: str, id: str) -> str:
        """The person a thing is about."""
        from rcaid.services import cases

        if place == "people":
            return id
        if place == "cases":
            return cases.find(self._desk, id, "case.list").person_id
        raise Refused(Problem("person.field", {"field": place, "known": "-"}))

    # --- acts

    def reasons(self, act: str, id: str) -> tuple[Choice, ...]:
        if act.startswith("notice."):
            with _spoken():
                return desk_notice_acts.reasons(self._desk, act, id)
        if act == "case.return":
            from rcaid.screens import desk_case_acts

            return desk_case_acts.reasons_to_return(self._desk, id)
        return acting.reasons(act)

    def review(self, act: str, ids: tuple[str, ...]) -> Review:
        with _spoken():
            return acting.review(self._desk, act, ids)

    def act(
        self,
        act: str,
        ids: tuple[str, ...],
        *,
        seen: Mapping[str, int],
        choices: Mapping[str, str],
    ) -> Done:
        self._totals.clear()
        with _spoken():
            return acting.do(self._desk, act, ids, seen, choices)


@contextmanager
def _spoken() -> Iterator[None]:
    """A store that does not answer is no fault of who asks."""
    try:
        yield
    except ProblemError as error:
        if any(problem.code in _GONE for problem in error.problems):
            raise Unreachable(sentence(error.problems[0], _)) from error
        raise
