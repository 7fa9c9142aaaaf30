"""What the values of the register form say: who it is, what is asked for, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from rcaid.domain import dates, identity, money
from rcaid.domain.deadlines import age
from rcaid.domain.errors import Problem
from rcaid.domain.identity import Identity
from rcaid.domain.sentences import sentence
from rcaid.locale import _
from rcaid.screens.applying import ProgrammeForm
from rcaid.screens.who import Choice

BY_NUMBER = (identity.RESIDENT_ID, identity.HMT_PERMIT_RESIDENCE, identity.FOREIGN_PR_2023)
"""Documents whose number says sex and birth date."""


def papers_of(form: ProgrammeForm, category: str, minor: bool) -> tuple[Choice, ...]:
    """The papers that are needed, each once, under the numbers they have on every screen: those of
    everybody, of the category, and last of a minor."""
    listed = [*form.papers.get("", ()), *form.papers.get(category, ())]
    listed += form.papers_minor if minor else ()
    return tuple({choice.code: choice for choice in listed}.values())


def who_is(values: Mapping[str, str], day: str) -> Identity | None:
    """What the number says, if it holds."""
    kind = values.get("id_kind") or identity.RESIDENT_ID
    if kind not in BY_NUMBER or not values.get("number"):
        return None
    found = identity.check(values["number"], kind, day)
    return None if isinstance(found, Problem) else found


def is_minor(values: Mapping[str, str], who: Identity | None, day: str, under: int) -> bool:
    """Whether somebody is under an age on the day of the form."""
    born = who.birth_date if who else values.get("born", "")
    read = dates.read(born) if born else ""
    return bool(read) and isinstance(read, str) and read <= day and age(read, day) < under


def needs_kind(values: Mapping[str, str]) -> bool:
    """Whether a number is none of a resident's, so that its kind has to be asked for."""
    number = values.get("number", "")
    plain = number[:-1].isdigit() or number.isdigit()
    return bool(values.get("id_kind")) or (bool(number) and not plain)


def is_without(values: Mapping[str, str]) -> bool:
    """Whether the person has no document."""
    return values.get("id_kind") == identity.NONE


def _said(found: object) -> str:
    return sentence(found, _) if isinstance(found, Problem) else ""


def check_phone(text: str) -> str:
    """What is wrong with a phone number, in words."""
    return _said(identity.check_phone(text))


def check_account(text: str) -> str:
    """What is wrong with an account number, in words."""
    return _said(identity.check_account(text))


def check_day(text: str) -> str:
    """What is wrong with a date, in words."""
    return _said(dates.read(text))


def check_money(text: str) -> str:
    """What is wrong with an amount in yuan, in words."""
    return _said(money.parse_yuan(text))
