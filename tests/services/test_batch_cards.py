"""Batches in full, on both engines: the count, what came back, who may do what."""

from __future__ import annotations

from rcaid.services import batch_cards, transfer_lists
from tests.services.conftest import DAY, Society
from tests.services.writing import refused


def released(society: Society) -> str:
    """A released batch of two, one of them paid and one sent back; its number."""
    [roster] = society.import_roster([society.person(1, "王伟"), society.person(2, "赵敏")])
    society.approve(roster)
    batch = society.pay()
    society.bank_result(batch, {"22A-JD-00001-1C": "00", "22A-JD-00002-1C": "17"})
    return batch.number


def test_br_070_a_card_holds_approved_against_paid_and_returned(society: Society) -> None:
    found = batch_cards.card(society.desk("jd-preparer"), released(society))
    outcome = found.outcome
    assert (outcome.approved, outcome.paid, outcome.returned) == (
        (2, 100_000), (1, 50_000), (1, 50_000),
    )  # fmt: skip
    assert found.states == {"paid": (1, 50_000), "returned": (1, 50_000)}
    assert [(c.category, c.n, c.fen) for c in found.by_category] == [("tumour", 2, 100_000)]
    assert [tuple(each) for each in found.back] == [
        ("22A-JD-00002-1C", "赵*", 50_000, None, "returned", DAY, "17")
    ]
    acts = [each.act for each in found.story]
    assert acts[0] == "import.bank" and acts[-1] == "batch.create"
    assert set(found.parts) == {"batch.create", "batch.approve", "batch.release"}


def test_what_may_be_done_is_known_before_the_act(society: Society) -> None:
    [roster] = society.import_roster([society.person(1, "王伟")])
    society.approve(roster)
    number = society.pay(until="approved").number
    found = batch_cards.decision(society.desk("jd-releaser"), "batch.release", number)
    assert (found.lines, found.fen, found.refusal, found.agrees) == (1, 50_000, None, True)
    desk = society.desk("jd-preparer")
    said = batch_cards.refusals(desk, batch_cards.card(desk, number))
    assert said["batch.cancel"] is None
    assert said["batch.release"] is not None and said["batch.release"].code == "who.no_duty"


def test_lists_are_for_those_who_have_the_duty(society: Society) -> None:
    number = released(society)
    with refused("who.no_duty"):
        batch_cards.card(society.desk("pd-preparer"), number)
    with refused("who.no_duty"):
        transfer_lists.page(society.desk("jd-caseworker"))
