"""rcaid notice: put up, read, object to, close, correct."""

from __future__ import annotations

import io
import json
from hashlib import sha256
from pathlib import Path

import pytest

from rcaid.services import staff
from rcaid.services.society import open_desk
from tests.cli.conftest import Run
from tests.services.on_notice import PHONE, approved, fire_cycle

pytestmark = pytest.mark.usefixtures("wall")
N1 = "22F-N-001"


@pytest.fixture
def wall(place: Path) -> None:
    """Three approved cases in a street, and a notice officer of the city."""
    desk = open_desk(str(place), as_login="root")
    chief, mo = (open_desk(str(place), as_login=login) for login in ("chief", "mo"))
    staff.add(desk, "an", "An", [("notice", "310000")])
    fire_cycle(desk, chief, mo)
    approved(chief, "王小明", "李雷", "欧阳锋")
    for each in (desk, chief, mo):
        each.store.close()


def up(rcaid: Run) -> str:
    """Drafts and publishes; the text."""
    made = rcaid("--as", "an", "notice", "draft", "22F", "--phone", PHONE, "--json")
    assert made.code == 0, made.err
    assert json.loads(made.out)["lines"] == 3
    done = rcaid("--as", "an", "notice", "publish", N1, "--yes", "--json")
    assert done.code == 0, done.err
    shown = rcaid("--as", "an", "notice", "show", N1).out
    assert sha256(shown.encode()).hexdigest() == json.loads(done.out)["sha256"]
    return shown


def say(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_notice_goes_up_and_is_read_in_three_forms(rcaid: Run, tmp_path: Path) -> None:
    [waits] = rcaid("--as", "an", "notice", "waiting", "--json").out.splitlines()
    assert (json.loads(waits)["cycle"], json.loads(waits)["n"]) == ("22F", 3)
    shown = up(rcaid)
    assert "王*明" in shown and PHONE in shown and "王小明" not in shown
    assert rcaid("--as", "an", "--lang", "zh_CN", "notice", "show", N1).out == shown
    for form, begins in (("text", "红会"), ("csv", "\ufeff公示编号"), ("html", "<!DOCTYPE html>")):
        path = tmp_path / f"notice.{form}"
        done = rcaid("--as", "sun", "notice", "show", N1, "--format", form, "-o", path)
        assert done.code == 0, done.err
        assert path.read_text(encoding="utf-8").startswith(begins)
    assert (tmp_path / "notice.text").read_text(encoding="utf-8") == shown
    assert rcaid("--as", "an", "notice", "show", N1, "--format", "pdf").code == 2


def test_only_what_was_reviewed_goes_up(rcaid: Run) -> None:
    rcaid("--as", "an", "notice", "draft", "22F", "--phone", PHONE)
    wrong = rcaid("--as", "an", "notice", "publish", N1, "--expect", "2", "--yes")
    assert wrong.code == 4 and "2" in wrong.err
    unsure = rcaid("--as", "an", "notice", "publish", N1)
    assert unsure.code == 4
    listed = json.loads(rcaid("--as", "an", "notice", "list", "--json").out)
    assert (listed["state"], listed["lines"], listed["fen"]) == ("draft", 3, 900_000)


def test_a_draft_without_a_telephone_is_refused_until_there_was_one(rcaid: Run) -> None:
    assert rcaid("--as", "an", "notice", "draft", "22F").code == 4
    assert rcaid("--as", "an", "notice", "draft", "22F", "--phone", PHONE).code == 0
    assert rcaid("--as", "an", "notice", "cancel", N1).code == 0
    assert rcaid("--as", "an", "notice", "draft", "22F").code == 0


def test_br_050_closing_before_the_last_day_is_refused_with_it(rcaid: Run) -> None:
    up(rcaid)
    early = rcaid("--as", "an", "notice", "close", N1)
    assert early.code == 4
    assert "2022-02-09" in early.err and "BR-050" in early.err


def test_br_054_an_objection_is_decided_by_another_and_corrected(
    rcaid: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = up(rcaid)
    say(monkeypatch, "他家没有\n着火\n")
    taken = rcaid("--as", "an", "notice", "object", N1, "--line", "2", "--who", "邻居")
    assert taken.code == 0, taken.err
    said = rcaid("--as", "city", "notice", "objections", N1, "--json")
    assert (json.loads(said.out)["text"], json.loads(said.out)["who"]) == ("他家没有 着火", "邻居")
    assert rcaid("--as", "sun", "notice", "objections", N1).code == 4
    done = rcaid("--as", "rui", "notice", "uphold", N1, "--line", "2", "--reason", "not_true")
    assert done.code == 0, done.err
    again = rcaid("--as", "rui", "notice", "dismiss", N1, "--line", "2", "--reason", "x")
    assert again.code == 4
    new = rcaid("--as", "an", "notice", "correct", N1, "--why", "一户不符合条件", "--yes", "--json")
    assert json.loads(new.out)["notice"] == "22F-N-002"
    assert rcaid("--as", "an", "notice", "show", N1).out == before
    after = rcaid("--as", "an", "notice", "show", "22F-N-002").out
    assert "撤下原公示第 2 号" in after and "李*" not in after
    states = rcaid("--as", "an", "notice", "list", "--json").out.splitlines()
    assert [json.loads(each)["state"] for each in states] == ["published", "corrected"]


def test_after_a_dismissal_the_line_is_on_notice_again(
    rcaid: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    up(rcaid)
    say(monkeypatch, "x")
    rcaid("--as", "an", "notice", "object", N1, "--line", "2")
    done = rcaid("--as", "rui", "notice", "dismiss", N1, "--line", "2", "--reason", "x", "--json")
    assert json.loads(done.out)["state"] == "dismissed"
    listed = json.loads(rcaid("--as", "an", "notice", "list", "--json").out)
    assert (listed["objected"], listed["left"]) == (0, 3)


def test_a_filter_that_cannot_be_read_is_told(rcaid: Run) -> None:
    up(rcaid)
    assert rcaid("--as", "an", "notice", "list", "--where", "step:draft", "--json").out == ""
    wrong = rcaid("--as", "an", "notice", "list", "--where", "step:nothing")
    assert wrong.code == 3 and "published" in wrong.err
