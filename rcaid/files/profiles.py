"""Profiles: how the files of one sender are read, remembered as data and written as TOML."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from rcaid.domain.errors import Problem, Unusable
from rcaid.files.delimited import OVERRIDES, is_delimiter
from rcaid.files.headers import fold

_NONE: Final[Mapping[str, str]] = MappingProxyType({})
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_TEXTS: Final = (
    "name", "kind", "about", "dates", "phone", "identity", "reason", "encoding", "sheet",
    "delimiter",
)  # fmt: skip
_LISTS: Final = ("needs", "ignored")
_TABLES: Final = ("columns", "constants", "values")
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "dates": ("", "ymd", "dmy", "mdy"),
    "phone": ("cn", "international", "digits"),
    "identity": ("resident", "any"),
    "encoding": ("", *sorted(OVERRIDES)),
}


@lru_cache(maxsize=4096)
def _word(text: str) -> str:
    """A value folded as far as it goes: once folded, an accent may join its letter."""
    folded = fold(text)
    return folded if folded == text else _word(folded)


@dataclass(frozen=True, slots=True)
class Profile:
    """How to read the files of one sender.

    ``columns``: the headings of each field; several are joined with a space. ``constants``: what
    a field is in every row. ``values``: what a text of the file, folded, means here. ``ignored``:
    headings known to be of no use. ``needs``: headings a file must have for the profile to fit.
    ``dates``: ymd, dmy, mdy, or "" where the column has to prove it. ``phone``: cn, international
    or digits. ``identity``: resident or any. ``reason``: why documents are of type OTHER or NONE
    (BR-007). ``encoding``, ``sheet`` and ``delimiter`` are "" where the file itself tells.
    """

    name: str
    kind: str
    about: str = ""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    dates: str = ""
    phone: str = "cn"
    identity: str = "resident"
    reason: str = ""
    encoding: str = ""
    sheet: str = ""
    delimiter: str = ""

    def meaning(self, field: str, text: str) -> str:
        """What ``text`` means in a field; itself where the profile has no word for it."""
        return self.values.get(field, _NONE).get(_word(text), text)

    def headings(self) -> tuple[str, ...]:
        """Every heading it knows: of its fields first, then those of no use."""
        return (*(each for joined in self.columns.values() for each in joined), *self.ignored)

    def leaves_out(self, header: Sequence[str]) -> list[str]:
        """The headings of a file that it knows to be of no use."""
        known = set(map(fold, self.ignored))
        return [heading for heading in header if fold(heading) in known]

    def needed(self) -> tuple[str, ...]:
        """The headings without which it does not fit: ``needs``, else those of all its fields."""
        return self.needs or tuple(each for joined in self.columns.values() for each in joined)


def read_profile(text: str, kinds: Mapping[str, Collection[str]]) -> Profile:
    """The profile that TOML ``text`` says, for ``kinds`` with the names of their fields.

    Unusable names the line that is no TOML, or every place that says what no profile can.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unusable(Problem("profile.toml", {"why": str(error)})) from error
    problems = list(_problems(raw, kinds))
    if problems:
        raise Unusable(problems)
    profile = Profile(
        **{key: raw[key] for key in _TEXTS if key in raw},
        ignored=tuple(raw.get("ignored", ())),
        needs=tuple(raw.get("needs", ())),
        columns={name: _headings(said) for name, said in raw.get("columns", {}).items()},
        constants=dict(raw.get("constants", {})),
        values={
            name: {_word(text): meaning for text, meaning in table.items()}
            for name, table in raw.get("values", {}).items()
        },
    )
    problems = list(_contradictions(profile))
    if problems:
        raise Unusable(problems)
    return profile


def _headings(said: str | list[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def _wrong(place: str, code: str, **params: object) -> Problem:
    return Problem(f"profile.{code}", {"place": place, **params})


def _problems(raw: Mapping[str, Any], kinds: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    """What is no profile by its shape, place by place."""
    known = (*_TEXTS, *_LISTS, *_TABLES)
    yield from (_wrong(key, "place", known=", ".join(known)) for key in raw if key not in known)
    yield from (_wrong(key, "missing") for key in ("name", "kind") if key not in raw)
    for key in _TEXTS:
        if not isinstance(raw.get(key, ""), str) or not _printable(raw.get(key, "")):
            yield _wrong(key, "text")
        elif key in _CHOICES and key in raw and raw[key] not in _CHOICES[key]:
            allowed = ", ".join(filter(None, _CHOICES[key]))
            yield _wrong(key, "choice", value=raw[key], known=allowed)
    for key in _LISTS:
        if not _is_list(raw.get(key, [])):
            yield _wrong(key, "texts")
    if isinstance(raw.get("name"), str) and not _NAME.fullmatch(raw["name"]):
        yield _wrong("name", "name", value=raw["name"])
    kind = raw.get("kind")
    if isinstance(kind, str) and kind not in kinds:
        yield _wrong("kind", "choice", value=kind, known=", ".join(kinds))
    fields = kinds.get(kind, ()) if isinstance(kind, str) else ()
    for key in _TABLES:
        yield from _table_problems(key, raw.get(key, {}), fields)


def _table_problems(key: str, table: Any, fields: Collection[str]) -> Iterator[Problem]:
    if not isinstance(table, dict):
        yield _wrong(key, "table")
        return
    for name, said in table.items():
        place = f"{key}.{name}"
        if fields and name not in fields:
            yield _wrong(place, "field", field=name, known=", ".join(fields))
        if key == "columns" and not (_is_text(said) or (said and _is_list(said))):
            yield _wrong(place, "texts")
        if key == "constants" and not _is_text(said):
            yield _wrong(place, "text")
        if key == "values" and not (
            isinstance(said, dict)
            and all(isinstance(v, str) and _printable(v) for v in said.values())
        ):
            yield _wrong(place, "table")


def _is_text(said: Any) -> bool:
    return isinstance(said, str) and bool(said.strip()) and _printable(said)


def _is_list(said: Any) -> bool:
    return isinstance(said, list) and all(map(_is_text, said))


def _printable(said: Any) -> bool:
    return not isinstance(said, str) or said in ("", "\t") or said.isprintable()


def _contradictions(profile: Profile) -> Iterator[Problem]:
    """A heading used twice, a field with two sources, documents of any type without a reason."""
    seen: dict[str, str] = {}
    places = [(h, name) for name, joined in profile.columns.items() for h in joined]
    for heading, name in [*places, *((h, "ignored") for h in profile.ignored)]:
        if fold(heading) in seen:
            params = {"heading": heading, "first": seen[fold(heading)]}
            yield _wrong(name, "twice", **params)
        seen.setdefault(fold(heading), name)
    for name in profile.constants.keys() & profile.columns.keys():
        yield _wrong(f"constants.{name}", "two_sources", field=name)
    if profile.constants.get("id_kind") in ("OTHER", "NONE") and not profile.reason:
        yield _wrong("reason", "reason")
    if profile.delimiter and not is_delimiter(profile.delimiter):
        yield _wrong("delimiter", "delimiter")
    for heading in profile.needs:
        if fold(heading) not in seen:
            yield _wrong("needs", "needs", heading=heading)


def write_profile(profile: Profile) -> str:
    """The profile as TOML: what `read_profile` makes an equal one of."""
    lines = [f"{key} = {_quoted(getattr(profile, key))}" for key in _TEXTS if getattr(profile, key)]
    lines += [
        f"{key} = {_listed(getattr(profile, key))}" for key in _LISTS if getattr(profile, key)
    ]
    if profile.columns:
        lines += ["", "[columns]"]
        lines += [f"{_key(name)} = {_listed(joined)}" for name, joined in profile.columns.items()]
    if profile.constants:
        lines += ["", "[constants]"]
        lines += [f"{_key(name)} = {_quoted(said)}" for name, said in profile.constants.items()]
    for name, table in profile.values.items():
        lines += ["", f"[values.{_key(name)}]"]
        lines += [f"{_quoted(text)} = {_quoted(meaning)}" for text, meaning in table.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML string: the escapes of JSON are those of TOML, which wants DEL escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def _listed(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return f"[{_quoted(texts[0])}]"
    return "[\n" + "".join(f"  {_quoted(text)},\n" for text in texts) + "]"


def fitting(family: str, among: Sequence[Profile], header: Sequence[str], file: str) -> Profile:
    """The one of ``among`` that fits a file's headings best: all it needs is there, it knows more
    of them than any other, and misses fewer. Unusable where none fits, or two fit as well."""
    there = {fold(heading) for heading in header if heading}
    fit: dict[tuple[int, int], list[Profile]] = {}
    for profile in among:
        if there.issuperset(map(fold, profile.needed())):
            known = set(map(fold, profile.headings()))
            fit.setdefault((len(known & there), -len(known - there)), []).append(profile)
    best = fit[max(fit)] if fit else []
    if not best:
        shown = ", ".join(heading for heading in header if heading)
        params = {"file": file, "family": family, "n": len(among), "headings": shown}
        raise Unusable(Problem("profile.none_fits", params))
    if len(best) > 1:
        names = ", ".join(profile.name for profile in best)
        raise Unusable(Problem("profile.several_fit", {"file": file, "names": names}))
    return best[0]
