"""Hundreds of bad files: each ends in rows or in one sentence, and shows nothing raw."""

from __future__ import annotations

import resource
import unicodedata
from pathlib import Path

import pytest

from rcaid.cli.edge import run
from rcaid.domain.errors import Unusable
from rcaid.domain.sentences import SENTENCES, sentence
from rcaid.files.tables import open_table
from tests.files import seeds
from tests.files.seeds import Seed

FAMILIES = {family.__name__.strip("_"): family for family in seeds._FAMILIES}


def _end(path: Path) -> str:
    """ "rows" or the code of the problem, once the file is read to its end."""
    try:
        with open_table(path) as table:
            for row, cells in table.rows:
                assert row > table.header_row and len(cells) >= len(table.header)
        return "rows"
    except Unusable as error:
        for problem in error.problems:
            assert problem.code in SENTENCES
            assert sentence(problem)
        return error.problems[0].code


def test_there_are_three_hundred_of_them() -> None:
    assert len(seeds.all_seeds()) >= 300


@pytest.mark.parametrize("family", FAMILIES)
def test_every_bad_file_ends_in_rows_or_in_one_sentence(tmp_path: Path, family: str) -> None:
    wrong = []
    for seed in FAMILIES[family]():
        path = tmp_path / seed.name
        path.write_bytes(seed.data)
        end = _end(path)
        path.unlink()
        if (seed.end and end != seed.end) or end == "sheet.stuck":
            wrong.append((seed.name, end, seed.end))
    assert wrong == []


def test_no_child_took_more_memory_than_it_may(tmp_path: Path) -> None:
    (seed,) = [seed for seed in seeds._bombs() if seed.name == "far-corner.xlsx"]
    (tmp_path / seed.name).write_bytes(seed.data)
    assert _end(tmp_path / seed.name) == seed.end
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1 << 20


def _looked_into() -> list[Seed]:
    whole = [*seeds._odd_characters(), *seeds._shapes(), *seeds._locked()]
    return [seed for seed in whole if not seed.name.endswith((".xlsx", ".ods"))]


@pytest.mark.parametrize("as_json", [False, True])
def test_peek_shows_no_character_raw_and_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    for seed in _looked_into():
        path = tmp_path / seed.name
        path.write_bytes(seed.data)
        code = run(["import", "peek", str(path), *(["--json"] if as_json else [])])
        shown = capsys.readouterr()
        assert code in (0, 3), seed.name
        assert (code == 3) == bool(shown.err) or not shown.err, seed.name
        assert "Traceback" not in shown.err, seed.name
        raw = {
            c for c in shown.out + shown.err if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co")
        } - {"\n"}
        assert raw == set(), seed.name
        path.unlink()
