"""A batch closes at zero, or at a difference explained by one and accepted by another (BR-070)."""

from __future__ import annotations

import pytest

from rcaid.services import batches, results
from tests.services.conftest import Society
from tests.services.test_batches import entitled, take
from tests.services.writing import BOX, newcomer, refused

NUMBER = "22A-1-JD-C01"


def answered(society: Society) -> None:
    """A batch of two: one paid, one come back."""
    entitled(society)
    society.bank_result(society.pay(), {"22A-JD-00001-1C": "00", "22A-JD-00002-1C": "17"})


def test_br_070_the_banks_statement_must_show_what_is_paid(society: Society) -> None:
    answered(society)
    preparer = society.desk("jd-preparer")
    with refused("batch.not_zero"):
        batches.reconcile(preparer, NUMBER, statement_fen=50_001)
    batches.reconcile(preparer, NUMBER, statement_fen=50_000)
    batches.close(society.desk("jd-approver"), NUMBER)
    closed = batches.find(society.admin, NUMBER)
    assert (closed.state, closed.statement_fen, closed.explanation) == ("closed", 50_000, None)


def test_br_070_signed_papers_must_be_as_many_as_were_delivered(society: Society) -> None:
    entitled(society, society.person(1, "王伟", 金额="", 物资=BOX))
    batch = society.pay("goods")
    take(society, results.Result("22A-JD-00001-1K", "delivered", "2022-02-01"))
    preparer = society.desk("jd-preparer")
    with refused("batch.not_zero"):
        batches.reconcile(preparer, batch.number, vouchers=0)
    with refused("batch.goods_statement"):
        batches.reconcile(preparer, batch.number, statement_fen=17_800)
    batches.reconcile(preparer, batch.number, vouchers=1)


def test_br_070_an_explained_difference_closes_when_another_accepts_it(society: Society) -> None:
    answered(society)
    batches.reconcile(society.desk("jd-preparer"), NUMBER, statement_fen=49_500, explain="bank_fee")
    batch = batches.find(society.admin, NUMBER)
    assert (batch.state, batch.explanation) == ("reconciled", "bank_fee")
    approver = society.desk("jd-approver")
    for accept in (None, "typing_error"):
        with refused("batch.explained"):
            batches.close(approver, NUMBER, accept=accept)
    batches.close(approver, NUMBER, accept="bank_fee")
    assert batches.find(society.admin, NUMBER).state == "closed"


def test_br_070_nobody_accepts_an_explanation_of_their_own(society: Society) -> None:
    answered(society)
    both = newcomer(society, "both", "preparer", "approver")
    batches.reconcile(both, NUMBER, statement_fen=49_500, explain="bank_fee")
    with refused("who.maker"):
        batches.close(both, NUMBER, accept="bank_fee")


def test_br_070_no_word_explains_a_line_that_is_on_its_way(society: Society) -> None:
    entitled(society)
    society.pay()
    with refused("batch.on_way"):
        batches.reconcile(society.desk("jd-preparer"), NUMBER, explain="bank_fee")


@pytest.mark.parametrize("statement", [None, 50_000])
def test_br_070_there_is_nothing_to_explain_at_zero(
    society: Society, statement: int | None
) -> None:
    answered(society)
    preparer = society.desk("jd-preparer")
    with refused("batch.no_difference"):
        batches.reconcile(preparer, NUMBER, statement_fen=statement, explain="bank_fee")
    batches.reconcile(preparer, NUMBER, statement_fen=statement)
    with refused("batch.no_difference"):
        batches.close(society.desk("jd-approver"), NUMBER, accept="bank_fee")
