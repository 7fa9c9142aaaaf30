"""What a desk says on the screens: checks, acts of the record, dates, amounts, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rcaid.domain.money import yuan
from rcaid.locale import N_, _
from rcaid.screens import signs
from rcaid.screens.form_words import paper_word, word
from rcaid.screens.labels import label
from rcaid.screens.rule_words import RULES
from rcaid.screens.session import ATTENTION, DONE, STOPPED, Note, Step
from rcaid.services.clock import ZONE

if TYPE_CHECKING:
    from rcaid.services.cases import Happened
    from rcaid.services.checks import Check
    from rcaid.services.people import Given as Helped

_CHECKS = {
    "identity.holds": N_("identity number and check digit"),
    "identity.upgraded": N_("identity number, brought from 15 to 18 places"),
    "identity.unverified": N_("no document that can be checked"),
    "identity.wrong": N_("the identity number does not hold"),
    "known.once": N_("known once; other namesakes: {namesakes}"),
    "known.alone": N_("known once, no namesakes"),
    "known.alike": N_("same name and birth date as others: {n}"),
    "deceased": N_("died on {day}"),
    "certificate.no_end": N_("the certificate has no end"),
    "certificate.ended": N_("the certificate ended on {day}"),
    "certificate.ends": N_("the certificate ends on {day}"),
    "certificate.holds": N_("certificate until {day}"),
    "cap.person": N_("cap, person: {fen} of {cap}"),
    "cap.household": N_("household of {n}, this year: {fen}"),
    "help.year": N_("12 months, all: {fen}"),
    "quota.none": N_("no quota for this street"),
    "quota.used": N_("quota: {n} of {of}"),
    "quota.category": N_("quota, {category}: {n} of {of}"),
    "residence.here": N_("lives in the street"),
    "residence.moved": N_("lives elsewhere by now: {place}"),
    "account.own": N_("account used by nobody else"),
    "account.household": N_("account shared within the household"),
    "account.shared": N_("account of unrelated people too: {n}"),
    "batch.zero": N_("approved, arrived and came back come out even"),
    "batch.not_gone": N_("not gone yet: {n}"),
    "batch.on_way": N_("still on the way: {n}"),
    "batch.difference": N_("does not come out: {n} lines, {fen}"),
    "batch.suspended": N_("suspended, a release leaves them out: {n}"),
    "batch.returned": N_("came back and wait to be paid again: {n}"),
    "maker.you": N_("you entered it; another person verifies"),
    "maker.other": N_("you did not enter it"),
    "certificates.ended": N_("certificates ended: {n}"),
    "people.deceased": N_("people deceased: {n}"),
    "accounts.shared": N_("shared accounts: {n}"),
}
_DID = {
    "import.roster": N_("listed from a file"),
    "import.quota": N_("quota taken in"),
    "import.delivery": N_("hand-out taken up"),
    "import.bank": N_("bank result taken up"),
    "import.people": N_("people taken in"),
    "import.update": N_("updates taken in"),
    "import.application": N_("applications taken in"),
    "import.donation": N_("donations taken in"),
    "import.institution": N_("institutions taken in"),
    "import.undo": N_("import taken back"),
    "case.new": N_("registered"),
    "case.edit": N_("application changed"),
    "case.paper": N_("paper marked"),
    "case.waive": N_("paper waived"),
    "case.submit": N_("submitted"),
    "case.accept": N_("taken up"),
    "case.verify": N_("verified"),
    "case.return": N_("returned"),
    "case.answer": N_("answered"),
    "case.withdraw": N_("withdrawn"),
    "roster.submit": N_("submitted"),
    "roster.verify": N_("verified"),
    "roster.return": N_("returned"),
    "roster.freeze": N_("frozen"),
    "roster.approve": N_("approved"),
    "roster.close": N_("closed"),
    "line.strike": N_("struck"),
    "batch.create": N_("put into a batch"),
    "batch.lock": N_("batch locked"),
    "batch.approve": N_("batch approved"),
    "batch.release": N_("released"),
    "batch.cancel": N_("batch cancelled"),
    "batch.close": N_("batch closed"),
    "batch.export": N_("bank file written again"),
    "change.ask": N_("change asked for"),
    "change.confirm": N_("change confirmed"),
    "change.refuse": N_("change refused"),
    "batch.reconcile": N_("batch reconciled"),
    "transfer.create": N_("drafted"),
    "transfer.approve": N_("approved"),
    "transfer.send": N_("sent"),
    "transfer.receive": N_("received"),
    "transfer.report": N_("reported"),
    "transfer.return": N_("came back"),
    "transfer.cancel": N_("cancelled"),
    "return.reissue": N_("to be paid again"),
    "return.fix_account": N_("account corrected"),
    "person.death": N_("death recorded"),
    "distribution.hand_over": N_("handed over"),
    "distribution.not_today": N_("not handed out"),
    "batch.clear": N_("a flag cleared"),
    "batch.staff": N_("handed out by two, put down"),
    "disaster.open": N_("opened"),
    "disaster.phase": N_("phase changed"),
    "disaster.close": N_("closed"),
    "notice.draft": N_("drafted"),
    "notice.publish": N_("put up"),
    "notice.close": N_("closed"),
    "notice.correct": N_("corrected"),
    "notice.cancel": N_("cancelled"),
    "objection.take": N_("objection taken down"),
    "objection.dismiss": N_("objection dismissed"),
    "objection.uphold": N_("objection upheld"),
    "objection.read": N_("objections read"),
}
_MONEY = ("fen", "cap", "low", "high", "left", "step")
_CODES = ("category", "hardship", "disease", "institution", "level", "what", "state")


def check_note(check: Check) -> Note:
    """One check as a line: its sentence, its sign and its rule."""
    alone = check.code == "known.once" and not check.params["namesakes"]
    code = "known.alone" if alone else check.code
    said: dict[str, object] = {}
    for name, value in check.params.items():
        said[name] = _said(name, value)
    return Note("", _(_CHECKS.get(code) or RULES[code]).format_map(said), check.sign, check.rule)


def _said(name: str, value: Any) -> Any:
    """A number or code of a check as people read it."""
    if name in _MONEY:
        return yuan(value)
    if name == "papers" and isinstance(value, str):
        return ", ".join(map(paper_word, value.split(", ")))
    return word(value, value) if name in (*_CODES, "id_kind") else value


def tally(checks: Iterable[Check]) -> str:
    """How many checks hold, want attention, stop."""
    found = [check.sign for check in checks]
    now = signs.current()
    return (
        f"{now.done} {found.count(DONE)}  {now.attention} {found.count(ATTENTION)}"
        f"  {now.stopped} {found.count(STOPPED)}"
    )


def did(act: str) -> str:
    """What an act of the record was, in words."""
    return _(_DID[act]) if act in _DID else act


def day_here(at: str) -> str:
    """The business date on which a recorded time falls."""
    return datetime.fromisoformat(at).astimezone(ZONE).date().isoformat()


def when(at: str, today: str) -> str:
    """A time of the record here: without the year in the year that is meant."""
    local = datetime.fromisoformat(at).astimezone(ZONE)
    return f"{local:%m-%d %H:%M}" if f"{local:%Y}" == today[:4] else f"{local:%Y-%m-%d}"


def steps(story: Sequence[Happened], today: str) -> tuple[Step, ...]:
    """A story as steps; the text is the reason, if there is one, and the place in the record."""
    return tuple(
        Step(when(e.at, today), did(e.act), e.name, f"{why(e.act, e.reason)}  {e.number}".strip())
        for e in story
    )


def why(act: str, reason: str) -> str:
    """The reason of an act in words; what somebody wrote themselves stays as it stands."""
    from rcaid.screens.desk_acts import reasons

    words = {choice.code: choice.label for choice in reasons(act)} if reason else {}
    parts = reason.split(".")
    return ", ".join(words[part] for part in parts) if words.keys() >= {*parts} else reason


def who(sex: str, age: int | None) -> str:
    """``F 67``; what is not known is left out."""
    return " ".join(filter(None, (label(sex) if sex else "", "" if age is None else str(age))))


def help_text(fen: int | None, qty: int | None, item: str) -> str:
    """Money and goods of one line in words."""
    parts = [yuan(fen)] if fen else []
    if qty:
        parts.append(f"{qty} {item}".strip())
    return " + ".join(parts)


def given_text(given: Iterable[Helped], who_for: str = "person") -> str:
    """Help of the years in one line, newest first."""
    years: dict[str, list[str]] = {}
    for each in given:
        if each.who == who_for:
            text = help_text(each.fen, each.pieces, each.item)
            years.setdefault(each.year, []).append(text)
    dot = f" {signs.current().dot} "
    return dot.join(f"{year} {' + '.join(texts)}" for year, texts in years.items())


FIELDS: Mapping[str, str] = {
    "number": N_("identity"),
    "phone": N_("phone"),
    "address": N_("address"),
    "account": N_("account"),
}
"""What may be revealed, by its field."""


def masked(fields: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The fields that may be revealed, as (field, label)."""
    return tuple((name, _(FIELDS[name])) for name in fields)
