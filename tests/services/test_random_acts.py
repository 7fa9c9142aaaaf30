"""Random acts of random people: the store always says what a plain model says, to the fen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rcaid.db.upkeep import miscounted
from rcaid.domain.errors import Refused
from rcaid.services import audit, batches, deaths, holds, programmes, results, rosters
from rcaid.services.desk import Desk
from rcaid.services.entitlements import settle_rest
from rcaid.services.invariants import broken
from rcaid.services.reporting import figures
from tests.services.conftest import DAY, JD, Societies, Society
from tests.services.plain_model import STEPS, Key, Model, Right
from tests.services.test_batches import START
from tests.services.writing import BOX, all_round, balances, people, rights, rows, vouchers

CASES = [f"22A-JD-0000{n}" for n in range(1, 5)]
WHO = ("jd", "jd", "jd", "jd", "sh", "all-round", "pd")
ACTS = (
    *["gather"] * 3,
    *["again"] * 2,
    *["step"] * 12,
    *["result"] * 8,
    *["fix"] * 3,
    *["rare"] * 2,
)
RARE = ("die", "settle", "cancel", "gather", "step")


class Play:
    """A society and its model, side by side."""

    def __init__(self, society: Society) -> None:
        self.society = society
        self.everybody = all_round(society)
        [roster] = society.import_roster(
            [
                society.person(1, "甲", 金额="500"),
                society.person(2, "乙", 金额="", 物资=BOX),
                society.person(3, "丙", 金额="123.45", 物资=BOX),
                society.person(4, "丁", 金额="10"),
            ]
        )
        society.freeze(roster)
        rosters.approve(society.desk("jd-approver"), [roster], [1, 2])
        money = {CASES[0]: 50_000, CASES[2]: 12_345, CASES[3]: 1_000}
        found: dict[Key, Right] = {
            (c, n, "money"): Right(f) for c, f in money.items() for n in (1, 2)
        }
        found |= {(c, n, "goods"): Right(0) for c in (CASES[1], CASES[2]) for n in (1, 2)}
        due = 2 * sum(money.values())
        self.model = Model(
            found, Counter({"available": START - due, "payable": due}), {"goods": 17_800}
        )
        self.names = dict(zip(CASES, "甲乙丙丁", strict=True))
        self.accounts = 0

    def desk(self, who: str, duty: str) -> Desk:
        return self.everybody if who == "all-round" else self.society.desk(f"{who}-{duty}")

    def act(self, data: st.DataObject) -> None:
        """One act of somebody: done by both or by none."""
        act = data.draw(st.sampled_from(ACTS))
        act = data.draw(st.sampled_from(RARE)) if act == "rare" else act
        who = data.draw(st.sampled_from(WHO))
        done, expected = getattr(self, act)(data, who)
        allowed = expected() if who != "pd" else False
        try:
            done()
            happened = True
        except Refused:
            happened = False
        assert happened == allowed, (act, who)

    Pair = tuple[Callable[[], Any], Callable[[], bool]]

    def _login(self, who: str, duty: str) -> str:
        return self.desk(who, duty).actor.login

    def gather(self, data: st.DataObject, who: str) -> Pair:
        kind, number = data.draw(st.sampled_from(["money", "goods"])), data.draw(st.integers(1, 2))
        desk = self.desk(who, "preparer")
        return (
            lambda: batches.create(desk, "22A", number, JD, kind),
            lambda: self.model.gather(desk.actor.login, kind, number, again=False),
        )

    def again(self, data: st.DataObject, who: str) -> Pair:
        number, desk = data.draw(st.integers(1, 2)), self.desk(who, "preparer")
        return (
            lambda: batches.reissue(desk, "22A", number, JD),
            lambda: self.model.gather(desk.actor.login, "money", number, again=True),
        )

    def _nothing(self) -> Pair:
        def refuse() -> None:
            raise Refused([])

        return refuse, lambda: False

    def step(self, data: st.DataObject, who: str) -> Pair:
        waiting = [
            n for n, b in self.model.batches.items() if b.state not in ("closed", "cancelled")
        ]
        if not waiting:
            return self._nothing()
        number = data.draw(st.sampled_from(sorted(waiting)))
        state = self.model.batches[number].state
        fitting = [act for act, (source, *_) in STEPS.items() if source == state]
        act = data.draw(st.sampled_from(fitting * 20 + sorted(STEPS)))
        desk = self.desk(who, STEPS[act][2])
        return (
            lambda: self._stepped(act, desk, number),
            lambda: self.model.step(desk.actor.login, act, number),
        )

    def _stepped(self, act: str, desk: Desk, number: str) -> None:
        """The step; what holds a batch once locked is looked at by somebody beside the play."""
        getattr(batches, act)(desk, number)
        if act == "lock":
            reviewer = self.society.desk("jd-reviewer")
            for flag in holds.of_batch(reviewer, number):
                holds.clear(reviewer, number, flag.id, "looked_into")

    def cancel(self, data: st.DataObject, who: str) -> Pair:
        if not self.model.batches:
            return self._nothing()
        number = data.draw(st.sampled_from(sorted(self.model.batches)))
        desk = self.desk(who, "preparer")
        return lambda: batches.cancel(desk, number, "x"), lambda: self.model.cancel(number)

    def result(self, data: st.DataObject, who: str) -> Pair:
        if not self.model.lines:
            return self._nothing()
        out = [v for v, line in self.model.lines.items() if line.state in ("released", "issued")]
        voucher = data.draw(st.sampled_from(sorted(out) * 3 + sorted(self.model.lines)))
        kit = self.model.lines[voucher].right[2] == "goods"
        said = data.draw(
            st.sampled_from(["delivered", "undelivered"] if kit else ["paid", "returned"])
        )
        desk = self.desk(who, "caseworker" if kit else "preparer")
        result = results.Result(voucher, said, DAY, "17" if said == "returned" else "")
        return (
            lambda: desk.write(
                "import.delivery" if kit else "import.bank",
                self.society.office(JD),
                lambda unit: results.take_up(desk, unit, [result]),
            ),
            lambda: self.model.result(voucher, said),
        )

    def fix(self, data: st.DataObject, who: str) -> Pair:
        if not self.model.lines:
            return self._nothing()
        back = [v for v, line in self.model.lines.items() if line.state == "returned"]
        voucher = data.draw(st.sampled_from(sorted(back) * 5 + sorted(self.model.lines)))
        self.accounts += 1
        desk, n = self.desk(who, "caseworker"), self.accounts
        one = (voucher, "甲", "上海银行", f"62223333{n:08}")
        return (
            lambda: results.fix_accounts(desk, [one], self.society.office(JD)),
            lambda: self.model.fix(desk.actor.login, voucher, n),
        )

    def die(self, data: st.DataObject, who: str) -> Pair:
        case = data.draw(st.sampled_from(CASES))
        person = people(self.society.admin.store)[self.names[case]].id
        desk = self.desk(who, "caseworker")
        return lambda: deaths.record(desk, person, DAY, "registry"), lambda: self.model.die(case)

    def settle(self, data: st.DataObject, who: str) -> Pair:
        """Only the city's approver; what is open ends with it."""
        desk = self.society.desk("pd-approver" if who == "pd" else "sh-approver")
        return lambda: settle_rest(desk, "22A"), self.model.settle

    # --- holding both against each other

    def compare(self) -> None:
        store, model = self.society.admin.store, self.model
        numbers = dict(rows(store, "SELECT id, case_no FROM aid_case"))
        rounds = {row[0]: int(row[1]) for row in rows(store, "SELECT id, number FROM round")}
        have = {
            (numbers[r.case_id], rounds[r.round_id], r.kind): (r.state, r.resume_to)
            for r in rights(store)
        }
        assert have == {
            key: (r.state, r.resume_to if r.state == "suspended" else have[key][1])
            for key, r in model.rights.items()
        }
        lines = vouchers(store)
        assert {v: line.state for v, line in lines.items()} == {
            v: line.state for v, line in model.lines.items()
        }
        made = rows(store, "SELECT number, state, left_out FROM batch")
        assert {n: (state, int(left)) for n, state, left in made} == {
            n: (b.state, b.left_out) for n, b in model.batches.items()
        }
        money = {k: fen for k, fen in balances(self.society).items() if k != "external"}
        assert money == {k: fen for k, fen in model.money.items() if fen}
        served = rows(
            store,
            "SELECT c.case_no, s.round_id, s.lines FROM served s"
            " JOIN aid_case c ON c.person_id = s.person_id WHERE s.lines <> 0",
        )
        assert {(case, rounds[r]): int(n) for case, r, n in served} == model.served()
        assert miscounted(store) == []
        assert broken(store) == []

    def compare_at_the_end(self) -> None:
        admin = self.society.admin
        [programme] = programmes.listing(admin)
        counted = figures.counts(admin, programme, "2022-01-01", "2022-12-31")
        assert counted == figures.recounted(admin, programme, "2022-01-01", "2022-12-31")
        assert counted.person_times == len(self.model.served())
        assert counted.persons == len({case for case, _ in self.model.served()})
        assert counted.value_fen == self.model.worth()
        assert audit.verify_store(self.society.desk("sh-auditor")).faults == []
        for line in rows(admin.store, "SELECT sum(live) FROM disbursement GROUP BY entitlement_id"):
            assert line[0] in (None, 1)


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_random_acts_leave_what_the_plain_model_says(
    engine: str, societies: Societies, tmp_path: Path, data: st.DataObject
) -> None:
    for old in tmp_path.glob("society.db*"):
        old.unlink()
    society = societies.copy(engine, tmp_path)
    try:
        play = Play(society)
        play.compare()
        for _ in range(data.draw(st.integers(25, 45))):
            play.act(data)
            play.compare()
        play.compare_at_the_end()
    finally:
        societies.close(society)
