"""Rosters: the states they may be in, what freezing holds, what an approval makes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from rcaid.db.tables import ROSTER
from rcaid.db.unit import Unit
from rcaid.domain.record import canonical
from rcaid.services import batches, deaths, programmes, results, rosters
from tests.services.conftest import JD_STREETS, Society
from tests.services.writing import (
    BOX,
    balances,
    between,
    contents,
    lines,
    newcomer,
    next_cycle,
    number,
    people,
    refused,
    rights,
    rows,
)

Act = Callable[[Society, str], Any]
ACTS: dict[str, Act] = {
    "submit": lambda s, n: rosters.submit(s.desk("jd-caseworker"), n),
    "verify": lambda s, n: rosters.verify(s.desk("jd-verifier"), n),
    "return": lambda s, n: rosters.send_back(s.desk("jd-reviewer"), n, "phones"),
    "freeze": lambda s, n: rosters.freeze(s.desk("jd-reviewer"), n),
    "approve": lambda s, n: rosters.approve(s.desk("jd-approver"), [n], [1]),
    "close": lambda s, n: rosters.close(s.desk("jd-approver"), n),
}
PATHS = {
    "open": ("return",),
    "submitted": (),
    "verified": ("verify",),
    "frozen": ("verify", "freeze"),
    "approved": ("verify", "freeze", "approve"),
}
ALLOWED = {
    ("open", "submit"): "submitted",
    ("submitted", "verify"): "verified",
    ("submitted", "return"): "open",
    ("verified", "return"): "open",
    ("verified", "freeze"): "frozen",
    ("frozen", "approve"): "approved",
}


def in_state(society: Society, state: str) -> str:
    """A roster of two lines in a state."""
    [roster] = society.import_roster([society.person(1, "王伟"), society.person(2, "赵敏")])
    for act in PATHS[state]:
        ACTS[act](society, roster)
    return roster


@pytest.mark.parametrize("state", PATHS)
def test_only_the_acts_of_the_table_move_a_roster(society: Society, state: str) -> None:
    roster = in_state(society, state)
    version = rosters.find(society.admin, roster).version
    before = contents(society.admin.store)
    possible = {act for source, act in ALLOWED if source == state}
    for act in ACTS.keys() - possible - ({"close"} if state == "approved" else set()):
        with refused("state.no_move"):
            ACTS[act](society, roster)
    assert contents(society.admin.store) == before

    for act in sorted(possible)[:1]:
        ACTS[act](society, roster)
        found = rosters.find(society.admin, roster)
        assert (found.state, found.version) == (ALLOWED[state, act], version + 1)


def test_a_verified_roster_may_go_back(society: Society) -> None:
    roster = in_state(society, "verified")
    ACTS["return"](society, roster)
    assert rosters.find(society.admin, roster).state == "open"


def test_a_roster_nobody_knows_is_gone(society: Society) -> None:
    with refused("state.gone"):
        rosters.verify(society.desk("jd-verifier"), "22A-R-000000000")


def test_a_return_keeps_its_reason_in_the_record(society: Society) -> None:
    roster = in_state(society, "open")

    [(line,)] = rows(
        society.admin.store, "SELECT line FROM audit_event WHERE act = 'roster.return'"
    )
    assert '"reason":"phones"' in line
    assert f'"object":"{roster}"' in line


def test_br_034_the_frozen_hash_is_over_sorted_canonical_lines_without_states(
    society: Society,
) -> None:
    [roster] = society.import_roster(
        [society.person(1, "王伟"), society.person(2, "赵敏", 金额="", 物资=BOX)]
    )
    society.freeze(roster)

    account = {row[0]: row[1] for row in rows(society.admin.store, "SELECT id, hash FROM account")}
    texts = sorted(
        canonical(
            {
                "person": line.person_id,
                "category": line.category,
                "fen": line.fen,
                "item": line.item_id,
                "qty": line.qty,
                "account": str(account[line.account_id]) if line.account_id else None,
            }
        )
        for line in lines(society.admin.store).values()
    )
    expected = hashlib.sha256(b"\n".join(texts)).hexdigest()
    assert rosters.find(society.admin, roster).frozen_hash == expected


CHANGES = {
    "category": "'mental'",
    "fen": "60000",
    "person_id": "(SELECT id FROM person WHERE name = '李娜')",
    "state": "'struck'",
    "account_id": "(SELECT a.id FROM account a JOIN person p ON p.id = a.person_id"
    " WHERE p.name = '李娜')",
}


@pytest.mark.parametrize("column", CHANGES)
def test_br_034_a_line_changed_after_freezing_cannot_be_approved(
    society: Society, column: str
) -> None:
    street = society.street(JD_STREETS[1])
    [roster, _] = society.import_roster(
        [
            society.person(1, "王伟"),
            society.person(2, "赵敏"),
            society.person(3, "李娜", 街道=street),
        ]
    )
    society.freeze(roster)
    if column == "person_id":
        rows_ = "UPDATE aid_case SET cycle_id = 'x' WHERE case_no = '22A-JD-00003' RETURNING id"
        if society.admin.store.engine == "sqlite":
            rows(society.admin.store, "PRAGMA foreign_keys=OFF")
            rows(society.admin.store, rows_)
        else:
            rows(
                society.admin.store,
                "DELETE FROM aid_case WHERE case_no = '22A-JD-00003' RETURNING id",
            )
    rows(
        society.admin.store,
        f"UPDATE aid_case SET {column} = {CHANGES[column]} WHERE case_no = '22A-JD-00001' RETURNING id",
    )
    before = contents(society.admin.store)

    with refused("roster.changed"):
        rosters.approve(society.desk("jd-approver"), [roster], [1])
    assert contents(society.admin.store) == before


def test_an_account_corrected_later_breaks_neither_hash_nor_what_was_frozen(
    society: Society,
) -> None:
    roster = in_state(society, "approved")
    batch = society.pay()
    society.bank_result(batch, {"22A-JD-00001-1C": "17", "22A-JD-00002-1C": "00"})
    before = lines(society.admin.store)["22A-JD-00001"]
    frozen = rosters.find(society.admin, roster).frozen_hash
    fix = ("22A-JD-00001-1C", "王伟", "上海银行", "6222333344445555")
    results.fix_accounts(society.desk("jd-caseworker"), [fix], society.office("310114"))

    assert lines(society.admin.store)["22A-JD-00001"] == before
    assert rosters.find(society.admin, roster).frozen_hash == frozen
    accounts = {right.account_id for right in rights(society.admin.store)}
    assert before.account_id not in accounts
    assert number(society.admin.store, "SELECT count(*) FROM account") == 3


def test_a_new_account_of_the_person_does_not_change_a_frozen_line(society: Society) -> None:
    roster = in_state(society, "frozen")
    line = lines(society.admin.store)["22A-JD-00001"]
    next_cycle(society)
    society.import_roster([society.person(1, "王伟", 银行账号="6222333344445555")], cycle="22B")

    assert lines(society.admin.store)["22A-JD-00001"] == line
    rosters.approve(society.desk("jd-approver"), [roster], [1])
    assert {r.account_id for r in rights(society.admin.store)} == {
        each.account_id for each in lines(society.admin.store).values() if each.line_hash
    }


def test_each_line_keeps_its_own_hash_when_it_is_entitled(society: Society) -> None:
    in_state(society, "approved")

    found = lines(society.admin.store).values()
    assert all(line.state == "entitled" and line.line_hash for line in found)
    assert len({line.line_hash for line in found}) == 2


def test_approval_makes_one_entitlement_for_each_round_and_kind(society: Society) -> None:
    [roster] = society.import_roster(
        [society.person(1, "王伟"), society.person(2, "赵敏", 金额="", 物资=BOX), society.person(3, "李娜", 物资=BOX)]
    )  # fmt: skip
    society.freeze(roster)
    done, _ = rosters.approve(society.desk("jd-approver"), [roster], [1, 2])

    assert (done.lines, done.entitlements, done.fen) == (3, 8, 200_000)
    found = sorted((r.kind, r.fen, r.qty, r.state) for r in rights(society.admin.store))
    assert found == [("goods", None, 1, "ready")] * 4 + [("money", 50_000, None, "ready")] * 4
    assert balances(society)["payable"] == 200_000
    assert rosters.find(society.admin, roster).rounds == "1,2"


@pytest.mark.parametrize("rounds", [[], [3], [1, 9]])
def test_an_approval_names_rounds_that_there_are(society: Society, rounds: list[int]) -> None:
    roster = in_state(society, "frozen")
    with refused("round.unknown"):
        rosters.approve(society.desk("jd-approver"), [roster], rounds)


def test_rosters_of_two_cycles_are_not_approved_in_one_act(society: Society) -> None:
    first = in_state(society, "frozen")
    next_cycle(society)
    [second] = society.import_roster([society.person(3, "李娜")], cycle="22B")
    society.freeze(second)

    with refused("roster.one_cycle"):
        rosters.approve(society.desk("jd-approver"), [first, second], [1])
    with refused("roster.one_cycle"):
        rosters.approve(society.desk("jd-approver"), [], [1])


def test_many_rosters_are_approved_together_or_not_at_all(society: Society) -> None:
    streets = [society.street(code) for code in JD_STREETS[:2]]
    numbers = society.import_roster(
        [society.person(n, f"人{n}", 街道=streets[n - 1]) for n in (1, 2)]
    )
    society.freeze(numbers[0])
    before = contents(society.admin.store)
    with refused("state.no_move"):
        rosters.approve(society.desk("jd-approver"), numbers, [1])
    assert contents(society.admin.store) == before

    society.freeze(numbers[1])
    done, _ = rosters.approve(society.desk("jd-approver"), numbers, [1])
    assert (done.rosters, done.lines) == (2, 2)


def test_br_022_an_approval_past_the_cap_is_refused_over_all_its_rounds(society: Society) -> None:
    [roster] = society.import_roster([society.person(1, "王伟", 金额="600")])
    society.freeze(roster)
    before = contents(society.admin.store)

    with refused("cap.person"):
        rosters.approve(society.desk("jd-approver"), [roster], [1, 2])
    assert contents(society.admin.store) == before
    rosters.approve(society.desk("jd-approver"), [roster], [1])


def test_br_072_a_fund_too_small_refuses_the_approval(society: Society) -> None:
    roster = in_state(society, "frozen")
    free = balances(society)["available"]
    rows(
        society.admin.store,
        f"UPDATE balance SET fen = 99999 WHERE account = 'available' AND fen = {free} RETURNING fen",
    )
    before = contents(society.admin.store)

    with refused("fund.short"):
        rosters.approve(society.desk("jd-approver"), [roster], [1])
    assert contents(society.admin.store) == before


def test_br_016_a_dead_persons_line_is_struck_at_death_before_freezing(society: Society) -> None:
    roster = in_state(society, "verified")
    deaths.record(
        society.desk("jd-caseworker"), people(society.admin.store)["王伟"].id, "2022-01-31", "registry"
    )  # fmt: skip

    assert lines(society.admin.store)["22A-JD-00001"].state == "struck"
    assert rosters.find(society.admin, roster).lines == 1


def test_br_016_freezing_strikes_a_line_whose_person_died_unnoticed(society: Society) -> None:
    roster = in_state(society, "verified")
    rows(
        society.admin.store,
        "UPDATE person SET state = 'deceased', died_on = '2022-01-31' WHERE name = '王伟' RETURNING id",
    )
    rosters.freeze(society.desk("jd-reviewer"), roster)

    assert lines(society.admin.store)["22A-JD-00001"].state == "struck"
    assert rosters.find(society.admin, roster).lines == 1
    done, _ = rosters.approve(society.desk("jd-approver"), [roster], [1])
    assert done.lines == 1


def test_br_016_a_death_between_freezing_and_approval_suspends_at_once(society: Society) -> None:
    roster = in_state(society, "frozen")
    deaths.record(
        society.desk("jd-caseworker"), people(society.admin.store)["王伟"].id, "2022-01-31", "registry"
    )  # fmt: skip
    done, _ = rosters.approve(society.desk("jd-approver"), [roster], [1])

    assert done.lines == 2
    states = {r.person_id: r.state for r in rights(society.admin.store)}
    found = people(society.admin.store)
    assert (states[found["王伟"].id], states[found["赵敏"].id]) == ("suspended", "ready")


def test_br_033_a_struck_line_frees_its_quota(society: Society) -> None:
    from rcaid.services import quotas

    quotas.set_one(society.desk("jd-reviewer"), "22A", JD_STREETS[0], "*", 2)
    roster = in_state(society, "submitted")
    rosters.strike(society.desk("jd-verifier"), "22A-JD-00001", "moved_away")

    assert rosters.find(society.admin, roster).lines == 1
    assert society.import_roster([society.person(3, "李娜")]) == [roster]
    assert lines(society.admin.store)["22A-JD-00003"].state == "listed"


@pytest.mark.parametrize("state", ["frozen", "approved"])
def test_nothing_is_struck_once_a_roster_is_frozen(society: Society, state: str) -> None:
    in_state(society, state)
    with refused("state.no_move"):
        rosters.strike(society.desk("jd-verifier"), "22A-JD-00001", "too_late")


def test_a_struck_line_is_not_struck_twice(society: Society) -> None:
    in_state(society, "submitted")
    rosters.strike(society.desk("jd-verifier"), "22A-JD-00001", "moved_away")
    with refused("state.no_move"):
        rosters.strike(society.desk("jd-verifier"), "22A-JD-00001", "moved_away")
    with refused("state.gone"):
        rosters.strike(society.desk("jd-verifier"), "22A-JD-99999", "moved_away")


STALE: dict[str, tuple[str, str, Act]] = {
    "verify": ("submitted", "jd-verifier", lambda s, n: rosters.verify(s.desk("jd-verifier"), n)),
    "freeze": ("verified", "jd-reviewer", lambda s, n: rosters.freeze(s.desk("jd-reviewer"), n)),
    "approve": (
        "frozen",
        "jd-approver",
        lambda s, n: rosters.approve(s.desk("jd-approver"), [n], [1]),
    ),
}


@pytest.mark.parametrize("act", STALE)
def test_br_047_two_desks_at_once_and_the_second_is_refused(society: Society, act: str) -> None:
    state, login, do = STALE[act]
    roster = in_state(society, state)
    duty = login.partition("-")[2]
    other = newcomer(society, "other", duty)
    acts: dict[str, Callable[[], object]] = {
        "verify": lambda: rosters.verify(other, roster),
        "freeze": lambda: rosters.freeze(other, roster),
        "approve": lambda: rosters.approve(other, [roster], [1]),
    }
    between(society.desk(login), acts[act])

    with refused("state.stale"):
        do(society, roster)
    assert number(society.admin.store, "SELECT count(*) FROM entitlement") == 2 * (act == "approve")
    version = rosters.find(society.admin, roster).version
    assert version == len(PATHS[state]) + 2


def test_br_047_a_unit_that_names_an_old_version_is_undone(society: Society) -> None:
    roster = rosters.find(society.admin, in_state(society, "submitted"))
    desk = society.desk("jd-verifier")
    rosters.verify(desk, roster.number)
    before = contents(society.admin.store)

    def again(unit: Unit) -> None:
        unit.flow(roster.office_id, roster.cycle_id, "line", "tumour", "listed", 1, 1)
        unit.update(ROSTER, [roster._replace(state="open")], ("state",))

    with refused("state.stale"):
        desk.write("roster.verify", roster.office_id, again)
    assert contents(society.admin.store) == before


def test_a_roster_is_closed_only_when_nothing_of_it_is_left_to_do(society: Society) -> None:
    roster = in_state(society, "approved")
    with refused("roster.unfinished"):
        ACTS["close"](society, roster)
    batch = society.pay()
    with refused("roster.unfinished"):
        ACTS["close"](society, roster)
    society.bank_result(batch, {"22A-JD-00001-1C": "00", "22A-JD-00002-1C": "00"})
    ACTS["close"](society, roster)

    assert rosters.find(society.admin, roster).state == "closed"
    for act in ACTS:
        with refused("state.no_move"):
            ACTS[act](society, roster)


def test_rosters_of_a_cycle_are_listed_by_number(society: Society) -> None:
    streets = [society.street(code) for code in JD_STREETS]
    numbers = society.import_roster(
        [society.person(n, f"人{n}", 街道=streets[-n]) for n in (1, 2, 3)]
    )
    cycle = programmes.cycle(society.admin, "22A")

    assert numbers == sorted(numbers)
    assert [r.number for r in rosters.of_cycle(society.admin, cycle.id)] == numbers
    assert batches.round_of(society.admin, "22A", 2).label == "June"
