"""rcaid report: the figures, each with the rule by which it was counted."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from rcaid.cli import desks, said
from rcaid.cli.show import Column, Out
from rcaid.cli.verbs import Json, OutFile, new_app, out, verb
from rcaid.domain.errors import Problem, Refused
from rcaid.locale import N_, _
from rcaid.screens.labels import label
from rcaid.services.reports import REPORTS

app = new_app()

FORMATS = ("table", "csv", "xlsx", "json")
STYLES = ("plain", "announce")
_TITLES = {
    "annual": N_("Annual figures {period}"),
    "offices": N_("Figures by district {period}"),
    "quota": N_("Quota {period}"),
    "income": N_("Income and use of money and goods {period}"),
    "reconciliation": N_("Reconciliation of batches {period}"),
    "flags": N_("Red flags {period}"),
    "institutions": N_("Help to institutions and other regions {period}"),
}
_HEADINGS = {
    "programme": N_("programme"),
    "district": N_("district"),
    "persons": N_("persons"),
    "households": N_("number of households"),
    "person_times": N_("person-times"),
    "cash": N_("cash"),
    "goods": N_("value of goods"),
    "value": N_("value"),
    "office": N_("office"),
    "category": N_("category"),
    "allotted": N_("allotted"),
    "used": N_("used"),
    "left": N_("left"),
    "transfer": N_("transfer"),
    "receiver": N_("receiver"),
    "disaster": N_("disaster"),
    "purpose": N_("purpose"),
    "received": N_("received"),
    "reported": N_("reported"),
    "fund": N_("fund"),
    "line": N_("line"),
    "batch": N_("batch"),
    "kind": N_("kind"),
    "state": N_("state"),
    "lines": N_("lines"),
    "approved": N_("approved"),
    "paid": N_("paid"),
    "returned": N_("returned"),
    "left_out": N_("left out"),
    "unpaid": N_("not back yet"),
    "difference": N_("difference"),
    "explanation": N_("explanation"),
    "flag": N_("flag"),
    "cases": N_("cases, rosters, vouchers"),
    "number": N_("how many"),
    "rule": N_("rule"),
}
_WORDS = frozenset({"category", "kind", "state"})
_CODES = {
    "opening": N_("opening balance"),
    "received": N_("received"),
    "transferred": N_("from own offices"),
    "used": N_("used"),
    "returned": N_("came back"),
    "closing": N_("closing balance"),
    "person": N_("individuals"),
    "same_account": N_("same account"),
    "same_phone": N_("same phone"),
    "same_minute": N_("approved at once"),
    "other_payee": N_("another payee"),
    "new_account": N_("account changed"),
}
"""The words for codes that only reports have."""
_LIST = (Column("name", N_("report")), Column("about", N_("what it is")))


@verb(app, "list", "rcaid report list", "rcaid report list --json")
def list_(json: Json = False, output: OutFile = "-") -> None:
    """Every report there is."""
    rows = [{"name": name, "about": _(about)} for name, (about, _run) in REPORTS.items()]
    out(json, output).table(_LIST, rows)


Period = Annotated[
    str, typer.Option(metavar="YEAR|CYCLE", help="a year like 2022, or a cycle like 22A")
]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="as it stood that day")]
Style = Annotated[str, typer.Option(metavar="plain|announce", help="announce adds the wording")]
Format = Annotated[
    str, typer.Option("--format", metavar="table|csv|xlsx|json", help="how it comes out")
]


def _report(name: str, about: str, period: str) -> None:
    examples = (
        f"rcaid report {name} --period {period}",
        f"rcaid report {name} --period {period} --format xlsx -o {name}.xlsx",
    )

    @verb(app, name, *examples, about=about)
    def report(
        context: typer.Context,
        period: Period,
        as_of: AsOf = None,
        style: Style = "plain",
        shape: Format = "table",
        json: Json = False,
        output: OutFile = "-",
    ) -> None:
        from rcaid.services import reports

        _known("--format", shape, FORMATS)
        _known("--style", style, STYLES)
        with desks.desk_of(context) as desk:
            found = reports.run(desk, name, period, as_of)
        _print(found, period, "json" if json else shape, style, output)


def _known(option: str, value: str, among: tuple[str, ...]) -> None:
    if value not in among:
        raise typer.BadParameter(", ".join(among), param_hint=option)


def _print(found: Any, period: str, shape: str, style: str, output: str) -> None:
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    columns = [_column(name, found.money, rows) for name in found.columns]
    if shape == "json":
        facts: dict[str, Any] = {"report": found.name, "title": found.title, "as_of": found.as_of}
        facts |= {"rows": rows, "rule": found.rule}
        if style == "announce":
            facts["wording"] = list(found.wording)
        Out(True, output).data(facts)
        return
    rows = [{key: _word(key, value) for key, value in row.items()} for row in rows]
    if shape in ("csv", "xlsx"):
        if not output.endswith(f".{shape}"):
            raise Refused(Problem("report.needs_file", {"format": shape}))
        Out(False, output).table(columns, rows)
        return
    if output == "-":
        title = _(_TITLES[found.name]).format(period=period)
        said.say(_("{title}, as of {day}").format(title=title, day=found.as_of))
    Out(False, output).table(columns, rows)
    if style == "announce":
        Out(False).lines(found.wording)
    if found.rule:
        said.say(_(found.rule))


def _word(key: str, value: Any) -> Any:
    """A code or a rule in the reader's language; anything else as it is."""
    if key == "rule":
        return _(value)
    if key in ("line", "receiver", "flag"):
        return _(_CODES[value]) if value in _CODES else label(value)
    return value


def _column(name: str, money: frozenset[str], rows: list[dict[str, Any]]) -> Column:
    heading = _HEADINGS[name]
    if name in money:
        return Column(name, heading, "money")
    if name in _WORDS:
        return Column(name, heading, "word")
    number = bool(rows) and all(isinstance(row[name], int) for row in rows)
    return Column(name, heading, "number" if number else "text")


for _name, (_about, _run) in REPORTS.items():
    _report(_name, f"{_about}.", "22A" if "CYCLE" in _about else "2022")
