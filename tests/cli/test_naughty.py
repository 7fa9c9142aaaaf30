"""The big list of naughty strings, the whole way: in as names, shown, found, out again, read back.

What `tests/files/test_naughty.py` asks of the parts, this asks of the program, from a file to a
file, by the commands a person would type.
"""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from rcaid.db.search import LAST
from rcaid.domain.identity import make_number
from rcaid.domain.names import clean
from rcaid.files.tables import open_table
from rcaid.files.writing import write_xlsx
from tests.cli.conftest import HEADER, Run, line
from tests.longer import SOAK

LIST = Path(__file__).parents[2].parent / "shared/data/blns/blns.json"
RAW = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
HEADINGS = HEADER.split(",")
REASONS = {
    "text.control", "text.bidi", "text.private_use", "name.no_letter", "row.required",
}  # fmt: skip
NO_XML = "\ufffe"
"""The one character of the list that no workbook can hold."""
FOUND_EACH = 1 if SOAK else 3
"""Every which of them is looked for by name; a look is a command of its own."""

pytestmark = pytest.mark.skipif(not LIST.is_file(), reason=f"the strings are not at {LIST}")


class Taken(NamedTuple):
    """What became of the strings: names by their row in the file, and what the plan said."""

    strings: list[str]
    kept: dict[int, str]
    plan: dict[str, Any]
    batch: str


def rows(strings: Sequence[str]) -> Iterator[list[str]]:
    """A roster row for each string; no two people have anything else in common."""
    for n, name in enumerate(strings):
        born = date(1930, 1, 1) + timedelta(days=37 * n)
        changes = {
            "number": make_number("310199", f"{born:%Y%m%d}", n % 900 + 1),
            "phone": f"138{n * 97:08}",
            "account": f"62{n * 7919:014}",
            "payee": "王小明",
        }
        yield [name, *line(n, "", **changes).split(",")[1:]]


def write(path: Path, strings: Sequence[str]) -> Path:
    """The strings in a roster file, with nothing done to them."""
    if path.suffix == ".xlsx":
        write_xlsx(path, HEADINGS, rows(strings))
        return path
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *rows(strings)])
    return path


@pytest.fixture(params=["csv", "xlsx"])
def taken(request: pytest.FixtureRequest, rcaid: Run, place: Path, tmp_path: Path) -> Taken:
    """All strings planned and applied, by a file of either type."""
    for office in ("310000", "310114", "310114001"):
        done = rcaid("--as", "city", "quota", "set", office, "600", "--cycle", "22A")
        assert done.code == 0, done.err
    strings = json.loads(LIST.read_text("utf-8"))
    if request.param == "xlsx":
        strings = [each.replace(NO_XML, "") for each in strings]
    path = write(tmp_path / f"names.{request.param}", strings)
    words = ("import", "plan", path, "--kind", "roster", "--cycle", "22A", "--json")
    planned = rcaid("--as", "hua", *words)
    plan = json.loads(planned.out)
    refused = {problem["row"] for problem in plan["problems"]}
    ran = rcaid("--as", "hua", "import", "apply", plan["plan_id"], "--yes", "--json")
    assert (planned.code, ran.code) == (3, 0), ran.err
    kept = {n: s for n, s in enumerate(strings, 2) if n not in refused}
    return Taken(strings, kept, plan, json.loads(ran.out)["batch"])


def read(path: Path, heading: str) -> list[str]:
    """One column of a table that the program wrote."""
    with open_table(path) as table:
        at = table.header.index(heading)
        return [cells[at] for _, cells in table.rows]


def names(taken: Taken) -> list[str]:
    return [clean(each.strip()) for each in taken.kept.values()]


def test_each_is_listed_and_written_out_as_it_came_in(
    taken: Taken, rcaid: Run, tmp_path: Path
) -> None:
    assert len(taken.strings) == taken.plan["read"] == 515
    assert 350 < len(taken.kept) == taken.plan["new"] < 515
    listed = rcaid("--as", "hua", "case", "list", "--json")
    assert [json.loads(each)["name"] for each in listed.out.split("\n") if each] == names(taken)
    for ending in ("csv", "xlsx"):
        target = tmp_path / f"out.{ending}"
        assert rcaid("--as", "hua", "case", "list", "-o", target).code == 0
        assert read(target, "name") == names(taken)


def test_each_is_refused_with_its_reason_or_comes_in(
    taken: Taken, rcaid: Run, tmp_path: Path
) -> None:
    problems = taken.plan["problems"]
    assert {problem["code"] for problem in problems} <= REASONS
    assert taken.plan["rejected"] == len({problem["row"] for problem in problems})
    assert taken.plan["undecided"] == 0
    assert len(taken.kept) + taken.plan["rejected"] == 515
    target = (tmp_path / taken.plan["file"]).with_stem("mend")
    assert rcaid("--as", "hua", "import", "rejects", taken.batch, "-o", target).code == 0
    refused = [s for n, s in enumerate(taken.strings, 2) if n not in taken.kept]
    assert [each.strip() for each in read(target, "姓名")] == [each.strip() for each in refused]


def test_each_is_shown_without_a_raw_character(taken: Taken, rcaid: Run) -> None:
    for words in (("case", "list"), ("import", "show", taken.batch)):
        ran = rcaid("--as", "hua", *words)
        shown = {c for c in ran.out + ran.err if unicodedata.category(c) in RAW}
        assert ran.code in (0, 3)
        assert shown <= {"\n"}


def test_each_is_found_by_what_stood_in_the_file(taken: Taken, rcaid: Run) -> None:
    numbers = [row[2] for row in rows(taken.strings)]
    for n, name in [*taken.kept.items()][::FOUND_EACH]:
        # Fifty are shown, and more begin with a letter: the end of the number says which is meant.
        typed = f"{name} {numbers[n - 2][-LAST:]}"
        ran = rcaid("--as", "hua", "person", "find", "--json", "--", typed)
        assert ran.code == 0, (name, ran.err)
        found = [json.loads(each)["name"] for each in ran.out.split("\n") if each]
        assert clean(name.strip()) in found, typed
