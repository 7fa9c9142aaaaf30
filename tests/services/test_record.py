"""The record: every write shows what it changed, and what was changed behind its back is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from rcaid.db.tables import RECORDED
from rcaid.domain.errors import Refused
from rcaid.services import (
    audit,
    batches,
    deaths,
    holds,
    programmes,
    quotas,
    results,
    rosters,
    staff,
)
from rcaid.services.importing import imports
from tests.services.conftest import DAY, JD, JD_STREETS, Society
from tests.services.writing import BOX, contents, number, people, refused, rows

Version = tuple[str, str, int]
FIX = ("22A-JD-00001-1C", "王伟", "上海银行", "6222333344445555")
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"


def standing(society: Society) -> dict[tuple[str, str], int]:
    """The version of every recorded row."""
    return {
        (name, row_id): int(version)
        for name in RECORDED
        for row_id, version in rows(society.admin.store, f"SELECT id, version FROM {name}")
    }


def events(society: Society) -> int:
    return number(society.admin.store, "SELECT count(*) FROM audit_event")


def entries(society: Society) -> set[Version]:
    """All (noun, id, version) of the record."""
    found = rows(society.admin.store, "SELECT noun, row_id, version FROM audit_row")
    return {(noun, row_id, int(version)) for noun, row_id, version in found}


def a_roster(society: Society) -> None:
    path = society.write(
        [society.person(1, "王伟", 监护人="王大"), society.person(2, "赵敏", 物资=BOX)]
    )
    target = path.with_suffix(".plan")
    imports.plan(society.desk("jd-caseworker"), path, "roster", cycle_code="22A", target=target)
    imports.apply(society.desk("jd-caseworker"), target)


R, B = f"22A-R-{JD_STREETS[0]}", "22A-1-JD-C01"
STORY: list[tuple[str, Callable[[Society], Any]]] = [
    ("user.add", lambda s: staff.add(s.admin, "new", "New", [("keeper", JD), ("auditor", JD)])),
    ("user.grant", lambda s: staff.grant(s.admin, "new", "notice", JD)),
    ("user.revoke", lambda s: staff.revoke(s.admin, "new", "notice", JD)),
    ("user.key", lambda s: staff.add_key(s.admin, "new", KEY)),
    ("cycle.new", lambda s: programmes.new_cycle(s.desk("sh-approver"), "QWR", "24A", "x", DAY, ["a", "b"])),
    ("cycle.open", lambda s: programmes.move_cycle(s.desk("sh-approver"), "24A", "open")),
    ("fund.receive", lambda s: programmes.receive(s.desk("sh-preparer"), "QWR", 5, "x")),
    ("lot.receive", lambda s: programmes.receive_lot(s.desk("sh-keeper"), "BOX", "BOX-2", 17_800)),
    ("quota.set", lambda s: quotas.set_one(s.desk("jd-reviewer"), "22A", JD_STREETS[0], "*", 40)),
    ("import.roster", a_roster),
    ("roster.return", lambda s: rosters.send_back(s.desk("jd-verifier"), R, "phones")),
    ("roster.submit", lambda s: rosters.submit(s.desk("jd-caseworker"), R)),
    ("line.strike", lambda s: rosters.strike(s.desk("jd-verifier"), "22A-JD-00002", "moved")),
    ("roster.verify", lambda s: rosters.verify(s.desk("jd-verifier"), R)),
    ("roster.freeze", lambda s: rosters.freeze(s.desk("jd-reviewer"), R)),
    ("roster.approve", lambda s: rosters.approve(s.desk("jd-approver"), [R], [1, 2])),
    ("batch.create", lambda s: batches.create(s.desk("jd-preparer"), "22A", 1, JD, "money")),
    ("batch.lock", lambda s: batches.lock(s.desk("jd-preparer"), B)),
    ("batch.clear", lambda s: holds.clear(s.desk("jd-reviewer"), B, 1, "looked_into")),
    ("batch.approve", lambda s: batches.approve(s.desk("jd-approver"), B)),
    ("batch.release", lambda s: batches.release(s.desk("jd-releaser"), B)),
    ("batch.export", lambda s: batches.export(s.desk("jd-releaser"), B, "x", "y")),
    ("import.bank", lambda s: s.desk("jd-preparer").write(
        "import.bank", s.office(JD), lambda unit: results.take_up(
            s.desk("jd-preparer"), unit, [results.Result(FIX[0], "returned", DAY, "17")]))),
    ("return.fix_account", lambda s: results.fix_accounts(s.desk("jd-caseworker"), [FIX], s.office(JD))),
    ("batch.reconcile", lambda s: batches.reconcile(s.desk("jd-preparer"), B)),
    ("batch.close", lambda s: batches.close(s.desk("jd-approver"), B)),
    ("return.reissue", lambda s: batches.reissue(s.desk("jd-preparer"), "22A", 1, JD)),
    ("person.death", lambda s: deaths.record(
        s.desk("jd-caseworker"), people(s.admin.store)["王伟"].id, DAY, "registry")),
]  # fmt: skip


def test_br_094_every_write_leaves_one_event_whose_rows_are_exactly_what_changed(
    society: Society,
) -> None:
    for act, do in STORY:
        before, listed, count = standing(society), entries(society), events(society)
        do(society)
        after = standing(society)
        changed = {(*key, v) for key, v in after.items() if before.get(key) != v}
        assert entries(society) - listed == changed, act
        assert before.keys() <= after.keys()
        planned = act.startswith("import.roster")
        assert events(society) == count + 1 + planned, act
        line = json.loads(
            rows(
                society.admin.store,
                f"SELECT line FROM audit_event WHERE act = '{act}' ORDER BY at DESC, seq DESC LIMIT 1",
            )[0][0]
        )
        assert line["rows"] == len(changed), act
        assert ("root" in line) == bool(changed)
        assert {"log", "seq", "at", "actor", "duty", "office", "action"} <= line.keys()
    verdict = audit.verify_store(society.desk("sh-auditor"))
    assert verdict.faults == []
    assert verdict.events == events(society)
    assert verdict.rows == len(entries(society))


def test_each_version_of_a_row_is_listed_once_without_gaps(society: Society) -> None:
    tell(society)
    found: dict[tuple[str, str], list[int]] = {}
    for noun, row_id, version in rows(
        society.admin.store, "SELECT noun, row_id, version FROM audit_row ORDER BY version"
    ):
        found.setdefault((noun, row_id), []).append(int(version))
    assert all(versions == list(range(1, len(versions) + 1)) for versions in found.values())


PRIVATE = (
    "王伟", "赵敏", "王大", "13800000001", "幸福路1号", "6200000000000001", "6222333344445555",
    "1950-01-01", "上海银行", "肿瘤", "tumour", "subsistence",
)  # fmt: skip


def test_private_values_never_stand_in_public(society: Society) -> None:
    tell(society)
    number_ = society.person(1, "")["证件号码"]
    store = society.admin.store
    shown = [str(text) for (text,) in rows(store, "SELECT line FROM audit_event")]
    shown += [str(text) for (text,) in rows(store, "SELECT public FROM audit_row")]
    everything = "\n".join(shown)

    for value in (*PRIVATE, number_, number_[:17], number_[6:14]):
        assert value not in everything
    hashes = [str(row[0]) for row in rows(store, "SELECT hash FROM account")]
    assert not any(hashed in everything for hashed in hashes)


def test_private_values_lie_nowhere_in_the_file_but_sealed_or_plain_where_rules_need_them(
    society: Society,
) -> None:
    """Numbers, phones, addresses and accounts are nowhere in the clear (model.md, Sealed)."""
    tell(society)
    number_ = society.person(1, "")["证件号码"]
    for name in RECORDED:
        for row in rows(society.admin.store, f"SELECT * FROM {name}"):
            text = b"|".join(
                bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row
            )
            for value in (number_, "13800000001", "幸福路1号", "6200000000000001"):
                assert value.encode() not in text, name


def test_a_refused_act_leaves_no_row_and_no_event(society: Society) -> None:
    a_roster(society)
    before, count = contents(society.admin.store), events(society)
    for act in (
        lambda: rosters.verify(society.desk("jd-caseworker"), R),
        lambda: rosters.freeze(society.desk("jd-reviewer"), R),
        lambda: rosters.approve(society.desk("jd-approver"), [R], [1]),
        lambda: quotas.set_one(society.desk("jd-reviewer"), "22A", JD_STREETS[0], "*", 9999),
        lambda: programmes.receive(society.desk("sh-preparer"), "QWR", -1, "x"),
    ):
        with pytest.raises(Refused):
            act()
    assert contents(society.admin.store) == before
    assert events(society) == count


def tell(society: Society) -> None:
    """Plays the whole story."""
    for _, do in STORY:
        do(society)


def test_a_store_that_holds_goes_on_holding_after_an_export(society: Society) -> None:
    tell(society)
    auditor = society.desk("sh-auditor")
    manifest = audit.export(auditor, society.folder / "bundle.zip", "audit", "audit office")
    verdict = audit.verify_store(auditor)

    assert verdict.ok
    assert manifest.sha256
    assert audit.verify_file(society.folder / "bundle.zip", None).ok
    with refused("export.purpose"):
        audit.export(auditor, society.folder / "other.zip", " ", "audit office")


def test_the_log_is_read_whole_by_the_auditor_and_by_others_for_themselves(
    society: Society,
) -> None:
    tell(society)
    mine = audit.log(society.desk("jd-verifier"))
    district = audit.log(society.desk("jd-auditor"))
    city = audit.log(society.desk("sh-auditor"), limit=1000)

    assert {event.actor for event in mine} == {"jd-verifier"}
    assert {event.number.partition("-")[0] for event in district} == {JD}
    assert len({event.number.partition("-")[0] for event in city}) > 1
    assert [event.at for event in city] == sorted((e.at for e in city), reverse=True)
    assert {event.act for event in audit.log(society.desk("sh-auditor"), act="batch.lock")} == {
        "batch.lock"
    }
    assert len(audit.log(society.desk("sh-auditor"), limit=3)) == 3


def test_only_auditor_and_administrator_check_the_record(society: Society) -> None:
    tell(society)
    audit.verify_store(society.admin)
    for login in ("jd-caseworker", "sh-approver", "sh-releaser"):
        with refused("who.no_duty"):
            audit.verify_store(society.desk(login))
