"""Rows of a desk's lists: what services read, in the columns of the screens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from rcaid.domain.deadlines import workdays_between
from rcaid.screens import desk_acts as acting
from rcaid.screens import desk_aid, desk_batches
from rcaid.screens import desk_text as say
from rcaid.screens.desk_applications import due_words, list_acts
from rcaid.screens.session import ATTENTION, STOPPED, Row, Value

if TYPE_CHECKING:
    from rcaid.services.desk import Desk
    from rcaid.services.finding import PersonLine
    from rcaid.services.lists import AnyRow, CaseRow, RosterRow
    from rcaid.services.quota_lists import QuotaRow


def rows_of(desk: Desk, place: str, found: Sequence[AnyRow]) -> tuple[Row, ...]:
    """The rows of a list, with what may be done to each."""
    if place != "cases":
        return tuple(SHAPES[place](desk, row) for row in found)
    cases = cast("Sequence[CaseRow]", found)
    acts = list_acts(desk, [row for row in cases if row.lane == "A"])
    return tuple(_case_row(desk, row, acts.get(row.id, {})) for row in cases)


def _case_row(desk: Desk, row: CaseRow, acts: Mapping[str, str]) -> Row:
    single = row.lane == "A"
    values: dict[str, Value] = {
        "case": row.case_no,
        "name": row.name,
        "who": say.who(row.sex, row.age),
        "office": _street(row.place),
        "category": row.category,
        "state": row.state,
        "fen": row.fen,
        "due": due_words(row.due_on, _late(desk, row), row.paused, desk.day) if single else "",
    }
    if single:
        late = bool(_late(desk, row))
        waits = row.state == "returned" or row.due_on == desk.day
        sign = STOPPED if late else ATTENTION if waits else ""
        return Row(row.id, values, row.case_no, sign, row.fen or 0, row.version, acts)
    open_line = row.state in ("listed", "waiting")
    ended = open_line and bool(row.hardship_until) and row.hardship_until < desk.day
    sign = STOPPED if row.person_state == "deceased" and open_line else ATTENTION if ended else ""
    return Row(row.id, values, row.case_no, sign, row.fen or 0, row.version)


def _late(desk: Desk, row: CaseRow) -> int:
    """Working days an application is late; 0 while it waits for the family."""
    if not row.due_on or row.paused or row.due_on >= desk.day:
        return 0
    return workdays_between(row.due_on, desk.day)


def _near(desk: Desk, place: str) -> str:
    """A place without what goes without saying at this desk."""
    return place.removeprefix(f"{desk.offices.district_of(desk.home().id).name}·")


def _street(place: str) -> str:
    """The last part of a place; the number beside it names the district."""
    return place.rpartition("·")[2]


def _roster_row(desk: Desk, row: RosterRow) -> Row:
    values: dict[str, Value] = {
        "roster": row.number,
        "office": _street(row.place),
        "programme": row.programme,
        "state": row.state,
        "n": row.lines,
        "fen": row.fen or None,
        "since": row.opened_on,
    }
    acts = acting.roster_acts(desk, row)
    back = row.state == "open" and any(act == "return" for _who, act in row.parts)
    sign = ATTENTION if back else ""
    return Row(row.id, values, row.number, sign, row.fen, row.version, acts)


def quota_row(row: QuotaRow) -> Row:
    """A quota."""
    left = row.allotted - row.used
    values: dict[str, Value] = {
        "office": row.place,
        "programme": f"{row.programme} {row.cycle}",
        "category": row.category,
        "allotted": row.allotted,
        "used": row.used,
        "left": left,
    }
    sign = STOPPED if left < 0 else ATTENTION if left == 0 and row.allotted else ""
    return Row(row.id, values, row.place, sign, 0, row.version)


def person_row(desk: Desk, row: PersonLine) -> Row:
    """Somebody on file."""
    values: dict[str, Value] = {
        "name": row.name,
        "who": say.who(row.sex, row.age),
        "identity": row.identity,
        "office": _near(desk, row.place),
        "helped": row.last_help[:7],
        "open": row.open_lines or None,
    }
    sign = STOPPED if row.state == "deceased" else ""
    elsewhere = desk.duty_for("person.card", row.office_id) is None
    return Row(row.id, values, row.name, sign, 0, row.version, elsewhere=elsewhere)


SHAPES: dict[str, Callable[..., Row]] = {
    "rosters": _roster_row,
    "people": person_row,
    "batches": desk_aid.row,
    "imports": desk_batches.row,
}
"""The rows of each list that `lists.page` reads."""
