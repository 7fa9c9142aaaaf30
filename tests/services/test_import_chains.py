"""Imports, undos, imports again, rejects mended: whatever the order, each leaves what it should.

A plain model says who is listed in which cycle by which import. An undo of the newest import must
give back the store of before it to the last row, which the digests prove.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rcaid.db.digests import digests
from rcaid.db.upkeep import miscounted
from rcaid.services import audit
from rcaid.services.importing import imports
from rcaid.services.importing.undo import undo
from rcaid.services.invariants import broken
from tests.longer import times
from tests.services.conftest import HEADINGS, Societies, Society
from tests.services.writing import next_cycle, rows

NAMES = dict(enumerate(("王伟", "赵敏", "李娜", "张华", "陈静", "刘洋", "周杰", "吴磊"), 1))
CYCLES = {"22A": "138", "22B": "139"}
"""Each cycle's lists bring another telephone of the same people."""
ACTS = ("take", "take", "take", "undo", "undo", "again", "mend", "mend", "undo_any")


@dataclass
class Taken:
    """An import as the model knows it: who is in the file, came in by it, was refused; what stood before."""

    cycle: str
    path: Path
    batch: str
    people: set[int]
    came: set[int]
    refused: set[int]
    before: dict[str, str] | None


@dataclass
class Chain:
    """A society and the imports it has taken in, newest last."""

    society: Society
    taken: list[Taken] = field(default_factory=list)
    undone: list[Taken] = field(default_factory=list)
    files: int = 0

    def state(self) -> dict[str, str]:
        return digests(self.society.admin.store, self.society.admin.keys)

    def listed(self, cycle: str) -> set[int]:
        return set().union(*(each.came for each in self.taken if each.cycle == cycle))

    def file(self, cycle: str, people: set[int], wrong: set[int]) -> Path:
        """A file unlike any other, by a column that means nothing."""
        self.files += 1
        phones = {n: f"{CYCLES[cycle]}{n:08}" for n in people}
        made = [
            self.society.person(n, NAMES[n], 联系电话=phones[n], 备注=str(self.files))
            | ({"类别": "感冒"} if n in wrong else {})
            for n in sorted(people)
        ]
        return self.society.write(made, (*HEADINGS, "备注"))

    def import_file(self, path: Path, cycle: str, people: set[int], wrong: set[int]) -> None:
        """Takes a file in and holds what the plan says against the model; then applies it twice."""
        new = people - wrong - self.listed(cycle)
        before = self.state()
        desk, plan = self.society.desk("jd-caseworker"), path.with_suffix(".plan")
        facts = imports.plan(desk, path, "roster", cycle_code=cycle, target=plan).facts
        assert self.state() == before
        said = (facts.rows_new, facts.rows_unchanged, facts.rows_rejected)
        assert said == (len(new), len(people - wrong - new), len(wrong))
        done = imports.apply(desk, plan, keep=True)
        after = self.state()
        assert not done.again
        assert imports.apply(desk, plan, keep=True).again
        assert self.state() == after
        self.taken.append(Taken(cycle, path, done.batch.id, people, new, wrong, before))

    # --- the acts

    def take(self, data: st.DataObject) -> None:
        cycle = data.draw(st.sampled_from(sorted(CYCLES)))
        people = data.draw(st.sets(st.sampled_from(sorted(NAMES)), min_size=1))
        wrong = data.draw(st.sets(st.sampled_from(sorted(people)), max_size=2))
        self.import_file(self.file(cycle, people, wrong), cycle, people, wrong)

    def undo(self, data: st.DataObject) -> None:
        """The newest import goes, and nothing shows that it ever was."""
        if not self.taken:
            return
        newest = self.taken.pop()
        done, _ = undo(self.society.desk("jd-reviewer"), newest.batch)
        assert done.taken == len(newest.came) or not newest.came
        if newest.before is not None:
            assert done.kept == []
            assert self.state() == newest.before
        self.undone.append(newest)

    def undo_any(self, data: st.DataObject) -> None:
        """An older import goes. What later ones brought stays, and what they rest on: the roster or
        the person they share, so from here on undos need not lead back to the very same store."""
        if len(self.taken) < 2:
            return
        at = data.draw(st.integers(0, len(self.taken) - 2))
        older = self.taken.pop(at)
        undo(self.society.desk("jd-reviewer"), older.batch)
        for each in self.taken:
            each.before = None
        self.undone.append(older)

    def again(self, data: st.DataObject) -> None:
        """The same file once more: nothing while it is in, everything after it was taken back."""
        if not self.taken and not self.undone:
            return
        one = data.draw(st.sampled_from(self.taken + self.undone))
        desk = self.society.desk("jd-caseworker")
        if one in self.taken:
            before = self.state()
            known = imports.plan(desk, one.path, "roster", cycle_code=one.cycle).known
            assert known is not None and known.id == one.batch
            assert self.state() == before
            return
        self.undone.remove(one)
        people = {
            n for n in NAMES if f"310199195001{1:02}{n:03}" in one.path.read_text("utf-8-sig")
        }
        self.import_file(one.path, one.cycle, people, one.refused)

    def mend(self, data: st.DataObject) -> None:
        """Rejects that were mended touch their own rows alone, alone or with the whole file."""
        bad = [each for each in self.taken if each.refused]
        if not bad:
            return
        one = data.draw(st.sampled_from(bad))
        people = one.refused | data.draw(st.sampled_from([set(), one.came]))
        before = self.lines()
        self.import_file(self.file(one.cycle, people, set()), one.cycle, people, set())
        now = self.lines()
        assert {case: now[case] for case in before} == before

    # --- the comparison

    def lines(self) -> dict[str, tuple[object, ...]]:
        found = rows(
            self.society.admin.store,
            "SELECT a.case_no, c.code, p.name, p.id, a.id, a.state, a.version FROM aid_case a"
            " JOIN person p ON p.id = a.person_id JOIN cycle c ON c.id = a.cycle_id",
        )
        return {case: tuple(rest) for case, *rest in found}

    def compare(self) -> None:
        numbers = {name: n for n, name in NAMES.items()}
        have: dict[str, set[int]] = {cycle: set() for cycle in CYCLES}
        for cycle, name, *_ in self.lines().values():
            have[str(cycle)].add(numbers[str(name)])
        assert have == {cycle: self.listed(cycle) for cycle in CYCLES}
        assert miscounted(self.society.admin.store) == []
        assert broken(self.society.admin.store) == []


@settings(
    max_examples=times(5, 150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_is_imported_and_undone_leaves_what_the_plain_model_says(
    engine: str, societies: Societies, tmp_path: Path, data: st.DataObject
) -> None:
    for old in tmp_path.glob("society.db*"):
        old.unlink()
    society = societies.copy(engine, tmp_path)
    try:
        next_cycle(society)
        chain = Chain(society)
        for _ in range(data.draw(st.integers(5, 12))):
            getattr(chain, data.draw(st.sampled_from(ACTS)))(data)
            chain.compare()
        while chain.taken:
            chain.undo(data)
            chain.compare()
        assert audit.verify_store(society.desk("sh-auditor")).ok
    finally:
        societies.close(society)
