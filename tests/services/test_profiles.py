"""Saved profiles stand in the record like all else; which one of a family is for a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from rcaid import data
from rcaid.db.tables import IMPORT_PROFILE
from rcaid.domain.errors import Unusable
from rcaid.files.profiles import Profile
from rcaid.services import audit
from rcaid.services.importing import profiles
from tests.services.conftest import Society
from tests.services.writing import contents, newcomer, refused, rows

GUIDE = Path(__file__).parents[2] / "docs/operator.md"
OURS = Profile("ours-a", "bank", columns={"voucher": ("流水",)}, ignored=("备注",))


def test_a_saved_profile_is_found_again_and_is_one_event_with_its_row(society: Society) -> None:
    entry = profiles.save(society.desk("jd-preparer"), OURS)
    known = profiles.find(society.desk("jd-keeper"), "ours-a")
    assert (known.profile, known.made_by, known.version) == (OURS, "jd-preparer", 1)
    [(action, named)] = rows(
        society.admin.store,
        f"SELECT act, object FROM audit_event WHERE log = '{entry.log}' AND seq = {entry.seq}",
    )
    assert (action, named) == ("import.profile", "ours-a")
    [(noun,)] = rows(
        society.admin.store,
        f"SELECT noun FROM audit_row WHERE log = '{entry.log}' AND seq = {entry.seq}",
    )
    assert noun == IMPORT_PROFILE.name
    assert audit.verify_store(society.desk("sh-auditor")).ok


def test_saving_again_takes_the_place_of_the_earlier_one(society: Society) -> None:
    profiles.save(society.desk("jd-preparer"), OURS)
    newer = Profile("ours-a", "quota", ignored=("备注",))
    profiles.save(society.desk("jd-reviewer"), newer)
    known = profiles.find(society.admin, "ours-a")
    assert (known.profile, known.made_by, known.version) == (newer, "jd-reviewer", 2)
    assert len(profiles.listing(society.admin)) == len(profiles.shipped()) + 1


def test_only_who_imports_saves_and_the_names_of_the_program_are_taken(society: Society) -> None:
    before = contents(society.admin.store, without=("staff", "duty_grant"))
    with refused("who.no_duty"):
        profiles.save(newcomer(society, "v", "verifier"), OURS)
    for shipped in profiles.shipped():
        with refused("profile.shipped"):
            profiles.save(society.desk("jd-caseworker"), shipped)
    with refused("profile.field", by=Unusable):
        wrong = Profile("ours-b", "bank", columns={"shoe": ("s",)})
        profiles.save(society.desk("jd-caseworker"), wrong)
    assert contents(society.admin.store, without=("staff", "duty_grant")) == before


def test_a_family_is_one_name_or_all_that_begin_with_it(society: Society) -> None:
    desk = society.desk("jd-preparer")
    for name in ("ours-a", "ours-b", "oursc"):
        profiles.save(desk, Profile(name, "bank"))
    assert [each.name for each in profiles.family(desk, "ours")] == ["ours-a", "ours-b"]
    profiles.save(desk, Profile("ours", "bank"))
    assert [each.name for each in profiles.family(desk, "ours")] == ["ours"]
    with refused("profile.unknown"):
        profiles.family(desk, "our")


def test_of_a_family_the_one_that_fits_is_chosen_by_the_headings(tmp_path: Path) -> None:
    short = Profile("a-short", "bank", columns={"voucher": ("流水",)})
    long = Profile("a-long", "bank", columns={"voucher": ("流水",)}, ignored=("备注",))
    path = tmp_path / "bank.csv"
    path.write_text("农商行回单\n\n流水,备注\n1,2\n", "utf-8")
    assert profiles.choose([short, long], "a", path) is long
    path.write_text("流水,说明\n1,2\n", "utf-8")
    assert profiles.choose([short, long], "a", path) is short
    path.write_text("单号,说明\n1,2\n", "utf-8")
    with refused("profile.none_fits", by=Unusable):
        profiles.choose([short, long], "a", path)
    path.write_text("流水,备注,备注\n1,2,\n", "utf-8")
    assert profiles.choose([short, long], "a", path) is long, "the plan itself refuses the heading"
    with pytest.raises(Unusable):
        profiles.choose([short, long], "a", tmp_path / "missing.csv")


def test_the_profile_of_the_guide_is_one() -> None:
    text = GUIDE.read_text("utf-8").partition("```toml\n")[2].partition("```")[0]
    assert profiles.parse(text).meaning("sex", "féminin") == "女"


def test_a_shipped_profile_is_named_like_its_file_and_says_whose_files_it_is_for() -> None:
    assert {f"profiles/{each.name}.toml" for each in profiles.shipped()} == set(
        data.names("profiles")
    )
    assert all(each.about and each.needs for each in profiles.shipped())
