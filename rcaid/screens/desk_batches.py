"""A desk behind the list of batches: files that came in, what became of them, taking them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rcaid.domain.errors import Problem
from rcaid.domain.money import yuan
from rcaid.domain.sentences import sentence
from rcaid.locale import N_, _, language
from rcaid.screens import desk_text as say
from rcaid.screens.cells import count, fit
from rcaid.screens.desk_acts import counted
from rcaid.screens.desk_imports import kind_name
from rcaid.screens.desk_plans import field_name
from rcaid.screens.labels import NOUNS, label
from rcaid.screens.session import (
    ATTENTION,
    STOPPED,
    Amount,
    Card,
    Choice,
    Done,
    Exemption,
    Note,
    Preview,
    Review,
    Row,
    Value,
)

if TYPE_CHECKING:
    from rcaid.services.desk import Desk
    from rcaid.services.importing.import_cards import ImportCard
    from rcaid.services.importing.undone import Undone
    from rcaid.services.lists import ImportRow

ACTS = ("import.undo", "import.rejects")
_WIDEST = 22
"""Cells of a value in a table; what is wrong with it needs the rest."""
_REASONS = (
    ("wrong_file", N_("it is the wrong file")),
    ("wrong_cycle", N_("it is for another cycle")),
    ("wrong_columns", N_("columns were read wrongly")),
    ("newer_file", N_("a newer file comes instead")),
    ("other", N_("another reason")),
)
_KEPT = {
    "undo.acted": N_("somebody has worked on it since"),
    "undo.came_back": N_("it came back, and is due again already"),
    "undo.closed": N_("its batch is reconciled"),
    "undo.roster": N_("its roster is verified"),
    "undo.lines_left": N_("other lists name them"),
}
_KEPT_NOUNS = {
    "line": N_("line"),
    "person": N_("person"),
    "payment": N_("payment"),
    "quota": N_("quota"),
    "household": N_("household"),
}


# --- the list


def row(desk: Desk, each: ImportRow) -> Row:
    """A batch as the list shows it."""
    left = each.rejected + each.undecided
    values: dict[str, Value] = {
        "file": each.file_name,
        "kind": _kind(each),
        "n": each.read,
        "rejected": left or None,
        "fen": each.fen or None,
        "since": each.applied_on,
    }
    undone = each.state == "undone"
    sign = STOPPED if undone else ATTENTION if left else ""
    return Row(each.id, values, each.file_name, sign, each.fen, each.version, acts(desk, each))


def acts(desk: Desk, each: ImportRow) -> dict[str, str]:
    """What may be done to a batch, each with the sentence why not, or ""."""
    from rcaid.services.importing import rejects

    found = {}
    if each.state == "applied":
        may = desk.duty_for("import.undo", each.office_id) is not None
        found["import.undo"] = "" if may else _no_duty(desk, "import.undo", each.place)
    if not each.rejected + each.undecided:
        found["import.rejects"] = _("every row was taken")
    elif rejects.may_read(desk, each.kind, each.office_id):
        found["import.rejects"] = ""
    else:
        found["import.rejects"] = _no_duty(desk, f"import.{each.kind}", each.place)
    return found


def _no_duty(desk: Desk, act: str, place: str) -> str:
    where = {"login": desk.actor.login, "act": act, "office": place}
    return sentence(Problem("who.no_duty", where), _)


def preview(desk: Desk, id: str) -> Preview:
    """A batch in short."""
    from rcaid.services.importing import import_cards

    each = import_cards.row_of(desk, id)
    left = each.rejected + each.undecided
    strip = (
        f"{_kind(each)}   {each.place}   {each.login} {each.applied_on}",
        _counts(each),
        _("o writes the rows that were not taken to a file") if left else "",
    )
    facts = tuple(_facts(each))
    return Preview(each.file_name, _state(each), strip, (("", facts), (_("Rows"), _rows(each))))


def _kind(each: ImportRow) -> str:
    return f"{kind_name(each.kind)} {each.cycle}".strip()


def _state(each: ImportRow) -> str:
    return label(each.state)


def _outcomes(each: ImportRow) -> Iterable[tuple[str, int, str]]:
    """What became of the rows: in words, how many, a sign."""
    yield _("new"), each.new, ""
    yield _("updated"), each.updated, ""
    yield _("unchanged"), each.unchanged, ""
    yield _("with problems"), each.rejected, ATTENTION if each.rejected else ""
    if each.undecided:
        yield _("to decide"), each.undecided, ATTENTION


def _counts(each: ImportRow) -> str:
    parts = [f"{text} {count(n)}" for text, n, _sign in _outcomes(each) if n]
    return "   ".join([_("read {n}").format(n=count(each.read)), *parts])


def _rows(each: ImportRow) -> tuple[Note, ...]:
    return tuple(Note(text, count(n), sign) for text, n, sign in _outcomes(each))


def _facts(each: ImportRow, sheet: str = "") -> Iterable[Note]:
    about = _("sheet {sheet}").format(sheet=sheet) if sheet else ""
    yield Note(_("kind"), ", ".join(filter(None, (_kind(each), about))))
    yield Note(_("office"), each.place)
    yield Note(_("taken in"), f"{each.applied_on}  {each.login}")
    if each.fen:
        yield Note(_("amount"), yuan(each.fen))


# --- the card


def card(desk: Desk, id: str) -> Card:
    """A batch in full."""
    from rcaid.services.importing import import_cards

    found = import_cards.card(desk, id)
    each = found.row
    tables = (
        (_("Not taken"), tuple(_not_taken(found))),
        (_("Pairs to decide"), tuple(_pairs(found))),
        (_("Changed"), tuple(_changes(found))),
    )
    undone = each.state == "undone"
    return Card(
        each.id,
        each.file_name,
        _state(each),
        facts=(*_facts(each, found.sheet), Note(_("rows"), _counts(each))),
        story=say.steps(found.story, desk.day),
        way=(
            (_("planned"), "done"),
            (_("came in"), "done" if undone else "here"),
            *(((_("taken back"), "here"),) if undone else ()),
        ),
        tables=tuple((title, rows) for title, rows in tables if rows),
        version=each.version,
        acts=acts(desk, each),
    )


def _not_taken(found: ImportCard) -> Iterable[tuple[str, ...]]:
    """Row, column, what stood there, what is wrong."""
    for each in found.not_taken:
        for n, problem in enumerate(each.problems):
            value = fit(problem.value, min(len(problem.value) * 2, _WIDEST)).rstrip()
            row = "" if n else count(each.row)
            yield row, problem.column, value, sentence(problem, _)
    left = found.row.rejected + found.row.undecided - len(found.not_taken)
    if left and found.not_taken:
        yield "", "", "", _("and {n} more; o writes all of them to a file").format(n=count(left))


def _changes(found: ImportCard) -> Iterable[tuple[str, ...]]:
    for each in found.changes:
        yield each.name, field_name(each.field), each.before or _("nothing"), each.now


def _pairs(found: ImportCard) -> Iterable[tuple[str, ...]]:
    for each in found.pairs:
        where = _("row {n}").format(n=each.row) if each.what == "row" else ""
        yield str(each.score), each.left, each.right, where


# --- acts


def review_undo(desk: Desk, id: str) -> Review:
    """What taking a batch back would take away, put back and keep; writes nothing."""
    from rcaid.services.importing import undo, undone

    look = undo.preview(desk, id)
    names = undone.names_of_kept(desk, look.kept)
    n = len(look.kept)
    kept = (Amount(_("stay, for a reason"), n, sign=ATTENTION),) if n else ()
    return Review(
        "import.undo",
        _("Take back an import"),
        look.batch.file_name,
        _("take back"),
        Amount(_("will be taken back"), look.taken, look.fen),
        kept,
        tuple(_exemption(each, names) for each in look.kept),
        _("What goes and what comes back"),
        tuple(_groups(look)),
        notes=(_("The record keeps that it came in and that it was taken back."),),
        counted=counted(look.taken, look.fen),
        name="reason",
        options_title=_("why"),
        options=reasons(),
    )


def reasons() -> tuple[Choice, ...]:
    """Why an import may be taken back."""
    return tuple(Choice(code, _(text)) for code, text in _REASONS)


def _exemption(each: Problem, names: Mapping[str, str]) -> Exemption:
    name = str(each.params["name"])
    noun = str(each.params["noun"])
    what = f"{_(_KEPT_NOUNS[noun]) if noun in _KEPT_NOUNS else noun} {names.get(name, name)}"
    text = _(_KEPT[each.code]) if each.code in _KEPT else sentence(each, _)
    return Exemption(name, what, text, "", STOPPED)


def _groups(look: Undone) -> Iterable[Amount]:
    for rows, verb in ((look.removed, _("go: {what}")), (look.restored, _("as before: {what}"))):
        for noun, word in NOUNS.items():
            if rows.get(noun):
                yield Amount(verb.format(what=_(word)), rows[noun])


def do(desk: Desk, act: str, ids: Sequence[str], choices: Mapping[str, str], reason: str) -> Done:
    """Takes a batch back, or writes what it did not take."""
    (id,) = ids
    return _undo(desk, id, choices, reason) if act == "import.undo" else _rejects(desk, id)


def _undo(desk: Desk, id: str, choices: Mapping[str, str], reason: str) -> Done:
    from rcaid.services.importing import undo

    expect = choices.get("expect", "")
    done, entry = undo.undo(desk, id, reason or None, expect=int(expect) if expect else None)
    said = _("{n} of {file} taken back")
    if done.kept:
        said = _("{n} of {file} taken back, {kept} stay")
    text = said.format(n=count(done.taken), file=done.batch.file_name, kept=count(len(done.kept)))
    return Done(text, str(entry))


def _rejects(desk: Desk, id: str) -> Done:
    from rcaid.files.headers import REASONS
    from rcaid.services.importing import rejects

    found = rejects.of_batch(desk, id)
    place = rejects.to_inbox(desk, found, REASONS[language() == "zh_CN"], told)
    text = _("{n} rows are in {file}, in the inbox")
    return Done(text.format(n=count(len(found.rows)), file=place.name))


def told(problem: Problem) -> str:
    """What is wrong with a row, as the column of reasons says it."""
    text = sentence(problem, _)
    return f"{problem.column}: {text}" if problem.column else text
