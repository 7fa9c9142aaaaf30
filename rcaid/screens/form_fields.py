"""The fields of a form and what keys do to them: one column of values, a caret, and no screen.

What a key does hangs on what stands here alone, never on an answer that is still on its way: so a
burst of keys ends as slow hands do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rcaid.domain.text import safe_text
from rcaid.locale import _
from rcaid.screens import keys
from rcaid.screens.who import Choice

TEXT, NUMBER, CHOICE, TICKS, END = "text", "number", "choice", "ticks", "end"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field. ``number`` fields take digits and letters folded to half width, ``choice`` one of
    the choices by its number, ``ticks`` any of them. ``all_by_zero``: 0, or 00
    where numbers have two digits, ticks all. ``default``
    stands in for nothing typed, and ``hint`` says beside it where it is from, ``beside``
    what is read from what was typed. ``check`` answers
    what is wrong with a value, "" for nothing."""

    name: str
    label: str
    kind: str = TEXT
    choices: tuple[Choice, ...] = ()
    required: bool = False
    default: str = ""
    hint: str = ""
    beside: str = ""
    all_by_zero: bool = False
    check: Callable[[str], str] | None = None


Fields = tuple[FieldSpec, ...]


def places(choices: Sequence[object]) -> int:
    """How many digits the number of each choice has: one for up to nine, two up to 99."""
    return len(str(max(len(choices), 1)))


def number_of(spec: FieldSpec, code: str) -> str:
    """The number of a choice."""
    at = next((n for n, choice in enumerate(spec.choices, 1) if choice.code == code), 0)
    return str(at).zfill(places(spec.choices)) if at else ""


def label_of(spec: FieldSpec, code: str) -> str:
    """The words of a choice."""
    return next((choice.label for choice in spec.choices if choice.code == code), code)


def codes(value: str) -> tuple[str, ...]:
    """What is ticked."""
    return tuple(value.split(",")) if value else ()


END_FIELD = FieldSpec("end", "", END)


class Form:
    """The values of a form, and where the caret stands. ``specs`` gives the fields that the values
    of now ask for, in order; the last line below them is the one that submits."""

    def __init__(self, specs: Callable[[Mapping[str, str]], Fields]) -> None:
        self._specs = specs
        self.values: dict[str, str] = {}
        self.wrong: dict[str, str] = {}
        self.at = ""
        self.caret = 0
        self.digits = ""
        self._fields: Fields = ()
        self.renew()

    def renew(self) -> None:
        """Ask again which fields there are."""
        self._fields = (*self._specs(self.values), END_FIELD)
        if self.at not in {field.name for field in self._fields}:
            self.go(self._fields[0].name)

    @property
    def fields(self) -> Fields:
        """The fields of now, the line that submits last."""
        return self._fields

    @property
    def field(self) -> FieldSpec:
        """The field with the caret."""
        return next(field for field in self._fields if field.name == self.at)

    def value(self, field: FieldSpec) -> str:
        """What stands in a field: typed, else its default."""
        return self.values.get(field.name) or field.default

    def error(self, field: FieldSpec) -> str:
        """What is wrong with a field, in words; what is not filled yet is not wrong."""
        if field.name in self.wrong:
            return self.wrong[field.name]
        value = self.values.get(field.name, "")
        return field.check(value) if field.check and value else ""

    def is_open(self, field: FieldSpec) -> bool:
        """Whether a field is still to be filled, or filled right."""
        missing = field.required and not self.value(field)
        return missing or bool(self.error(field))

    @property
    def to_fill(self) -> list[FieldSpec]:
        """The fields that keep the form from being sent."""
        return [field for field in self._fields if self.is_open(field)]

    @property
    def filled(self) -> dict[str, str]:
        """The values that count now, defaults included; those of fields not asked for are left."""
        return {f.name: self.value(f) for f in self._fields if self.value(f)}

    # moving

    def go(self, name: str) -> None:
        """The caret to the end of what was typed in a field."""
        self.at, self.digits = name, ""
        self.caret = len(self.values.get(name, ""))

    def next(self) -> None:
        """To the next field; from the last line nowhere."""
        names = [field.name for field in self._fields]
        self.go(names[min(names.index(self.at) + 1, len(names) - 1)])

    def before(self) -> None:
        """To the field before."""
        names = [field.name for field in self._fields]
        self.go(names[max(names.index(self.at) - 1, 0)])

    def next_to_fill(self) -> None:
        """To the next field that is to be filled, from the last one round to the first."""
        names = [field.name for field in self._fields]
        at = names.index(self.at)
        around = [*self._fields[at + 1 :], *self._fields[: at + 1]]
        found = next((field for field in around if self.is_open(field)), END_FIELD)
        self.go(found.name)

    # typing

    def type(self, character: str) -> bool:
        """Take one character; whether anything has changed."""
        field = self.field
        if field.kind == TICKS:
            return self._tick(field, keys.fold(character))
        if field.kind == CHOICE:
            return self._choose(field, keys.fold(character))
        if field.kind == END:
            return False
        folded = keys.fold(character) if field.kind == NUMBER else character
        self._insert(folded.replace("\u3000", " "))
        return True

    def _insert(self, text: str) -> None:
        value = self.values.get(self.at, "")
        at = min(self.caret, len(value))
        value = (value[:at] + text + value[at:])[:_LONGEST]
        self.caret = min(at + len(text), len(value))
        self._set(value)

    def _set(self, value: str) -> None:
        self.values[self.at] = value
        if not value:
            del self.values[self.at]
        self.wrong.pop(self.at, None)
        self.renew()

    def _choose(self, field: FieldSpec, digit: str) -> bool:
        """A choice moves on when its number is complete; a number that there is not is dropped."""
        if not (digit.isascii() and digit.isdigit()):
            return False
        self.digits += digit
        if len(self.digits) < places(field.choices):
            return True
        at, self.digits = int(self.digits) - 1, ""
        if not 0 <= at < len(field.choices):
            return False
        self._set(field.choices[at].code)
        self.next()
        return True

    def _tick(self, field: FieldSpec, digit: str) -> bool:
        """A digit ticks or takes back."""
        if digit == " ":
            return self._tick_one(field, self.caret)
        if not (digit.isascii() and digit.isdigit()):
            return False
        self.digits += digit
        if len(self.digits) < places(field.choices):
            return True
        at, self.digits = int(self.digits), ""
        if not at and field.all_by_zero:
            self._set(",".join(choice.code for choice in field.choices))
            return True
        return self._tick_one(field, at - 1)

    def _tick_one(self, field: FieldSpec, at: int) -> bool:
        if not 0 <= at < len(field.choices):
            return False
        self.caret = at
        ticked = {*codes(self.values.get(self.at, ""))} ^ {field.choices[at].code}
        self._set(",".join(choice.code for choice in field.choices if choice.code in ticked))
        return True

    def key(self, name: str) -> bool:
        """Use a key that edits; whether it is one."""
        field = self.field
        if field.kind in (CHOICE, END):
            return self._edit_choice(field, name)
        if field.kind == TICKS:
            step = {"left": -1, "right": 1}.get(name)
            if step is not None:
                self.caret = max(min(self.caret + step, len(field.choices) - 1), 0)
            return step is not None
        return self._edit(name)

    def _edit_choice(self, field: FieldSpec, name: str) -> bool:
        if name not in ("backspace", "delete", "ctrl+u") or field.kind == END:
            return False
        if self.digits:
            self.digits = self.digits[:-1]
        else:
            self._set("")
        return True

    def _edit(self, name: str) -> bool:
        value, at = self.values.get(self.at, ""), self.caret
        moves = {
            "left": at - 1, "right": at + 1, "home": 0, "ctrl+a": 0, "end": len(value),
            "ctrl+e": len(value),
        }  # fmt: skip
        cuts = {
            "backspace": (at - 1, at), "delete": (at, at + 1), "ctrl+d": (at, at + 1),
            "ctrl+u": (0, at), "ctrl+k": (at, len(value)), "ctrl+w": (_word_start(value, at), at),
        }  # fmt: skip
        if name in moves:
            self.caret = max(min(moves[name], len(value)), 0)
        elif name in cuts:
            first, last = cuts[name]
            if first >= 0:
                self.caret = first
                self._set(value[:first] + value[last:])
        else:
            return False
        return True

    def paste(self, text: str) -> str:
        """Take a paste: cells fill this field and those behind it. Why not, in words, or ""."""
        lines = text.splitlines()
        if len(lines) > 1:
            return _("{n} lines do not fit in one field").format(n=len(lines))
        cells = lines[0].split("\t") if lines else []
        for n, cell in enumerate(cells):
            self._take_cell(safe_text(cell.strip(), _LONGEST))
            if n + 1 < len(cells):
                self.next()
        return ""

    def _take_cell(self, cell: str) -> None:
        field = self.field
        if field.kind in (CHOICE, TICKS):
            wanted = {
                part for part in cell.replace("，", ",").replace("、", ",").split(",") if part
            }
            found = [c.code for c in field.choices if wanted & {c.code, c.label}]
            if found:
                self._set(",".join(found if field.kind == TICKS else found[:1]))
        elif field.kind != END and cell:
            folded = "".join(map(keys.fold, cell)) if field.kind == NUMBER else cell
            self._insert(folded)


def _word_start(value: str, at: int) -> int:
    """Where the word before the caret begins."""
    before, blank, _word = value[:at].rstrip().rpartition(" ")
    return len(before) + len(blank)
