"""Search on both engines against a full scan in Python over made-up people."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import pytest

from rcaid.db import search
from rcaid.db.engine import Store, open_store
from rcaid.db.migrate import migrate
from rcaid.demo.names import BEYOND_BMP, DOTTED, RARE, full_name
from rcaid.domain.readings import Term, tokens

STREETS = ("310114001", "310114103", "310101002", "310115004")
PEOPLE = 2_000
FIRST_DOC = 1 << 41


def _made_up(count: int = PEOPLE) -> dict[int, tuple[str, ...]]:
    """Search tokens by document number: names, ends of numbers and phones, places."""
    rng = Random(22)
    rare = [*RARE, *BEYOND_BMP, *DOTTED, "Müller Anna", "O’Neil", "王 Anna", "曾晓敏", "张敏敏"]
    found = {}
    for n in range(count):
        name = (
            rare[n]
            if n < len(rare)
            else full_name(rng, rng.random() < 0.5, rng.randint(1930, 2015))
        )
        ends = (
            f"{rng.randrange(1000):03}{rng.choice('0123456789x')}",
            f"{rng.randrange(10000):04}",
        )
        place = search.place_tokens(rng.choice(STREETS))
        found[FIRST_DOC + 7 * n] = (*tokens(name), *ends, *place)
    return found


MADE_UP = _made_up()


@pytest.fixture
def filled(store: Store) -> Store:
    """A store whose index holds the made-up people."""
    store.replace_search((doc, " ".join(words)) for doc, words in MADE_UP.items())
    return store


def _texts() -> list[str]:
    """Searches as people type them: the beginning, the middle and a mix of somebody's tokens."""
    rng = Random(5)
    texts = [
        "z",
        "s",
        "d",
        "r",
        "zh",
        "127X",
        "127x 王",
        "1",
        "12",
        "欧阳",
        "敏敏",
        "丽·买",
        "王x1248",
    ]
    for words in rng.sample(list(MADE_UP.values()), 80):
        han = [word for word in words if not word.isascii() and len(word) == 1]
        latin = [word for word in words if word.isalpha() and word.isascii()]
        digits = [word for word in words if word[:1].isdigit()]
        word = rng.choice(latin)
        texts.append(word[: rng.randint(1, len(word))])
        texts.append(f"{word[: rng.randint(1, 4)]} {rng.choice(digits)}")
        if len(han) > 1:
            at = rng.randrange(len(han) - 1)
            texts += ["".join(han[at : at + 2]), "".join(han), han[0] + digits[0]]
    return texts


@cache
def _everywhere(terms: tuple[Term, ...]) -> list[int]:
    return [doc for doc, words in MADE_UP.items() if search.fits(words, terms)]


def _scan(terms: list[Term], place: str) -> list[int]:
    found = _everywhere(tuple(terms))
    return [doc for doc in found if not place or place in MADE_UP[doc]]


def test_search_finds_what_a_full_scan_finds_in_its_order(filled: Store) -> None:
    for text in _texts():
        terms = search.terms(text)
        assert terms, text
        for place in ("", search.place_token("310114"), search.place_token("310114001")):
            asked = search.match_text(filled.engine, terms, [place] if place else [])
            assert filled.search(asked, PEOPLE) == _scan(terms, place), text
            assert filled.search(asked, 5) == _scan(terms, place)[:5], text


def test_somebody_is_found_by_every_token_of_theirs(filled: Store) -> None:
    for doc, words in list(MADE_UP.items())[:300]:
        for word in words:
            if word[0] in "街区" and len(word) > 1:
                continue
            asked = search.match_text(filled.engine, search.terms(word))
            assert doc in filled.search(asked, PEOPLE), word


def test_the_nearest_circle_comes_first_and_nobody_twice(filled: Store) -> None:
    places = [
        (name, search.place_token(code))
        for name, code in (("street", "310114001"), ("district", "310114"), ("city", "310000"))
    ]
    terms = search.terms("wang")
    found = search.circles(filled, terms, places, PEOPLE)
    assert [circle.name for circle in found] == ["street", "district", "city"]
    docs = [doc for circle in found for doc in circle.docs]
    assert sorted(docs) == _scan(terms, "")
    assert list(found[0].docs) == _scan(terms, search.place_token("310114001"))
    beyond = set(_scan(terms, search.place_token("310114"))) - set(found[0].docs)
    assert set(found[1].docs) == beyond


def test_a_farther_circle_is_left_when_the_nearer_ones_fill_the_page(filled: Store) -> None:
    places = [("street", search.place_token("310114001")), ("city", "")]
    (only,) = search.circles(filled, search.terms("z"), places, 20)
    assert len(only.docs) == 20
    assert only.total == len(_scan(search.terms("z"), search.place_token("310114001")))


def test_a_mark_of_a_place_is_no_letter_and_no_character_of_a_name(filled: Store) -> None:
    for text in ("s", "d", "街", "区", "310114001", "3101"):
        terms = search.terms(text)
        asked = search.match_text(filled.engine, terms)
        assert filled.search(asked, PEOPLE) == _scan(terms, ""), text


def test_several_places_are_one_or_the_other(filled: Store) -> None:
    marks = [search.place_token(code) for code in STREETS[:2]]
    asked = search.match_text(filled.engine, [], marks)
    assert filled.search(asked, PEOPLE) == [
        doc for doc, words in MADE_UP.items() if set(marks) & set(words)
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("22A-JD-00193", "22A-JD-00193"),
        ("22a-jd-001", "22A-JD-001"),
        ("22ajd193", "22A-JD-00193"),
        ("22A-JD", "22A-JD-"),
        ("22A-JD-00193-1C", "22A-JD-00193"),
        ("22A-JD-00193-1C.2", "22A-JD-00193"),
        ("zxm", ""),
        ("1248", ""),
        ("22A", ""),
    ],
)
def test_a_case_or_voucher_number_is_known_by_its_form(typed: str, meant: str) -> None:
    assert search.case_prefix(typed) == meant


def test_an_erased_person_is_found_no_more_and_leaves_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "erase.db"
    store = open_store(str(path), create=True)
    migrate(store)
    erased = ("魑", "魅", "chimeiqvvq", "cmqvvq")
    store.replace_search((doc, " ".join(words)) for doc, words in MADE_UP.items())
    store.replace_search([(1, " ".join(erased))])
    search.scrub(store)
    assert _anywhere(path, erased)
    store.unit(lambda: search.forget(store, [1]))
    search.scrub(store)
    assert store.search(search.match_text("sqlite", search.terms("魑魅")), 5) == []
    assert not _anywhere(path, erased)
    store.close()


def _anywhere(path: Path, words: tuple[str, ...]) -> list[str]:
    data = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    return [word for word in words if word.encode() in data or word.encode()[1:] in data]


def test_forgetting_works_on_both_engines(filled: Store) -> None:
    doc, words = next(iter(MADE_UP.items()))
    asked = search.match_text(filled.engine, search.terms("".join(words[:2])))
    assert doc in filled.search(asked, PEOPLE)
    filled.unit(lambda: search.forget(filled, [doc]))
    search.scrub(filled)
    assert doc not in filled.search(asked, PEOPLE)
