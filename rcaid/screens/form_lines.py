"""How the fields of a form stand on the screen: labels, values, choices, errors, the caret."""

from __future__ import annotations

from dataclasses import dataclass

from rcaid.locale import _
from rcaid.screens import signs
from rcaid.screens.cells import Line, fit, width_of, wrapped
from rcaid.screens.form_fields import (
    CHOICE,
    END,
    TICKS,
    FieldSpec,
    Form,
    codes,
    label_of,
    number_of,
    places,
)

_FRONT = 3
_LEAST, _MOST = 9, 16


@dataclass(frozen=True, slots=True)
class Laid:
    """The lines of a form, and in them the first line of the field with the caret, its last one,
    and the cell of the caret (None where no text goes in)."""

    lines: list[Line]
    first: int
    last: int
    caret: tuple[int, int] | None


def laid_out(form: Form, width: int, end: str) -> Laid:
    """All fields in one column of ``width`` cells; ``end`` is said on the line that submits."""
    labels = max([_LEAST, *(width_of(field.label) for field in form.fields)])
    before = _FRONT + min(labels, _MOST) + 2
    lines: list[Line] = []
    first = last = 0
    caret = None
    for field in form.fields:
        here = field.name == form.at
        if here:
            first = len(lines)
            caret = _caret(form, field, before, len(lines), width)
        lines += _field(form, field, here, before, width, end)
        if here:
            last = len(lines) - 1
    return Laid(lines, first, last, caret)


def _caret(form: Form, field: FieldSpec, before: int, y: int, width: int) -> tuple[int, int] | None:
    if field.kind in (TICKS, END):
        return None
    text = form.digits if field.kind == CHOICE else form.values.get(field.name, "")[: form.caret]
    return min(before + width_of(_tail(text, width - before - 1)), width - 1), y


def _tail(text: str, room: int) -> str:
    """The end of a text that is too long for its line."""
    while text and width_of(text) > room:
        text = text[1:]
    return text


def _field(
    form: Form, field: FieldSpec, here: bool, before: int, width: int, end: str
) -> list[Line]:
    current = signs.current()
    label = end if field.kind == END else field.label
    front: Line = (
        (f" {current.cursor} " if here else "   ", "accent"),
        (fit(label, before - _FRONT), "text" if here and field.kind == END else "quiet"),
    )
    if field.kind == END:
        n = len(form.to_fill)
        said = _("{n} to fill: ^r goes there").format(n=n) if n else _("all is filled")
        front = (front[0], (fit(_("submit"), before - _FRONT), "text" if here else "quiet"))
        return [(*front, (said, "attention" if n else "done"))]
    room = max(width - before, 8)
    lines = [(*front, *_value(form, field, here, room))]
    indent = " " * before
    if field.kind in (CHOICE, TICKS) and here:
        lines += [((indent, "text"), *line) for line in _choices(form, field, room)]
    error = form.error(field)
    if error:
        first, *more = wrapped(error, room - 2)
        lines.append(((indent, "text"), (f"{current.stopped} ", "stopped"), (first, "text")))
        lines += [((f"{indent}  {line}", "text"),) for line in more]
    return lines


def _value(form: Form, field: FieldSpec, here: bool, room: int) -> Line:
    """What stands in a field, with the caret in it where it is."""
    typed = form.values.get(field.name, "")
    hint = field.beside if typed else field.hint
    if field.kind == CHOICE:
        value = form.value(field)
        shown = f"{number_of(field, value)} {label_of(field, value)}" if value else ""
        if here and form.digits:
            return ((form.digits, "strong"), (signs.current().caret, "accent"))
        if here:
            caret = signs.current().caret
            return ((shown, "text"), (caret, "accent"))
        return _with_hint(shown, hint, room, "text", "")
    if field.kind == TICKS:
        ticked = len(codes(form.value(field)))
        text = f"{ticked}/{len(field.choices)}"
        shown = text if ticked or not here else ""
        return _with_hint(shown + (f"  {form.digits}" if here else ""), hint, room, "text", "")
    if not here:
        return _with_hint(typed or field.default, hint, room, "text", "")
    if not typed:
        # What stands in for nothing typed is seen, and gives way to the first character.
        caret = signs.current().caret
        return _with_hint(field.default, hint, room - 1, "quiet", caret)
    hint = _shortened(hint, room - 1 - width_of(typed))
    ends = f" {hint}" if hint else ""
    room = max(room - width_of(ends), 8)
    left, right = typed[: form.caret], typed[form.caret :]
    left = _tail(left, room - 1)
    return (
        (left, "strong"),
        (signs.current().caret, "accent"),
        (fit(right, max(room - 1 - width_of(left), 0)), "strong"),
        (ends, "quiet"),
    )


def _shortened(hint: str, room: int) -> str:
    """As many parts of a hint, parted by two blanks, as leave the value whole."""
    parts = hint.split("  ")
    while len(parts) > 1 and width_of("  ".join(parts)) + 1 > room:
        parts.pop()
    return "  ".join(parts)


def _with_hint(text: str, hint: str, room: int, role: str, caret: str) -> Line:
    hint = _shortened(hint, room - width_of(text))
    if not hint:
        return ((caret, "accent"), (fit(text, max(room, 0)).rstrip(), role))
    left = max(room - width_of(hint) - 1, 0)
    return ((caret, "accent"), (fit(text, left), role), (f" {hint}", "quiet"))


def _choices(form: Form, field: FieldSpec, room: int) -> list[Line]:
    """The choices under their numbers, in as many columns as they fit."""
    digits = places(field.choices)
    current = signs.current()
    ticks = field.kind == TICKS
    chosen = set(codes(form.value(field)))
    widest = max((width_of(choice.label) for choice in field.choices), default=0)
    cell = widest + digits + (3 if ticks else 2)
    across = max(min(room // max(cell, 1), 4), 1)
    cell = min(max(room // across, 1), cell + 2)
    lines: list[Line] = []
    for start in range(0, len(field.choices), across):
        spans: list[tuple[str, str]] = []
        for n, choice in enumerate(field.choices[start : start + across], start + 1):
            box = (current.ticked if choice.code in chosen else current.box) if ticks else ""
            here = ticks and form.caret == n - 1
            spans.append((f"{box}{str(n).zfill(digits)} ", "accent"))
            text = fit(choice.label, max(cell - digits - 2 - len(box), 1)) + " "
            spans.append((text, "strong" if here else "text"))
        lines.append(tuple(spans))
    if ticks and field.all_by_zero:
        lines.append(((f"{'0' * digits} {_('all of them')}", "quiet"),))
    return lines
