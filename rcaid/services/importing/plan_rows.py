"""The new rows of a plan, the first of them, for a person who reads it before it is applied."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from rcaid.services.desk import Desk
from rcaid.services.importing.plans import Plan

MOST = 500


class NewRow(NamedTuple):
    """What one row brings: its number, whom or what it is about, for which office, what of, fen.

    ``name`` is in full, "" for somebody known already; who shows it masks it where it must.
    """

    row: int
    number: str
    name: str
    office_id: str
    category: str
    fen: int | None


def new_rows(desk: Desk, plan: Plan, most: int = MOST) -> list[NewRow]:
    """Up to ``most`` new rows of a plan, in file order; none for kinds that keep them otherwise."""
    if plan.facts.kind == "roster":
        return list(islice(_of_roster(plan), most))
    if plan.facts.kind in ("people", "update"):
        return list(islice(_of_people(plan), most))
    if plan.facts.kind == "application":
        return list(islice(_of_applications(desk, plan), most))
    if plan.facts.kind == "quota":
        return list(islice(_of_quota(plan), most))
    return []


def _of_roster(plan: Plan) -> Iterator[NewRow]:
    from rcaid.db.bulk import CASES, PEOPLE

    for _, rows in plan.parts("piece"):
        people = dict(zip(PEOPLE.columns, rows["person"], strict=True))
        names = dict(zip(people["id"], people["name"], strict=True))
        cases: dict[str, Any] = dict(zip(CASES.columns, rows["aid_case"], strict=True))
        wanted = ("row_no", "case_no", "person_id", "office_id", "category", "fen")
        for row, case, person, office, category, fen in zip(
            *(cases[name] for name in wanted), strict=True
        ):
            yield NewRow(row, case, names.get(person, ""), office, category or "", fen)


def _of_people(plan: Plan) -> Iterator[NewRow]:
    from rcaid.db.bulk import PEOPLE

    for _, rows in plan.parts("piece"):
        people = dict(zip(PEOPLE.columns, rows["person"], strict=False))
        who = {
            person: (name or "", office)
            for person, name, office in zip(
                people["id"], people["name"], people["office_id"], strict=True
            )
        }
        for row, word, person in rows["outcome"]:
            if word == "new" and person in who:
                name, office = who[person]
                yield NewRow(row, "", name, office, "", None)


def _of_quota(plan: Plan) -> Iterator[NewRow]:
    for _, rows in plan.parts("quota"):
        for row, office, category, n in rows:
            yield NewRow(row, f"{n:,}", "", office, category, None)


def _of_applications(desk: Desk, plan: Plan) -> Iterator[NewRow]:
    from rcaid.services.importing.application_importer import read_part

    for row, wanted in read_part(desk, plan):
        office = desk.offices.by_code.get(wanted.street)
        place = office.id if office else desk.offices.by_code[plan.facts.office].id
        yield NewRow(row, "", wanted.name, place, wanted.category, wanted.asked_fen)
