"""What a plan says, for a person and for --json; the rows it rejected; a first look into a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rcaid.cli import said
from rcaid.domain.errors import Problem
from rcaid.domain.money import yuan
from rcaid.locale import N_, _
from rcaid.services.importing.plans import Facts, Rejected

STREETS = 10
_KINDS = {
    "roster": N_("roster"),
    "quota": N_("quota"),
    "delivery": N_("delivery"),
    "bank": N_("bank result"),
    "people": N_("people"),
    "update": N_("updates"),
    "institution": N_("institutions"),
    "donation": N_("donations"),
}


def lines(facts: Facts, problems: Sequence[Rejected], limit: int) -> Iterator[str]:
    """Counts, money, quota effect, columns that mean nothing here, then problem by problem."""
    yield f"{facts.file_name}: {_(_KINDS.get(facts.kind, facts.kind))}" + (
        f" {facts.cycle}" if facts.cycle else ""
    )
    counts = {
        "read": facts.rows_read,
        "new": facts.rows_new,
        "updated": facts.rows_updated,
        "unchanged": facts.rows_unchanged,
        "rejected": facts.rows_rejected,
    }
    if facts.rows_undecided:
        counts["undecided"] = facts.rows_undecided
    yield f"{_('rows')}: {said.totals(counts)}"
    if facts.profile:
        yield f"{_('profile')}: {facts.profile}"
    if facts.totals_rows:
        yield _("{n} totals rows were left out").format(n=facts.totals_rows)
    if facts.fen:
        yield f"{_('money')}: {yuan(facts.fen)}"
    if facts.quota:
        yield _("quota, used before and after of what is allotted:")
        for code, name, allotted, before, after in facts.quota[:STREETS]:
            yield f"  {code} {name}  {before:,} → {after:,} / {allotted:,}"
        if len(facts.quota) > STREETS:
            yield "  " + _("and {n} more").format(n=len(facts.quota) - STREETS)
    yield from columns_left(facts)
    if problems:
        yield f"{_('problems')}: {len(problems):,}"
    for each in problems[: limit or None]:
        mark = f"{_('warning')}: " if each.warning else ""
        yield f"  {mark}{said.line_of(each.problem())}"
    if limit and len(problems) > limit:
        yield "  " + _("and {n} more").format(n=len(problems) - limit)


def columns_left(facts: Facts) -> Iterator[str]:
    """Which columns nothing is read from, and which of them the profile knows to be of no use."""
    if facts.unmapped:
        yield f"{_('columns not used')}: {', '.join(facts.unmapped)}"
    if facts.ignored:
        yield f"{_('columns the profile leaves out')}: {', '.join(facts.ignored)}"


def data(facts: Facts, problems: Sequence[Rejected], place: Path) -> dict[str, Any]:
    """The same with stable keys; money in fen."""
    return {
        "plan": str(place),
        "plan_id": facts.plan_id,
        "kind": facts.kind,
        "cycle": facts.cycle,
        "file": facts.file_name,
        "sha256": facts.file_sha256,
        "sheet": facts.sheet,
        "read": facts.rows_read,
        "new": facts.rows_new,
        "updated": facts.rows_updated,
        "unchanged": facts.rows_unchanged,
        "rejected": facts.rows_rejected,
        "undecided": facts.rows_undecided,
        "profile": facts.profile,
        "totals_rows": facts.totals_rows,
        "fen": facts.fen,
        "quota": [
            {"office": code, "name": name, "allotted": n, "used_before": before, "used": after}
            for code, name, n, before, after in facts.quota
        ],
        "unmapped": facts.unmapped,
        "ignored": facts.ignored,
        "problems": [said.as_data(each.problem()) for each in problems],
    }


def reason(problem: Problem) -> str:
    """What is wrong with a row, for the column of reasons in the file to be mended."""
    text = said.words(problem)
    return f"{problem.column}: {text}" if problem.column else text
