"""Acts of a desk: what may be done to a thing in its state, their review, and doing them.

Things acted on together are judged together first, so that nothing is done if one may not be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from rcaid.domain.errors import Broken, Problem, Refused
from rcaid.domain.money import yuan
from rcaid.domain.sentences import sentence
from rcaid.domain.workflow import move
from rcaid.locale import N_, _
from rcaid.screens.labels import label
from rcaid.screens.session import (
    ATTENTION,
    DONE,
    STOPPED,
    Amount,
    Choice,
    Done,
    Exemption,
    Note,
    Review,
)

if TYPE_CHECKING:
    from rcaid.services.desk import Desk
    from rcaid.services.lists import RosterRow
    from rcaid.services.roster_cards import Approval

ROSTER_ACTS = ("roster.submit", "roster.verify", "roster.return", "roster.freeze", "roster.approve")
_MAKING = ("batch.new", "return.reissue", "batch.file", "batch.clear")
_MANY, _MUCH = 10, 1_000_000
"""Things, and fen, from which on an act that commits the society asks for the count."""
_SAID = {
    "roster.submit": N_("{n} submitted"),
    "roster.verify": N_("{n} verified"),
    "roster.return": N_("{n} returned"),
    "roster.freeze": N_("{n} frozen"),
    "roster.approve": N_("{n} rosters approved, {lines} lines, {money} set aside"),
}
_REASONS = {
    "roster.return": (
        ("lines", N_("lines are wrong"), False),
        ("duplicates", N_("somebody is on it twice"), False),
        ("certificate", N_("a certificate is missing or has ended"), False),
        ("account", N_("an account is wrong"), False),
        ("phone", N_("phone numbers are wrong"), False),
        ("over_quota", N_("more than the quota allows"), False),
        ("other", N_("another reason"), False),
    ),
}


def roster_acts(desk: Desk, row: RosterRow) -> dict[str, str]:
    """What the state of a roster allows, each with the sentence why this person may not, or ""."""
    from rcaid.services.roster_cards import STEPS, why_not

    found = {}
    for act in ROSTER_ACTS:
        if move("roster", row.state, STEPS[act][0]) is not None:
            problem = why_not(desk, act, row)
            found[act] = sentence(problem, _) if problem else ""
    if row.state == "approved":
        duty = desk.duty_for("batch.create", row.office_id)
        where = {"login": desk.actor.login, "act": "batch.create", "office": row.place}
        found["roster.batch"] = "" if duty else sentence(Problem("who.no_duty", where), _)
    return found


def counted(n: int, fen: int) -> bool:
    """Whether so much is confirmed by typing its count; less of it by one key."""
    return n >= _MANY or fen >= _MUCH


def reasons(act: str) -> tuple[Choice, ...]:
    """What may be given as a reason."""
    if act.startswith("case."):
        from rcaid.screens import desk_case_acts

        return desk_case_acts.reasons(act)
    if act.startswith("objection."):
        from rcaid.screens import desk_notice_acts

        return desk_notice_acts.why_decided(act)
    if act.startswith("transfer."):
        from rcaid.screens import desk_transfers

        return desk_transfers.reasons(act)
    if act == "import.undo":
        from rcaid.screens import desk_batches

        return desk_batches.reasons()
    if act == "batch.cancel":
        from rcaid.screens import desk_aid

        return desk_aid.reasons()
    return tuple(Choice(code, _(text), note) for code, text, note in _REASONS.get(act, ()))


# --- the review of an approval


def review(desk: Desk, act: str, ids: Sequence[str]) -> Review:
    """What approving these rosters would do; writes nothing."""
    from rcaid.services.roster_cards import approval

    if act.startswith("notice."):
        from rcaid.screens import desk_notice_acts

        return desk_notice_acts.review(desk, act, ids[0])
    if act == "case.approve":
        from rcaid.screens import desk_approving

        return desk_approving.review(desk, ids)
    if act == "report.freeze":
        from rcaid.screens import desk_reports

        return desk_reports.review(desk, ids[0])
    if act == "import.undo":
        from rcaid.screens import desk_batches

        return desk_batches.review_undo(desk, ids[0])
    if act in ("transfer.approve", "transfer.send"):
        from rcaid.screens import desk_transfers

        return desk_transfers.review(desk, act, ids[0])
    if act in ("batch.approve", "batch.release"):
        from rcaid.screens import desk_aid

        return desk_aid.review(desk, act, ids[0])
    if act != "roster.approve":
        raise Refused(Problem("state.no_move", {"noun": act, "state": "", "action": "review"}))
    found = approval(desk, ids)
    stopped = found.refusals or found.over_cap or found.fen > found.available
    n, fen = (0, 0) if stopped else (found.lines, found.fen)
    return Review(
        act,
        _("Approve rosters, {programme} {cycle}").format(
            programme=found.programme, cycle=found.cycle
        ),
        _("{n} rosters").format(n=len(found.rosters)),
        _("approve"),
        Amount(_("will be approved, a round"), n, fen, pieces=0 if stopped else found.pieces),
        tuple(_left_out(found, bool(stopped))),
        tuple(_exceptions(found)),
        _("By category"),
        tuple(Amount(label(each.category), each.n, each.fen) for each in found.by_category),
        tuple(_limits(found)),
        (_("The money of each round chosen is set aside at once."),),
        name="rounds",
        options_title=_("rounds"),
        options=tuple(
            Choice(str(number), f"{number} {text}", chosen=number == found.rounds[0][0])
            for number, text in found.rounds
        ),
    )


def _left_out(found: Approval, stopped: bool) -> list[Amount]:
    amounts = []
    if stopped:
        amounts.append(Amount(_("stay behind, a rule stops them"), found.lines, found.fen, STOPPED))
    if found.dead:
        fen = sum(line.fen or 0 for line in found.dead)
        text = _("of them suspended, the person has died")
        amounts.append(Amount(text, len(found.dead), fen, ATTENTION))
    return amounts


def _exceptions(found: Approval) -> list[Exemption]:
    rows = [Exemption(p.code, found.cycle, sentence(p, _), "", STOPPED) for p in found.refusals]
    text = _("would pass the cap of the year")
    rows += [
        Exemption(li.id, li.case_no, text, "BR-022", STOPPED, li.fen or 0) for li in found.over_cap
    ]
    died = _("the person has died; entitled and suspended")
    return rows + [Exemption(li.id, li.case_no, died, "BR-016", STOPPED) for li in found.dead]


def _limits(found: Approval) -> list[Note]:
    enough = found.fen <= found.available
    text = _("fund {money}").format(money=yuan(found.available))
    maker = any(problem.code == "who.maker" for problem in found.refusals)
    apart = _("an earlier part") if maker else _("no earlier part")
    cap = _("over the cap: {n}").format(n=len(found.over_cap))
    return [
        Note("", text, DONE if enough else STOPPED),
        Note("", cap, STOPPED if found.over_cap else DONE, "BR-022"),
        Note("", apart, STOPPED if maker else DONE, "BR-040"),
    ]


# --- doing


def do(
    desk: Desk, act: str, ids: Sequence[str], seen: Mapping[str, int], choices: Mapping[str, str]
) -> Done:
    """Does an act to all of these things, or to none if one may not be done now."""
    if act in ROSTER_ACTS:
        return _do_rosters(desk, act, ids, seen, choices)
    if act.startswith("case.") or act == "person.papers":
        from rcaid.screens import desk_case_acts

        return desk_case_acts.do(desk, act, ids, seen, choices)
    if act.startswith("notice."):
        from rcaid.screens import desk_notice_acts

        return desk_notice_acts.do(desk, act, ids[0], seen.get(ids[0], 0), choices)
    if act.startswith("transfer."):
        from rcaid.screens import desk_transfers

        return desk_transfers.do(desk, act, ids[0], _reason(choices), seen)
    if act.startswith("report."):
        from rcaid.screens import desk_reports

        return desk_reports.do(desk, act, ids[0], choices)
    if act in _MAKING:
        return _make(desk, act, ids, choices)
    if act == "fund.file":
        from rcaid.screens import desk_programmes

        return desk_programmes.write_trace(desk, ids[0])
    if act.startswith("batch."):
        from rcaid.screens import desk_aid

        expect = choices.get("expect", "")
        return desk_aid.do(desk, act, ids, _reason(choices), expect, seen)
    if act in ("import.undo", "import.rejects"):
        from rcaid.screens import desk_batches

        return desk_batches.do(desk, act, ids, choices, _reason(choices))
    if act.startswith("dup."):
        from rcaid.screens import desk_pairs

        return desk_pairs.do(desk, act, ids)
    if act == "record.verify":
        return _verify_record(desk)
    raise Refused(Problem("state.no_move", {"noun": act, "state": "", "action": act}))


def _make(desk: Desk, act: str, ids: Sequence[str], choices: Mapping[str, str]) -> Done:
    from rcaid.screens import desk_bank_results, desk_making

    if act == "batch.new":
        return desk_making.make(desk, choices["of"])
    if act == "return.reissue":
        return desk_bank_results.again(desk, ids[0])
    if act == "batch.file":
        return desk_making.write_file(desk, ids[0], choices)
    return desk_making.clear(desk, ids[0], choices)


def _verify_record(desk: Desk) -> Done:
    from rcaid.services import audit

    verdict = audit.verify_store(desk)
    if not verdict.ok:
        raise Broken(verdict.faults)
    text = _("verified: {events} events and {rows} rows; every live row is what they say")
    return Done(text.format(events=f"{verdict.events:,}", rows=f"{verdict.rows:,}"))


def _reason(choices: Mapping[str, str]) -> str:
    # The record holds codes alone: several become one, and no text goes with them.
    return choices.get("reason", "").replace(",", ".")[:40]


def _do_rosters(
    desk: Desk, act: str, ids: Sequence[str], seen: Mapping[str, int], choices: Mapping[str, str]
) -> Done:
    from rcaid.services import rosters
    from rcaid.services.roster_cards import row_of, why_not

    rows = [row_of(desk, id) for id in ids]
    wrong = [problem for row in rows if (problem := why_not(desk, act, row))]
    same_versions(rows, seen)
    if wrong:
        raise Refused(wrong)
    if act == "roster.approve":
        return _approve(desk, rows, choices)
    one: dict[str, Callable[[str], object]] = {
        "roster.submit": lambda number: rosters.submit(desk, number),
        "roster.verify": lambda number: rosters.verify(desk, number),
        "roster.freeze": lambda number: rosters.freeze(desk, number),
        "roster.return": lambda number: rosters.send_back(
            desk, number, _reason(choices) or "other"
        ),
    }
    entries = [one[act](row.number) for row in rows]
    return Done(_said(act, [row.number for row in rows]), str(entries[-1]))


def _approve(desk: Desk, rows: Sequence[RosterRow], choices: Mapping[str, str]) -> Done:
    from rcaid.services import roster_cards, rosters

    numbers = [row.number for row in rows]
    now = roster_cards.approval(desk, numbers)
    expected = choices.get("expect", "")
    if expected and expected != str(now.lines):
        raise Refused(Problem("act.expected", {"expected": expected, "now": now.lines}))
    chosen = [int(code) for code in choices.get("rounds", "").split(",") if code.isdigit()]
    done, entry = rosters.approve(desk, numbers, chosen or [now.rounds[0][0]])
    text = _(_SAID["roster.approve"]).format(
        n=done.rosters, lines=f"{done.lines:,}", money=yuan(done.fen)
    )
    return Done(text, str(entry))


def _said(act: str, numbers: Sequence[str]) -> str:
    return _(_SAID[act]).format(n=numbers[0] if len(numbers) == 1 else f"{len(numbers):,}")


class _Versioned(Protocol):
    """What carries an id, a number, a state and a version."""

    @property
    def id(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def version(self) -> int: ...


def same_versions(rows: Sequence[_Versioned], seen: Mapping[str, int]) -> None:
    """Refused state.stale when one of them is not what the person looked at (BR-047)."""
    moved = [
        Problem("state.stale", {"noun": row.number, "changes": label(row.state)})
        for row in rows
        if seen.get(row.id) not in (None, 0, row.version)
    ]
    if moved:
        raise Refused(moved)
