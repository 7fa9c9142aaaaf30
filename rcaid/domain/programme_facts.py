"""What is known of a case, and the money that a programme's rules allow for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rcaid.domain.programmes import Grant, Programme

SELF, HOUSEHOLD = "self", "household"


@dataclass(frozen=True, slots=True)
class Help:
    """Help given before, by this programme or another giver: to the person (``self``) or to
    another of the household. Sums in fen; ``cause`` as the case names it."""

    programme: str
    day: str
    fen: int = 0
    goods_fen: int = 0
    cause: str = ""
    who: str = SELF


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case. Days are ISO text, "" is not known; None is not known or, of
    guardian, consent and papers, not looked at. ``decided_on`` is the day it is judged on."""

    received_on: str
    first_entry_on: str = ""
    decided_on: str = ""
    born: str = ""
    died_on: str = ""
    id_kind: str = ""
    region: str = ""
    category: str = ""
    hardship: str = ""
    hardship_until: str = ""
    disease: str = ""
    stage: str = ""
    out_of_pocket_fen: int | None = None
    income_fen: int | None = None
    cause: str = ""
    asked_fen: int | None = None
    item: str = ""
    qty: int = 0
    guardian: bool | None = None
    consent: bool | None = None
    papers: tuple[str, ...] | None = None
    institution: str = ""
    disaster: str = ""
    history: tuple[Help, ...] = ()

    @property
    def day(self) -> str:
        """The day it is judged on."""
        return self.decided_on or self.received_on

    def measure(self, name: str) -> int | None:
        """The sum that a band is about, in fen."""
        return self.income_fen if name == "income" else self.out_of_pocket_fen


@dataclass(frozen=True, slots=True)
class Award:
    """The money the rules allow, in fen: of ``grant`` (None: the programme has one range for all)
    from ``low_fen`` to ``high_fen`` after ``paid_fen``; ``fen`` is the most within the caps."""

    grant: Grant | None
    low_fen: int
    high_fen: int
    paid_fen: int
    fen: int


def award_of(rules: Programme, facts: Facts) -> Award:
    """The money the rules allow: of the grant that fits, less what was paid (BR-024), within the
    caps (BR-022); never below zero."""
    grant = grant_of(rules, facts)
    low, high = (grant.low_fen, grant.high_fen) if grant else (rules.min_fen, rules.max_fen)
    if rules.grants and grant is None:
        low = high = 0
    paid = paid_before(rules, facts)
    if rules.repeat.once_per and paid:
        low, high = (top_up(low, paid), top_up(high, paid)) if rules.repeat.topup else (0, 0)
    left = [cap - given for _code, cap, given in year_caps(rules, facts)]
    fen = max(0, min([high, *left]))
    return Award(grant, low, high, paid, fen - fen % rules.step_fen)


def top_up(fen: int, paid_fen: int) -> int:
    """What is left of an amount after what was paid on it, in fen; never below zero (BR-024)."""
    return max(0, fen - paid_fen)


def grant_of(rules: Programme, facts: Facts) -> Grant | None:
    """The first grant that is for a case, by its selectors and its band (BR-025)."""
    return next((grant for grant in rules.grants if _fits(grant, facts)), None)


def _fits(grant: Grant, facts: Facts) -> bool:
    wanted = (
        (grant.categories, facts.category),
        (grant.hardship, facts.hardship),
        (grant.diseases, facts.disease),
        (grant.stages, facts.stage),
    )
    if any(codes and mine not in codes for codes, mine in wanted):
        return False
    if not grant.measure:
        return True
    sum_ = facts.measure(grant.measure)
    return sum_ is not None and grant.holds(sum_)


def paid_before(rules: Programme, facts: Facts) -> int:
    """Money this programme gave before for what counts as the same (BR-023), in fen."""
    return sum(help_.fen for help_ in same_before(rules, facts))


def same_before(rules: Programme, facts: Facts) -> list[Help]:
    """Help from this programme before for what counts as the same (BR-023)."""
    by_cause = rules.repeat.once_per == "cause"
    return [
        each
        for each in facts.history
        if each.programme == rules.code
        and (each.who == SELF or rules.recipient == "household")
        and (not by_cause or each.cause == facts.cause)
    ]


def given_in_year(rules: Programme, facts: Facts, household: bool = False) -> int:
    """What this programme gave in the calendar year to the person, or to all of the household."""
    year = facts.day[:4]
    return sum(
        each.fen + (each.goods_fen if rules.cap.goods_count else 0)
        for each in facts.history
        if each.programme == rules.code and each.day[:4] == year and (household or each.who == SELF)
    )


def year_caps(rules: Programme, facts: Facts) -> Iterator[tuple[str, int, int]]:
    """The caps of a calendar year: code of the check, cap and what was given, in fen (BR-022)."""
    if rules.cap.person_fen is not None:
        yield "cap.person", rules.cap.person_fen, given_in_year(rules, facts)
    if rules.cap.household_fen is not None:
        yield "cap.home", rules.cap.household_fen, given_in_year(rules, facts, True)


def help_since(facts: Facts, day: str) -> list[Help]:
    """All help to the person after a day, up to the day of judging."""
    return [each for each in facts.history if each.who == SELF and day < each.day <= facts.day]


def worth(rules: Programme, facts: Facts, award: Award) -> int:
    """What a decision is about, in fen: the money asked for, else the money allowed, and goods."""
    money = award.fen if facts.asked_fen is None else facts.asked_fen
    goods = rules.item_of(facts.item) if facts.item else None
    return money + (goods.value_fen * facts.qty if goods else 0)
