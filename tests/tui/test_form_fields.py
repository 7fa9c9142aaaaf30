"""What keys do to the fields of a form, without a screen."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from rcaid.screens.form_fields import CHOICE, NUMBER, TICKS, Fields, FieldSpec, Form
from rcaid.screens.who import Choice

COLOURS = tuple(Choice(name[0], name) for name in ("red", "green", "blue"))
MANY = tuple(Choice(str(n), f"thing {n}") for n in range(1, 12))


def specs(values: Mapping[str, str]) -> Fields:
    child = (FieldSpec("parent", "parent", required=True),) if values.get("age") == "9" else ()
    return (
        FieldSpec("name", "name", required=True),
        FieldSpec("age", "age", NUMBER, check=lambda text: "" if text.isdigit() else "no number"),
        *child,
        FieldSpec("colour", "colour", CHOICE, COLOURS, required=True),
        FieldSpec("thing", "thing", CHOICE, MANY),
        FieldSpec("papers", "papers", TICKS, COLOURS, all_by_zero=True),
    )


def typed(form: Form, text: str) -> Form:
    for character in text:
        form.type(character)
    return form


@pytest.fixture
def form() -> Form:
    return Form(specs)


def test_text_goes_in_at_the_caret_and_is_mended_there(form: Form) -> None:
    typed(form, "Wag Fang")
    for name in ("home", "right", "right"):
        form.key(name)
    typed(form, "n")
    assert form.values == {"name": "Wang Fang"}
    form.key("ctrl+e")
    form.key("ctrl+w")
    assert form.values == {"name": "Wang "}
    form.key("ctrl+u")
    assert form.values == {}


def test_a_number_field_folds_full_width_digits_and_a_text_field_keeps_han(form: Form) -> None:
    typed(form, "赵，敏")
    form.next()
    typed(form, "４２")
    assert form.values == {"name": "赵，敏", "age": "42"}


def test_a_choice_moves_on_when_its_number_is_whole_and_takes_no_other_number(form: Form) -> None:
    form.go("colour")
    typed(form, "9x2")
    assert (form.values, form.at) == ({"colour": "g"}, "thing")
    typed(form, "1")
    assert form.values == {"colour": "g"}
    typed(form, "1")
    assert (form.values["thing"], form.at) == ("11", "papers")


def test_ticks_are_set_and_taken_back_by_digits_space_and_zero(form: Form) -> None:
    form.go("papers")
    typed(form, "0")
    assert form.values["papers"] == "r,g,b"
    typed(form, "2")
    assert form.values["papers"] == "r,b"
    form.key("left")
    form.type(" ")
    assert form.values["papers"] == "b"


def test_a_field_appears_below_the_one_that_asks_for_it_and_goes_with_it(form: Form) -> None:
    form.go("age")
    typed(form, "9")
    assert [field.name for field in form.fields][:3] == ["name", "age", "parent"]
    form.next()
    typed(form, "Li")
    form.before()
    form.key("backspace")
    typed(form, "30")
    assert "parent" not in [field.name for field in form.fields]
    assert "parent" not in form.filled


def test_what_is_wrong_or_missing_is_to_fill_and_the_next_of_it_is_found_around_the_end(
    form: Form,
) -> None:
    typed(form, "Li")
    form.next()
    typed(form, "x")
    assert form.error(form.field) == "no number"
    assert [field.name for field in form.to_fill] == ["age", "colour"]
    form.next_to_fill()
    assert form.at == "colour"
    form.next_to_fill()
    assert form.at == "age"


def test_pasted_cells_fill_the_fields_that_follow(form: Form) -> None:
    assert form.paste("赵小敏\t４２\tgreen\tthing 3\tred，blue") == ""
    assert form.values == {
        "name": "赵小敏", "age": "42", "colour": "g", "thing": "3", "papers": "r,b",
    }  # fmt: skip


def test_several_lines_do_not_fit_in_one_field_and_change_nothing(form: Form) -> None:
    assert form.paste("a\nb\nc") == "3 lines do not fit in one field"
    assert form.values == {}


def test_an_error_from_elsewhere_goes_when_the_field_is_typed_in(form: Form) -> None:
    form.wrong = {"name": "known already"}
    assert form.error(form.field) == "known already"
    typed(form, "L")
    assert form.error(form.field) == ""
