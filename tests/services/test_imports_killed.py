"""A process killed in the middle of an import leaves nothing half done (issue: Bad input)."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rcaid.db.upkeep import miscounted
from rcaid.services import audit, imports
from rcaid.services.society import keep_today
from tests.services.conftest import DAY, Society
from tests.services.writing import contents, number


def killed(society: Society, plan: Path, table: str) -> int:
    """Applies the plan in a process that dies when it has written to this table."""
    return subprocess.run(
        [sys.executable, "-B", "-m", "tests.services.killed", society.url, "jd-caseworker", str(plan), table],
        cwd=Path(__file__).resolve().parents[2], check=False,
    ).returncode  # fmt: skip


@pytest.mark.parametrize("table", ["new_aid_case", "import_row", "audit_row"])
def test_a_killed_import_leaves_nothing_and_goes_through_the_next_time(
    society: Society, table: str
) -> None:
    keep_today(society.admin, DAY)
    path = society.write([society.person(n, f"人{n}") for n in range(1, 31)])
    plan = path.with_suffix(".plan")
    imports.plan(society.desk("jd-caseworker"), path, "roster", cycle_code="22A", target=plan)
    store = society.admin.store
    before = contents(store)
    events = number(store, "SELECT count(*) FROM audit_event")

    assert killed(society, plan, table) == -signal.SIGKILL

    assert contents(store) == before
    assert number(store, "SELECT count(*) FROM audit_event") == events
    assert audit.verify_store(society.desk("sh-auditor")).ok
    assert imports.apply(society.desk("jd-caseworker"), plan).batch.rows_new == 30
    assert miscounted(store) == []


def test_what_was_acknowledged_outlives_the_process(society: Society) -> None:
    keep_today(society.admin, DAY)
    path = society.write([society.person(n, f"人{n}") for n in range(1, 4)])
    plan = path.with_suffix(".plan")
    imports.plan(society.desk("jd-caseworker"), path, "roster", cycle_code="22A", target=plan)

    assert killed(society, plan, "") == -signal.SIGKILL

    assert number(society.admin.store, "SELECT count(*) FROM aid_case") == 3
    again = imports.apply(society.desk("jd-caseworker"), plan)
    assert again.again
    assert audit.verify_store(society.desk("sh-auditor")).ok
