"""What a command says of an application: an option for what is usual, --with for everything else."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Annotated, Any, NamedTuple

import typer

from rcaid.domain.errors import Problem, Refused
from rcaid.domain.money import parse_yuan


class Said(NamedTuple):
    """One field of an application: its name there, its word here, what stands behind it, what it
    is. ``kind`` is text, sum (yuan), number, flag, list or elsewhere; ``short`` whether it has an
    option of its own."""

    name: str
    word: str
    metavar: str
    about: str
    kind: str = "text"
    short: bool = True


FIELDS = (
    Said("person_id", "person", "ID", "somebody on file, by id"),
    Said("number", "number", "NUMBER", "identity number; who is known is used"),
    Said("name", "name", "NAME", "name; not needed for who is known"),
    Said("id_kind", "document", "KIND", "another document than the identity card"),
    Said("reason", "without", "TEXT", "why there is no document"),
    Said("phone", "phone", "PHONE", "where to call"),
    Said("street", "street", "CODE", "where the family lives"),
    Said("guardian", "guardian", "NAME", "who acts for a child"),
    Said("category", "category", "CODE", "category of the programme"),
    Said("hardship", "hardship", "CODE", "hardship"),
    Said("hardship_until", "hardship-until", "DAY", "its certificate holds until"),
    Said("disease", "disease", "CODE", "disease"),
    Said("disaster", "disaster", "CODE", "the event"),
    Said("need", "need", "TEXT", "the need, in words"),
    Said("account", "account", "NUMBER", "account"),
    Said("asked_fen", "asked", "YUAN", "asked for; else what the rules allow", "sum"),
    Said("out_of_pocket_fen", "paid", "YUAN", "what the family paid itself", "sum"),
    Said("papers", "paper", "CODE", "a paper that is there; all is every one", "list"),
    Said("consents", "consent", "KIND", "what was agreed to", "list"),
    Said("cycle", "cycle", "CYCLE", "the newest open one where none is named", short=False),
    Said("sex", "sex", "M or F", "where no number says it", short=False),
    Said("born", "born", "DAY", "where no number says it", short=False),
    Said("address", "address", "TEXT", "the house", short=False),
    Said("head", "head", "NUMBER", "identity number of the head", short=False),
    Said("relation", "relation", "TEXT", "to the head of the household", short=False),
    Said("guardian_relation", "guardian-relation", "TEXT", "of the guardian", short=False),
    Said("stage", "stage", "CODE", "of the disease", short=False),
    Said("cause", "cause", "CODE", "tells this cause from another", short=False),
    Said("item", "item", "CODE", "goods", short=False),
    Said("qty", "qty", "N", "pieces of the goods", "number", False),
    Said("diagnosis", "diagnosis", "TEXT", "what the doctors say", short=False),
    Said("hospital", "hospital", "NAME", "where", short=False),
    Said("applicant", "applicant", "NAME", "who applies for them", short=False),
    Said("applicant_relation", "applicant-relation", "TEXT", "of the applicant", short=False),
    Said("payee", "payee", "NAME", "holder of the account", short=False),
    Said("bank", "bank", "NAME", "bank", short=False),
    Said("other_phone", "other-phone", "PHONE", "another one", short=False),
    Said("source", "source", "NAME", "whose references these are", short=False),
    Said("reference", "reference", "CODE", "their name for the person", short=False),
    Said("household", "household", "CODE", "and for the household", short=False),
    Said("received_on", "received", "DAY", "the day it came in", short=False),
    Said("income_fen", "income", "YUAN", "of a head and month", "sum", False),
    Said("cost_fen", "cost", "YUAN", "of the treatment", "sum", False),
    Said("elsewhere", "elsewhere", "GIVER=DAY=YUAN", "help from others", "elsewhere", False),
    Said("witnesses", "witness", "NAME", "who knows them", "list", False),
    Said("incapable", "incapable", "yes", "cannot decide for themselves", "flag", False),
)
_BY_WORD = {each.word: each for each in FIELDS}
_MANY = ("list", "elsewhere")
_YES = ("yes", "y", "1", "是")


def with_options(function: Any, but: Iterable[str] = ()) -> Any:
    """The function with an option for each usual field, but for some, and --with for the others.

    Its last parameter takes them all, by the names of the fields; `read` says what they come to.
    """
    left_out = set(but)
    found = list(inspect.signature(function, eval_str=True).parameters.values())[:-1]
    for each in FIELDS:
        if each.short and each.name not in left_out:
            option = typer.Option(f"--{each.word}", metavar=each.metavar, help=each.about)
            kind: Any = list[str] | None if each.kind in _MANY else str
            said_as: Any = Annotated[kind, option]
            default = None if each.kind in _MANY else ""
            found.append(_only(each.name, default, said_as))
    words = ", ".join(e.word for e in FIELDS if not e.short and e.name not in left_out)
    option = typer.Option("--with", metavar="FIELD=VALUE", help=f"also: {words}")
    found.append(_only("more", None, Annotated[list[str] | None, option]))
    function.__signature__ = inspect.Signature(found)
    function.__annotations__ = {each.name: each.annotation for each in found}
    return function


def _only(name: str, default: Any, annotation: Any) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, default=default, annotation=annotation)


def read(values: dict[str, Any], but: Iterable[str] = ()) -> dict[str, Any]:
    """The fields that were said, as an application has them; Refused for a sum that is none."""
    left_out = set(but)
    told: dict[str, list[str]] = {}
    for name, value in values.items():
        if name != "more" and value:
            told[name] = value if isinstance(value, list) else [value]
    for text in values.get("more") or ():
        word, equals, value = text.partition("=")
        each = _BY_WORD.get(word.replace("_", "-"))
        if each is None or not equals or each.name in left_out:
            known = ", ".join(e.word for e in FIELDS if e.name not in left_out)
            raise typer.BadParameter(f"{text}: write FIELD=VALUE, of {known}", param_hint="--with")
        told.setdefault(each.name, []).append(value)
    return {each.name: _value(each, told[each.name]) for each in FIELDS if each.name in told}


def _value(each: Said, texts: list[str]) -> Any:
    if each.kind == "list":
        return tuple(texts)
    if each.kind == "elsewhere":
        return tuple(map(_elsewhere, texts))
    text = texts[-1]
    if each.kind == "sum":
        return _fen(each.name, text)
    if each.kind == "flag":
        return text.casefold() in _YES
    if each.kind == "number":
        if not (text.isascii() and text.isdigit()):
            raise typer.BadParameter(f"{text}: write a whole number", param_hint="--with")
        return int(text)
    return text


def _fen(name: str, text: str) -> int:
    found = parse_yuan(text)
    if isinstance(found, Problem):
        raise Refused(Problem(found.code, found.params, name, value=found.value))
    return found


def _elsewhere(text: str) -> tuple[str, str, int]:
    giver, _first, rest = text.partition("=")
    day, _second, sum_ = rest.partition("=")
    if not (giver and day and sum_):
        raise typer.BadParameter(
            f"{text}: write it like elsewhere=月浦镇=2022-01-21=3000", param_hint="--with"
        )
    return giver, day, _fen("elsewhere", sum_)
