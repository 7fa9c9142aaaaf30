"""rcaid disaster, institution, transfer: from a draft to the report, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rcaid import data
from rcaid.services import programmes, staff
from rcaid.services.society import open_desk
from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("giving")
QUAKE = ("EQ-1", "--name", "川西地震", "--kind", "earthquake", "--place", "四川")


@pytest.fixture
def giving(place: Path) -> None:
    """Money for other regions, and somebody of the city who lets it go."""
    desk = open_desk(str(place), as_login="root")
    programmes.load(desk, data.text("programmes/aid.toml"))
    staff.add(desk, "lu", "Lu", [("releaser", "310000")])
    mo = open_desk(str(place), as_login="mo")
    programmes.receive(mo, "AID", 5_000_000_00, "start")
    desk.store.close()
    mo.store.close()


def draft(rcaid: Run, amount: str = "2103400") -> str:
    rcaid("--as", "chief", "disaster", "open", *QUAKE, "--on", "2022-01-20")
    rcaid(
        "--as", "mo", "institution", "add", "RC-SC", "--name", "川西红十字会",
        "--kind", "society", "--place", "四川",
    )  # fmt: skip
    made = rcaid(
        "--as", "mo", "transfer", "new", "RC-SC", "--programme", "AID", "--amount", amount,
        "--disaster", "EQ-1", "--purpose", "救灾", "--json",
    )  # fmt: skip
    assert made.code == 0, made.err
    return str(json.loads(made.out)["transfer"])


def test_a_transfer_goes_from_its_draft_to_the_report(rcaid: Run) -> None:
    number = draft(rcaid)
    for login, act in (("chief", "approve"), ("lu", "send"), ("mo", "receive"), ("mo", "report")):
        done = rcaid("--as", login, "transfer", act, number, "--yes")
        assert done.code == 0, done.err
    shown = json.loads(rcaid("--as", "sun", "transfer", "show", number, "--json").out)
    assert (shown["state"], shown["fen"]) == ("closed", 2_103_400_00)
    given = json.loads(rcaid("--as", "sun", "disaster", "show", "EQ-1", "--json").out)
    assert (given["cash"], given["transfers"]) == (2_103_400_00, 1)
    report = rcaid(
        "--as", "sun", "report", "institutions", "--period", "2022", "--style", "announce"
    )
    assert "2,103,400.00" in report.out
    assert "210万余元" in report.out
    assert "a receiver counts once" in report.err


def test_an_act_that_nobody_confirms_is_not_done(rcaid: Run) -> None:
    number = draft(rcaid)
    asked = rcaid("--as", "chief", "transfer", "approve", number)
    assert asked.code == 4
    assert "--yes" in asked.err
    assert '"draft"' in rcaid("--as", "sun", "transfer", "show", number, "--json").out


def test_what_the_fund_does_not_hold_is_refused_with_the_rule(rcaid: Run) -> None:
    number = draft(rcaid, "5000000.01")
    refused = rcaid("--as", "chief", "transfer", "approve", number, "--yes")
    assert refused.code == 4
    assert "available is 1 fen short" in refused.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("transfer", "show", "AID-2022-0009"), 4, "there is no transfer AID-2022-0009"),
        (("transfer", "new", "X", "--programme", "AID", "--purpose", "x"), 4, "add it first"),
        (
            ("transfer", "new", "X", "--programme", "AID", "--purpose", "x", "--goods", "A"),
            2,
            "write it like RICE-1=500",
        ),
        (("institution", "add", "X1", "--name", "x", "--kind", "club", "--place", "y"), 4, "club"),
        (("disaster", "show", "NO"), 4, "there is no disaster NO"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_is_wrong_is_said_with_its_code(
    rcaid: Run, words: tuple[str, ...], code: int, said: str
) -> None:
    found = rcaid("--as", "mo", *words)
    assert (found.code, said in found.err) == (code, True), found.err
