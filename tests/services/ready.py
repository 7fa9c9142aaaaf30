"""One file of each kind, and what has to be in the store before it can come in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from rcaid.services.importing import imports
from tests.services.applying import (
    APPLICATION,
    WHO,
    application,
    applying,
    fire,
    made,
    number,
    student,
)
from tests.services.conftest import HEADINGS, JD_STREETS, Society
from tests.services.test_batches import entitled
from tests.services.test_people_import import HEADINGS as PEOPLE
from tests.services.test_people_import import who
from tests.services.test_results import BANK, DELIVERY
from tests.services.test_undo import QUOTA, quota_rows, rich
from tests.services.writing import BOX, next_cycle

Rows = Sequence[Mapping[str, str]]


class Ready(NamedTuple):
    """Rows that are right, who takes them in and for which cycle, and what makes a row wrong."""

    rows: Rows
    headings: Sequence[str]
    login: str
    cycle: str | None
    wrong: Mapping[str, str]

    def write(self, society: Society, wrong: Sequence[int] = ()) -> Path:
        """A file of the rows; those of these places are wrong."""
        rows = [{**row, **self.wrong} if n in wrong else row for n, row in enumerate(self.rows)]
        return society.write(rows, self.headings)


def a_roster(society: Society) -> Ready:
    """New people with everything, and known people with another telephone."""
    society.import_roster([society.person(n, f"人{n}") for n in range(6, 11)])
    next_cycle(society)
    known = [society.person(n, f"人{n}", 联系电话=f"139{n:08}") for n in range(6, 11)]
    return Ready([*known, *rich(society)], HEADINGS, "jd-caseworker", "22B", {"类别": "感冒"})


def a_quota_sheet(society: Society) -> Ready:
    """Quotas that grow and one that is new."""
    new = [row | {"类别": "肿瘤"} for row in quota_rows(society, {JD_STREETS[2]: "3"})]
    grown = quota_rows(society, {JD_STREETS[0]: "7", JD_STREETS[1]: "9"})
    return Ready(grown + new, QUOTA, "jd-reviewer", "22A", {"名额": "x"})


def a_delivery_sheet(society: Society) -> Ready:
    """Boxes handed over and one that was not."""
    entitled(society, *[society.person(n, f"人{n}", 金额="", 物资=BOX) for n in range(1, 7)])
    society.pay("goods")
    rows = [
        {"凭证号": f"22A-JD-0000{n}-1K", "发放日期": "2022-02-01", "是否发放": "是", "数量": "1"}
        for n in range(1, 7)
    ]
    rows[2] |= {"是否发放": "否", "未发放原因": "外出"}
    return Ready(rows, DELIVERY, "jd-caseworker", None, {"发放日期": "x"})


def a_bank_sheet(society: Society) -> Ready:
    """Payments that arrived and one that came back."""
    entitled(society, *[society.person(n, f"人{n}") for n in range(1, 7)])
    batch = society.pay()
    rows = [
        {"批次号": batch.number, "凭证号": f"22A-JD-0000{n}-1C", "金额": "500", "日期": "2022-02-01",
         "结果代码": "17" if n == 3 else "00"}
        for n in range(1, 7)
    ]  # fmt: skip
    return Ready(rows, BANK, "jd-preparer", None, {"金额": "1"})


def _known(society: Society) -> None:
    path = society.write([who(n, f"人{n}", 外部编号=f"A{n}") for n in range(1, 5)], PEOPLE)
    society.take_in(path, "people", "jd-caseworker")


def people(society: Society) -> Ready:
    """New people in a household, and known people with other facts."""
    _known(society)
    head = who(20, "")["证件号码"]
    rows = [
        who(20, "王伟", 户主证件号码=head, 与户主关系="本人", 银行账号="6222020202020202"),
        who(21, "李芳", 户主证件号码=head, 街道=society.street(JD_STREETS[0])),
        who(22, "赵小明", 户编号="H-7", 监护人="赵父", 其他电话="02164312345"),
        who(1, "人1", 联系电话="13900001111", 街道=society.street(JD_STREETS[1])),
        who(2, "人2", 其他电话="02164312346"),
    ]
    return Ready(rows, PEOPLE, "jd-caseworker", None, {"证件号码": "3.10101E+17"})


def updates(society: Society) -> Ready:
    """New facts of known people, and what a second person has to confirm."""
    _known(society)
    rows = [
        who(1, "人1", 联系电话="13900001111"),
        who(2, "另二", 银行账号="6222030303030303"),
        who(3, "人3", 街道=society.street(JD_STREETS[1])),
    ]
    return Ready(rows, PEOPLE, "jd-caseworker", None, {"联系电话": "2.54708E+11"})


def applications(society: Society) -> Ready:
    """A household on file after a fire with another telephone, and two new ones."""
    applying(society)
    made(society, student(1, "周小敏"))
    known = application(society, student(1, "周小敏"), 联系电话="13900001111")
    rows = [
        application(society, fire(1), 开户行="上海银行"),
        application(society, fire(3, "赵强"), 户主证件号码=number(3), 与户主关系="本人"),
        application(society, fire(5, "钱进"), 监护人="钱父", 困难情况="房屋烧毁"),
        known | application(society, fire(1), **{k: known[k] for k in WHO}),
    ]
    return Ready(rows, APPLICATION, "jd-caseworker", "22F", {"类别": "洪水"})


KINDS: dict[str, Callable[[Society], Ready]] = {
    "roster": a_roster,
    "quota": a_quota_sheet,
    "delivery": a_delivery_sheet,
    "bank": a_bank_sheet,
    "people": people,
    "update": updates,
    "application": applications,
}
OPPOSITE = ("delivery", "bank")
"""Kinds that are undone by opposite entries, so that rows stay."""


def planned(society: Society, kind: str, ready: Ready, path: Path) -> tuple[imports.Planned, Path]:
    """Plans a file; the plan lies beside it."""
    plan = path.with_suffix(".plan")
    desk = society.desk(ready.login)
    return imports.plan(desk, path, kind, cycle_code=ready.cycle, target=plan), plan
