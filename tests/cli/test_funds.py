"""rcaid fund, donor, donation: from a promise to the receipt and the trace, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rcaid.domain.uscc import make_code
from tests.cli.conftest import Ran, Run

pytestmark = pytest.mark.usefixtures("place")


def told(ran: Ran) -> Any:
    """The object an act told of."""
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def listed(ran: Ran) -> list[Any]:
    assert ran.code == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


def a_donor(rcaid: Run, name: str = "王捐赠", *options: str) -> str:
    return str(told(rcaid("--as", "mo", "donor", "add", name, *options, "--json"))["donor"])


def a_gift(rcaid: Run, amount: str, *options: str, donor: str = "") -> str:
    made = rcaid(
        "--as", "mo", "donation", "receive", amount, "--donor", donor or a_donor(rcaid),
        "--fund", "QWR", *options, "--yes", "--json",
    )  # fmt: skip
    return str(told(made)["donation"])


def test_a_promise_comes_in_and_gets_its_receipt(rcaid: Run) -> None:
    donor = a_donor(rcaid, "申城公司", "--kind", "organisation", "--uscc", make_code(7))
    number = told(
        rcaid(
            "--as", "mo", "donation", "pledge", "5000", "--donor", donor, "--fund", "QWR", "--json"
        )
    )["donation"]
    came = rcaid("--as", "mo", "donation", "receive", "4000.5", "--pledge", number, "--yes")
    assert came.code == 0, came.err
    wrong = rcaid("--as", "mo", "donation", "receipt", number, "R-0001", "--amount", "5000")
    assert (wrong.code, "4,000.50" in wrong.err, "BR-080" in wrong.err) == (4, True, True)
    given = rcaid(
        "--as", "mo", "donation", "receipt", number, "R-0001", "--check", "A9c3", "--json"
    )
    assert told(given)["fen"] == 4_000_50

    shown = rcaid("--as", "sun", "donation", "show", number)
    assert "肆仟元伍角整" in shown.out
    assert make_code(7) in shown.out
    facts = told(rcaid("--as", "sun", "donation", "show", number, "--json"))
    assert (facts["pledged_fen"], facts["fen"], facts["left"]) == (5_000_00, 4_000_50, 4_000_50)
    again = rcaid("--as", "mo", "donation", "receipt", a_gift(rcaid, "1"), "R-0001")
    assert (again.code, number in again.err) == (4, True)


def test_a_void_receipt_stands_beside_the_new_one(rcaid: Run) -> None:
    number = a_gift(rcaid, "100")
    for words in (("receipt", number, "R-0001"), ("void", number, "--reason", "misprint"),
                  ("receipt", number, "R-0002")):  # fmt: skip
        assert rcaid("--as", "mo", "donation", *words).code == 0
    facts = told(rcaid("--as", "mo", "donation", "show", number, "--json"))
    assert facts["receipts"] == ["R-0001 void", "R-0002 issued"]


def test_receipts_are_declined_one_by_one_or_many_at_once(rcaid: Run) -> None:
    one, two = a_gift(rcaid, "100"), a_gift(rcaid, "200")
    assert rcaid("--as", "mo", "donation", "decline", one, two).code == 0
    again = rcaid("--as", "mo", "donation", "anonymous", one, "--json")
    assert (again.code, json.loads(again.out)["problems"][0]["code"]) == (4, "state.no_move")
    found = listed(rcaid("--as", "sun", "donation", "list", "--state", "declined", "--json"))
    assert [each["number"] for each in found] == [one, two]


def test_money_goes_back_by_the_approver_alone(rcaid: Run) -> None:
    number = a_gift(rcaid, "100")
    refused = rcaid("--as", "mo", "donation", "return", number, "--reason", "donor_asks")
    assert (refused.code, "approver" in refused.err) == (4, True)
    assert rcaid("--as", "chief", "donation", "return", number, "--reason", "donor_asks").code == 0


def test_a_fund_is_opened_filled_and_traced(rcaid: Run) -> None:
    made = rcaid(
        "--as", "chief", "fund", "open", "QWR-JD", "--name", "嘉定", "--programme", "QWR",
        "--for", "region", "--scope", "310114", "--json",
    )  # fmt: skip
    assert told(made)["fund"] == "QWR-JD"
    donor = a_donor(rcaid)
    number = a_gift(rcaid, "700", donor=donor)
    move = ("fund", "move", "QWR", "QWR-JD", "300", "--key", "2022-1", "--yes")
    assert rcaid("--as", "chief", *move).code == 0
    again = rcaid("--as", "chief", *move)
    assert (again.code, "2022-1" in again.err) == (4, True)
    facts = told(rcaid("--as", "sun", "fund", "show", "QWR-JD", "--json"))
    assert (facts["available"], facts["restriction"], facts["scope"]) == (
        300_00,
        "region",
        "310114",
    )

    back = ("fund", "move", "QWR-JD", "QWR", "300", "--key", "2022-2", "--yes")
    refused = rcaid("--as", "chief", *back)
    assert (refused.code, "BR-089" in refused.err) == (4, True)
    assert rcaid("--as", "chief", *back, "--earmark", "--paper", "函7").code == 0
    assert rcaid("--as", "chief", "fund", "close", "QWR-JD", "--yes").code == 0

    (trace,) = listed(rcaid("--as", "sun", "fund", "trace", "QWR", "--json"))
    assert (trace["number"], trace["fen"], trace["used"], trace["left"]) == (
        number,
        700_00,
        0,
        700_00,
    )
    (own,) = listed(rcaid("--as", "mo", "donor", "trace", donor, "--json"))
    assert own == trace | {"donor": "王捐赠"}
    table = rcaid("--as", "sun", "donor", "trace", donor).out
    assert (number in table, "700.00" in table) == (True, True)
    unknown = rcaid("--as", "sun", "fund", "trace", "QWR", "--voucher", "NO")
    assert unknown.code == 4


def test_a_month_is_closed_and_stays_so(rcaid: Run) -> None:
    closed = rcaid("--as", "chief", "fund", "close-month", "2022-01", "--yes", "--json")
    sha256 = told(closed)["sha256"]
    (month,) = listed(rcaid("--as", "sun", "fund", "months", "--json"))
    assert (month["month"], month["sha256"]) == ("2022-01", sha256)
    assert rcaid("--as", "chief", "fund", "close-month", "2022-01", "--yes").code == 4
    assert rcaid("--as", "tang", "fund", "close-month", "2022-02", "--yes").code == 4
    late = rcaid("--as", "mo", "donation", "list")
    assert late.code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("donation", "receive", "5"),
        ("donation", "receive", "5", "--donor", "DN-1", "--fund", "QWR", "--goods", "RICE"),
        ("donor", "add", "x", "--party", "李董"),
    ],
)
def test_what_is_not_said_whole_is_a_usage_error(rcaid: Run, words: tuple[str, ...]) -> None:
    assert rcaid("--as", "mo", *words).code == 2


def test_donors_are_found_by_a_part_of_their_name(rcaid: Run) -> None:
    a_donor(rcaid, "申城公司", "--kind", "organisation")
    code = a_donor(rcaid, "李诺", "--party", "李子=son")
    (found,) = listed(rcaid("--as", "mo", "donor", "find", "诺", "--json"))
    assert (found["code"], found["name"]) == (code, "李诺")
    (masked,) = listed(rcaid("--as", "sun", "donor", "find", code, "--json"))
    assert masked["name"] == "李*"
