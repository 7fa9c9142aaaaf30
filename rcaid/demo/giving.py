"""Donations of the made-up year: who gives to a fund, with receipts, and who wants none."""

from __future__ import annotations

from typing import NamedTuple

from rcaid.domain.uscc import make_code
from rcaid.services.desk import Desk
from rcaid.services.funds import donations, donors, receipts
from rcaid.services.funds.donors import Giver

ORGANISATIONS = (
    "申城合成材料公司", "浦江航运公司", "长宁软件公司", "虹口百货公司", "东海证券公司",
)  # fmt: skip
PEOPLE = ("周慷", "吴仁", "郑义", "沈惠")


class Given(NamedTuple):
    """What came in: how many donations, fen, and how many of them have a receipt."""

    donations: int
    fen: int
    receipts: int


def give(preparer: Desk, fund: str, fen: int, key: int) -> Given:
    """Lets made-up donors give a sum to a fund, all of it to the fen, on the day of the desk.

    Half comes from the first organisation, half of the rest from the next, and so on; then people,
    one of whom wants no receipt, and last somebody unnamed. ``key`` is another number for each
    fund: receipt numbers and codes of organisations come from it.
    """
    givers = [
        *(Giver("organisation", name, uscc=make_code(key * 100 + n), publish=True)
          for n, name in enumerate(ORGANISATIONS)),
        *(Giver("person", name) for name in PEOPLE),
        Giver("anonymous"),
    ]  # fmt: skip
    count = given = printed = 0
    for n, giver in enumerate(givers):
        part = fen - given if giver.kind == "anonymous" else (fen - given) // 2
        if not part:
            continue
        donor = donors.known(preparer, giver) if giver.kind != "anonymous" else None
        code = donor.code if donor else donors.add(preparer, giver)[0].code
        made, _ = donations.given(preparer, code, fund, part, reference=f"{key:04}-{n:03}")
        if giver.kind == "anonymous":
            receipts.anonymous(preparer, made.number)
        elif giver.name == PEOPLE[-1]:
            receipts.decline(preparer, made.number)
        else:
            receipts.receipt(preparer, made.number, f"31{key:04}{n:04}", code="31000122")
            printed += 1
        count, given = count + 1, given + part
    return Given(count, given, printed)
