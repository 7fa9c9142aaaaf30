"""rcaid case clear, entitle, suspend, resume, reopen, revoke, heir, cancel, recover, follow-up,
close: what comes after a decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from rcaid.cli import desks
from rcaid.cli.case_decide import Fund, fen_of
from rcaid.cli.case_intake import Numbers, Opinion
from rcaid.cli.case_new import Number
from rcaid.cli.verbs import Json, Partial, Reason, Yes, done, each, verb
from rcaid.domain.money import yuan
from rcaid.locale import N_, _


def add_to(app: typer.Typer) -> None:
    """Adds the verbs to the noun case."""
    verb(
        app, "clear", "rcaid case clear 22F-JD-00042", "rcaid case clear 22F-JD-00042 --json"
    )(clear)  # fmt: skip
    verb(
        app, "entitle", "rcaid case entitle 22F-JD-00042 22F-JD-00043",
        "rcaid case entitle 22F-JD-00042 --round 2 --fund FIRE-JD --json",
    )(entitle)  # fmt: skip
    for name, reasons, about in (
        ("suspend", "account_in_doubt", N_("Stops cases where they stand; nothing is paid.")),
        ("reopen", "insured", N_("Takes decisions that are not paid back to approval.")),
    ):
        _reasoned(app, name, reasons, about)
    verb(
        app, "resume", "rcaid case resume 22F-JD-00042",
        "rcaid case resume 22F-JD-00042 22F-JD-00043 --partial",
    )(resume)  # fmt: skip
    verb(
        app, "revoke", "rcaid case revoke 22F-JD-00042 --reason untrue --yes",
        "rcaid case revoke 22F-JD-00042 --reason untrue --yes --json",
    )(revoke)  # fmt: skip
    verb(
        app, "heir",
        "rcaid case heir 22F-JD-00042 01JZ3KQ8V6D2M4N7P9R1S3T5W7 --relation 女儿 --yes",
        "rcaid case heir 22F-JD-00042 01JZ3KQ8V6D2M4N7P9R1S3T5W7 --relation 女儿 --yes --json",
    )(heir)  # fmt: skip
    verb(
        app, "cancel", "rcaid case cancel 22F-JD-00042 --reason no_heir --yes",
        "rcaid case cancel 22F-JD-00042 --reason no_heir --yes --json",
    )(cancel)  # fmt: skip
    verb(
        app, "recover", "rcaid case recover 22F-JD-00042 3000 --slip JD-0117",
        "rcaid case recover 22F-JD-00042 4000 --write-off --reason insolvent --yes",
    )(recover)  # fmt: skip
    verb(
        app, "follow-up", "rcaid case follow-up 22F-JD-00042 --method phone",
        "rcaid case follow-up 22F-JD-00042 --waive moved_away",
    )(follow_up)  # fmt: skip
    verb(
        app, "close", "rcaid case close 22F-JD-00042",
        "rcaid case close 22F-JD-00042 22F-JD-00043 --partial",
    )(close)  # fmt: skip


def clear(context: typer.Context, numbers: Numbers, json: Json = False) -> None:
    """Clears approved cases of programmes that ask for no public notice, all or none."""
    from rcaid.services.applications import after

    with desks.desk_of(context) as desk:
        entry = after.clear(desk, numbers)
    done({"cases": len(set(numbers)), "state": "cleared", "entry": str(entry)}, json)


def entitle(
    context: typer.Context,
    numbers: Numbers,
    round: Annotated[
        int | None, typer.Option("--round", metavar="R", help="else the newest of the cycle")
    ] = None,
    fund: Fund = "",
    json: Json = False,
) -> None:
    """Makes what was approved payable in a round, all or none; a batch takes it up from there."""
    from rcaid.services.applications import after

    with desks.desk_of(context) as desk:
        made, entry = after.entitle(desk, numbers, round_number=round, fund=fund)
    done({"cases": made.cases, "fen": made.fen, "entry": str(entry)}, json)


def _reasoned(app: typer.Typer, name: str, reason: str, about: str) -> None:
    examples = (
        f"rcaid case {name} 22F-JD-00042 --reason {reason}",
        f"rcaid case {name} 22F-JD-00042 22F-JD-00043 --reason {reason} --partial",
    )

    @verb(app, name, *examples, about=about)
    def act(
        context: typer.Context,
        numbers: Numbers,
        reason: Reason,
        partial: Partial = False,
        json: Json = False,
    ) -> int:
        return _each(context, name, numbers, partial, json, reason=reason)


def _each(
    context: typer.Context, name: str, numbers: list[str], partial: bool, json: bool, **more: Any
) -> int:
    from rcaid.services.applications import after

    step: Callable[..., object] = getattr(after, name)
    with desks.desk_of(context) as desk:
        do = lambda number: step(desk, number, **more)  # noqa: E731
        return each(desk, f"case.{name}", numbers, do, partial=partial, json=json)


def resume(
    context: typer.Context, numbers: Numbers, partial: Partial = False, json: Json = False
) -> int:
    """Takes suspended cases up where they stood; not of people who died."""
    return _each(context, "resume", numbers, partial, json)


def revoke(
    context: typer.Context,
    number: Number,
    reason: Reason,
    opinion: Opinion = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Takes a decision back for good, by the city; money that was paid is claimed back."""
    from rcaid.services.applications import after, recovery

    with desks.desk_of(context) as desk:
        desks.confirm(_("Revoke {case}?").format(case=number), yes)
        entry = after.revoke(desk, number, reason, opinion=opinion)
        owed = [claim.fen for claim in recovery.listing(desk, number)]
    facts = {"case": number, "state": "revoked", "owed_fen": sum(owed), "entry": str(entry)}
    done(facts, json)


def heir(
    context: typer.Context,
    number: Number,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="the heir, by id")],
    relation: Annotated[str, typer.Option(metavar="TEXT", help="to who died; kept sealed")],
    opinion: Opinion = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Gives the right of somebody who died to an heir whose account a second person confirmed."""
    from rcaid.services.applications import after

    with desks.desk_of(context) as desk:
        desks.confirm(_("Give the right of {case} to an heir?").format(case=number), yes)
        entry = after.heir(desk, number, person, relation, opinion=opinion)
    done({"case": number, "state": "entitled", "entry": str(entry)}, json)


def cancel(
    context: typer.Context, number: Number, reason: Reason, yes: Yes = False, json: Json = False
) -> None:
    """Ends the case of somebody who died; nobody gets it."""
    from rcaid.services.applications import after

    with desks.desk_of(context) as desk:
        desks.confirm(_("End {case}? Nobody gets it then.").format(case=number), yes)
        entry = after.cancel(desk, number, reason)
    done({"case": number, "state": "closed_deceased", "entry": str(entry)}, json)


def recover(
    context: typer.Context,
    number: Number,
    amount: Annotated[str, typer.Argument(metavar="YUAN", help="like 3000.00")],
    slip: Annotated[
        str, typer.Option("--slip", metavar="TEXT", help="of the bank or cashier; counts once")
    ] = "",
    write_off: Annotated[
        bool, typer.Option("--write-off", help="it cannot be got back; by the city")
    ] = False,
    reason: Annotated[str, typer.Option(metavar="CODE", help="of a write-off")] = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Money of a revoked case that came back, or that is given up."""
    from rcaid.services.applications import recovery

    fen = fen_of(amount)
    with desks.desk_of(context) as desk:
        if write_off:
            question = _("Give up {money} yuan of {case}?").format(case=number, money=yuan(fen))
            desks.confirm(question, yes)
            entry = recovery.write_off(desk, number, fen, reason)
        else:
            entry = recovery.recovered(desk, number, fen, slip)
    kind = "written_off" if write_off else "recovered"
    done({"case": number, "what": kind, "fen": fen, "entry": str(entry)}, json)


def follow_up(
    context: typer.Context,
    number: Number,
    method: Annotated[str, typer.Option(metavar="WAY", help="visit, phone or message")] = "visit",
    not_received: Annotated[
        bool, typer.Option("--not-received", help="the family did not get it")
    ] = False,
    not_matched: Annotated[
        bool, typer.Option("--not-matched", help="it was not what had been decided")
    ] = False,
    text: Annotated[str, typer.Option(metavar="TEXT", help="what they said; kept sealed")] = "",
    waive: Annotated[str, typer.Option(metavar="CODE", help="let it be, and why")] = "",
    json: Json = False,
) -> None:
    """What a family said when it was asked after the payment, or why nobody asks."""
    from rcaid.services.applications import after

    with desks.desk_of(context) as desk:
        if waive:
            entry = after.waive_follow_up(desk, number, waive)
        else:
            entry = after.follow_up(
                desk, number, method, received=not not_received, matched=not not_matched, text=text
            )
    state = "waived" if waive else "done"
    done({"case": number, "follow_up": state, "entry": str(entry)}, json)


def close(
    context: typer.Context, numbers: Numbers, partial: Partial = False, json: Json = False
) -> int:
    """Closes paid cases of which nothing is left to do."""
    return _each(context, "close", numbers, partial, json)
