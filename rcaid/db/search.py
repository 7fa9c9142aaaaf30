"""Finding people as somebody types: own street first, then the district, then the city.

Terms come from `rcaid.domain.readings.query`. Each engine gets them in its own search language,
with the same answers in the same order: by circle, and within one by document number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rcaid.db.engine import Store, statement
from rcaid.domain.readings import Term, query

LAST = 4
"""How many of a number's last places are a token."""

_AFTER = "abcdefghijklmnopqrstuvwxyz0123456789"
_MANY = 1_000
# Marks of places among the tokens: no prefix of Latin letters or digits and no phrase of single
# characters can meet them.
FIRST_HAN = "⺀"
"""Where the Han characters begin, each of them a token of its own."""
_STREET_MARK, _DISTRICT_MARK = "街", "区"
_TAIL = re.compile(r"\d{3,16}[xX]", re.ASCII)
_CASE = re.compile(
    r"(\d{2}[A-Z])-?([A-Z]{2})(?:-?(\d{1,8})(?:-\d[CK](?:\.\d+)?)?)?-?", re.ASCII | re.IGNORECASE
)

_CASES = statement(
    "search.case_numbers",
    "SELECT person_id FROM aid_case WHERE case_no >= :first AND case_no < :past"
    " ORDER BY case_no LIMIT :limit",
)


class Circle(NamedTuple):
    """People found in one circle, as document numbers, and how many fit there; counting stops
    at 1,000."""

    name: str
    docs: tuple[int, ...]
    total: int


def place_tokens(street_code: str) -> tuple[str, str]:
    """The tokens of where somebody lives: their street (9 digits) and its district (6)."""
    return f"{_STREET_MARK}{street_code}", f"{_DISTRICT_MARK}{street_code[:6]}"


def place_token(code: str) -> str:
    """The token of the people of a street (9 digits) or a district (6); "" is the whole city."""
    if len(code) > 6:
        return f"{_STREET_MARK}{code}"
    return "" if code.endswith("0000") else f"{_DISTRICT_MARK}{code}"


def terms(text: str) -> list[Term]:
    """The terms of a typed search; the X at the end of a number belongs to its digits."""
    found: list[Term] = []
    for chunk in text.split():
        found += [Term("digits", chunk.upper())] if _TAIL.fullmatch(chunk) else query(chunk)
    return list(dict.fromkeys(found))


def case_prefix(chunk: str) -> str:
    """The case number, or its beginning, that ``22A-JD-00193``, ``22ajd193`` or a voucher means;
    "" for anything else."""
    found = _CASE.fullmatch(chunk)
    if found is None:
        return ""
    cycle, letters, running = found[1].upper(), found[2].upper(), found[3] or ""
    if running and "-" not in chunk:
        running = running.zfill(5)
    return f"{cycle}-{letters}-{running}"


def people_by_case(store: Store, prefix: str, limit: int) -> list[str]:
    """Ids of the people whose case numbers begin so, by case number."""
    params = {"first": prefix, "past": f"{prefix}~", "limit": limit}
    return list(dict.fromkeys(person for (person,) in store.rows(_CASES, params)))


def match_text(engine: str, wanted: Sequence[Term], places: Sequence[str] = ()) -> str:
    """Terms in the engine's search language: all of them, and one of the place tokens."""
    if engine == "sqlite":
        parts = [_fts(term) for term in wanted]
        marks, both, either = [f'"{place}"' for place in places], " AND ", " OR "
    else:
        parts = [_tsquery(term) for term in wanted]
        marks, both, either = [f"'{place}'" for place in places], " & ", " | "
    if marks:
        parts.append(marks[0] if len(marks) == 1 else f"({either.join(marks)})")
    return both.join(parts)


def both(engine: str, one: str, other: str) -> str:
    """Two searches that must both hold, as one."""
    return f"({one}) {'AND' if engine == 'sqlite' else '&'} ({other})"


def _fts(term: Term) -> str:
    if term.kind == "han":
        return f'"{" ".join(term.text)}"'
    whole = _whole_token(term)
    if whole:
        return f'"{whole}"'
    if len(term.text) > 1:
        return f'"{term.text}" *'
    # The index keeps prefixes of two: asked for all of them at once it answers five times sooner
    # than for one letter. A word of two alphabets is found by two letters only.
    longer = " OR ".join(f'"{term.text}{after}" *' for after in _AFTER)
    return f'("{term.text}" OR {longer})'


def _tsquery(term: Term) -> str:
    if term.kind == "han":
        quoted = [f"'{character}'" for character in term.text]
        return quoted[0] if len(quoted) == 1 else f"({' <-> '.join(quoted)})"
    whole = _whole_token(term)
    if whole or len(term.text) > 1:
        return f"'{whole}'" if whole else f"'{term.text}':*"
    return f"'^{term.text}'" if term.text < FIRST_HAN else f"'{term.text}':*"


def _whole_token(term: Term) -> str:
    """The last places of a number that is long enough to have them all."""
    if term.kind == "digits" and len(term.text) >= LAST:
        return term.text[-LAST:].casefold()
    return ""


def fits(tokens: Sequence[str], wanted: Iterable[Term]) -> bool:
    """Whether somebody with these tokens is found by all of these terms; what the engines do."""
    return all(_meets(tokens, term) for term in wanted)


def _meets(tokens: Sequence[str], term: Term) -> bool:
    if term.kind == "han":
        size = len(term.text)
        phrase = tuple(term.text)
        return any(tuple(tokens[at : at + size]) == phrase for at in range(len(tokens)))
    whole = _whole_token(term)
    return whole in tokens if whole else any(token.startswith(term.text) for token in tokens)


def circles(
    store: Store, wanted: Sequence[Term], places: Sequence[tuple[str, str]], limit: int
) -> list[Circle]:
    """People who fit, circle by circle; the city is asked only while there is room.

    ``places`` are (name, place token) from the nearest outwards: a street, its district, and
    last "" for everybody; the first ones may be missing.
    """
    if not wanted:
        return []
    found = _nearby(store, wanted, [place for place in places if place[1]], limit)
    seen = [doc for circle in found for doc in circle.docs]
    room = limit - len(seen)
    if room > 0 and places and not places[-1][1]:
        docs = store.search(match_text(store.engine, wanted), _MANY)
        known = set(seen)
        rest = [doc for doc in docs if doc not in known]
        found.append(_circle(places[-1][0], rest, room))
    return found


def _nearby(
    store: Store, wanted: Sequence[Term], places: Sequence[tuple[str, str]], limit: int
) -> list[Circle]:
    """The circles of a district and a street in it. A letter or a syllable costs the index the
    same in a street as in a district, so the terms are asked for once, in the district."""
    if not places:
        return []
    outer, token = places[-1]
    text = match_text(store.engine, wanted, [token])
    if len(places) == 1:
        return [_circle(outer, store.search(text, _MANY), limit)]
    inner, token = places[0]
    found = store.search_within(text, match_text(store.engine, [], [token]), _MANY)
    docs = [doc for doc, _ in found]
    if len(docs) < _MANY:
        near = [doc for doc, lives_here in found if lives_here]
    else:
        near = store.search(match_text(store.engine, wanted, [token]), _MANY)
    own = set(near)
    street = _circle(inner, near, limit)
    rest = [doc for doc in docs if doc not in own]
    return [street, _circle(outer, rest, limit - len(street.docs))]


def _circle(name: str, docs: Sequence[int], room: int) -> Circle:
    return Circle(name, tuple(docs[: max(room, 0)]), len(docs))


def forget(store: Store, docs: Iterable[int]) -> None:
    """Takes people out of the index, inside a unit; `scrub` after it empties the file of them."""
    store.forget_search(docs)
    rewrite = getattr(store, "scrub_search", None)
    if rewrite is not None:
        rewrite()


def scrub(store: Store) -> None:
    """Moves what a unit erased out of the write-ahead log too; after its commit."""
    checkpoint = getattr(store, "checkpoint", None)
    if checkpoint is not None:
        checkpoint()
