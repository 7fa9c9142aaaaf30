"""rcaid change: asked for by one person, decided by another."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, line, number, roster_text

CASE = "22A-JD-00001"
PLAN = ("import", "plan", "--kind", "roster", "--cycle", "22A")


@pytest.fixture(autouse=True)
def listed(rcaid: Run, place: Path, tmp_path: Path) -> None:
    """Somebody in a roster."""
    path, plan = tmp_path / "one.csv", tmp_path / "one.plan"
    path.write_text(roster_text(line(1, "王小明")), encoding="utf-8-sig")
    rcaid("--as", "hua", *PLAN, path, "-o", plan)
    assert rcaid("--as", "hua", "import", "apply", plan, "--yes").code == 0


def ask(rcaid: Run, field: str, value: str, *more: str) -> str:
    """The id of a change that was asked for."""
    words = ("change", "ask", CASE, field, value, "--reason", "typing error", *more)
    ran = rcaid("--as", "hua", *words, "--json")
    assert ran.code == 0, ran.err
    found: str = json.loads(ran.out)["change"]
    return found


def test_a_name_waits_until_a_second_person_confirms_it(rcaid: Run) -> None:
    change = ask(rcaid, "name", "王晓明")
    told = json.loads(rcaid("--as", "rui", "change", "list", "--json").out)
    assert told["change"] == change
    assert (told["field"], told["before"], told["after"]) == ("name", "王小明", "王晓明")
    assert (told["asked_by"], told["reason"]) == ("hua", "typing error")

    assert rcaid("--as", "rui", "change", "confirm", change).code == 4
    done = rcaid("--as", "rui", "change", "confirm", change, "--yes", "--json")
    assert done.code == 0 and json.loads(done.out)["state"] == "confirmed"
    assert rcaid("--as", "rui", "change", "list", "--json").out == ""
    shown = json.loads(rcaid("--as", "hua", "person", "show", CASE, "--json").out)
    assert shown["name"] == "王晓明"
    assert rcaid("--as", "rui", "change", "confirm", change, "--yes").code == 4


def test_a_number_is_shown_masked_and_a_refused_change_changes_nothing(rcaid: Run) -> None:
    change = ask(rcaid, "number", number(7))
    ran = rcaid("--as", "rui", "change", "list")
    assert number(7) not in ran.out and number(7)[-4:] in ran.out
    assert rcaid("--as", "rui", "change", "refuse", change, "--reason", "not_proven").code == 0
    shown = json.loads(rcaid("--as", "hua", "person", "show", CASE, "--json").out)
    assert shown["identity"].endswith(number(1)[-4:])


def test_who_asks_does_not_decide_and_a_wrong_value_is_refused(rcaid: Run, place: Path) -> None:
    change = ask(rcaid, "name", "王晓明")
    assert rcaid("--as", "hua", "change", "confirm", change, "--yes").code == 4
    assert rcaid("--as", "root", "user", "grant", "hua", "reviewer", "310114").code == 0
    refused = rcaid("--as", "hua", "change", "confirm", change, "--yes")
    assert refused.code == 4 and "earlier part" in refused.err
    words = ("change", "ask", CASE, "--reason", "x")
    assert rcaid("--as", "hua", *words, "number", number(1)[:-1] + "?").code == 4
    assert rcaid("--as", "hua", *words, "age", "70").code == 4
    assert rcaid("--as", "hua", *words, "name", "王\x1b[31m").code == 4


def test_an_account_is_read_from_standard_input(
    rcaid: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("6222000099998888\n"))
    change = ask(rcaid, "account", "-", "--holder", "王小明")
    told = json.loads(rcaid("--as", "rui", "change", "list", "--json").out)
    assert told["after"].endswith("8888") and "6222000099998888" not in str(told)
    assert rcaid("--as", "rui", "change", "confirm", change, "--yes").code == 0
    shown = json.loads(rcaid("--as", "hua", "person", "show", CASE, "--json").out)
    assert str(shown["account"]).endswith("8888")
