"""The published files in ../shared/data come out as counted by hand, each into a fresh store."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from rcaid.domain.errors import Unusable
from rcaid.services.importing import imports, profiles
from rcaid.services.importing.imports import Planned
from tests.services.conftest import Society
from tests.services.writing import number, rows

DATA = Path(__file__).parents[2].parent / "shared/data"
COUNTED = tomllib.loads(Path(__file__).with_name("hand_counts.toml").read_text("utf-8"))["file"]
COUNTS = ("new", "updated", "unchanged", "undecided", "rejected")

pytestmark = pytest.mark.skipif(
    not (DATA / "121").is_dir(), reason=f"the published files are not at {DATA}"
)


def _plan(society: Society, name: str) -> Planned:
    desk = society.desk("jd-caseworker")
    path = DATA / name
    family = Path(name).parent.name
    profile = profiles.choose(profiles.family(desk, family), family, path)
    return imports.plan(desk, path, profile.kind, profile=profile)


def _apply(society: Society, name: str) -> Planned:
    planned = _plan(society, name)
    imports.apply(society.desk("jd-caseworker"), planned.path)
    return planned


def test_every_published_file_is_counted_by_hand() -> None:
    there = {
        str(path.relative_to(DATA)) for d in ("121", "openg2p") for path in (DATA / d).glob("*.csv")
    }
    assert {each["name"] for each in COUNTED} == there


def _column(name: str, *headings: str) -> list[str]:
    """The cells of some columns as they stand, each row's with a bar between."""
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return ["|".join(row[h] for h in headings) for row in csv.DictReader(file)]


def test_the_hand_counts_rest_on_what_stands_in_the_files() -> None:
    demo, validation = (
        "121/test-registrations-demo-1000.csv",
        "121/test-program-with-validation-1000.csv",
    )
    assert len(set(_column(demo, "documentid"))) == 1000
    assert len({document.upper() for document in _column(demo, "documentid")}) == 1000
    for name, heading, zeros in ((demo, "phoneNumber", 93), (validation, "phoneNumber", 101)):
        phones = _column(name, heading)
        assert len(set(phones)) == 1000
        assert sum(phone.startswith("0") for phone in phones) == zeros
    assert set(_column(demo, "birthdate")) == {"15-03-1990", "30-11-2000"}
    for name, heading in (("OCW", "Test succeed"), ("PV", "succeed")):
        path = f"121/test-registrations-{name}.csv"
        who = Counter(_column(path, "fullName", "phoneNumber", "addressHouseNumber"))
        assert sum(n - 1 for n in who.values()) == 5 and who[f"{heading}|14155238886|1"] == 3
        assert Counter(_column(path, "phoneNumber"))["14155238886"] == 18
    assert set(_column("121/test-registrations-Safaricom.csv", "phoneNumber")) == {"2.54708E+11"}
    first = _column("openg2p/registry-individual-data.csv", "ID", "Token ID", "Full Name")
    assert first == _column("openg2p/sample_data2.csv", "UIN", "Token ID", "Full name")
    assert len(set(first)) == 200 and all(len(row.split("|")[1]) == 36 for row in first)


@pytest.mark.parametrize("counted", COUNTED, ids=lambda each: Path(each["name"]).stem)
def test_hand_counts_of_a_published_file(society: Society, counted: dict[str, Any]) -> None:
    if "refused" in counted:
        with pytest.raises(Unusable) as raised:
            _plan(society, counted["name"])
        assert [problem.code for problem in raised.value.problems] == [counted["refused"]]
        return
    planned = _plan(society, counted["name"])
    facts = planned.facts
    found = {key: getattr(facts, f"rows_{key}") for key in COUNTS}
    assert facts.profile == counted["profile"]
    assert (facts.rows_read, found) == (
        counted["read"], {key: counted.get(key, 0) for key in COUNTS},
    )  # fmt: skip
    assert facts.rows_read == sum(found.values()), "no row is unaccounted for"
    assert facts.totals_rows == 0 and facts.unmapped == []
    why = Counter(each.code for each in planned.problems if not each.warning)
    assert why == counted.get("why", {})
    warned = {each.row for each in planned.problems if each.warning}
    assert len(warned) == counted.get("warned", 0)
    held = {pair.row for pair in planned.pairs if pair.holds}
    assert sorted(held) == counted.get("held", [])
    assert len({pair.row for pair in planned.pairs} - held) == counted.get("asked", 0)


def test_no_phone_that_a_spreadsheet_damaged_comes_in(society: Society) -> None:
    planned = _apply(society, "121/test-registrations-Safaricom.csv")
    assert {each.row for each in planned.problems} == set(range(2, 11))
    assert {(each.column, each.value) for each in planned.problems} == {
        ("phoneNumber", "2.54708E+11")
    }
    assert number(society.admin.store, "SELECT count(*) FROM person") == 0


def test_a_repeated_heading_is_refused_with_both_columns(society: Society) -> None:
    with pytest.raises(Unusable) as raised:
        _plan(society, "121/test-registrations-demo.csv")
    [problem] = raised.value.problems
    assert dict(problem.params) == {"name": "whatsappPhoneNumber", "first": "F", "second": "AB"}


def test_a_copied_row_is_found_by_the_one_it_copies(society: Society) -> None:
    planned = _plan(society, "121/test-registrations-demo-1001.csv")
    [problem] = planned.problems
    assert (problem.row, problem.code, problem.params) == (1002, "row.repeated", {"first": 1001})


def test_a_file_that_is_about_nobody_ends_in_one_sentence(society: Society) -> None:
    with pytest.raises(Unusable) as raised:
        _plan(society, "121/test-reconciliation-Excel-pv.csv")
    [problem] = raised.value.problems
    assert problem.params["headings"] == "phoneNumber, status"


def test_the_same_people_under_other_headings_are_known(society: Society) -> None:
    _apply(society, "openg2p/sample_data2.csv")
    facts = _plan(society, "openg2p/registry-individual-data.csv").facts
    assert (facts.rows_read, facts.rows_unchanged) == (200, 200)


def test_the_999_others_and_the_copied_one_are_known_afterwards(society: Society) -> None:
    _apply(society, "121/test-registrations-demo-1000.csv")
    facts = _plan(society, "121/test-registrations-demo-1001.csv").facts
    assert (facts.rows_unchanged, facts.rows_rejected) == (1000, 1)


def test_leading_zeros_of_phones_stay(society: Society) -> None:
    _apply(society, "121/test-registrations-demo-1000.csv")
    assert number(society.admin.store, "SELECT count(*) FROM person WHERE state = 'live'") == 1000
    born = rows(
        society.admin.store, "SELECT born, count(*) FROM person GROUP BY born ORDER BY born"
    )
    assert [tuple(each) for each in born] == [("1990-03-15", 501), ("2000-11-30", 499)]
    sexes = rows(society.admin.store, "SELECT sex, count(*) FROM person GROUP BY sex ORDER BY sex")
    assert [tuple(each) for each in sexes] == [("F", 506), ("M", 494)]


@pytest.mark.parametrize(
    ("registrations", "patch", "updated", "unchanged"),
    [("OCW", "patch-OCW", 15, 0), ("PV", "patch-PV", 14, 1)],
)
def test_a_patch_asks_for_new_names_of_those_who_came_in(
    society: Society, registrations: str, patch: str, updated: int, unchanged: int
) -> None:
    """Five of the twenty wait for a decision, so nobody has their reference yet; in PV the first
    has the new name already. A name is confirmed by a second person."""
    _apply(society, f"121/test-registrations-{registrations}.csv")
    planned = _plan(society, f"121/test-registrations-{patch}.csv")
    facts = planned.facts
    assert (facts.rows_read, facts.rows_rejected) == (20, 5)
    assert (facts.rows_updated, facts.rows_unchanged) == (updated, unchanged)
    assert {each.row for each in planned.problems} == {4, 5, 13, 18, 19}
    assert {(each.field, each.waits) for each in planned.changes} == {("name", True)}
    assert len(planned.changes) == updated
