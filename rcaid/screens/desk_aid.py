"""A desk behind the place of aid: batches of money and goods, what may be done to them, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rcaid.domain.errors import Problem, Refused
from rcaid.domain.money import MOST_FEN, capital, yuan
from rcaid.domain.sentences import sentence
from rcaid.domain.words import CHINESE
from rcaid.domain.workflow import move
from rcaid.locale import N_, _, language
from rcaid.screens import desk_text as say
from rcaid.screens.cells import count
from rcaid.screens.desk_cards import ways
from rcaid.screens.labels import label
from rcaid.screens.session import (
    ATTENTION,
    DONE,
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
    from rcaid.services.batch_cards import BatchCard, Decision
    from rcaid.services.desk import Desk
    from rcaid.services.lists import BatchRow

WAY = ("draft", "locked", "approved", "released", "reconciled", "closed")
ACTS = (
    "batch.lock", "batch.approve", "batch.release", "batch.reconcile", "batch.close",
    "batch.cancel",
)  # fmt: skip
REASONS = (
    ("lines", N_("lines are wrong")),
    ("wrong_round", N_("it is of another round")),
    ("other", N_("another reason")),
)
"""Why a batch is given up."""
_SAID = {
    "batch.lock": N_("{n} locked"),
    "batch.reconcile": N_("{n} reconciled"),
    "batch.close": N_("{n} closed"),
    "batch.cancel": N_("{n} cancelled"),
}
_TITLES = {
    "batch.approve": (N_("Approve a batch"), N_("approve"), N_("will be approved")),
    "batch.release": (N_("Release a batch"), N_("release"), N_("will be released")),
}
_SHORT = 8


# --- the list


def row(desk: Desk, each: BatchRow) -> Row:
    """A batch as the list shows it."""
    values: dict[str, Value] = {
        "batch": each.number,
        "office": each.place.removeprefix(f"{desk.offices.district_of(desk.home().id).name}·"),
        "kind": _kind(each),
        "state": each.state,
        "n": each.lines,
        "fen": each.fen or None,
        "since": each.released_on,
    }
    sign = STOPPED if each.state == "cancelled" else ""
    return Row(each.id, values, each.number, sign, each.fen, each.version, acts(desk, each))


def acts(desk: Desk, each: BatchRow) -> dict[str, str]:
    """What the state of a batch allows, each with the sentence why this person may not, or "".
    Who had a part in one of its rosters is told so by its card and by the act itself."""
    from rcaid.services.batch_cards import STEPS, why_not

    allowed = [act for act in ACTS if move("batch", each.state, STEPS[act][0]) is not None]
    return _sentences({act: why_not(desk, act, each) for act in allowed}) | _more(desk, each)


def _more(desk: Desk, each: BatchRow) -> dict[str, str]:
    """What may be done beside the steps of a batch."""
    gone = each.kind == "money" and bool(each.released_on)
    wanted = {
        "batch.file": "batch.export" if gone else "",
        "return.reissue": "return.reissue" if gone else "",
        "batch.clear": "batch.clear" if each.state in ("locked", "approved") else "",
    }
    where = {"login": desk.actor.login, "office": each.place}
    return {
        id: ""
        if desk.duty_for(act, each.office_id) is not None
        else sentence(Problem("who.no_duty", {**where, "act": act}), _)
        for id, act in wanted.items()
        if act
    }


def _sentences(found: Mapping[str, Problem | None]) -> dict[str, str]:
    return {act: sentence(problem, _) if problem else "" for act, problem in found.items()}


def _kind(each: BatchRow) -> str:
    """The word that the filter takes too."""
    return CHINESE["kind"][each.kind] if language() == "zh_CN" else each.kind


def _much(fen: int, qty: int, item: str = "") -> str:
    return yuan(fen) if fen else say.help_text(None, qty, item or _("pieces"))


# --- a batch in short and in full


def preview(desk: Desk, id: str) -> Preview:
    """A batch in short."""
    from rcaid.services import batch_cards

    found = batch_cards.read_card(desk, id)
    each = found.row
    last = say.steps(found.story[:1], desk.day)
    states = ", ".join(f"{label(state)} {count(n)}" for state, n, _fen in _states(found))
    strip = (
        f"{each.round}   {_kind(each)}   {_lines(found)}",
        states,
        f"{last[0].when}  {last[0].what}  {last[0].who}" if last else "",
    )
    return Preview(
        each.number,
        label(each.state),
        strip,
        (
            ("", tuple(_facts(found))),
            (
                _("By state"),
                tuple(
                    Note(label(state), f"{count(n)}   {yuan(fen)}")
                    for state, n, fen in _states(found)
                ),
            ),
            (_("Checks"), tuple(map(say.check_note, found.checks))),
            (
                _("Story"),
                tuple(
                    Note(step.when, step.what, rule=step.who)
                    for step in say.steps(found.story, desk.day)[:_SHORT]
                ),
            ),
        ),
    )


def card(desk: Desk, id: str) -> Card:
    """A batch in full."""
    from rcaid.services import batch_cards

    found = batch_cards.card(desk, id)
    each = found.row
    groups = tuple((label(c.category), count(c.n), yuan(c.fen)) for c in found.by_category)
    states = tuple((label(state), count(n), yuan(fen)) for state, n, fen in _states(found))
    tables = (
        (_("What holds it"), tuple(_flags(desk, each.number))),
        (_("Approved and what became of it"), tuple(_outcome(found))),
        (_("Lines by state"), states),
        (_("Came back"), tuple(_back(found))),
        (_("By category"), groups),
    )
    sees = desk.duty_for("case.list", each.office_id) is not None
    return Card(
        each.id,
        f"{each.number}  {each.place}",
        label(each.state),
        facts=tuple(_facts(found)),
        checks=tuple(map(say.check_note, found.checks)),
        story=say.steps(found.story, desk.day),
        way=ways("batch", each.state, WAY),
        tables=tuple((title, rows) for title, rows in tables if rows),
        advice=_("F4 / batch:{n} lists its people").format(n=each.number) if sees else "",
        version=each.version,
        acts=_sentences(batch_cards.refusals(desk, found)) | _more(desk, each),
    )


def _flags(desk: Desk, number: str) -> Iterable[tuple[str, ...]]:
    """Number, what is odd, whether somebody has cleared it and why."""
    from rcaid.screens.batch_making import CLEARED
    from rcaid.screens.desk_making import flag_text
    from rcaid.services import holds

    words = dict(CLEARED)
    for flag in holds.of_batch(desk, number):
        state = _("open")
        if flag.state != "open":
            why = _(words[flag.reason]) if flag.reason in words else flag.reason
            state = _("cleared by {who}: {why}").format(who=flag.cleared_by, why=why)
        yield str(flag.n), flag_text(flag), state


def _lines(found: BatchCard) -> str:
    each = found.row
    text = _("{n} lines").format(n=count(each.lines))
    return f"{text}   {_much(each.fen, each.qty, found.item)}"


def _facts(found: BatchCard) -> Iterable[Note]:
    each = found.row
    yield Note(_("round"), f"{found.programme} {each.round}")
    yield Note(_("kind"), f"{_kind(each)} {found.item}".strip())
    yield Note(_("lines"), count(each.lines))
    if each.fen:
        yield Note(_("control sum"), yuan(each.fen))
        if each.fen <= MOST_FEN:
            yield Note(_("in capitals"), capital(each.fen))
    if each.qty:
        yield Note(_("pieces"), count(each.qty))
    if each.left_out:
        yield Note(_("left out"), count(each.left_out), ATTENTION)
    for act, name in (
        ("batch.create", _("made by")),
        ("batch.approve", _("approved by")),
        ("batch.release", _("released by")),
    ):
        if found.parts.get(act):
            day = each.released_on if act == "batch.release" else ""
            yield Note(name, f"{found.parts[act]}  {day}".rstrip())
    if found.file_sha256:
        yield Note(_("bank file"), found.file_sha256[:16])


def _states(found: BatchCard) -> Iterable[tuple[str, int, int]]:
    """States of the lines, how many, their value in fen."""
    for state, (n, fen) in found.states.items():
        yield state, n, fen


def _outcome(found: BatchCard) -> Iterable[tuple[str, ...]]:
    """The three-way count (BR-070)."""
    outcome = found.outcome
    for name, (n, fen) in (
        (_("approved"), outcome.approved),
        (_("reached people"), outcome.paid),
        (_("came back"), outcome.returned),
        (_("left out"), outcome.left_out),
        (_("not settled yet"), outcome.open),
        (_("difference"), (outcome.missing, outcome.difference)),
    ):
        yield name, count(n), yuan(fen)


def _back(found: BatchCard) -> Iterable[tuple[str, ...]]:
    """Voucher, name, how much, state, day, why."""
    for each in found.back:
        much = _much(each.fen or 0, each.qty or 0, found.item)
        yield each.voucher, each.name, much, label(each.state), each.day, _why(each.why)
    left = found.back_total - len(found.back)
    if left > 0:
        yield "", "", "", "", "", _("and {n} more").format(n=count(left))


def _why(text: str) -> str:
    """Why it came back in words: what the bank wrote, its code alone where it wrote nothing."""
    code, _space, words = text.partition(" ")
    if words:
        return f"{words} ({code})"
    return _("code {code} of the bank").format(code=code) if code.isdigit() else code


# --- the review


def review(desk: Desk, act: str, id: str) -> Review:
    """What approving or releasing a batch would do; writes nothing."""
    from rcaid.screens.desk_acts import counted
    from rcaid.services.batch_cards import decision

    found = decision(desk, act, id)
    each = found.row
    title, verb, will = _TITLES[act]
    flags = tuple(_held(desk, act, each.number))
    stopped = found.refusal is not None or (bool(flags) and act == "batch.release")
    n, fen, qty = (0, 0, 0) if stopped else (found.lines, found.fen, found.qty)
    value = sum(group.fen for group in found.by_category)
    return Review(
        act,
        f"{_(title)}, {found.programme} {each.round}, {each.place}",
        each.number,
        _(verb),
        Amount(_(will), n, fen, pieces=qty),
        tuple(_left_out(found, act, held=stopped)),
        (*flags, *_exceptions(found, act)),
        _("By category"),
        tuple(Amount(label(group.category), group.n, group.fen) for group in found.by_category),
        tuple(_limits(found)),
        (_note(act, each, fen),),
        counted=counted(n, fen or value),
    )


def _note(act: str, each: BatchRow, fen: int) -> str:
    if act == "batch.approve":
        return _("Nothing leaves before another person has released it.")
    if each.kind == "goods":
        return _("The goods are handed out from now on.")
    if 0 < fen <= MOST_FEN:
        return _("The money is on its way: {capitals}").format(capitals=capital(fen))
    return _("The money is on its way.")


def _held(desk: Desk, act: str, number: str) -> Iterable[Exemption]:
    """The flags that nobody has cleared: a release waits for them (R-14)."""
    from rcaid.screens.desk_making import flag_text, open_flags

    sign = STOPPED if act == "batch.release" else ""
    for flag in open_flags(desk, number):
        yield Exemption(flag.id, _("flag {n}").format(n=flag.n), flag_text(flag), "R-14", sign)


def _left_out(found: Decision, act: str, *, held: bool) -> Iterable[Amount]:
    if held:
        text = _("stay behind, a rule stops them")
        yield Amount(text, found.lines, found.fen, STOPPED, found.qty)
    if found.staying:
        text = _("suspended, left out")
        if act == "batch.approve":
            text = _("of them suspended, left out later")
        yield Amount(text, len(found.staying), found.staying_fen, ATTENTION)


def _exceptions(found: Decision, act: str) -> Iterable[Exemption]:
    if found.refusal is not None:
        yield Exemption(found.row.id, found.row.number, sentence(found.refusal, _), "", STOPPED)
    for case_no in found.staying:
        yield Exemption(case_no, case_no, _("its right is suspended"), "", STOPPED)


def _limits(found: Decision) -> Iterable[Note]:
    apart = found.refusal is None or found.refusal.code != "who.maker"
    text = _("no earlier part") if apart else _("an earlier part")
    yield Note("", text, DONE if apart else STOPPED, "BR-040")
    text = _("sum and lines agree") if found.agrees else _("sum and lines differ")
    yield Note("", text, DONE if found.agrees else STOPPED, "BR-070")


# --- doing


def reasons() -> tuple[Choice, ...]:
    """Why a batch may be given up."""
    return tuple(Choice(code, _(text)) for code, text in REASONS)


def do(
    desk: Desk, act: str, ids: Sequence[str], reason: str, expect: str, seen: Mapping[str, int]
) -> Done:
    """Does an act to all of these batches, or to none if one may not be done now."""
    from rcaid.screens.desk_acts import same_versions
    from rcaid.services import batch_cards, batches

    rows = [batch_cards.row_of(desk, id) for id in ids]
    same_versions(rows, seen)
    wrong = [problem for each in rows if (problem := batch_cards.why_not(desk, act, each))]
    if wrong:
        raise Refused(wrong)
    if act in _TITLES:
        return _decide(desk, act, rows[0], int(expect) if expect else None)
    one: dict[str, Callable[[str], object]] = {
        "batch.lock": lambda number: batches.lock(desk, number),
        "batch.reconcile": lambda number: batches.reconcile(desk, number)[1],
        "batch.close": lambda number: batches.close(desk, number),
        "batch.cancel": lambda number: batches.cancel(desk, number, reason or "other"),
    }
    entries = [one[act](each.number) for each in rows]
    name = rows[0].number if len(rows) == 1 else count(len(rows))
    return Done(_(_SAID[act]).format(n=name), str(entries[-1]))


def _decide(desk: Desk, act: str, each: BatchRow, expect: int | None) -> Done:
    from rcaid.services import batches

    if act == "batch.approve":
        entry = batches.approve(desk, each.number, expect=expect)
        text = _("{n} approved: {lines} lines, {much}")
        lines, much = each.lines, _much(each.fen, each.qty)
    else:
        batch, entry = batches.release(desk, each.number, expect=expect)
        text = _("{n} released: {lines} lines, {much}")
        lines, much = batch.lines, _much(batch.fen, batch.qty)
    return Done(text.format(n=each.number, lines=count(lines), much=much), str(entry))
