"""How many single applications wait in each step, for the page of what waits today."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rcaid.db.engine import Store, statement

_WAITING = statement(
    "application.waiting",
    """
    SELECT w.state, w.late, w.answered, COUNT(*), CAST(COALESCE(SUM(w.fen), 0) AS BIGINT),
      SUM(w.mine), MIN(w.received_on), MIN(w.due_on)
    FROM (
      SELECT c.state, c.fen, a.received_on,
        CASE WHEN a.paused_on IS NULL THEN a.due_on END AS due_on,
        CASE WHEN a.due_on < :today AND a.paused_on IS NULL THEN 1 ELSE 0 END AS late,
        CASE WHEN c.state = 'submitted' AND EXISTS (SELECT 1 FROM case_action t
          WHERE t.case_id = c.id AND t.action = 'answer') THEN 1 ELSE 0 END AS answered,
        CASE WHEN EXISTS (SELECT 1 FROM maker m WHERE m.object_id = c.id AND m.staff_id = :me
          AND m.act IN (:parts)) THEN 1 ELSE 0 END AS mine
      FROM aid_case c JOIN application a ON a.id = c.id
      WHERE a.office_id IN (:offices) AND c.state IN (:states)
    ) w
    GROUP BY w.state, w.late, w.answered ORDER BY w.state, w.late, w.answered
    """,
    lists=("offices", "states", "parts"),
)


class Waiting(NamedTuple):
    """Applications of one state, late or not, answered by the family or not: how many, their fen,
    those in which this person had a part, the oldest receipt and the first due day ("" for none).
    """

    state: str
    late: bool
    answered: bool
    n: int
    fen: int
    mine: int
    oldest: str
    due: str


def waiting(
    store: Store, offices: Sequence[str], states: Sequence[str], today: str, staff_id: str,
    parts: Sequence[str],
) -> list[Waiting]:  # fmt: skip
    """What waits in these offices; ``parts`` are the earlier acts that bar a person from it."""
    params = {
        "offices": offices, "states": states, "today": today, "me": staff_id, "parts": parts,
    }  # fmt: skip
    return [
        Waiting(state, bool(late), bool(answered), int(n), int(fen), int(mine), oldest or "",
                due or "")
        for state, late, answered, n, fen, mine, oldest, due in store.rows(_WAITING, params)
    ]  # fmt: skip
