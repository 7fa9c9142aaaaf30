"""Statements: how they are registered, how parameters are written for each engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rcaid.db.engine import (
    STATEMENTS,
    Statement,
    expand,
    statement,
    summed,
    to_pyformat,
    unset_params,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT :a", "SELECT %(a)s"),
        ("WHERE a = :a AND b=:b_2", "WHERE a = %(a)s AND b=%(b_2)s"),
        ("LIKE 'x%'", "LIKE 'x%%'"),
        ("a % 2", "a %% 2"),
        ("':a' || :a", "':a' || %(a)s"),
        ("'it''s :a' || :a", "'it''s :a' || %(a)s"),
        ('":a" = :a', '":a" = %(a)s'),
        ("a::text", "a::text"),
        ("-- :a 50%\n:a", "-- :a 50%%\n%(a)s"),
        ("substr(x, 1, 7) = :month", "substr(x, 1, 7) = %(month)s"),
        ("(:a, :a)", "(%(a)s, %(a)s)"),
        ("'单:位' || :名", "'单:位' || :名"),
    ],
)
def test_parameters_are_rewritten_outside_quotes_and_comments(text: str, expected: str) -> None:
    assert to_pyformat(text) == expected


class _Back(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f":{name}"


@given(st.text(alphabet="ab_1:'\"%-\n (),=;人"))
def test_binding_a_rewritten_text_gives_it_back(text: str) -> None:
    assert to_pyformat(text) % _Back() == text


_PIECES = st.one_of(
    st.sampled_from(["a", "b_1"]).map(lambda name: (f":{name} ", f"%({name})s ")),
    st.text(alphabet='a:%"-人', max_size=5).map(lambda t: (f"'{t}'", f"'{t}'".replace("%", "%%"))),
    st.text(alphabet="a:%'", max_size=5).map(lambda t: (f"--{t}\n", f"--{t}\n".replace("%", "%%"))),
    st.text(alphabet="abc(), =<>", max_size=5).map(lambda t: (t, t)),
    st.just(("a::text ", "a::text ")),
    st.just((" % ", " %% ")),
)


@given(st.lists(_PIECES))
def test_each_piece_of_a_statement_is_rewritten_by_itself(pieces: list[tuple[str, str]]) -> None:
    text = " ".join(piece for piece, _ in pieces)
    assert to_pyformat(text) == " ".join(expected for _, expected in pieces)


def test_a_list_parameter_is_written_out() -> None:
    query = Statement("", "WHERE a IN (:ids) AND b = :ids_old", ("ids",))
    text, params = expand(query, {"ids": ["x", "y"], "ids_old": "z"})
    assert text == "WHERE a IN (:ids_0, :ids_1) AND b = :ids_old"
    assert params == {"ids_0": "x", "ids_1": "y", "ids_old": "z"}


def test_an_empty_list_parameter_becomes_null() -> None:
    assert expand(Statement("", "a IN (:ids)", ("ids",)), {"ids": []}) == (
        "a IN (:ids_0)",
        {"ids_0": None},
    )


def test_every_parameter_can_be_left_unset() -> None:
    query = Statement("", "a IN (:ids) OR a = :a OR b = ':c'", ("ids",))
    assert unset_params(query) == {"ids": [None], "a": None}


def test_rows_with_one_key_are_added_up_in_key_order() -> None:
    rows = [("b", "x", 1, 2), ("a", "x", 5, 0), ("b", "x", -3, 4)]
    assert summed(2, rows) == [("a", "x", 5, 0), ("b", "x", -2, 6)]


def test_a_statement_has_a_name_of_its_own() -> None:
    statement("test.twice", "SELECT 1")
    try:
        with pytest.raises(ValueError, match=r"test\.twice"):
            statement("test.twice", "SELECT 2")
    finally:
        del STATEMENTS["test.twice"]
