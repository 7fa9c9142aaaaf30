"""Who may do what: the duty each act needs, and who is kept apart on one object."""

from __future__ import annotations

from collections.abc import Iterable

from rcaid.domain.errors import Problem

DUTIES = (
    "caseworker",
    "verifier",
    "reviewer",
    "approver",
    "preparer",
    "releaser",
    "keeper",
    "notice",
    "auditor",
    "administrator",
)

_CASE = ("caseworker", "verifier", "reviewer", "approver")
_ALL = DUTIES

ACTS: dict[str, tuple[str, ...]] = {
    "person.find": (*_CASE, "preparer", "auditor"),
    "person.lookup": (*_CASE, "preparer", "auditor"),
    "person.card": (*_CASE, "preparer", "auditor"),
    "person.reveal": (*_CASE, "preparer"),
    "person.death": ("caseworker",),
    "case.list": (*_CASE, "preparer", "releaser", "auditor"),
    "case.card": (*_CASE, "auditor"),
    "case.new": ("caseworker",),
    "case.edit": ("caseworker",),
    "case.paper": ("caseworker", "verifier"),
    "case.waive": ("verifier", "reviewer"),
    "case.submit": ("caseworker",),
    "case.accept": ("verifier",),
    "case.verify": ("verifier",),
    "case.return": ("verifier", "reviewer"),
    "case.answer": ("caseworker",),
    "case.withdraw": ("caseworker",),
    "case.propose": ("reviewer",),
    "case.approve": ("approver",),
    "case.reject": ("verifier", "reviewer", "approver"),
    "case.appeal": ("caseworker",),
    "case.urgent": ("approver",),
    "case.review": ("reviewer", "approver"),
    "case.recuse": _CASE,
    "case.account": ("reviewer", "approver"),
    "case.clear": ("approver",),
    "case.entitle": ("approver",),
    "case.suspend": ("reviewer", "approver"),
    "case.resume": ("reviewer", "approver"),
    "case.reopen": ("approver",),
    "case.revoke": ("approver",),
    "case.heir": ("approver",),
    "case.cancel": ("approver",),
    "case.recover": ("preparer",),
    "case.write_off": ("approver",),
    "case.follow_up": ("caseworker",),
    "case.close": ("caseworker",),
    "consent.give": ("caseworker",),
    "consent.withdraw": ("caseworker",),
    "roster.list": (*_CASE, "preparer", "releaser", "keeper", "auditor"),
    "roster.submit": ("caseworker",),
    "roster.verify": ("verifier",),
    "roster.return": ("verifier", "reviewer"),
    "roster.freeze": ("reviewer",),
    "roster.approve": ("approver",),
    "roster.close": ("reviewer", "approver"),
    "line.strike": ("verifier", "reviewer"),
    "quota.show": (*_CASE, "preparer", "auditor"),
    "quota.set": ("reviewer",),
    "programme.load": ("administrator",),
    "cycle.new": ("approver",),
    "cycle.open": ("approver",),
    "cycle.close": ("approver",),
    "cycle.distribute": ("approver",),
    "cycle.end": ("approver",),
    "cycle.cancel": ("approver",),
    "round.new": ("approver",),
    "fund.receive": ("preparer",),
    "fund.open": ("approver",),
    "fund.close": ("approver",),
    "fund.move": ("approver",),
    "period.close": ("approver",),
    "donor.add": ("preparer",),
    "donation.list": ("preparer", "releaser", "approver", "auditor"),
    "donation.pledge": ("preparer",),
    "donation.receive": ("preparer",),
    "donation.receipt": ("preparer",),
    "donation.decline": ("preparer",),
    "donation.anonymous": ("preparer",),
    "donation.void": ("preparer",),
    "donation.withdraw": ("preparer",),
    "donation.return": ("approver",),
    "import.institution": ("preparer",),
    "import.donation": ("preparer",),
    "lot.receive": ("keeper",),
    "lot.list": ("preparer", "releaser", "approver", "keeper", "auditor"),
    "lot.write_off": ("approver",),
    "batch.list": ("preparer", "releaser", "approver", "keeper", "auditor", "caseworker"),
    "batch.create": ("preparer",),
    "batch.lock": ("preparer",),
    "batch.approve": ("approver",),
    "batch.release": ("releaser",),
    "batch.export": ("releaser",),
    "batch.cancel": ("preparer",),
    "batch.reconcile": ("preparer",),
    "batch.close": ("approver",),
    "batch.clear": ("reviewer", "approver", "releaser"),
    "batch.staff": ("caseworker", "preparer", "keeper"),
    "batch.sheet": ("caseworker", "preparer", "releaser", "keeper"),
    "payer.set": ("approver",),
    "cash.limit": ("approver",),
    "distribution.hand_over": ("caseworker", "keeper"),
    "distribution.not_today": ("caseworker", "keeper"),
    "notice.list": (*_CASE, "notice", "auditor"),
    "notice.draft": ("notice",),
    "notice.publish": ("notice",),
    "notice.close": ("notice",),
    "notice.correct": ("notice",),
    "notice.cancel": ("notice",),
    "objection.take": ("notice",),
    "objection.read": ("notice", "reviewer"),
    "objection.dismiss": ("reviewer",),
    "objection.uphold": ("reviewer",),
    "disaster.open": ("approver",),
    "disaster.phase": ("approver",),
    "disaster.close": ("approver",),
    "institution.add": ("preparer",),
    "transfer.list": ("preparer", "releaser", "approver", "keeper", "auditor"),
    "transfer.create": ("preparer",),
    "transfer.approve": ("approver",),
    "transfer.send": ("releaser",),
    "transfer.receive": ("preparer",),
    "transfer.return": ("preparer",),
    "transfer.report": ("preparer",),
    "transfer.cancel": ("preparer",),
    "return.fix_account": ("caseworker", "preparer"),
    "return.reissue": ("preparer",),
    "import.roster": ("caseworker",),
    "import.quota": ("reviewer",),
    "import.delivery": ("caseworker", "keeper"),
    "import.bank": ("preparer",),
    "import.people": ("caseworker",),
    "import.update": ("caseworker",),
    "import.application": ("caseworker",),
    "import.profile": ("caseworker", "reviewer", "preparer", "keeper"),
    "change.ask": ("caseworker", "preparer"),
    "change.confirm": ("reviewer",),
    "change.refuse": ("reviewer",),
    "duplicate.list": ("caseworker", "reviewer"),
    "duplicate.decide": ("caseworker",),
    "duplicate.search": ("caseworker", "reviewer"),
    "person.merge": ("reviewer",),
    "person.split": ("reviewer",),
    "import.undo": ("reviewer",),
    "import.list": ("caseworker", "reviewer", "preparer", "auditor"),
    "report.run": _ALL,
    "report.flags": ("auditor",),
    "report.freeze": ("reviewer", "approver"),
    "audit.log": ("auditor", "administrator"),
    "audit.export": ("auditor",),
    "audit.verify": ("auditor", "administrator"),
    "user.list": ("administrator", "auditor"),
    "user.add": ("administrator",),
    "user.grant": ("administrator",),
    "user.revoke": ("administrator",),
    "user.key": ("administrator",),
}
"""Duties that may do an act, for an office and all below it."""

NAMES_IN_FULL = frozenset(_CASE)
"""Duties that see names in full inside their own subtree; all others see them masked (BR-052)."""

_MAKING = frozenset({"create", "import", "edit", "submit", "account"})
PARTS = (
    *sorted(_MAKING), "verify", "approve", "review", "ask", "batch.create", "batch.approve",
    "transfer.create", "transfer.approve", "donation.receive",
)  # fmt: skip
"""What a person can have done to an object that bars them from a later step."""

APART: dict[str, frozenset[str]] = {
    "verify": _MAKING,
    "freeze": _MAKING | {"verify"},
    "approve": _MAKING | {"verify"},
    "review": _MAKING | {"verify", "approve"},
    "batch.approve": _MAKING | {"verify", "batch.create"},
    "batch.release": _MAKING | {"verify", "approve", "batch.create", "batch.approve"},
    "batch.clear": _MAKING | {"batch.create"},
    "transfer.approve": frozenset({"transfer.create"}),
    "transfer.send": frozenset({"transfer.create", "transfer.approve"}),
    "donation.return": frozenset({"donation.receive"}),
}
"""For a step, the earlier parts that bar a person from it on the same object (BR-040)."""


def kept_apart(step: str, staff_id: str, parts: Iterable[tuple[str, str]]) -> Problem | None:
    """Whether a person may take a step on an object, given who did which part of it before.

    ``parts`` are (staff id, act) of the object's makers. There is no switch to turn this off.
    """
    barred = APART[step]
    for who, act in parts:
        if who == staff_id and act in barred:
            return Problem("who.maker", {"part": act})
    return None
