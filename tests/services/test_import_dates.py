"""Dates of all kinds in the order their column proves, and a roster by the rules of a profile."""

from __future__ import annotations

from typing import Any

import pytest

from rcaid.domain.errors import Unusable
from rcaid.files.profiles import Profile
from rcaid.services.importing import imports
from tests.services.conftest import HEADINGS, Society
from tests.services.writing import lines, refused, vouchers

BANK = ("批次号", "凭证号", "账号后四位", "金额", "日期", "结果代码", "说明")


def plan_roster(society: Society, ends: list[str], **options: Any) -> imports.Planned:
    rows = [
        society.person(n, name, 困难类型="低保", 困难证明有效期=end)
        for n, (name, end) in enumerate(zip(("王伟", "李芳", "赵敏"), ends, strict=False), start=1)
    ]
    target = society.folder / "dates.plan"
    return imports.plan(
        society.desk("jd-caseworker"), society.write(rows, HEADINGS), "roster", cycle_code="22A",
        target=target, **options,
    )  # fmt: skip


def until(society: Society) -> list[str | None]:
    imports.apply(society.desk("jd-caseworker"), society.folder / "dates.plan")
    return [line.hardship_until for _, line in sorted(lines(society.admin.store).items())]


def test_a_roster_s_dates_are_read_as_their_column_proves(society: Society) -> None:
    planned = plan_roster(society, ["09/03/2023", "31/12/2023", "2023-05-13"])
    assert [(each.row, each.code) for each in planned.problems if not each.warning] == []
    assert until(society) == ["2023-03-09", "2023-12-31", "2023-05-13"]


def test_a_roster_whose_dates_prove_nothing_is_refused_until_somebody_says(
    society: Society,
) -> None:
    with refused("date.unproven", by=Unusable):
        plan_roster(society, ["09/03/2023", "05/06/2023", ""])
    assert not list(society.folder.glob("*.part"))
    plan_roster(society, ["09/03/2023", "05/06/2023", ""], dates="mdy")
    assert until(society) == ["2023-09-03", "2023-05-06", None]


def test_rows_that_do_not_fit_what_was_said_are_refused_one_by_one(society: Society) -> None:
    planned = plan_roster(society, ["09/03/2023", "31/12/2023", "44996"], dates="mdy")
    bad = [(each.row, each.code) for each in planned.problems if not each.warning]
    assert bad == [(3, "date.order"), (4, "date.serial")]


@pytest.mark.parametrize("order", ["dmy", "mdy"])
def test_a_bank_result_is_read_in_the_order_it_is_written(society: Society, order: str) -> None:
    [roster] = society.import_roster([society.person(1, "王伟")])
    society.approve(roster)
    batch = society.pay()
    [voucher] = vouchers(society.admin.store)
    day = "01/02/2022" if order == "dmy" else "02/01/2022"
    row = {"批次号": batch.number, "凭证号": voucher, "金额": "500", "日期": day, "结果代码": "00"}
    file = society.write([row], BANK)
    desk, target = society.desk("jd-preparer"), society.folder / "bank.plan"

    with refused("date.unproven", by=Unusable):
        imports.plan(desk, file, "bank", target=target)
    planned = imports.plan(
        desk, file, "bank", target=target, profile=Profile("bank", "bank", dates=order)
    )
    assert planned.problems == []
    imports.apply(desk, target)
    assert vouchers(society.admin.store)[voucher].done_on == "2022-02-01"


def test_a_roster_by_a_profile_takes_its_phones_and_its_words(society: Society) -> None:
    row = society.person(1, "王伟", 联系电话="+49 30 1234567", 类别="K1")
    profile = Profile(
        "abroad", "roster", phone="international", values={"category": {"k1": "肿瘤"}}
    )
    file = society.write([row], HEADINGS)
    target = society.folder / "abroad.plan"

    planned = imports.plan(
        society.desk("jd-caseworker"), file, "roster", cycle_code="22A", target=target,
        profile=profile,
    )  # fmt: skip

    assert planned.problems == []
    imports.apply(society.desk("jd-caseworker"), target)
    [line] = lines(society.admin.store).values()
    assert line.category == "tumour"
