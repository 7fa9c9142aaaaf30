"""The big list of naughty strings as names: each comes in and stays equal, or is refused."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from pathlib import Path

import pytest

from rcaid import data
from rcaid.db.search import fits, terms
from rcaid.domain import programmes, readings
from rcaid.domain.errors import Problem
from rcaid.domain.identity import make_number
from rcaid.domain.names import clean
from rcaid.domain.sentences import SENTENCES, sentence
from rcaid.domain.text import safe_text
from rcaid.files.headers import map_columns
from rcaid.files.tables import open_table
from rcaid.files.writing import write_csv, write_xlsx
from rcaid.services.importing.import_roster import Line, RowJudge
from rcaid.services.importing.kinds import ROSTER
from rcaid.services.importing.plans import Rejected

LIST = Path(__file__).parents[2].parent / "shared/data/blns/blns.json"
HEADER = ("姓名", "证件号码", "街道", "类别", "物资")
REASONS = {
    "text.control", "text.bidi", "text.private_use", "text.surrogate",
    "name.no_letter", "row.required",
}  # fmt: skip
RAW = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}

pytestmark = pytest.mark.skipif(not LIST.is_file(), reason=f"the strings are not at {LIST}")


@cache
def _judged() -> tuple[tuple[str, Line | None, tuple[Rejected, ...]], ...]:
    """Each string, and the line or the reasons that came of it."""
    rules = programmes.read(data.text("programmes/qwr.toml"))
    assert not isinstance(rules, Problem)
    columns = map_columns(HEADER, ROSTER.fields)
    judge = RowJudge(columns, HEADER, rules, {"江桥镇": "street"}, "2022-04-01")
    found = []
    for row, naughty in enumerate(json.loads(LIST.read_text("utf-8")), 2):
        number = make_number("310199", "19500101", row)
        outcome = judge.judge(row, [naughty, number, "江桥镇", "tumour", "BOX"])
        found.append((naughty, outcome.line, tuple(outcome.problems)))
    return tuple(found)


def _accepted() -> list[Line]:
    return [line for _, line, _ in _judged() if line is not None]


def test_all_515_are_accepted_or_refused_with_their_reason() -> None:
    assert len(_judged()) == 515
    for naughty, line, problems in _judged():
        if line is not None:
            assert line.name == clean(naughty.strip())
            assert line.raw_name == naughty.strip()
            continue
        (problem,) = problems
        assert problem.code in REASONS & SENTENCES.keys()
        assert (problem.column, problem.value.strip()) == ("姓名", naughty.strip())
        assert sentence(problem.problem())
    assert 350 < len(_accepted()) < 515


def test_none_reaches_a_terminal_raw() -> None:
    for naughty, line, problems in _judged():
        for text in (naughty, line.name if line else "", *(p.value for p in problems)):
            shown = safe_text(text, 100_000)
            assert not {c for c in shown if unicodedata.category(c) in RAW}


def test_each_accepted_name_is_shown_as_it_is() -> None:
    for line in _accepted():
        shown = safe_text(line.name, 100_000)
        kept = [c for c in unicodedata.normalize("NFC", line.name) if not _is_mark(c)]
        told = [c for c in shown if not _is_mark(c)]
        if "⟨U+" not in shown:
            assert told == [
                " " if unicodedata.category(c) == "Zs" and c != "\u3000" else c for c in kept
            ]


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me")


def test_each_accepted_name_is_found_by_what_was_in_the_file() -> None:
    for line in _accepted():
        tokens = readings.tokens(line.name)
        for typed in (line.name, line.raw_name):
            assert terms(typed), typed
            assert fits(tokens, terms(typed)), typed


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_each_accepted_name_is_exported_and_read_back_equal(tmp_path: Path, ending: str) -> None:
    names = [line.name for line in _accepted()]
    rows = [(name, str(at)) for at, name in enumerate(names)]
    path = tmp_path / f"names.{ending}"
    if ending == "csv":
        write_csv(path, ("姓名", "序号"), rows)
    else:
        write_xlsx(path, ("姓名", "序号"), rows)
    with open_table(path) as table:
        assert [tuple(cells) for _, cells in table.rows] == rows
