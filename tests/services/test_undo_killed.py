"""A process killed at any moment of an undo leaves the whole import or nothing of it.

Six moments on each engine; RCAID_SOAK is how many more.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from rcaid.db.digests import digests
from rcaid.db.upkeep import miscounted
from rcaid.services import audit, imports
from rcaid.services.society import keep_today
from rcaid.services.undo import undo
from tests.services.conftest import DAY, Society
from tests.services.writing import next_cycle, number

MOMENTS = 6 + int(os.environ.get("RCAID_SOAK", "0"))


def undone(society: Society, batch: str, last: int | str = "") -> tuple[int, str]:
    """Undoes in another process that dies at this step: its exit status and what it said."""
    words = ("-m", "tests.services.undo_killed", society.url, "jd-reviewer", batch, str(last))
    ran = subprocess.run(
        [sys.executable, "-B", *words], cwd=Path(__file__).resolve().parents[2], check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    # What the process had begun is still the server's until it has ended it, one way or the other.
    logs = sorted({office.log for office in society.admin.offices.all})
    store = society.admin.store
    store.unit(lambda: store.lock("audit_head", "log", logs))
    return ran.returncode, ran.stdout


def test_an_undo_killed_at_any_moment_is_whole_or_did_not_happen(society: Society) -> None:
    keep_today(society.admin, DAY)
    store, desk = society.admin.store, society.desk("jd-caseworker")
    society.import_roster([society.person(n, f"人{n}") for n in range(1, 6)])
    next_cycle(society)
    rows = [society.person(n, f"人{n}", 联系电话=f"139{n:08}") for n in range(1, 16)]
    path = society.write(rows)
    plan = path.with_suffix(".plan")

    def state() -> dict[str, str]:
        return digests(store, society.admin.keys)

    def take_in() -> str:
        imports.plan(desk, path, "roster", cycle_code="22B", target=plan)
        return imports.apply(desk, plan).batch.id

    out = state()
    code, said = undone(society, take_in())
    assert code == 0
    assert state() == out
    steps = int(said)

    draw = random.Random(2022)
    batch = take_in()
    within = state()
    for moment in [draw.randint(1, steps) for _ in range(MOMENTS)]:
        events = number(store, "SELECT count(*) FROM audit_event")
        code, _ = undone(society, batch, moment)
        gone = number(store, f"SELECT count(*) FROM import_batch WHERE id = '{batch}' AND state = 'undone'")  # fmt: skip
        assert code in (0, -signal.SIGKILL), moment
        assert code or gone, moment
        assert state() == (out if gone else within), moment
        assert number(store, "SELECT count(*) FROM audit_event") == events + gone, moment
        assert miscounted(store) == [], moment
        assert audit.verify_store(society.desk("sh-auditor")).ok, moment
        if gone:
            batch = take_in()
            within = state()

    undo(society.desk("jd-reviewer"), batch)
    assert state() == out
