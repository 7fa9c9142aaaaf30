"""What may stand behind the caret of a filter: fields after their first letter, then values."""

from __future__ import annotations

from collections.abc import Iterable

from textual.suggester import Suggester

_MACHINES = {
    "cases": "any_case",
    "rosters": "roster",
    "batches": "batch",
    "transfers": "transfer",
    "imports": "import_batch",
    "duplicates": "pair",
}
_FILES = (
    "roster", "quota", "delivery", "bank", "people", "update", "application", "institution",
    "donation",
)  # fmt: skip
_CATEGORIES = ("tumour", "mental", "dementia", "leprosy", "accident", "illness")
_HARDSHIPS = ("subsistence", "destitute", "low_income", "expenditure", "none")


class Completion(Suggester):
    """Completes the last word of a filter, in the language it was begun in."""

    def __init__(self, place: str, fields: Iterable[str]) -> None:
        super().__init__(use_cache=True, case_sensitive=True)
        self._place = place
        self._fields = tuple(fields)

    async def get_suggestion(self, value: str) -> str | None:
        """The whole text with its last word completed, None if nothing fits."""
        word = value.rsplit(" ", 1)[-1].removeprefix("-")
        if not word:
            return None
        field, colon, values = word.partition(":")
        begun = values.rsplit(",", 1)[-1]
        known = self._values(field) if colon else self._names()
        for one in known:
            if one.startswith(begun if colon else word) and one != begun:
                return value + one[len(begun if colon else word) :]
        return None

    def _names(self) -> Iterable[str]:
        # Read when somebody types: these tables cost more than the first picture may.
        from rcaid.domain.filter_fields import FIELDS

        for name in self._fields:
            yield f"{name}:"
            yield f"{FIELDS[name].chinese}:"

    def _values(self, typed: str) -> Iterable[str]:
        from rcaid.domain.filter_fields import DATE_WORDS, FLAGS, field_named
        from rcaid.domain.words import CHINESE

        field = field_named(typed)
        name = field.name if field and field.name in self._fields else ""
        if name == "step":
            words = CHINESE.get(_MACHINES.get(self._place, ""), {})
            return (*words, *words.values())
        if name == "kind":
            known = ("money", "goods") if self._place == "batches" else _FILES
            return (*known, *(CHINESE["kind"][one] for one in known if one in CHINESE["kind"]))
        if name == "is":
            return tuple(FLAGS)
        if field and name and field.kind == "date":
            return tuple(DATE_WORDS)
        return {"category": _CATEGORIES, "hardship": _HARDSHIPS, "sex": ("F", "M")}.get(name, ())
