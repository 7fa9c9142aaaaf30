"""The people of the made-up society: eight in each district, the city's, and a street's own."""

from __future__ import annotations

from collections.abc import Iterator

from rcaid.services.desk import Offices

DISTRICT = (
    "caseworker", "verifier", "reviewer", "approver", "preparer", "releaser", "keeper", "auditor"
)  # fmt: skip
CITY = (*DISTRICT, "notice", "administrator")

SECOND = "sh-second"
"""The city's second approver: who approved cases may not approve the batch that pays them."""
_SURNAMES = "陈林吴蔡何孙沈周徐朱顾陆钱郑冯王李张"
_GIVEN = "静敏芳华明珍梅兰娟伟杰平洁勇红军霞琴英玲"


def people_of(offices: Offices) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """(login, name, [(duty, office code)]) of everybody."""
    number = 0
    for office in offices.all:
        if office.level == "street":
            continue
        duties = CITY if office.level == "city" else DISTRICT
        for duty in duties:
            number += 1
            yield f"{office.letters.lower()}-{duty}", _name(number), [(duty, office.code)]
        if office.level == "city":
            number += 1
            yield SECOND, _name(number), [("approver", office.code)]
        streets = [each for each in offices.children(office.id) if not each.pseudo]
        if office.level == "district" and streets:
            number += 1
            grants = [("caseworker", streets[0].code)]
            yield f"{office.letters.lower()}-street", _name(number), grants


def _name(number: int) -> str:
    return _SURNAMES[number % len(_SURNAMES)] + _GIVEN[number * 7 % len(_GIVEN)]
