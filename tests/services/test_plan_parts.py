"""A plan's parts come from its file, which has to be the one that was proved."""

from __future__ import annotations

import pytest

from rcaid.domain.errors import Unusable
from rcaid.services.importing.plans import read_plan
from tests.services.test_imports import planned
from tests.services.writing import Society


def test_a_file_that_changed_after_it_was_proved_gives_no_more_parts(society: Society) -> None:
    found = planned(society, society.person(1, "王伟"))
    plan = read_plan(society.desk("jd-caseworker"), found.path)
    assert [name for name, _ in plan.parts("piece")] == ["piece"]
    with found.path.open("ab") as file:
        file.write(b"more")
    with pytest.raises(Unusable):
        list(plan.parts("piece"))


def test_a_file_that_is_gone_gives_no_parts(society: Society) -> None:
    found = planned(society, society.person(1, "王伟"))
    plan = read_plan(society.desk("jd-caseworker"), found.path)
    found.path.unlink()
    with pytest.raises(Unusable):
        list(plan.parts())
