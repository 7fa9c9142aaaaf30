"""Applications taken on from the district: proposed, approved, entitled, paid."""

from __future__ import annotations

from collections.abc import Sequence

from rcaid.db import applications as rows
from rcaid.db import cases
from rcaid.db.applications import Applied
from rcaid.db.tables import Batch
from rcaid.services import batches, holds, invariants
from rcaid.services.applications import after, deciding
from rcaid.services.applications.new import Wanted
from tests.services.applying import REVIEWER, verified
from tests.services.conftest import JD, Society

CITY, DISTRICT = "sh-approver", "jd-approver"
YUAN = 100


def the(society: Society, case_no: str) -> Applied:
    """An application as it stands."""
    case = cases.by_number(society.admin.store, case_no)
    assert case is not None
    found = rows.of_case(society.admin.store, case.id)
    assert found is not None
    return found


def state(society: Society, case_no: str) -> str:
    """Where an application stands."""
    return the(society, case_no).case.state


def proposed(society: Society, wanted: Wanted, fen: int = 700_000) -> str:
    """The number of an application that waits for approval."""
    case_no = verified(society, wanted)
    deciding.propose(society.desk(REVIEWER), case_no, fen)
    return case_no


def approved(society: Society, wanted: Wanted, fen: int = 700_000) -> str:
    """The number of an application that the city approved."""
    case_no = proposed(society, wanted, fen)
    deciding.approve(society.desk(CITY), [case_no])
    return case_no


def cleared(society: Society, wanted: Wanted, fen: int = 700_000) -> str:
    """The number of an application that stood on no notice, as if its programme asked for none."""
    case_no = approved(society, wanted, fen)
    pass_notice(society, case_no)
    return case_no


def pass_notice(society: Society, case_no: str) -> None:
    """Takes an approved application past its notice."""
    from rcaid.services import case_steps

    desk = society.desk(CITY)
    found = the(society, case_no)
    desk.write(
        "case.clear", found.case.office_id,
        lambda unit: case_steps.step(desk, unit, found, "clear", duty="approver"),
        object=case_no,
    )  # fmt: skip


def entitled(society: Society, wanted: Wanted, fen: int = 700_000) -> str:
    """The number of an application whose money is ready to be paid."""
    case_no = cleared(society, wanted, fen)
    after.entitle(society.desk(CITY), [case_no])
    return case_no


def clear_flags(society: Society, number: str, letters: str = "jd") -> None:
    """Somebody has looked at everything that is odd about a batch."""
    clearing = society.desk(f"{letters}-approver")
    for flag in holds.of_batch(clearing, number):
        holds.clear(clearing, number, flag.n, "seen")


def released(society: Society, cycle: str = "22F", office: str = JD) -> Batch:
    """A batch of the cycle's first round on its way to the bank; what is odd about it was cleared."""
    letters = society.admin.offices.by_code[office].letters.lower()
    batch, _ = batches.create(society.desk(f"{letters}-preparer"), cycle, 1, office, "money")
    batches.lock(society.desk(f"{letters}-preparer"), batch.number)
    clear_flags(society, batch.number, letters)
    batches.approve(society.desk(f"{letters}-approver"), batch.number)
    return batches.release(society.desk(f"{letters}-releaser"), batch.number)[0]


def result(
    society: Society, batch: Batch, code: str, vouchers: Sequence[str], yuan: int = 7000
) -> None:
    """Takes up what the bank says of these vouchers: 00 is paid, 17 came back."""
    headings = ("批次号", "凭证号", "账号后四位", "金额", "日期", "结果代码", "说明")
    lines = [
        {"批次号": batch.number, "凭证号": voucher, "金额": str(yuan), "日期": society.admin.day,
         "结果代码": code}
        for voucher in vouchers
    ]  # fmt: skip
    society.take_in(society.write(lines, headings), "bank", "jd-preparer")


def whole(society: Society) -> None:
    """Nothing breaks an invariant, and what is counted is what there is."""
    from rcaid.db.upkeep import miscounted

    assert invariants.broken(society.admin.store) == []
    assert list(miscounted(society.admin.store)) == []
