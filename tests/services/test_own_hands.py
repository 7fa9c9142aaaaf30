"""BR-040: thirty ways to decide on what one's own hands made, and none of them works.

Whoever tries holds every duty of the whole city, so that nothing but the part they had stops them.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rcaid.db.tables import Batch
from rcaid.services import batches, changes, deaths, results, staff
from rcaid.services.applications import after, deciding, editing, intake, new
from rcaid.services.desk import Desk
from rcaid.services.importing import imports
from rcaid.services.society import as_person
from tests.services.applying import (
    APPLICATION,
    CASEWORKER,
    REVIEWER,
    VERIFIER,
    application,
    applying,
    fire,
    made,
    number,
    submitted,
    verified,
)
from tests.services.conftest import JD, PD, Society
from tests.services.deciding import (
    CITY,
    DISTRICT,
    clear_flags,
    entitled,
    pass_notice,
    proposed,
    released,
    result,
    the,
)
from tests.services.writing import all_round, newcomer, people, refused

TOP = "310000"
Try = Callable[[], object]
Way = Callable[[Society, Desk], Try]


def on_to_approval(town: Society, case_no: str) -> str:
    """The rest of the way to the approver, by others."""
    if the(town, case_no).case.state == "draft":
        intake.submit(town.desk(CASEWORKER), case_no)
    if the(town, case_no).case.state in ("submitted", "verifying"):
        intake.verify(town.desk(VERIFIER), case_no)
    if the(town, case_no).case.state == "district_review":
        deciding.propose(town.desk(REVIEWER), case_no, 500_000)
    return case_no


def approving(town: Society, me: Desk, case_no: str) -> Try:
    number = on_to_approval(town, case_no)
    return lambda: deciding.approve(me, [number])


def own(me: Desk) -> str:
    return new.create(me, fire())[0].case_no


# --- Ways to make a case and approve it


def created(town: Society, me: Desk) -> Try:
    return approving(town, me, own(me))


def created_among_many(town: Society, me: Desk) -> Try:
    made_, _ = new.create_many(me, [fire(), fire(2, "李强")])
    return approving(town, me, made_[1].case_no)


def imported(town: Society, me: Desk) -> Try:
    path = town.write([application(town, fire())], APPLICATION)
    plan = path.with_suffix(".plan")
    imports.plan(me, path, "application", cycle_code="22F", target=plan)
    imports.apply(me, plan)
    return approving(town, me, "22F-JD-00001")


def imported_by_a_plan_of_somebody_else(town: Society, me: Desk) -> Try:
    path = town.write([application(town, fire())], APPLICATION)
    plan = path.with_suffix(".plan")
    imports.plan(town.desk(CASEWORKER), path, "application", cycle_code="22F", target=plan)
    imports.apply(me, plan)
    return approving(town, me, "22F-JD-00001")


def handed_in(town: Society, me: Desk) -> Try:
    case_no = made(town, fire())
    intake.submit(me, case_no)
    return approving(town, me, case_no)


def edited(town: Society, me: Desk) -> Try:
    case_no = submitted(town, fire())
    editing.edit(me, case_no, {"need": "x"})
    return approving(town, me, case_no)


def answered(town: Society, me: Desk) -> Try:
    case_no = submitted(town, fire())
    intake.send_back(town.desk(VERIFIER), case_no, ["BANK"])
    intake.answer(me, case_no, ["BANK"])
    return approving(town, me, case_no)


def accepted(town: Society, me: Desk) -> Try:
    case_no = submitted(town, fire())
    intake.accept(me, case_no)
    return approving(town, me, case_no)


def verified_it(town: Society, me: Desk) -> Try:
    case_no = submitted(town, fire())
    intake.verify(me, case_no)
    return approving(town, me, case_no)


def verified_again_by_another(town: Society, me: Desk) -> Try:
    case_no = submitted(town, fire())
    intake.verify(me, case_no)
    intake.send_back(town.desk(REVIEWER), case_no, reason="visit_again")
    intake.verify(town.desk(VERIFIER), case_no)
    return approving(town, me, case_no)


def appealed(town: Society, me: Desk) -> Try:
    case_no = proposed(town, fire())
    deciding.reject(town.desk(CITY), case_no, "untrue")
    deciding.appeal(me, case_no)
    return approving(town, me, case_no)


def asked_for_account(town: Society, me: Desk) -> Try:
    case_no = verified(town, fire())
    _change(town, me, town.desk("sh-reviewer"), case_no, "account", "6211111111111111")
    return approving(town, me, case_no)


def confirmed_account(town: Society, me: Desk) -> Try:
    case_no = verified(town, fire())
    _change(town, town.desk(CASEWORKER), me, case_no, "account", "6211111111111111")
    return approving(town, me, case_no)


def asked_for_account_after_approval(town: Society, me: Desk) -> Try:
    case_no = on_to_approval(town, verified(town, fire()))
    deciding.approve(town.desk(CITY), [case_no])
    _change(town, me, town.desk("sh-reviewer"), case_no, "account", "6222222222222222")
    return lambda: deciding.approve(me, [case_no])


def confirmed_number_after_approval(town: Society, me: Desk) -> Try:
    case_no = on_to_approval(town, verified(town, fire()))
    deciding.approve(town.desk(CITY), [case_no])
    _change(town, town.desk(CASEWORKER), me, case_no, "number", number(5))
    return lambda: deciding.approve(me, [case_no])


def _change(
    town: Society, asks: Desk, confirms: Desk, case_no: str, field: str, value: str
) -> None:
    person = the(town, case_no).case.person_id
    asked, _ = changes.ask(asks, person, field, value, "x")
    changes.confirm(confirms, asked)


# --- Ways around the person


def with_another_grant(town: Society, me: Desk) -> Try:
    case_no = own(me)
    staff.grant(town.admin, me.actor.login, "approver", JD)
    return approving(town, as_person(town.admin, me.actor.login), case_no)


def granted_only_afterwards(town: Society, me: Desk) -> Try:
    clerk = newcomer(town, "clerk", "caseworker")
    case_no = own(clerk)
    staff.grant(town.admin, "clerk", "approver", TOP)
    return approving(town, as_person(town.admin, "clerk"), case_no)


def no_caseworker_any_more(town: Society, me: Desk) -> Try:
    case_no = own(me)
    staff.revoke(town.admin, me.actor.login, "caseworker", TOP)
    return approving(town, as_person(town.admin, me.actor.login), case_no)


def from_another_desk(town: Society, me: Desk) -> Try:
    case_no = own(me)
    return approving(town, as_person(town.admin, me.actor.login), case_no)


def from_another_office(town: Society, me: Desk) -> Try:
    case_no = own(me)
    staff.grant(town.admin, me.actor.login, "approver", PD)
    return approving(town, as_person(town.admin, me.actor.login), case_no)


def hidden_among_others(town: Society, me: Desk) -> Try:
    mine = on_to_approval(town, own(me))
    other = on_to_approval(town, verified(town, fire(2, "李强")))
    return lambda: deciding.approve(me, [other, mine])


def with_another_amount(town: Society, me: Desk) -> Try:
    case_no = on_to_approval(town, own(me))
    return lambda: deciding.approve(me, [case_no], fen=300_000, reason="insured")


def reopened_by_oneself(town: Society, me: Desk) -> Try:
    case_no = on_to_approval(town, own(me))
    deciding.approve(town.desk(CITY), [case_no])
    after.reopen(me, case_no, "insured")
    return lambda: deciding.approve(me, [case_no])


# --- Ways around the approval


def at_once(town: Society, me: Desk) -> Try:
    case_no = own(me)
    intake.submit(town.desk(CASEWORKER), case_no)
    intake.accept(town.desk(VERIFIER), case_no)
    return lambda: deciding.urgent(me, case_no, 300_000, "homeless")


def at_once_what_one_accepted(town: Society, me: Desk) -> Try:
    case_no = submitted(town, fire())
    intake.accept(me, case_no)
    return lambda: deciding.urgent(me, case_no, 300_000, "homeless")


def looked_at_again_by_who_gave_it(town: Society, me: Desk) -> Try:
    case_no = submitted(town, fire())
    intake.accept(town.desk(VERIFIER), case_no)
    deciding.urgent(me, case_no, 300_000, "homeless")
    return lambda: deciding.review_urgent(me, case_no)


def proposed_by_who_verified(town: Society, me: Desk) -> Try:
    case_no = submitted(town, fire())
    intake.verify(me, case_no)
    return lambda: deciding.propose(me, case_no, 500_000)


def verified_by_who_entered(town: Society, me: Desk) -> Try:
    case_no = own(me)
    intake.submit(town.desk(CASEWORKER), case_no)
    return lambda: intake.verify(me, case_no)


def account_explained_by_who_entered(town: Society, me: Desk) -> Try:
    case_no = own(me)
    return lambda: deciding.explain_account(me, case_no, "care_home")


def heir_whose_account_one_confirmed(town: Society, me: Desk) -> Try:
    case_no = entitled(town, fire())
    new.create(town.desk(CASEWORKER), fire(9, "王小梅", asked_fen=300_000))
    heir = people(town.admin.store)["王小梅"].id
    asked, _ = changes.ask(town.desk(CASEWORKER), heir, "account", "6288888888888888", "heir")
    changes.confirm(me, asked)
    deaths.record(town.desk(CASEWORKER), the(town, case_no).case.person_id, town.admin.day, "x")
    return lambda: after.heir(me, case_no, heir, "女儿")


# --- Ways around the batch


def ready(town: Society, case_no: str) -> Batch:
    """A batch that is locked, of a case on its way to be paid."""
    if the(town, case_no).case.state == "approval":
        deciding.approve(town.desk(CITY), [case_no])
    pass_notice(town, case_no)
    after.entitle(town.desk(CITY), [case_no])
    batch, _ = batches.create(town.desk("jd-preparer"), "22F", 1, JD, "money")
    batches.lock(town.desk("jd-preparer"), batch.number)
    clear_flags(town, batch.number)
    return batch


def batch_of_what_one_entered(town: Society, me: Desk) -> Try:
    batch = ready(town, on_to_approval(town, own(me)))
    return lambda: batches.approve(me, batch.number)


def batch_of_what_one_verified(town: Society, me: Desk) -> Try:
    case_no = submitted(town, fire())
    intake.verify(me, case_no)
    batch = ready(town, on_to_approval(town, case_no))
    return lambda: batches.approve(me, batch.number)


def release_of_what_one_approved(town: Society, me: Desk) -> Try:
    case_no = on_to_approval(town, verified(town, fire()))
    deciding.approve(me, [case_no])
    batch = ready(town, case_no)
    batches.approve(town.desk(DISTRICT), batch.number)
    return lambda: batches.release(me, batch.number)


def release_of_what_one_gave_at_once(town: Society, me: Desk) -> Try:
    case_no = submitted(town, fire())
    intake.accept(town.desk(VERIFIER), case_no)
    deciding.urgent(me, case_no, 300_000, "homeless")
    batch, _ = batches.create(town.desk("jd-preparer"), "22F", 1, JD, "money")
    batches.lock(town.desk("jd-preparer"), batch.number)
    clear_flags(town, batch.number)
    batches.approve(town.desk(DISTRICT), batch.number)
    return lambda: batches.release(me, batch.number)


def batch_with_an_account_one_mended(town: Society, me: Desk) -> Try:
    case_no = entitled(town, fire())
    result(town, released(town), "17", [f"{case_no}-1C"])
    fixed = (f"{case_no}-1C", "王建国", "上海银行", "6222333344445555")
    results.fix_accounts(me, [fixed], town.office(JD))
    batch, _ = batches.reissue(town.desk("jd-preparer"), "22F", 1, JD)
    batches.lock(town.desk("jd-preparer"), batch.number)
    clear_flags(town, batch.number)
    return lambda: batches.approve(me, batch.number)


WAYS: tuple[Way, ...] = (
    created, created_among_many, imported, imported_by_a_plan_of_somebody_else, handed_in, edited,
    answered, accepted, verified_it, verified_again_by_another, appealed, asked_for_account,
    confirmed_account, asked_for_account_after_approval, confirmed_number_after_approval,
    with_another_grant, granted_only_afterwards, no_caseworker_any_more, from_another_desk,
    from_another_office, hidden_among_others, with_another_amount, reopened_by_oneself, at_once,
    at_once_what_one_accepted, looked_at_again_by_who_gave_it, proposed_by_who_verified,
    verified_by_who_entered, account_explained_by_who_entered, heir_whose_account_one_confirmed,
    batch_of_what_one_entered, batch_of_what_one_verified, release_of_what_one_approved,
    release_of_what_one_gave_at_once, batch_with_an_account_one_mended,
)  # fmt: skip


def test_there_are_thirty_and_more() -> None:
    assert len(set(WAYS)) >= 30


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_br_040_nobody_decides_on_what_their_own_hands_made(society: Society, way: Way) -> None:
    town = applying(society)
    me = all_round(town, "me", office=TOP)
    attempt = way(town, me)

    with refused("who.maker"):
        attempt()


def test_br_040_the_same_person_without_a_part_may_do_all_of_it(society: Society) -> None:
    town = applying(society)
    me = all_round(town, "me", office=TOP)
    case_no = on_to_approval(town, verified(town, fire()))
    deciding.approve(me, [case_no])
    batch = ready(town, case_no)
    batches.approve(me, batch.number)
    assert batches.find(town.admin, batch.number).state == "approved"
