"""The desk behind the screens: rows, cards and acts in the shapes the screens ask for."""

from __future__ import annotations

import pytest

from rcaid import locale
from rcaid.domain.errors import Problem, Refused, Unusable
from rcaid.screens.desk import DeskSession
from rcaid.screens.session import Session, Unreachable
from rcaid.services import rosters
from tests.services.conftest import JD_STREETS, Society

ROSTER = "22A-R-310114001"


@pytest.fixture(autouse=True)
def english() -> None:
    locale.set_language("en")


@pytest.fixture
def filled(society: Society) -> Society:
    """Two rosters of JD, of three lines and of two."""
    rows = [
        society.person(n, name, 街道=society.street(JD_STREETS[n % 2]))
        for n, name in enumerate(("赵晓敏", "王芳", "周小明", "李静", "郑新民"), 2)
    ]
    society.import_roster(rows)
    return society


def _session(society: Society, login: str) -> Session:
    return DeskSession(society.desk(login))


def _roster(session: Session, number: str = ROSTER) -> tuple[str, int]:
    (row,) = session.page("rosters", number, "", 5).rows[-1:]
    return row.id, row.version


def test_line_one_says_who_sits_where_and_that_it_is_a_demo(filled: Society) -> None:
    who = _session(filled, "jd-verifier").who
    assert (who.login, who.office_name, who.duties) == ("jd-verifier", "嘉定区", ("verifier",))
    assert who.flags[0] == "DEMO"
    assert who.today == "2022-02-01"


def test_today_opens_the_list_it_counted(filled: Society) -> None:
    session = _session(filled, "jd-verifier")
    today = session.today()
    (line,) = today.lines
    assert (line.label, line.count, line.fen, line.place) == ("To verify", "2", 250_000, "rosters")
    page = session.page(line.place, line.filter, "", 200)
    assert (page.total, page.fen) == (2, 250_000)
    (bars,) = today.bars
    assert bars.bars[0].cells[0] == "5"


def test_pages_of_a_list_carry_the_total_of_the_first(filled: Society) -> None:
    session = _session(filled, "jd-verifier")
    first = session.page("cases", "", "", 2)
    second = session.page("cases", "", first.next_key, 2)
    assert (first.total, second.total, first.fen, second.fen) == (5, 5, 250_000, 250_000)
    assert [row.values["case"] for row in (*first.rows, *second.rows)] == [
        f"22A-JD-{n:05}" for n in range(1, 5)
    ]
    back = session.page("cases", "", second.before_key, 2, backward=True)
    assert back.rows == first.rows
    assert len(session.marks("cases", "王")) == 1


def test_a_wrong_filter_is_a_problem_and_not_an_empty_list(filled: Society) -> None:
    for place in ("cases", "quota"):
        with pytest.raises(Unusable, match="no_field"):
            _session(filled, "jd-verifier").page(place, "stret:x", "", 5)


def test_people_stand_in_their_circles(filled: Society) -> None:
    groups = _session(filled, "jd-street").find_people("zxm", 50)
    assert [group.label for group in groups] == ["my street", "嘉定区", "the city"]
    assert [[row.values["name"] for row in group.rows] for group in groups[:2]] == [
        ["赵晓敏", "周小明", "郑新民"], [],
    ]  # fmt: skip
    other = _session(filled, "pd-street").find_people("wf", 50)[2]
    assert [(row.values["name"], row.elsewhere) for row in other.rows] == [("王*", True)]


@pytest.mark.parametrize("place", ["cases", "rosters", "people"])
def test_every_row_has_a_preview_and_a_card(filled: Society, place: str) -> None:
    session = _session(filled, "jd-verifier")
    for row in session.page(place, "", "", 50).rows:
        preview = session.preview(place, row.id)
        assert row.label in preview.title
        assert len(preview.strip) == 3
        card = session.card(place, row.id)
        assert card.facts
        assert card.version == row.version
        fields = {fact.reveals for fact in card.facts if fact.reveals}
        assert {field for field, _label in card.masked} <= fields


def test_a_preview_outside_the_own_offices_tells_little(filled: Society) -> None:
    row = _session(filled, "jd-street").find_people("wf", 5)[1].rows[0]
    preview = _session(filled, "pd-street").preview("people", row.id)
    assert (preview.title, preview.parts) == ("王*", ())


def test_a_value_is_revealed_from_the_case_too(filled: Society) -> None:
    session = _session(filled, "jd-verifier")
    row = session.page("cases", "赵晓敏", "", 5).rows[0]
    assert session.reveal("cases", row.id, "phone", "reveal.phone") == "13800000002"
    assert session.help_given("cases", row.id) == ()


def test_br_040_a_row_says_why_an_act_may_not_be_done(filled: Society) -> None:
    def acts(login: str) -> dict[str, str]:
        session = _session(filled, login)
        return dict(session.page("rosters", ROSTER, "", 5).rows[0].acts)

    assert acts("jd-verifier") == {"roster.verify": "", "roster.return": ""}
    assert "no duty" in acts("jd-caseworker")["roster.verify"]
    filled.freeze(ROSTER)
    assert acts("jd-approver") == {"roster.approve": ""}


def test_acts_do_all_or_nothing_and_give_their_number(filled: Society) -> None:
    session = _session(filled, "jd-verifier")
    rows = session.page("rosters", "", "", 5).rows
    seen = {row.id: row.version for row in rows}
    done = session.act("roster.verify", tuple(seen), seen=seen, choices={})
    assert done.sentence == "2 verified"
    assert done.number.startswith("310114-")
    with pytest.raises(Refused):
        session.act("roster.verify", tuple(seen), seen={}, choices={})
    back = session.act("roster.return", (rows[0].id,), seen={}, choices={"reason": "lines,phone"})  # fmt: skip
    assert back.sentence == f"{rows[0].label} returned"
    assert not any(reason.note for reason in session.reasons("roster.return", rows[0].id))
    states = {row.values["state"] for row in session.page("rosters", "", "", 5).rows}
    assert states == {"open", "verified"}


def test_br_047_an_act_on_what_has_moved_is_refused(filled: Society) -> None:
    id, version = _roster(_session(filled, "jd-verifier"))
    rosters.verify(filled.desk("jd-verifier"), ROSTER)
    with pytest.raises(Refused, match="stale"):
        _session(filled, "jd-reviewer").act("roster.freeze", (id,), seen={id: version}, choices={})


def test_an_approval_is_reviewed_counted_and_done(filled: Society) -> None:
    filled.freeze(ROSTER)
    session = _session(filled, "jd-approver")
    id, version = _roster(session)
    review = session.review("roster.approve", (id,))
    n = review.will.n
    assert (n, review.will.fen) == (3, 150_000)
    assert [choice.code for choice in review.options if choice.chosen] == ["1"]
    assert {note.sign for note in review.limits} == {"done"}
    with pytest.raises(Refused, match="expected"):
        session.act("roster.approve", (id,), seen={id: version}, choices={"expect": str(n + 1)})
    choices = {"expect": str(n), "rounds": "1,2"}
    done = session.act("roster.approve", (id,), seen={id: version}, choices=choices)
    assert "3 lines" in done.sentence
    assert "3,000.00" in done.sentence
    assert session.page("rosters", "step:approved", "", 5).total == 1


def test_who_may_not_approve_sees_it_in_the_review(filled: Society) -> None:
    filled.freeze(ROSTER)
    session = _session(filled, "jd-verifier")
    review = session.review("roster.approve", (_roster(session)[0],))
    assert review.will.n == 0
    assert any("no duty" in item.text for item in review.exceptions)


def test_batches_go_from_hand_to_hand(filled: Society) -> None:
    filled.approve(ROSTER)
    filled.pay(until="draft")
    steps = (("jd-preparer", "lock"), ("jd-approver", "approve"), ("jd-releaser", "release"))
    for login, step in steps:
        session = _session(filled, login)
        (row,) = session.page("batches", "", "", 5).rows
        assert row.acts[f"batch.{step}"] == ""
        done = session.act(f"batch.{step}", (row.id,), seen={row.id: row.version}, choices={})
        assert done.sentence.startswith(row.label)
    (row,) = session.page("batches", "", "", 5).rows
    assert row.values["state"] == "released"


def test_a_store_that_is_gone_is_said_so(filled: Society, monkeypatch: pytest.MonkeyPatch) -> None:
    session = _session(filled, "jd-verifier")

    def gone(*_: object, **__: object) -> None:
        raise Unusable(Problem("store.busy", {"place": "here"}))

    monkeypatch.setattr("rcaid.services.lists.page", gone)
    with pytest.raises(Unreachable, match="here"):
        session.page("cases", "", "", 5)
