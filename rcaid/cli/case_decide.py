"""rcaid case propose, approve, reject, appeal, urgent, review: deciding on applications."""

from __future__ import annotations

from functools import partial as bound
from typing import TYPE_CHECKING, Annotated

import typer

from rcaid.cli import desks, said
from rcaid.cli.case_intake import MayReason, Numbers, Opinion
from rcaid.cli.case_new import Number
from rcaid.cli.show import Column
from rcaid.cli.verbs import Expect, Json, OutFile, Partial, Reason, Sum, Yes, done, each, out, verb
from rcaid.domain.errors import Problem, Refused
from rcaid.domain.money import parse_yuan, yuan
from rcaid.locale import N_, _, language

if TYPE_CHECKING:
    from rcaid.services.applications.weighing import Weighed

Amount = Annotated[str, typer.Argument(metavar="YUAN", help="like 6000.00; 0 for goods alone")]
MayAmount = Annotated[
    str, typer.Option("--amount", metavar="YUAN", help="another than proposed, for one case")
]
Fund = Annotated[str, typer.Option("--fund", metavar="CODE", help="who pays; else the programme's")]

_REVIEWS = (
    Column("case", N_("case")),
    Column("due_on", N_("until")),
    Column("overdue", N_("overdue"), "word"),
    Column("fen", N_("money"), "money"),
)


def add_to(app: typer.Typer) -> None:
    """Adds the verbs to the noun case."""
    verb(
        app, "propose", "rcaid case propose 22F-JD-00042 6000 --opinion '房屋全毁'",
        "rcaid case propose 22F-JD-00042 6000.00 --json",
    )(propose)  # fmt: skip
    verb(
        app, "approve",
        "rcaid case approve 22F-JD-00042 22F-JD-00043 --expect 2 --sum 12000.00 --yes",
        "rcaid case approve 22F-JD-00042 --amount 5000 --reason insured --yes --json",
    )(approve)  # fmt: skip
    verb(
        app, "reject", "rcaid case reject 22F-JD-00042 --reason untrue",
        "rcaid case reject 22F-JD-00042 22F-JD-00043 --reason outside --partial",
    )(reject)  # fmt: skip
    verb(
        app, "appeal", "rcaid case appeal 22F-JD-00042 --opinion '补交消防证明'",
        "rcaid case appeal 22F-JD-00042 --json",
    )(appeal)  # fmt: skip
    verb(
        app, "urgent", "rcaid case urgent 22F-JD-00042 3000 --reason homeless --yes",
        "rcaid case urgent 22F-JD-00042 3000.00 --reason homeless --yes --json",
    )(urgent)  # fmt: skip
    verb(
        app, "review", "rcaid case review 22F-JD-00042 --opinion '属实'",
        "rcaid case review 22F-JD-00042 --json",
    )(review)  # fmt: skip
    verb(app, "reviews", "rcaid case reviews", "rcaid case reviews --json")(reviews)
    verb(
        app, "recuse", "rcaid case recuse 22F-JD-00042 --login zhang --reason cousin",
        "rcaid case recuse 22F-JD-00042 --login zhang --reason cousin --json",
    )(recuse)  # fmt: skip
    verb(
        app, "account", "rcaid case account 22F-JD-00042 --reason care_home",
        "rcaid case account 22F-JD-00042 --reason care_home --opinion '均住福利院' --json",
    )(account)  # fmt: skip


def fen_of(text: str) -> int:
    """An amount in yuan as fen; Refused for what is none."""
    found = parse_yuan(text)
    if isinstance(found, Problem):
        raise Refused(found)
    return found


def propose(
    context: typer.Context,
    number: Number,
    amount: Amount,
    reason: MayReason = "",
    opinion: Opinion = "",
    json: Json = False,
) -> None:
    """Proposes an amount within the rules; not by who filled the case in or verified it."""
    from rcaid.services.applications import deciding

    fen = fen_of(amount)
    with desks.desk_of(context) as desk:
        entry = deciding.propose(desk, number, fen, reason=reason, opinion=opinion)
    done({"case": number, "state": "approval", "fen": fen, "entry": str(entry)}, json)


def approve(
    context: typer.Context,
    numbers: Numbers,
    amount: MayAmount = "",
    reason: MayReason = "",
    opinion: Opinion = "",
    fund: Fund = "",
    expect: Expect = None,
    sum: Sum = None,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Decides proposed applications, all or none, and sets their money aside.

    Whatever speaks against one of them is named. A lower amount needs a reason, a higher one the
    city.
    """
    from rcaid.services.applications import deciding

    fen = fen_of(amount) if amount else None
    with desks.desk_of(context) as desk:
        seen = deciding.look(desk, numbers, fen=fen, reason=reason, fund=fund)
        desks.expected(expect, len(seen))
        total = _total(seen)
        desks.expected_sum(sum, total)
        against = [problem for weighed in seen for problem in weighed.problems]
        if against:
            raise Refused(against)
        question = _("Approve {n} applications, {money} yuan?")
        desks.confirm(question.format(n=len(seen), money=yuan(total)), yes)
        made, entry = deciding.approve(
            desk, numbers, fen=fen, reason=reason, opinion=opinion, expect=expect, fund=fund
        )
    done({"cases": made.cases, "fen": made.fen, "entry": str(entry)}, json)


def _total(seen: list[Weighed]) -> int:
    return sum(weighed.fen for weighed in seen)


def reject(
    context: typer.Context,
    numbers: Numbers,
    reason: Annotated[str, typer.Option(metavar="CODE", help="a reason of the list")],
    opinion: Opinion = "",
    partial: Partial = False,
    json: Json = False,
) -> int:
    """Rejects applications with a reason of the list, and prints what the applicants are told."""
    from rcaid.locale import in_language
    from rcaid.services.applications import deciding, texts

    told: list[str] = []
    with desks.desk_of(context) as desk:

        def do(number: str) -> object:
            entry = deciding.reject(desk, number, reason, opinion=opinion)
            told.append(texts.rejection_text(desk, number, bound(in_language, language())))
            return entry

        code = each(desk, "case.reject", numbers, do, partial=partial, json=json)
    for text in told if not code or partial else ():
        said.say(text)
    return code


def appeal(
    context: typer.Context, number: Number, opinion: Opinion = "", json: Json = False
) -> None:
    """Takes a rejected application up again: once, within 30 days of the rejection."""
    from rcaid.services.applications import deciding

    with desks.desk_of(context) as desk:
        entry = deciding.appeal(desk, number, opinion=opinion)
    done({"case": number, "state": "district_review", "entry": str(entry)}, json)


def urgent(
    context: typer.Context,
    number: Number,
    amount: Amount,
    reason: Reason,
    opinion: Opinion = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Decides a case in verification at once, within the urgent limit; somebody else reviews it."""
    from rcaid.services.applications import deciding

    fen = fen_of(amount)
    with desks.desk_of(context) as desk:
        question = _("Give {case} {money} yuan at once?").format(case=number, money=yuan(fen))
        desks.confirm(question, yes)
        entry = deciding.urgent(desk, number, fen, reason, opinion=opinion)
    done({"case": number, "state": "entitled", "fen": fen, "entry": str(entry)}, json)


def review(
    context: typer.Context, number: Number, opinion: Opinion = "", json: Json = False
) -> None:
    """Says that an urgent decision was looked at again; by somebody without a part in it."""
    from rcaid.services.applications import deciding

    with desks.desk_of(context) as desk:
        entry = deciding.review_urgent(desk, number, opinion=opinion)
    done({"case": number, "entry": str(entry)}, json)


def reviews(context: typer.Context, json: Json = False, output: OutFile = "-") -> None:
    """Urgent decisions of your offices that wait to be reviewed, what is due first."""
    from rcaid.services.applications import deciding

    with desks.desk_of(context) as desk:
        found = [
            {
                "case": row.case_no,
                "due_on": row.due_on,
                "overdue": "yes" if row.due_on < desk.day else "no",
                "fen": row.fen,
            }
            for row in deciding.reviews_due(desk)
        ]
    out(json, output).table(_REVIEWS, found)


def recuse(
    context: typer.Context,
    number: Number,
    login: Annotated[str, typer.Option(metavar="LOGIN", help="who may have no part in it")],
    reason: Reason,
    json: Json = False,
) -> None:
    """Keeps somebody out of a case from now on, being a relative of the person."""
    from rcaid.services.applications import deciding

    with desks.desk_of(context) as desk:
        entry = deciding.recuse(desk, number, login, reason)
    done({"case": number, "login": login, "entry": str(entry)}, json)


def account(
    context: typer.Context,
    number: Number,
    reason: Reason,
    opinion: Opinion = "",
    json: Json = False,
) -> None:
    """Says why unrelated people are paid to the account of this case, so that it can go on."""
    from rcaid.services.applications import deciding

    with desks.desk_of(context) as desk:
        entry = deciding.explain_account(desk, number, reason, opinion=opinion)
    done({"case": number, "entry": str(entry)}, json)
