"""Plans of imports for the screens: what they say, in words, and what may be done with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rcaid.domain.errors import Problem
from rcaid.domain.names import mask
from rcaid.domain.sentences import sentence
from rcaid.locale import N_, _
from rcaid.screens.cells import money
from rcaid.screens.desk_text import day_here
from rcaid.screens.import_session import Alike, Asked, BadRow, Change, PlanView
from rcaid.screens.labels import label
from rcaid.screens.session import Done

if TYPE_CHECKING:
    from rcaid.services.desk import Desk
    from rcaid.services.importing.plan_rows import NewRow
    from rcaid.services.importing.plans import FieldChange, Pair, Plan, Rejected

_FIELDS = {
    "name": N_("name"),
    "birth": N_("born"),
    "born": N_("born"),
    "sex": N_("sex"),
    "number": N_("identity"),
    "phone": N_("phone"),
    "account": N_("account"),
    "bank": N_("bank"),
    "street": N_("street"),
    "address": N_("address"),
    "household": N_("household"),
    "case": N_("case"),
    "place": N_("lives in"),
    "category": N_("need"),
    "hardship": N_("hardship"),
    "allotted": N_("allotted"),
    "payee": N_("paid to"),
    "guardian": N_("guardian"),
    "other_phone": N_("other phone"),
    "relation": N_("relation to the head"),
    "references": N_("references"),
}
_NOUNS = {"person": N_("person"), "quota": N_("quota"), "aid_case": N_("case")}


def field_name(name: str) -> str:
    """A field of the store as people call it."""
    return _(_FIELDS[name]) if name in _FIELDS else name.replace("_", " ")


def view(desk: Desk, plan_id: str) -> PlanView:
    """A plan that waits, for whoever may look at it."""
    from rcaid.screens.desk_imports import kind_name
    from rcaid.services.importing import plan_rows, plan_store

    plan = plan_store.open_plan(desk, plan_id)
    facts = plan.facts
    sheet = _("sheet {sheet}").format(sheet=facts.sheet) if facts.sheet else ""
    kind = f"{kind_name(facts.kind)} {facts.cycle}".strip()
    title = ", ".join(part for part in (facts.file_name, sheet, kind) if part)
    bad = [each for each in plan.problems if not each.warning]
    return PlanView(
        id=facts.plan_id,
        file_id=_file_id(desk, facts.file_sha256),
        title=title,
        about=_("planned by {login}, {day}").format(
            login=facts.planner, day=day_here(facts.planned_at)
        ),
        read=facts.rows_read,
        new=facts.rows_new,
        changed=facts.rows_updated,
        unchanged=facts.rows_unchanged,
        rejected=facts.rows_rejected,
        undecided=facts.rows_undecided,
        fen=facts.fen,
        quota=tuple((name, before, after, n) for _c, name, n, before, after in facts.quota),
        known_columns=len(facts.header) - len(facts.unmapped),
        columns=len(facts.header),
        unmapped=tuple(facts.unmapped),
        problems=_bad_rows(bad),
        warnings=_bad_rows(each for each in plan.problems if each.warning),
        pairs=tuple(_alike(pair) for pair in _likely(plan.pairs)),
        changes=tuple(_change(each) for each in plan.changes),
        fresh=tuple(_fresh(desk, row) for row in plan_rows.new_rows(desk, plan)),
        asked=_asked(plan),
        may_apply=_against(desk, plan),
        may_decide=_against_deciding(desk, plan),
    )


def _file_id(desk: Desk, digest: str) -> str:
    """The file of the inbox that a plan was made of, "" when it is not there any more."""
    from rcaid.services.importing import inbox

    return next((w.id for w in inbox.listing(desk) if w.plan and w.plan.file_sha256 == digest and w.size), "")  # fmt: skip


def _asked(plan: Plan) -> Asked:
    facts = plan.facts
    return Asked(facts.kind, facts.cycle, facts.profile)


def _bad_rows(problems: Iterable[Rejected]) -> tuple[BadRow, ...]:
    return tuple(
        BadRow(each.row, each.column, each.value, sentence(each.problem(), _)) for each in problems
    )


def _likely(pairs: Sequence[Pair]) -> list[Pair]:
    """Pairs that hold a row first, then by row and likeness."""
    return sorted(pairs, key=lambda pair: (not pair.holds, pair.row, -pair.score))


def _alike(pair: Pair) -> Alike:
    from rcaid.domain.duplicates import WEIGHTS

    on_file = bool(pair.person_id)
    other = _("on record") if on_file else _("row {n} of the file").format(n=pair.other_row)
    fields = tuple(
        (field_name(name), _value(name, left), _value(name, right))
        for name, left, right in pair.shown
    )
    parts = tuple(f"{_(WEIGHTS[code].said)} {points:+}" for code, points in pair.parts)
    return Alike(
        pair.row, pair.person_id, other, pair.score, fields, parts, pair.holds,
        "" if on_file else "file",
    )  # fmt: skip


def _value(name: str, value: str) -> str:
    return label(value) if name == "sex" else value


def _change(each: FieldChange) -> Change:
    waits = _("waits for a second person") if each.waits else ""
    what = field_name(each.field)
    if each.noun != "person":
        what = f"{_(_NOUNS.get(each.noun, each.noun))} {what}"
    return Change(each.row, what, each.before, each.after, waits)


def _fresh(desk: Desk, row: NewRow) -> tuple[str, ...]:
    office = desk.offices.by_id[row.office_id].name if row.office_id else ""
    name = row.name if desk.names_in_full(row.office_id) else mask(row.name)
    fen = money(row.fen) if row.fen else ""
    return (str(row.row), row.number, name or _("known"), office, label(row.category), fen)


def _against(desk: Desk, plan: Plan) -> str:
    """Why this person may not apply a plan, "" if they may."""
    from rcaid.services.importing.kinds import KINDS

    facts = plan.facts
    act = KINDS[facts.kind].act
    office = desk.offices.by_code[facts.office]
    if desk.duty_for(act, office.id) is None:
        params = {"login": desk.actor.login, "act": act, "office": office.name}
        return sentence(Problem("who.no_duty", params), _)
    if not facts.rows_new + facts.rows_updated:
        return _("nothing of it would go in")
    return ""


def _against_deciding(desk: Desk, plan: Plan) -> str:
    from rcaid.domain.duties import ACTS

    office = desk.offices.by_code[plan.facts.office]
    act = "duplicate.decide"
    if act not in ACTS or desk.duty_for(act, office.id) is None:
        params = {"login": desk.actor.login, "act": act, "office": office.name}
        return sentence(Problem("who.no_duty", params), _)
    return ""


def decide(desk: Desk, plan_id: str, row: int, person_id: str, decision: str) -> Done:
    """Says of a pair of a plan whether it is the same person."""
    from rcaid.services.importing import plan_store
    from rcaid.services.same_person import duplicates

    plan = plan_store.open_plan(desk, plan_id)
    entry = duplicates.decide_row(desk, plan, row, decision, person_id=person_id)
    said = {
        "same": _("row {row}: the same person"),
        "different": _("row {row}: different people"),
        "later": _("row {row}: left for later"),
    }
    return Done(said[decision].format(row=row), str(entry))


def write_rejects(desk: Desk, plan_id: str) -> Done:
    """The rows that are not taken, as a file beside the others in the inbox."""
    from rcaid.services.importing import plan_store, rejects

    found = rejects.of_plan(plan_store.open_plan(desk, plan_id))
    place = rejects.to_inbox(desk, found, _("rejected because"), _told)
    text = _("{n} rows are in {file}, in the inbox")
    return Done(text.format(n=f"{len(found.rows):,}", file=place.name))


def _told(problem: Problem) -> str:
    text = sentence(problem, _)
    return f"{problem.column}: {text}" if problem.column else text
