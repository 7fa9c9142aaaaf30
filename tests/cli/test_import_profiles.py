"""rcaid import profiles, profile show and save, and plans by a profile."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rcaid.services.importing.profiles import shipped
from tests.cli.conftest import Run

SAVE = ("import", "profile", "save")


def test_profiles_come_with_the_program_and_saved_ones_stand_behind_them(
    rcaid: Run, place: Path
) -> None:
    assert rcaid("--as", "bo", *SAVE, "ours", "--kind", "bank", "--about", "流水").code == 0
    ran = rcaid("--as", "bo", "import", "profiles", "--json")
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert [row["profile"] for row in told] == [*(each.name for each in shipped()), "ours"]
    assert told[-1] == {
        "profile": "ours", "kind": "bank", "made_by": "bo", "version": 1, "about": "流水",
    }  # fmt: skip
    assert "流水" in rcaid("--as", "bo", "import", "profiles").out


def test_a_profile_is_saved_from_options_shown_as_toml_and_saved_again_from_it(
    rcaid: Run, place: Path, tmp_path: Path
) -> None:
    options = ("--kind", "bank", "--map", "流水=voucher", "--map", "日=day", "--map", "月=day",
               "--ignore", "备注", "--dates", "dmy", "--phone", "digits", "--delimiter", "~")  # fmt: skip
    ran = rcaid("--as", "bo", *SAVE, "ours", *options, "--json")
    assert ran.code == 0
    told = json.loads(ran.out)
    assert (told["profile"], told["kind"]) == ("ours", "bank") and told["entry"]
    shown = rcaid("--as", "bo", "import", "profile", "show", "ours").out
    assert 'day = [\n  "日",\n  "月",\n]' in shown and 'delimiter = "~"' in shown
    file = tmp_path / "ours.toml"
    file.write_text(shown, "utf-8")
    assert rcaid("--as", "bo", *SAVE, "theirs", file).code == 0
    again = rcaid("--as", "bo", "import", "profile", "show", "theirs").out
    assert again == shown.replace('"ours"', '"theirs"')
    assert rcaid("--as", "bo", *SAVE, "ours", "--kind", "bank").code == 0
    assert '"version":2' in rcaid("--as", "bo", "import", "profile", "show", "ours", "--json").out


def test_a_profile_that_is_wrong_is_told_place_by_place(
    rcaid: Run, place: Path, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text('name = "x"\nkind = "bank"\ndates = "any"\n[columns]\nshoe = "s"\n', "utf-8")
    ran = rcaid("--as", "bo", *SAVE, "x", file)
    assert ran.code == 3 and len(ran.err.splitlines()) == 2
    assert "dates cannot be any" in ran.err and "columns.shoe" in ran.err
    file.write_bytes(b"\xff\xfe")
    assert rcaid("--as", "bo", *SAVE, "x", file).code == 3
    assert rcaid("--as", "bo", *SAVE, "x", tmp_path / "none.toml").code == 3
    assert rcaid("--as", "bo", *SAVE, "Two Words", "--kind", "bank").code == 3


@pytest.mark.parametrize(
    "arguments",
    [("x",), ("x", "--kind", "bank", "--map", "shoe"), ("x", "--kind", "bank", "--map", "a=shoe"),
     ("x", "x.toml", "--kind", "bank")],
)  # fmt: skip
def test_options_that_say_no_profile_are_wrong_usage(
    rcaid: Run, place: Path, arguments: tuple[str, ...]
) -> None:
    assert rcaid("--as", "bo", *SAVE, *arguments).code == 2


def test_saving_needs_a_duty_that_imports(rcaid: Run, place: Path) -> None:
    ran = rcaid("--as", "sun", *SAVE, "ours", "--kind", "bank")
    assert ran.code == 4 and "no duty" in ran.err
    assert rcaid("--as", "sun", "import", "profile", "show", "ours").code == 4


def test_a_profile_that_is_not_there_is_refused_with_those_there_are(
    rcaid: Run, place: Path, roster_file: Path
) -> None:
    rcaid("--as", "bo", *SAVE, "ours", "--kind", "bank")
    ran = rcaid("--as", "hua", "import", "plan", roster_file, "--profile", "nothing")
    assert ran.code == 4 and "ours" in ran.err
    ran = rcaid("--as", "bo", "import", "plan", roster_file, "--profile", "ours", "--kind", "quota")
    assert ran.code == 4 and "ours is for bank" in ran.err


def test_rows_rejected_under_a_profile_are_mended_and_go_in_by_it(
    rcaid: Run, place: Path, tmp_path: Path
) -> None:
    file, mend = tmp_path / "reg.csv", tmp_path / "mend.csv"
    rows = ["programFspConfigurationName,phoneNumber,fullName", "S,2.54708E+11,Eddie Sharp",
            "S,260000000001,Lola Walton"]  # fmt: skip
    file.write_text("\n".join(rows) + "\n", "utf-8")
    plan = ("--as", "hua", "import", "plan", "--profile", "121")
    told = json.loads(rcaid(*plan, file, "--json").out)
    assert (told["new"], told["rejected"], told["profile"]) == (1, 1, "121-registrations")
    assert told["ignored"] == ["programFspConfigurationName"] and told["unmapped"] == []
    assert rcaid("--as", "hua", "import", "rejects", told["plan"], "-o", mend).code == 0
    assert rcaid("--as", "hua", "import", "apply", told["plan_id"], "--yes").code == 0
    text = mend.read_text("utf-8-sig")
    assert "2.54708E+11" in text and "rejected because" in text
    mend.write_text(text.replace("2.54708E+11", "254708123456"), "utf-8-sig")
    ran = rcaid(*plan, mend, "--json")
    told = json.loads(ran.out)
    assert ran.code == 0 and (told["read"], told["new"]) == (1, 1)
    assert told["unmapped"] == []
