"""What may stand in a programme's file: every field, its kind, and what it is for."""

from __future__ import annotations

from typing import Final, NamedTuple

from rcaid.domain.deadlines import AGE_RULES
from rcaid.domain.identity import KINDS

PAPERS: Final = {
    "ID": "身份证",
    "HUKOU": "户口簿或居住证",
    "GUARD_ID": "监护人身份证",
    "GUARD_REL": "监护关系证明",
    "DIAG": "诊断证明（医院公章）",
    "DISCHARGE": "住院病案首页",
    "INVOICE": "医疗费用票据",
    "HARDSHIP": "困难证明",
    "BANK": "银行卡或存折",
    "DISASTER": "消防、公安或村居的灾害证明",
    "STUDENT": "在读证明",
    "DISAB": "残疾人证",
    "DEATH": "死亡证明",
    "PROXY": "授权委托书",
    "CONSENT": "知情同意书",
}
"""The codes of papers and what they are."""

RESULTS = ("pass", "warn", "fail")
INSTITUTIONS = ("university", "school", "hospital", "society", "other")
RECIPIENTS = ("person", "household", "institution", "society")
MEASURES = ("out_of_pocket", "income")


class Field(NamedTuple):
    """A field of the file. ``path`` has ``[]`` behind the name of a list of tables.

    ``kind``: text, date, number (whole, 0 or more), fen, percent, flag, words (a list of texts),
    names (a table from code to name), lists (a table from code to a list of texts) or results
    (a table from the code of a check to pass, warn or fail). ``known`` are the only values there
    may be; ``of`` names a table of the file whose codes are.
    """

    path: str
    kind: str
    about: str
    required: bool = False
    known: tuple[str, ...] = ()
    of: str = ""


def _f(path: str, kind: str, about: str, known: tuple[str, ...] = (), of: str = "") -> Field:
    return Field(path.removesuffix("!"), kind, about, path.endswith("!"), known, of)


FIELDS: Final = (
    _f("code!", "text", "short code, the same in every version"),
    _f("name!", "text", "name in Chinese"),
    _f("name_en!", "text", "name in English"),
    _f("version!", "number", "number of this version, one up with each"),
    _f("effective_from!", "date", "first day on which it judges (BR-020)"),
    _f("effective_to", "date", "last day on which it judges; left out: until the next version"),
    _f("citation!", "text", "where the rules stand written"),
    _f("lane", "text", "single applications (A), rosters (B) or both", ("A", "B", "both")),
    _f("recipient", "text", "who is helped", RECIPIENTS),
    _f("quota", "flag", "whether each office has a number of places"),
    _f("fund!", "text", "code of the fund that pays"),
    _f("fund_name!", "text", "name of that fund"),
    _f("eligible.id_kinds", "words", "documents that are taken (BR-030)", KINDS),
    _f("eligible.min_age", "number", "youngest age in full years"),
    _f("eligible.max_age", "number", "oldest age in full years"),
    _f("eligible.age_rule", "text", "when a year is full (BR-013)", AGE_RULES),
    _f("eligible.age_at", "text", "day the age is taken on (BR-014)",
       ("received", "first_entry", "decided")),
    _f("eligible.residence", "text", "front of the region code people live in (BR-030)"),
    _f("eligible.outside", "text", "front of the region code that help goes out of"),
    _f("eligible.hardship", "words", "hardships that are taken; left out: all", of="hardship"),
    _f("eligible.disease_for", "words", "categories that need a disease of `diseases`",
       of="categories"),
    _f("eligible.income_to_fen", "fen", "most income of a head and month, itself included"),
    _f("eligible.institutions", "words", "kinds of institution that are taken", INSTITUTIONS),
    _f("eligible.disaster", "flag", "whether a disaster has to be named"),
    _f("eligible.guardian_under", "number", "age below which a guardian acts (BR-015)"),
    _f("eligible.consent_under", "number", "age below which the guardian consents (BR-015)"),
    _f("cash.min_fen!", "fen", "least amount of money"),
    _f("cash.max_fen!", "fen", "most money; 0: goods alone"),
    _f("cash.step_fen", "fen", "amounts are multiples of this"),
    _f("grants[].code!", "text", "code of the grant"),
    _f("grants[].name!", "text", "what it is for"),
    _f("grants[].categories", "words", "for these categories; left out: all", of="categories"),
    _f("grants[].hardship", "words", "for these hardships", of="hardship"),
    _f("grants[].diseases", "words", "for these diseases", of="diseases"),
    _f("grants[].stages", "words", "for these stages of the treatment"),
    _f("grants[].measure", "text", "the sum that the band is about", MEASURES),
    _f("grants[].over_fen", "fen", "the band begins above this (BR-025)"),
    _f("grants[].to_fen", "fen", "the band ends with this, itself included (BR-025)"),
    _f("grants[].fen", "fen", "a fixed amount"),
    _f("grants[].min_fen", "fen", "or: least amount"),
    _f("grants[].max_fen", "fen", "and most"),
    _f("repeat.once_per", "text", "once for each cause, or once ever (BR-023)",
       ("cause", "programme")),
    _f("repeat.topup", "flag", "again up to a higher grant, less what was paid (BR-024)"),
    _f("cap.person_fen_per_year", "fen", "most a person and calendar year (BR-022)"),
    _f("cap.household_fen_per_year", "fen", "most a household and calendar year (BR-022)"),
    _f("cap.basis", "text", "the year is that of", ("payment", "approval")),
    _f("cap.goods_count", "flag", "whether goods count with their value (BR-026)"),
    _f("across.months", "number", "months looked back on at all help (BR-028)"),
    _f("across.city_above_fen", "fen", "all help above this: the city decides (BR-028)"),
    _f("across.exclusive_with", "words", "codes of help beside which there is none (BR-027)"),
    _f("papers.always", "words", "papers that everybody brings", tuple(PAPERS)),
    _f("papers.minor", "words", "papers for somebody under age", tuple(PAPERS)),
    _f("papers.category", "lists", "papers by category", tuple(PAPERS), "categories"),
    _f("decide.notice_days", "number", "days of public notice (BR-050)"),
    _f("decide.notice_unit", "text", "days of notice are", ("workdays", "days")),
    _f("decide.street_fen", "fen", "most a street decides on; left out: nothing (BR-041)"),
    _f("decide.district_fen", "fen", "most a district decides on; left out: nothing (BR-041)"),
    _f("decide.city_fen", "fen", "most the city decides on; left out: everything (BR-041)"),
    _f("decide.street_days", "number", "working days for the street (BR-044)"),
    _f("decide.district_days", "number", "working days for the district (BR-044)"),
    _f("decide.city_days", "number", "working days for the city (BR-044)"),
    _f("decide.total_days", "number", "working days in all (BR-044)"),
    _f("decide.pay_days", "number", "working days until it is paid"),
    _f("decide.urgent_fen", "fen", "most in the urgent lane; left out: there is none"),
    _f("decide.review_days", "number", "days until the review after the urgent lane"),
    _f("decide.follow_up_percent", "percent", "share of cases that are asked afterwards"),
    _f("decide.report_days", "number", "days until thanks and a report are expected"),
    _f("categories!", "names", "categories of need, code and name"),
    _f("hardship", "names", "kinds of hardship, code and name"),
    _f("diseases", "names", "groups of disease, code and name"),
    _f("sensitive.categories", "words", "never on a public list (BR-071)", of="categories"),
    _f("items[].code!", "text", "code of the goods"),
    _f("items[].name!", "text", "name of the goods"),
    _f("items[].name_en", "text", "name in English"),
    _f("items[].unit!", "text", "what one of them is"),
    _f("items[].value_fen!", "fen", "value of one"),
    _f("items[].valuation!", "text", "ground of the value (BR-083)"),
    _f("citations", "names", "where single parts stand written, by the name of the part"),
    _f("examples[].name!", "text", "what the example shows"),
    _f("examples[].facts.received_on!", "date", "day it came in"),
    _f("examples[].facts.first_entry_on", "date", "day it was first entered; left out: that day"),
    _f("examples[].facts.decided_on", "date", "day it is judged on; left out: that day"),
    _f("examples[].facts.born", "date", "date of birth"),
    _f("examples[].facts.died_on", "date", "date of death"),
    _f("examples[].facts.id_kind", "text", "document", KINDS),
    _f("examples[].facts.region", "text", "region code of the residence or the recipient"),
    _f("examples[].facts.category", "text", "category of need"),
    _f("examples[].facts.hardship", "text", "kind of hardship"),
    _f("examples[].facts.hardship_until", "date", "last day of its certificate"),
    _f("examples[].facts.disease", "text", "group of disease"),
    _f("examples[].facts.stage", "text", "stage of the treatment"),
    _f("examples[].facts.out_of_pocket_fen", "fen", "what was paid oneself"),
    _f("examples[].facts.income_fen", "fen", "income of a head and month"),
    _f("examples[].facts.cause", "text", "what help is asked for; the same cause, the same text"),
    _f("examples[].facts.asked_fen", "fen", "money that is asked for or proposed"),
    _f("examples[].facts.item", "text", "goods that are asked for"),
    _f("examples[].facts.qty", "number", "how many of them"),
    _f("examples[].facts.guardian", "flag", "whether a guardian is there; left out: not looked at"),
    _f("examples[].facts.consent", "flag", "whether the guardian consented"),
    _f("examples[].facts.papers", "words", "papers that are there; left out: not looked at",
       tuple(PAPERS)),
    _f("examples[].facts.institution", "text", "kind of institution", INSTITUTIONS),
    _f("examples[].facts.disaster", "text", "the disaster"),
    _f("examples[].facts.history[].programme!", "text", "code of the programme or giver"),
    _f("examples[].facts.history[].day!", "date", "day it was given"),
    _f("examples[].facts.history[].fen", "fen", "money"),
    _f("examples[].facts.history[].goods_fen", "fen", "value of goods"),
    _f("examples[].facts.history[].cause", "text", "what it was given for"),
    _f("examples[].facts.history[].who", "text", "to the person, or another of the household",
       ("self", "household")),
    _f("examples[].expect.outcome", "text", "the worst result of all checks", RESULTS),
    _f("examples[].expect.fen", "fen", "most money that the rules allow"),
    _f("examples[].expect.level", "text", "who decides", ("street", "district", "city", "none")),
    _f("examples[].expect.checks", "results", "results of single checks", RESULTS),
)  # fmt: skip
