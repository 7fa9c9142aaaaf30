"""Profiles: TOML in and out, what is wrong named by its place, and which one fits a header."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcaid.domain.errors import Problem, Unusable
from rcaid.domain.sentences import SENTENCES
from rcaid.files.profiles import Profile, fitting, read_profile, write_profile

KINDS = {"people": ("name", "number", "id_kind", "phone", "sex", "born"), "bank": ("code",)}
TEXT = """
name = "far-away"
kind = "people"
about = "what the other side sends"
dates = "dmy"
phone = "international"
identity = "any"
reason = "documents of another country"
encoding = "cp1252"
sheet = "Liste"
delimiter = "~"
needs = ["phoneNumber"]
ignored = ["scope"]

[columns]
name = ["firstName", "lastName"]
phone = "phoneNumber"

[constants]
id_kind = "OTHER"

[values.sex]
"Féminin" = "F"
"""
WHOLE = Profile(
    "far-away", "people", "what the other side sends",
    columns={"name": ("firstName", "lastName"), "phone": ("phoneNumber",)},
    constants={"id_kind": "OTHER"}, values={"sex": {"féminin": "F"}}, ignored=("scope",),
    needs=("phoneNumber",), dates="dmy", phone="international", identity="any",
    reason="documents of another country", encoding="cp1252", sheet="Liste", delimiter="~",
)  # fmt: skip


def _wrong(text: str) -> tuple[Problem, ...]:
    with pytest.raises(Unusable) as raised:
        read_profile(text, KINDS)
    assert all(problem.code in SENTENCES for problem in raised.value.problems)
    return raised.value.problems


def test_toml_says_all_that_a_profile_holds() -> None:
    assert read_profile(TEXT, KINDS) == WHOLE


def test_a_profile_written_and_read_is_the_same() -> None:
    assert read_profile(write_profile(WHOLE), KINDS) == WHOLE
    least = Profile("least", "bank")
    assert read_profile(write_profile(least), KINDS) == least


_heading = st.text(min_size=1, max_size=9).filter(lambda t: t.isprintable() and t.strip())


@given(st.dictionaries(_heading, _heading.map(str.strip), max_size=4), _heading)
def test_any_heading_and_any_meaning_come_back(meanings: dict[str, str], heading: str) -> None:
    made = f"""name = "x"\nkind = "people"\n[columns]\nname = {_toml(heading)}\n[values.sex]\n"""
    seen: dict[str, str] = {}
    for text, meaning in meanings.items():
        made += f"{_toml(text)} = {_toml(meaning)}\n"
        seen[text] = meaning
    first = read_profile(made, KINDS)
    assert read_profile(write_profile(first), KINDS) == first
    assert first.columns == {"name": (heading,)}


def _toml(text: str) -> str:
    plain = string.ascii_letters + string.digits
    return '"' + "".join(c if c in plain else f"\\U{ord(c):08x}" for c in text) + '"'


def test_what_is_no_toml_is_told_with_its_line() -> None:
    [problem] = _wrong('name = "x"\nkind = people\n')
    assert problem.code == "profile.toml" and "line 2" in str(problem.params["why"])


@pytest.mark.parametrize(
    ("lines", "code", "place"),
    [
        ("colour = 1", "place", "colour"),
        ('dates = "guess"', "choice", "dates"),
        ('phone = "any"', "choice", "phone"),
        ('identity = "none"', "choice", "identity"),
        ('encoding = "rot13"', "choice", "encoding"),
        ("about = 3", "text", "about"),
        ('about = "a\\u001b[2J"', "text", "about"),
        ("ignored = [1]", "texts", "ignored"),
        ('delimiter = ";;"', "delimiter", "delimiter"),
        ('needs = ["who"]', "needs", "needs"),
        ("columns = 1", "table", "columns"),
        ('[columns]\nshoe = "Shoe"', "field", "columns.shoe"),
        ("[columns]\nname = []", "texts", "columns.name"),
        ("[columns]\nname = 4", "texts", "columns.name"),
        ("[constants]\nsex = 1", "text", "constants.sex"),
        ('[constants]\nid_kind = "OTHER"', "reason", "reason"),
        ('[values]\nsex = "M"', "table", "values.sex"),
        ('[columns]\nname = "A"\nphone = " a*"', "twice", "phone"),
        ('[columns]\nname = ["A", "A"]', "twice", "name"),
        ('ignored = ["A"]\n[columns]\nname = "A"', "twice", "ignored"),
        ('[columns]\nsex = "A"\n[constants]\nsex = "M"', "two_sources", "constants.sex"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_place(lines: str, code: str, place: str) -> None:
    [problem] = _wrong(f'name = "x"\nkind = "people"\n{lines}\n')
    assert (problem.code, problem.params["place"]) == (f"profile.{code}", place)


def test_all_that_is_wrong_is_told_at_once() -> None:
    problems = _wrong('name = "A B"\nkind = "shoes"\ndates = "x"\nsize = 9\n')
    assert {problem.code for problem in problems} == {
        "profile.name", "profile.choice", "profile.place",
    }  # fmt: skip
    assert len(problems) == 4
    assert {p.params["place"] for p in _wrong("")} == {"name", "kind"}


def test_a_value_means_what_the_profile_says_whatever_its_case_and_blanks() -> None:
    assert WHOLE.meaning("sex", " FÉMININ ") == "F"
    assert WHOLE.meaning("sex", "Masculin") == "Masculin"
    assert WHOLE.meaning("born", "Féminin") == "Féminin"


def _named(name: str, *headings: str, ignored: tuple[str, ...] = ()) -> Profile:
    return Profile(name, "people", columns={"name": headings}, ignored=ignored)


def test_the_profile_that_knows_most_of_the_headings_fits() -> None:
    short, long = _named("a-short", "fullName"), _named("a-long", "fullName", ignored=("scope",))
    assert fitting("a", [short, long], ["fullName", "Scope ", "x"], "f.csv") is long
    needs = Profile("a-needs", "people", columns={"name": ("fullName",)}, ignored=("scope", "x"),
                    needs=("fullName", "age"))  # fmt: skip
    assert fitting("a", [short, needs], ["fullName", "scope", "x"], "f.csv") is short


def test_none_or_two_that_fit_are_told_and_not_guessed() -> None:
    one, two = _named("a-one", "fullName"), _named("a-two", "fullName")
    with pytest.raises(Unusable) as none:
        fitting("a", [one, two], ["name", "", "status"], "f.csv")
    assert none.value.problems == (
        Problem("profile.none_fits", {"file": "f.csv", "family": "a", "n": 2,
                                      "headings": "name, status"}),
    )  # fmt: skip
    with pytest.raises(Unusable) as both:
        fitting("a", [one, two], ["fullName"], "f.csv")
    assert both.value.problems == (
        Problem("profile.several_fit", {"file": "f.csv", "names": "a-one, a-two"}),
    )
