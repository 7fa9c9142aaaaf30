"""Every report by its name, and the one way to run one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from rcaid.domain.errors import Problem, Refused
from rcaid.services.desk import Desk
from rcaid.services.flags import flags
from rcaid.services.reporting.figures import annual, institutions, review
from rcaid.services.reporting.money import income, reconciliation
from rcaid.services.reporting.offices import monthly, quota
from rcaid.services.reporting.public import by_sex_and_age, notice
from rcaid.services.reporting.shape import Asked, Report, checked_day

SPAN, CYCLE, NOTICE = "span", "cycle", "notice"
"""What the period of a report is: days (a year, a month, a span), a cycle, or a notice."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One report: its code, its title and what it is, what its period is, the act it needs.

    ``for_all`` says that it shows the whole society to everybody with a duty, ``by_office`` that it
    can be kept to one office; ``public`` that it may be published as it is.
    """

    code: str
    title: str
    about: str
    period: str
    run: Callable[[Desk, Asked], Report]
    act: str = "report.run"
    for_all: bool = False
    public: bool = False
    by_office: bool = False


class Pointer(NamedTuple):
    """What of the set of reports is a file of its own, and the command that makes it."""

    code: str
    about: str
    command: str


REPORTS: dict[str, Kind] = {
    "annual": Kind(
        "R-03", "Annual figures {period}", "what each programme gave", SPAN, annual, for_all=True,
        by_office=True,
    ),
    "monthly": Kind(
        "R-02", "Month by office {period}",
        "cases, people, money, quota and time by programme and office", SPAN, monthly,
        by_office=True,
    ),
    "review": Kind(
        "R-03", "Figures of the annual review {period}",
        "every figure with its days and its wording", SPAN, review, for_all=True,
    ),
    "income": Kind(
        "R-04", "Income and use of money and goods {period}",
        "what each fund received and gave, to the fen", SPAN, income, for_all=True,
    ),
    "public": Kind(
        "R-05",
        "Public list {period}",
        "the lines of a public notice, as they were published",
        NOTICE,
        notice,
        "notice.list",
        public=True,
    ),
    "reconciliation": Kind(
        "R-10", "Reconciliation of batches {period}",
        "each batch approved, paid, returned, open", CYCLE, reconciliation,
        by_office=True,
    ),
    "quota": Kind(
        "R-11", "Quota {period}", "quota allotted, entered, approved, delivered and left", CYCLE,
        quota, "quota.show", by_office=True,
    ),
    "institutions": Kind(
        "R-17", "Help to institutions and other regions {period}",
        "transfers that arrived, one by one", SPAN, institutions, for_all=True,
    ),
    "flags": Kind(
        "R-14", "Red flags {period}", "what an auditor should look at", CYCLE,
        lambda desk, asked: flags(desk, asked.period, asked.as_of), "report.flags",
    ),
    "people": Kind(
        "R-16", "People helped by sex and age {period}",
        "persons by sex, age and category, for publication", SPAN, by_sex_and_age, public=True,
        by_office=True,
    ),
}  # fmt: skip
"""Every report by name, in the order of its digit on the screen."""

POINTERS: tuple[Pointer, ...] = (
    Pointer("R-08", "sheet to sign at a hand-out", "rcaid batch sheet BATCH"),
    Pointer("R-09", "bank file with its control sums", "rcaid batch export BATCH"),
    Pointer("R-13", "audit bundle", "rcaid audit export"),
)
"""What else belongs to the set: files with commands of their own."""


def run(desk: Desk, name: str, period: str, as_of: str | None = None, office: str = "") -> Report:
    """Runs a report for a period, as of a day, for an office by its code.

    Refused report.unknown names those there are; report.period, report.day, report.office say what
    of the rest is wrong, report.whole that it shows the whole society alone.
    """
    kind = REPORTS.get(name)
    if kind is None:
        raise Refused(Problem("report.unknown", {"report": name, "known": ", ".join(REPORTS)}))
    if office and kind.for_all and not kind.by_office:
        raise Refused(Problem("report.whole", {"report": name}))
    return kind.run(desk, Asked(period, checked_day(as_of or desk.day), office))
