"""rcaid audit, db and doctor: the record and the store, whole, broken and mended."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from rcaid.services import upkeep
from tests.cli.conftest import Run


def test_the_record_is_shown_to_the_auditor_and_to_others_their_own_part(
    rcaid: Run, place: Path
) -> None:
    rows = [
        json.loads(each) for each in rcaid("--as", "sun", "audit", "log", "--json").out.splitlines()
    ]
    assert {row["actor"] for row in rows} >= {"root", "chief", "city"}
    assert rows[0]["event"]["log"] in rows[0]["number"]
    own = rcaid("--as", "chief", "audit", "log", "--json").out.splitlines()
    assert {json.loads(each)["actor"] for each in own} == {"chief"}
    assert len(rcaid("--as", "sun", "audit", "log", "--limit", "2", "--json").out.splitlines()) == 2


def test_a_store_that_holds_is_verified_and_a_changed_row_is_named(rcaid: Run, place: Path) -> None:
    ran = rcaid("--as", "sun", "audit", "verify")
    assert ran.code == 0 and ran.out.startswith("verified") and ran.err == ""
    with sqlite3.connect(place) as connection:
        connection.execute("UPDATE quota SET allotted = allotted + 1 WHERE allotted = 50")
    connection.close()
    ran = rcaid("--as", "sun", "audit", "verify", "--json")
    assert ran.code == 5
    told = json.loads(ran.out)
    assert told["ok"] == 0 and [fault["code"] for fault in told["faults"]] == ["record.changed"]
    assert rcaid("--as", "hua", "audit", "verify").code == 4


def test_a_bundle_is_verified_with_its_key_and_a_changed_one_is_not(
    rcaid: Run, place: Path, tmp_path: Path
) -> None:
    bundle, key = tmp_path / "bundle.zip", tmp_path / "key.pem"
    export = ("--as", "sun", "audit", "export", bundle)
    assert rcaid(*export).code == 2
    assert rcaid(*export, "--purpose", " ", "--for", "office").code == 4
    made = rcaid(*export, "--purpose", "audit", "--for", "office", "--json")
    assert made.code == 0 and json.loads(made.out)["logs"] >= 1
    assert rcaid("--as", "sun", "audit", "key", "-o", key).code == 0
    assert rcaid("audit", "verify", bundle, "--key", key).code == 0
    content = bytearray(bundle.read_bytes())
    content[len(content) // 2] ^= 4
    bundle.write_bytes(content)
    ran = rcaid("audit", "verify", bundle, "--key", key)
    assert ran.code == 5 and ran.out == "" and len(ran.err.splitlines()) == 1
    assert rcaid("audit", "verify", tmp_path / "none.zip").code == 3
    assert rcaid("--as", "sun", "audit", "verify", "--key", key).code == 2


def test_a_table_shows_local_time_to_the_second_and_json_utc(rcaid: Run, place: Path) -> None:
    table = rcaid("--as", "sun", "audit", "log", "--limit", "1").out.splitlines()[-1]
    assert re.search(r" 2022-01-10 \d\d:\d\d:\d\d  ", table)
    assert json.loads(rcaid("--as", "sun", "audit", "log", "--limit", "1", "--json").out)[
        "at"
    ].endswith("Z")


def test_what_is_no_bundle_and_what_is_no_key_are_told_apart(
    rcaid: Run, place: Path, tmp_path: Path
) -> None:
    bundle, text = tmp_path / "all.zip", tmp_path / "text.txt"
    text.write_text("neither", encoding="utf-8")
    made = rcaid("--as", "sun", "audit", "export", bundle, "--purpose", "p", "--for", "f")
    assert made.code == 0
    wrong_key = rcaid("audit", "verify", bundle, "--key", text)
    assert wrong_key.code == 3 and "text.txt holds no public key" in wrong_key.err
    no_bundle = rcaid("audit", "verify", text)
    assert no_bundle.code == 5 and "text.txt is no bundle" in no_bundle.err


def test_status_names_the_store_and_counts(rcaid: Run, place: Path) -> None:
    told = json.loads(rcaid("db", "status", "--json").out)
    assert (told["engine"], told["society"], told["demo"]) == ("sqlite", "红会", 1)
    assert told["pending"] == [] and told["events"] > 10
    assert "红会" in rcaid("db", "status").out


def test_a_backup_is_whole_private_and_never_written_over(
    rcaid: Run, place: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    ran = rcaid("db", "backup", "-o", copy)
    assert ran.code == 0 and "keys" in ran.err
    assert copy.stat().st_mode & 0o077 == 0
    assert rcaid("--db", copy, "db", "check").code == 0
    assert rcaid("db", "backup", "-o", copy).code == 3
    one = rcaid("db", "check", "--digest", "--json").out
    assert one == rcaid("--db", copy, "db", "check", "--digest", "--json").out
    assert len(one.splitlines()) > 20
    assert rcaid("db", "backup", "-o", tmp_path / "none" / "x.db").code == 3


def test_check_finds_a_sum_that_differs_from_its_rows(rcaid: Run, place: Path) -> None:
    assert rcaid("db", "check").code == 0
    with sqlite3.connect(place) as connection:
        connection.execute("UPDATE balance SET fen = fen - 1 WHERE account = 'available'")
    connection.close()
    ran = rcaid("db", "check", "--json")
    assert ran.code == 5
    broken = [each["id"] for each in json.loads(ran.out)["invariants"] if not each["held"]]
    assert broken == ["I9"]
    assert [each["code"] for each in json.loads(ran.out)["problems"]] == ["invariant.balance"]


def test_migrate_of_a_store_that_is_up_to_date_does_nothing(rcaid: Run, place: Path) -> None:
    ran = rcaid("db", "migrate")
    assert ran.code == 0 and "nothing" in ran.err
    assert json.loads(rcaid("db", "migrate", "--json").out)["ran"] == []


def test_migrate_copies_an_older_store_first(
    rcaid: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(place.parent.iterdir())
    with sqlite3.connect(place) as connection:
        connection.execute("DELETE FROM schema_migration WHERE number = 2")
    connection.close()
    assert rcaid("--as", "sun", "cycle", "list").code == 3
    monkeypatch.setattr(upkeep, "run_migrations", lambda store: [])
    told = json.loads(rcaid("db", "migrate", "--json").out)
    copies = {each for each in set(place.parent.iterdir()) - before if each.suffix == ".db"}
    assert {told["backup"]} == {str(each) for each in copies}


def test_doctor_names_what_to_mend_and_ends_in_3(
    rcaid: Run, place: Path, made_society: Path
) -> None:
    ran = rcaid("doctor", "--json")
    codes = {each["code"] for each in json.loads(ran.out)["findings"]}
    assert {"doctor.demo", "doctor.keys_at"} <= codes
    place.chmod(0o644)
    ran = rcaid("doctor")
    assert ran.code == 3 and "chmod 600" in ran.out
    place.chmod(0o600)
    assert rcaid("doctor").code == 0


def test_doctor_says_that_the_keys_are_gone(
    rcaid: Run, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RCAID_KEYS", str(tmp_path / "none.keys"))
    ran = rcaid("doctor")
    assert ran.code == 3 and "none.keys" in ran.out


def test_keys_prints_the_registry_of_commands(rcaid: Run) -> None:
    every = rcaid("keys", "--json").out.splitlines()
    some = rcaid("keys", "rosters", "--json").out.splitlines()
    assert 0 < len(some) < len(every)
    assert rcaid("keys", "nowhere").code == 2


def test_demo_make_and_run_play_a_small_year_and_replace_the_last(
    rcaid: Run, made_society: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RCAID_DB", raising=False)
    store = tmp_path / "year.db"
    shutil.copyfile(made_society / "rcaid.db", store)
    folder = tmp_path / "year"
    made = rcaid("demo", "make", folder, "--scale", "0.01", "--json")
    assert made.code == 0
    assert json.loads(made.out)["value_fen"] == 17_563_000
    assert rcaid("demo", "run", tmp_path / "none").code == 3 and store.exists()
    ran = rcaid("demo", "run", folder)
    assert ran.code == 0 and "audit: verified" in ran.out
    assert rcaid("--db", store, "db", "check").code == 0
    assert rcaid("--db", store, "--as", "jd-street", "roster", "list").code == 0
    assert rcaid("--as", "x", "demo", "run", folder).code == 4


def test_demo_run_takes_no_real_store_away(rcaid: Run, tmp_path: Path) -> None:
    place, keys = tmp_path / "real.db", tmp_path / "real.keys"
    assert rcaid("--db", place, "init", "--society", "红会", "--keys", keys).code == 0
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    assert rcaid("--db", place, "demo", "run", tmp_path).code == 4
    assert place.exists()
