"""What is counted, and how: persons, households and person-times are never mixed."""

from __future__ import annotations

from dataclasses import dataclass

COUNTING_RULE = (
    "person-times (人次): distinct person and round with at least one line delivered; cash and a "
    "kit of one round are one, two rounds are two (BR-060). persons (人): distinct person after "
    "merges; households (户): distinct household at delivery (BR-061). value: delivered cash + "
    "quantity x lot value at issue; what was returned counts no longer from the return date on "
    "(BR-062)."
)
"""Printed under every report."""

TRANSFER_RULE = (
    "a transfer counts from the day its receiver confirmed it; a receiver counts once; value: cash "
    "+ quantity x lot value; goods without a value are told by quantity (BR-083); nothing of it is "
    "among person-times."
)
"""Printed under the report of transfers."""

INCOME_RULE = (
    "opening + received + from own offices - given back - used - written off = closing, to the "
    "fen. received: money that came in from outside, by its source; what goes from one of the "
    "society's own offices to another is no income and stands on a line of its own (BR-073). "
    "used: paid and not sent back, on the day of its entry. returned: came back from a bank; it "
    "is not used and is in closing. goods: at the value of their lot when they are handed out; "
    "they count as received and used on that day; goods without a value are told by quantity "
    "(BR-083)."
)
"""Printed under the report of income and use."""

RECONCILIATION_RULE = (
    "difference = approved - paid - returned - left out - unpaid; a batch closes only at zero "
    "(BR-070). goods at the value of their lot; left out: cancelled or reversed; unpaid: not back "
    "yet."
)
"""Printed under the report of batches."""

FLAGS_RULE = (
    "a flag is a question, not a finding. people who live together may share account and phone; a "
    "payment that came back and went to another account is named only if that is not the "
    "beneficiary's or their guardian's; days are counted from when the account was entered to the "
    "release of its batch."
)
"""Printed under the report of red flags."""

MONTHLY_RULE = (
    "received: applications by the day they came in, roster lines by the day they were entered. "
    "approved and rejected: decisions taken in the period; a line taken off its roster is among "
    "the rejected. paid: cases that something of was delivered. lanes: A single applications, B "
    "rosters. days: working days from complete papers to the decision, on average, single "
    "applications alone. overdue: past its day and undecided; quota and what is used of it are as "
    "of now."
)
"""Printed under the report by district and street."""

QUOTA_RULE = (
    "entered: lines that use quota, at the end of the day; approved: of them entitled; delivered: "
    "lines that something of was delivered; left = allotted - entered; waiting lines use nothing. "
    "what was allotted is as of now."
)
"""Printed under the report of quotas."""

FIGURES_RULE = (
    "each figure stands with the first and the last day it covers. a total is what was on record "
    "before the program, as of the day it was counted, + all that came after that day (BR-075). "
    "raised: money from outside less what was given back; what goes from one of the society's own "
    "offices to another is none (BR-073)."
)
"""Printed under the figures of the annual review."""

PUBLIC_RULE = (
    "for publication: cells of fewer than 5 persons are left out, and with them so many others "
    "that none can be worked out from the sums; sensitive categories are not shown by name "
    "(BR-071)."
)
"""Printed under every table that is published."""

NOTICE_RULE = (
    "exactly what was published: names masked, no number, birth date, phone, address or illness "
    "(BR-051, BR-052)."
)
"""Printed under a list of a public notice."""

REPORT_RULES = (
    COUNTING_RULE, TRANSFER_RULE, INCOME_RULE, RECONCILIATION_RULE, FLAGS_RULE, MONTHLY_RULE,
    QUOTA_RULE, FIGURES_RULE, PUBLIC_RULE, NOTICE_RULE,
)  # fmt: skip
"""Every rule of a report."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What reached people: heads as plain numbers, money in fen. Sums of person-times and money
    are sums; persons and households of two counts may be the same people, so they never add."""

    persons: int = 0
    households: int = 0
    person_times: int = 0
    cash_fen: int = 0
    goods_fen: int = 0

    @property
    def value_fen(self) -> int:
        """Cash and goods together, in fen."""
        return self.cash_fen + self.goods_fen


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The three ways to look at a batch (BR-070), in fen or in pieces."""

    approved: int
    paid: int
    returned: int
    unpaid: int

    @property
    def difference(self) -> int:
        """Zero when all that was approved is accounted for; only then a batch may close."""
        return self.approved - self.paid - self.returned - self.unpaid


AGE_BANDS = ((0, 5), (6, 13), (14, 17), (18, 44), (45, 59), (60, 79), (80, 200))
"""Ages from and to, both included: 14 and 18 are borders of the law, 60 and 80 of elder care."""


def age_band(age: int) -> str:
    """The band of an age in full years: ``18-44``, the last one ``80+``."""
    for low, high in AGE_BANDS:
        if age <= high:
            return f"{low}+" if high == AGE_BANDS[-1][1] else f"{low}-{high}"
    return f"{AGE_BANDS[-1][0]}+"


def suppressed(count: int, least: int = 5) -> bool:
    """Whether a cell of a public cross table must stay hidden (BR-071): so few people that one
    could be told from it."""
    return 0 < count < least
