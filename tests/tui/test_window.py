"""The rows of a long list that were read: from its start and from its end."""

from __future__ import annotations

import random

from rcaid.screens.session import Page, Row
from rcaid.screens.window import Window

ROWS = [Row(f"r{n:03}", {"n": n}) for n in range(1000)]


def read(total: int, key: str, limit: int, *, backward: bool) -> Page:
    ids = [row.id for row in ROWS[:total]]
    if backward:
        end = ids.index(key) if key else total
        start = max(end - limit, 0)
    else:
        start = ids.index(key) + 1 if key else 0
        end = min(start + limit, total)
    part = tuple(ROWS[start:end])
    return Page(
        part,
        total,
        next_key=part[-1].id if part and end < total else "",
        before_key=part[0].id if part and start > 0 else "",
    )


def test_any_walk_over_head_and_tail_gives_the_row_of_that_position() -> None:
    for seed in range(30):
        draw = random.Random(seed)
        total = draw.choice([0, 1, 49, 50, 51, 333, 1000])
        window = Window(read(total, "", 50, backward=False))
        for _step in range(30):
            index = draw.randrange(max(total, 1))
            if draw.random() < 0.2 and window.at(total - 1) is None and total:
                window.prepend(read(total, "", 50, backward=True))
            while (key := window.key_for(index)) is not None:
                after, backward = key
                page = read(total, after, 50, backward=backward)
                if backward:
                    window.prepend(page)
                else:
                    window.append(page)
            row = window.at(index)
            assert (row.id if row else "") == (ROWS[index].id if index < total else "")
            assert len(window) == total


def test_a_thing_is_found_where_it_stands_from_either_end() -> None:
    window = Window(read(1000, "", 50, backward=False))
    window.prepend(read(1000, "", 50, backward=True))
    assert window.index_of("r003") == 3
    assert window.index_of("r997") == 997
    assert window.index_of("r500") is None
    assert window.at(500) is None


def test_a_capped_count_has_no_end_to_jump_to() -> None:
    page = read(1000, "", 50, backward=False)
    window = Window(Page(page.rows, 1000, page.next_key, capped=True))
    assert not window.end_known
