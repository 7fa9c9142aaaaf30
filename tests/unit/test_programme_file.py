"""A programme's file: what is wrong with it by line and field, its examples, the worked ones."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcaid import data
from rcaid.domain import programmes
from rcaid.domain.errors import Problem
from rcaid.domain.programme_examples import checked
from rcaid.domain.programme_facts import Facts, Help
from rcaid.domain.programme_fields import FIELDS
from rcaid.domain.programme_file import flat, read_all
from rcaid.domain.programme_lines import line_of, lines_of
from rcaid.domain.sentences import SENTENCES, sentence

WORKED = data.names("programmes")
FIRE = data.text("programmes/fire.toml")


def places(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every key of a text that was read, by its place and its own name."""
    if isinstance(value, dict):
        for key, each in value.items():
            below = f"{place}.{key}" if place else key
            yield below, key
            yield from places(each, below)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for n, each in enumerate(value, start=1):
            yield from places(each, f"{place}[{n}]")


def wrong(text: str) -> list[tuple[str, int, str]]:
    """What is wrong: code without its noun, line, field."""
    return [
        (p.code.removeprefix("programme."), p.params["line"], p.field)
        for p in checked(text).problems
    ]


def changed(old: str, new: str, text: str = FIRE) -> tuple[str, int]:
    """A file with one line changed, and the number of that line."""
    lines = text.splitlines()
    at = next(n for n, line in enumerate(lines) if line == old)
    lines[at] = new
    return "\n".join(lines) + "\n", at + 1


# --- The worked programmes


def test_eight_programmes_come_along_with_codes_of_their_own() -> None:
    found = [read_all(data.text(name)).rules for name in WORKED]
    assert {rules.code for rules in found if rules} == {
        "QWR", "HLW", "FIRE", "STORM", "STU", "ANGEL", "UNI", "AID",
    }  # fmt: skip


@pytest.mark.parametrize("name", WORKED)
def test_a_worked_programme_holds_its_examples_and_names_its_sources(name: str) -> None:
    found = checked(data.text(name))
    assert found.problems == ()
    assert found.rules is not None and found.rules.citation
    assert len(found.examples) >= 2
    outcomes = {example.outcome for example in found.examples}
    assert {"pass", "fail"} <= outcomes


@pytest.mark.parametrize("name", WORKED)
def test_codes_named_beside_a_worked_programme_exist(name: str) -> None:
    codes = {rules.code for each in WORKED if (rules := read_all(data.text(each)).rules)}
    rules = read_all(data.text(name)).rules
    assert rules is not None and set(rules.across.exclusive_with) <= codes


# --- Fields


@pytest.mark.parametrize(
    ("path", "made"),
    [
        ("eligible", programmes.Eligible),
        ("across", programmes.Across),
        ("papers", programmes.Papers),
        ("decide", programmes.Decide),
        ("examples[].facts", Facts),
        ("examples[].facts.history[]", Help),
    ],
)
def test_every_field_of_the_rules_can_be_written_and_no_other(path: str, made: Any) -> None:
    below = {f.path.removeprefix(f"{path}.") for f in FIELDS if f.path.startswith(f"{path}.")}
    written = {name.split(".")[0].removesuffix("[]") for name in below}
    known = {field.name for field in dataclasses.fields(made)}
    assert written - known <= {"id_kinds", "min_age"}
    assert known <= written


def test_every_way_to_be_wrong_has_a_sentence() -> None:
    for field in FIELDS:
        assert f"programme.{field.kind}" in SENTENCES


# --- What is wrong, and where


@pytest.mark.parametrize(
    ("old", "new", "code", "field"),
    [
        ('version = 1', 'version = "one"', "number", "version"),
        ('version = 1', "version = true", "number", "version"),
        ('version = 1', "version = -1", "number", "version"),
        ('name = "火灾家庭救助"', 'name = "  "', "text", "name"),
        ('effective_from = "2022-01-01"', 'effective_from = "2022-02-30"', "date",
         "effective_from"),
        ('effective_from = "2022-01-01"', 'effective_from = "20220101"', "date", "effective_from"),
        ('lane = "A"', 'lane = "C"', "choice", "lane"),
        ("disaster = true", 'disaster = "yes"', "flag", "eligible.disaster"),
        ("notice_days = 3", "notice_dayz = 3", "unknown_field", "decide.notice_dayz"),
        ("max_fen = 1000000", "max_fen = 1e6", "fen", "cash.max_fen"),
        ("follow_up_percent = 20", "follow_up_percent = 101", "percent",
         "decide.follow_up_percent"),
        ('categories = ["death", "burns"]', 'categories = ["flood"]', "choice",
         "grants[1].categories"),
        ('categories = ["death", "burns"]', 'categories = "death"', "words",
         "grants[1].categories"),
        ('always = ["ID", "HUKOU", "BANK", "DISASTER", "CONSENT"]', 'always = ["PASS"]', "choice",
         "papers.always"),
        ('death = ["DEATH"]', 'flood = ["DEATH"]', "choice", "papers.category.flood"),
        ('death = ["DEATH"]', 'death = "DEATH"', "lists", "papers.category"),
        ('home = "住房受损"', "home = 1", "names", "categories"),
        ("min_fen = 300000", "min_fen = 1000001", "order", "cash.min_fen"),
        ("min_fen = 900000", "min_fen = 1000001", "order", "grants[1].min_fen"),
        ("max_fen = 800000", "max_fen = 1000001", "order", "grants[2].max_fen"),
        ("max_fen = 800000", "", "one_amount", "grants[2]"),
        ("max_fen = 800000", "max_fen = 800000\nfen = 1", "one_amount", "grants[2]"),
        ("max_fen = 800000", "max_fen = 800000\nto_fen = 5", "measure", "grants[2]"),
        ('code = "POOR"', 'code = "DEATH"', "twice", "grants[2].code"),
        ('once_per = "cause"', "topup = true", "topup", "repeat.topup"),
        ('exclusive_with = ["STU", "ANGEL"]', 'exclusive_with = ["FIRE"]', "itself",
         "across.exclusive_with"),
        ("district_fen = 600000", "district_fen = 600000\ncity_fen = 5", "order",
         "decide.district_fen"),
        ('effective_from = "2022-01-01"',
         'effective_from = "2022-01-02"\neffective_to = "2022-01-01"', "order", "effective_from"),
    ],
)  # fmt: skip
def test_one_thing_wrong_is_named_by_its_line_and_field(
    old: str, new: str, code: str, field: str
) -> None:
    text, line = changed(old, new)
    found = read_all(text).problems
    assert [(p.code, p.field) for p in found] == [(f"programme.{code}", field)]
    near = line if code not in ("one_amount", "measure", "names", "lists") else None
    if near:
        assert found[0].params["line"] == near
    said = sentence(found[0])
    assert said.startswith(f"line {found[0].params['line']}: ")


def test_everything_wrong_is_named_at_once_in_the_order_of_the_file() -> None:
    text, first = changed("version = 1", "version = 0.5")
    text, second = changed("notice_days = 3", "notice_dayz = 3", text)
    text, third = changed('lane = "A"', 'lane = "X"', text)
    assert wrong(text) == [
        ("number", first, "version"),
        ("choice", third, "lane"),
        ("unknown_field", second, "decide.notice_dayz"),
    ]


def test_what_is_missing_is_named_at_the_table_it_belongs_to() -> None:
    text, _ = changed('code = "POOR"', "")
    line = text.splitlines().index("[[grants]]", text.splitlines().index("[[grants]]") + 1) + 1
    assert wrong(text) == [("field", line, "grants[2].code")]
    everything = {field for _code, _line, field in wrong("")}
    assert {"code", "version", "cash.min_fen", "categories", "fund"} <= everything
    assert "items[].code" not in everything


def test_a_facts_table_that_is_missing_is_named_with_what_it_needs() -> None:
    text = FIRE[: FIRE.index("[[examples]]")] + '[[examples]]\nname = "bare"\n'
    assert [(code, field) for code, _, field in wrong(text)] == [
        ("field", "examples[1].facts.received_on")
    ]


def test_text_that_is_no_toml_is_named_by_its_line() -> None:
    [(code, line, _)] = wrong('code = "X"\nname = \n')
    assert (code, line) == ("toml", 2)
    [(code, line, _)] = wrong("[a\n")
    assert (code, line) == ("toml", 1)


def test_a_table_is_no_value_and_a_value_no_table() -> None:
    assert ("table", 1, "cash") in wrong("cash = 1\n")
    assert ("tables", 1, "items") in wrong('items = ["a"]\n')
    assert ("tables", 1, "items") in wrong('[items]\ncode = "A"\n')


def test_br_025_bands_for_the_same_cases_may_touch_and_not_overlap() -> None:
    angel = data.text("programmes/angel.toml")
    assert read_all(angel).problems == ()
    text = angel.replace("over_fen = 1000000", "over_fen = 999999")
    [(code, _, field)] = wrong(text)
    assert (code, field) == ("overlap", "grants[4]")
    # Bands for other diseases are others.
    apart = text.replace('diseases = ["congenital_heart"]', 'diseases = ["leukaemia"]', 1)
    assert "overlap" not in {code for code, _, _ in wrong(apart)}


def test_an_example_that_comes_out_otherwise_is_a_problem_with_what_it_got() -> None:
    text, _ = changed("fen = 800000", "fen = 900000")
    [problem] = checked(text).problems
    assert problem.code == "programme.example"
    assert (problem.params["got"], problem.params["wanted"]) == ("800000", "900000")
    assert text.splitlines()[problem.params["line"] - 1] == "[[examples]]"
    text = FIRE.replace('"grant.fits" = "pass"', '"grant.fits" = "warn"')
    assert [p.params["what"] for p in checked(text).problems] == ["grant.fits"]
    text = FIRE.replace('"grant.fits" = "pass"', '"no.such" = "pass"')
    assert [p.params["got"] for p in checked(text).problems] == ["-"]


@given(st.text())
def test_any_text_gives_rules_or_problems_and_nothing_else(text: str) -> None:
    found = read_all(text)
    assert (found.rules is None) == bool(found.problems)


@given(st.sampled_from(FIRE.splitlines()), st.sampled_from(["", "x = 1", "[[items]]", "]", '"""']))
def test_a_worked_file_with_any_line_exchanged_gives_rules_or_problems(old: str, new: str) -> None:
    text, _ = changed(old, new)
    found = checked(text)
    assert (found.rules is None) == bool(found.problems)
    assert all(sentence(problem).startswith("line ") for problem in found.problems)


def test_a_read_text_is_rules_or_its_first_problem() -> None:
    assert isinstance(programmes.read(""), Problem)
    assert isinstance(programmes.read(FIRE), programmes.Programme)


# --- Lines


@pytest.mark.parametrize("name", WORKED)
def test_every_key_of_a_worked_file_is_found_on_its_line(name: str) -> None:
    text = data.text(name)
    lines, found = text.splitlines(), lines_of(text)
    for place, key in places(tomllib.loads(text)):
        if place in found:
            assert key in lines[found[place] - 1], place
        else:
            assert any(each.startswith((f"{place}[", f"{place}.")) for each in found), place


def test_long_values_comments_and_quotes_do_not_lead_the_lines_astray() -> None:
    text = '''# a = 1
a = """
b = 2
[no]
"""
c = [
  "d = 4", # ]
  ["x"],
]
e = { f = 1, g = [
  1 ] }
"h.i" . j = 'k = "'
[l] # [m]
n = "]"
o = \'\'\'
p = 1\'\'\'
[[q]]
r = 1
[[q]]
r = 2
[[q.s]]
t = "\\"="
[q.u]
v = 1
'''
    assert tomllib.loads(text)
    assert lines_of(text) == {
        "a": 2, "c": 6, "e": 10, "h.i.j": 12, "l": 13, "l.n": 14, "l.o": 15, "q[1]": 17,
        "q[1].r": 18, "q[2]": 19, "q[2].r": 20, "q[2].s[1]": 21, "q[2].s[1].t": 22, "q[2].u": 23,
        "q[2].u.v": 24,
    }  # fmt: skip
    assert line_of(lines_of(text), "q[2].u.w") == 23
    assert line_of(lines_of(text), "q[2].w") == 19
    assert line_of(lines_of(text), "e.f") == 10
    assert line_of(lines_of(text), "zzz") == 1


def test_two_texts_are_compared_by_the_codes_of_their_members_without_examples() -> None:
    found = flat(FIRE)
    assert found["grants[POOR].max_fen"] == 800000
    assert found["eligible.id_kinds"].startswith("RESIDENT_ID, ")
    assert not any(key.startswith("examples") for key in found)
