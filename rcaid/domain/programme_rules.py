"""Judges somebody by a programme's rules: every rule with its numbers, and the amount they allow.

Nothing here asks a store or a clock: what is known of a case comes in as `Facts`, what comes out is
a `Judgement` whose checks a card, a JSON object and a report can show alike. A check is made where
the programme asks for it; what is not known of the case is a check that wants attention.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rcaid.domain.checks import ATTENTION, DONE, STOPPED, Check
from rcaid.domain.deadlines import add_days, add_months, age
from rcaid.domain.programme_facts import (
    SELF,
    Award,
    Facts,
    Help,
    award_of,
    help_since,
    same_before,
    worth,
    year_caps,
)
from rcaid.domain.programmes import Grant, Programme

ENDS_SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Judgement:
    """Every check, the money allowed, and the level that decides ("" if none may)."""

    checks: tuple[Check, ...]
    award: Award
    level: str

    @property
    def outcome(self) -> str:
        """The worst result of all checks: pass, warn or fail."""
        signs = {check.sign for check in self.checks}
        worst = next((sign for sign in (STOPPED, ATTENTION) if sign in signs), DONE)
        return Check("", worst, {}, "").result


def judge(rules: Programme, facts: Facts) -> Judgement:
    """All rules of a programme applied to a case. The same facts give the same answer."""
    award = award_of(rules, facts)
    everything = help_since(facts, add_months(facts.day, -rules.across.months))
    level = _level(rules, facts, award, everything)
    checks = (
        *_in_force(rules, facts),
        *_who(rules, facts),
        *_age(rules, facts),
        *_guardian(rules, facts),
        *_need(rules, facts),
        *_papers(rules, facts),
        *_repeat(rules, facts, award),
        *_amount(rules, facts, award),
        *_caps(rules, facts),
        *_elsewhere(rules, facts, everything),
        _decides(rules, facts, award, level),
    )
    return Judgement(tuple(checks), award, level)


def _level(rules: Programme, facts: Facts, award: Award, everything: list[Help]) -> str:
    level = rules.decide.level(worth(rules, facts, award))
    return "city" if level and _above(rules, everything) else level


def _above(rules: Programme, everything: Iterable[Help]) -> bool:
    limit = rules.across.city_above_fen
    return limit is not None and sum(h.fen + h.goods_fen for h in everything) > limit


# --- The checks


def _in_force(rules: Programme, facts: Facts) -> Iterator[Check]:
    until = rules.effective_to
    fits = rules.effective_from <= facts.received_on and (
        until is None or facts.received_on <= until
    )
    params = {"version": rules.version, "day": rules.effective_from}
    code = "version.in_force" if fits else "version.other"
    yield Check(code, DONE if fits else STOPPED, params, "BR-020", rules.citation)


def _one_of(part: str, value: str, known: Iterable[str], rule: str, cite: str) -> Check:
    """Whether a value is among those a programme takes."""
    if not value:
        return Check("fact.unknown", ATTENTION, {"what": part}, rule, cite)
    inside = value in known
    code = f"{part}.listed" if inside else f"{part}.outside"
    return Check(code, DONE if inside else STOPPED, {part: value}, rule, cite)


def _who(rules: Programme, facts: Facts) -> Iterator[Check]:
    wanted, cite = rules.eligible, rules.cite("residence")
    if facts.died_on:
        yield Check("deceased", STOPPED, {"day": facts.died_on}, "BR-016")
    if rules.id_kinds:
        yield _one_of("id_kind", facts.id_kind, rules.id_kinds, "BR-030", rules.cite("identity"))
    if wanted.residence or wanted.outside:
        yield _region(facts.region, wanted.residence, wanted.outside, cite)
    if wanted.institutions:
        yield _one_of(
            "institution", facts.institution, wanted.institutions, "BR-030",
            rules.cite("institutions"),
        )  # fmt: skip
    if wanted.disaster:
        code, sign = ("disaster.named", DONE) if facts.disaster else ("disaster.missing", STOPPED)
        yield Check(code, sign, {"disaster": facts.disaster}, "BR-030", rules.cite("disaster"))


def _region(region: str, inside: str, outside: str, cite: str) -> Check:
    if not region:
        return Check("fact.unknown", ATTENTION, {"what": "region"}, "BR-030", cite)
    fits = region_in(region, inside) and not (outside and region_in(region, outside))
    code = "region.listed" if fits else "region.outside"
    return Check(code, DONE if fits else STOPPED, {"region": region}, "BR-030", cite)


def region_in(region: str, wanted: str) -> bool:
    """Whether a region lies in another: codes end in zeros where nothing finer is meant."""
    front = wanted[:-4] if wanted.endswith("0000") else wanted.removesuffix("00")
    return region.startswith(front)


def _age(rules: Programme, facts: Facts) -> Iterator[Check]:
    wanted = rules.eligible
    if not rules.min_age and wanted.max_age is None:
        return
    cite = rules.cite("age")
    if not facts.born:
        yield Check("fact.unknown", ATTENTION, {"what": "born"}, "BR-013", cite)
        return
    day = age_day(rules, facts)
    years = age(facts.born, day, wanted.age_rule)
    params: dict[str, object] = {"age": years, "day": day}
    if years < rules.min_age:
        yield Check("age.floor", STOPPED, params | {"floor": rules.min_age}, "BR-013", cite)
    elif wanted.max_age is not None and years > wanted.max_age:
        yield Check("age.ceiling", STOPPED, params | {"ceiling": wanted.max_age}, "BR-013", cite)
    else:
        yield Check("age.within", DONE, params, "BR-013", cite)


def age_day(rules: Programme, facts: Facts) -> str:
    """The day on which a programme takes the age (BR-014)."""
    if rules.eligible.age_at == "first_entry":
        return facts.first_entry_on or facts.received_on
    return facts.day if rules.eligible.age_at == "decided" else facts.received_on


def _guardian(rules: Programme, facts: Facts) -> Iterator[Check]:
    """A guardian below 18 and their consent below 14, by the birthday (BR-015)."""
    if rules.recipient not in ("person", "household") or not facts.born:
        return
    years, cite = age(facts.born, facts.day), rules.cite("guardian")
    asked = (
        ("guardian", rules.eligible.guardian_under, facts.guardian),
        ("consent", rules.eligible.consent_under, facts.consent),
    )
    for part, under, there in asked:
        if years < under and there is not None:
            code, sign = (f"{part}.there", DONE) if there else (f"{part}.missing", STOPPED)
            yield Check(code, sign, {"age": years, "under": under}, "BR-015", cite)


def _need(rules: Programme, facts: Facts) -> Iterator[Check]:
    wanted, cite = rules.eligible, rules.cite("need")
    yield _one_of("category", facts.category, rules.categories, "BR-020", cite)
    if wanted.hardship or (rules.hardship and facts.hardship):
        yield _one_of("hardship", facts.hardship, wanted.hardship or rules.hardship, "BR-020", cite)
    yield from certificate(facts.hardship, facts.hardship_until, facts.day, cite)
    asked = facts.category in wanted.disease_for if wanted.disease_for else True
    if rules.diseases and asked:
        yield _one_of("disease", facts.disease, dict(rules.diseases), "BR-020", cite)
    if wanted.income_to_fen is not None:
        yield _income(facts.income_fen, wanted.income_to_fen, cite)
    if facts.item:
        yield _one_of("item", facts.item, [i.code for i in rules.items], "BR-020", cite)


def _income(fen: int | None, most: int, cite: str) -> Check:
    if fen is None:
        return Check("fact.unknown", ATTENTION, {"what": "income"}, "BR-025", cite)
    code, sign = ("income.within", DONE) if fen <= most else ("income.above", STOPPED)
    return Check(code, sign, {"fen": fen, "cap": most}, "BR-025", cite)


def certificate(hardship: str, until: str, day: str, cite: str = "") -> Iterator[Check]:
    """Whether the certificate of a hardship holds on a day (BR-029)."""
    if not hardship or hardship == "none":
        return
    if not until:
        yield Check("certificate.no_end", ATTENTION, {}, "BR-029", cite)
    elif until < day:
        yield Check("certificate.ended", STOPPED, {"day": until}, "BR-029", cite)
    elif until <= add_days(day, ENDS_SOON_DAYS):
        yield Check("certificate.ends", ATTENTION, {"day": until}, "BR-029", cite)
    else:
        yield Check("certificate.holds", DONE, {"day": until}, "BR-029", cite)


def _papers(rules: Programme, facts: Facts) -> Iterator[Check]:
    if facts.papers is None:
        return
    minor = bool(facts.born) and age(facts.born, facts.day) < rules.eligible.guardian_under
    needed = rules.papers.needed(facts.category, minor)
    missing = [code for code in needed if code not in facts.papers]
    cite = rules.cite("papers")
    if missing:
        yield Check("papers.missing", STOPPED, {"papers": ", ".join(missing)}, "BR-046", cite)
    else:
        yield Check("papers.there", DONE, {"n": len(needed)}, "BR-046", cite)


def _repeat(rules: Programme, facts: Facts, award: Award) -> Iterator[Check]:
    if not rules.repeat.once_per:
        return
    before, cite = same_before(rules, facts), rules.cite("repeat")
    if not before:
        yield Check("once.first", DONE, {}, "BR-023", cite)
        return
    last = max(each.day for each in before)
    if rules.repeat.topup and award.high_fen > 0:
        topped = {"fen": award.paid_fen, "left": award.high_fen, "day": last}
        yield Check("once.topup", DONE, topped, "BR-024", cite)
    else:
        yield Check("once.again", STOPPED, {"fen": award.paid_fen, "day": last}, "BR-023", cite)


def _amount(rules: Programme, facts: Facts, award: Award) -> Iterator[Check]:
    cite = rules.cite("amount")
    if rules.grants:
        yield _band(rules, facts, award.grant, cite)
    fen = facts.asked_fen
    if not fen:
        return
    params = {"fen": fen, "low": award.low_fen, "high": award.high_fen}
    if fen % rules.step_fen:
        stepped = {"fen": fen, "step": rules.step_fen}
        yield Check("amount.step", STOPPED, stepped, "BR-042", cite)
    if fen > award.high_fen:
        yield Check("amount.above", STOPPED, params, "BR-042", cite)
    elif fen < award.low_fen:
        yield Check("amount.below", ATTENTION, params, "BR-042", cite)
    else:
        yield Check("amount.within", DONE, params, "BR-042", cite)


def _band(rules: Programme, facts: Facts, grant: Grant | None, cite: str) -> Check:
    if grant:
        params = {"grant": grant.name, "low": grant.low_fen, "high": grant.high_fen}
        return Check("grant.fits", DONE, params, "BR-025", cite)
    for measure in dict.fromkeys(each.measure for each in rules.grants if each.measure):
        if facts.measure(measure) is None:
            return Check("fact.unknown", ATTENTION, {"what": measure}, "BR-025", cite)
    return Check("grant.none", STOPPED, {}, "BR-025", cite)


def _caps(rules: Programme, facts: Facts) -> Iterator[Check]:
    for code, cap, given in year_caps(rules, facts):
        over = given + (facts.asked_fen or 0) > cap
        params = {"fen": given, "cap": cap}
        yield Check(code, STOPPED if over else DONE, params, "BR-022", rules.cite("cap"))


def _elsewhere(rules: Programme, facts: Facts, everything: list[Help]) -> Iterator[Check]:
    """Help by others: shown, and only in the way where the programme names it (BR-027, 028)."""
    cite, since = rules.cite("across"), add_months(facts.day, -rules.across.months)
    if rules.across.exclusive_with:
        home = rules.recipient == "household"
        beside = [
            each
            for each in facts.history
            if each.programme in rules.across.exclusive_with
            and since < each.day <= facts.day
            and (home or each.who == SELF)
        ]
        if beside:
            named = {"programme": beside[0].programme, "day": beside[0].day}
            yield Check("exclusive.beside", STOPPED, named, "BR-027", cite)
        else:
            yield Check("exclusive.none", DONE, {}, "BR-027", cite)
    fen = sum(each.fen + each.goods_fen for each in everything)
    params = {"fen": fen, "months": rules.across.months}
    if _above(rules, everything):
        above = params | {"cap": rules.across.city_above_fen or 0}
        yield Check("help.above", ATTENTION, above, "BR-028", cite)
    else:
        yield Check("help.all", DONE, params, "BR-028", cite)


def _decides(rules: Programme, facts: Facts, award: Award, level: str) -> Check:
    fen, cite = worth(rules, facts, award), rules.cite("decide")
    if not level:
        limit = rules.decide.city_fen
        return Check("decide.above", STOPPED, {"fen": fen, "cap": limit}, "BR-041", cite)
    return Check("decide.level", DONE, {"fen": fen, "level": level}, "BR-041", cite)
