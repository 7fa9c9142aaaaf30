"""The places, pressed key by key: in one burst and slowly, with the same end."""

from __future__ import annotations

import random

import pytest
from rich.cells import cell_len
from textual import events

from rcaid import locale
from rcaid.screens.list import ListScreen
from tests.tui.drive import acts, lines, message, press, running, settle, shown, state
from tests.tui.fake import FakeSession, hostile

SIZES = [(80, 24), (120, 40)]


@pytest.mark.parametrize("slowly", [False, True])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", SIZES)
async def test_a_person_is_found_by_initials_and_a_frozen_roster_approved(
    size: tuple[int, int], language: str, slowly: bool
) -> None:
    locale.set_language(language)
    session = FakeSession()
    async with running(session, size) as app:
        await press(app, '/ "zxm" enter enter', slowly=slowly)
        assert "赵小敏" in shown(app)
        assert ("card", "people", "p0000") in session.log
        await press(app, 'f5 / "step:frozen" enter a 4 0 enter', slowly=slowly)
        assert session.states["r002"] == "approved"
        assert "A-" in message(app)
        assert all(cell_len(line) == size[0] for line in lines(app))
        await press(app, "ctrl+q", slowly=slowly)
        assert app.return_code == 0


@pytest.mark.parametrize("slowly", [False, True])
async def test_who_had_a_part_in_a_roster_is_told_so_before_and_refused_after(
    slowly: bool,
) -> None:
    session = FakeSession(maker=True)
    async with running(session) as app:
        await press(app, 'f5 / "step:frozen" enter a', slowly=slowly)
        assert "another person approves (BR-040)" in message(app)
        session.maker = False
        await press(app, "f5 a 4 0")
        session.maker = True
        await press(app, "enter")
        assert message(app).startswith("✗ Refused: ")
        assert session.states["r002"] == "frozen"
        await press(app, "ctrl+q", slowly=slowly)
        assert app.return_code == 0


async def test_br_040_a_grey_step_says_the_true_reason() -> None:
    session = FakeSession(("caseworker", "verifier"), maker=True)
    async with running(session) as app:
        await press(app, "f5 y")
        assert "another person verifies (BR-040)" in message(app)
        assert " y Verify" in lines(app)[-1]
        await press(app, "j j y")
        assert "not from this step" in message(app)
        assert "needs the duty" not in message(app)


@pytest.mark.parametrize("size", SIZES)
async def test_help_given_has_a_line_for_each_entry(size: tuple[int, int]) -> None:
    async with running(FakeSession(), size) as app:
        await press(app, "f4 h")
        said = [line.split() for line in lines(app)]
        assert ["2022", "千万人帮万家", "person", "1,000.00"] in said
        assert ["2021", "千万人帮万家", "household", "1", "守“沪”家庭箱"] in said


@pytest.mark.parametrize("size", SIZES)
async def test_reasons_of_grey_keys_are_told_to_their_end(size: tuple[int, int]) -> None:
    async with running(FakeSession(("verifier",), maker=True), size) as app:
        for key in ("m", "f1"):
            await press(app, f"f5 {key}")
            assert "another person verifies (BR-040)" in " ".join(shown(app).split())
            await press(app, "escape")


async def test_esc_clears_a_filter_that_nothing_fits_before_it_goes_back() -> None:
    async with running(FakeSession()) as app:
        app.go("rosters", where="step:closed")
        await settle(app)
        assert "step:closed" in shown(app)
        await press(app, "escape")
        assert app.here == "rosters"
        assert "46 · 2,875,000.00" in shown(app)


async def test_a_refusal_drops_the_keys_behind_it_and_says_how_many() -> None:
    session = FakeSession()
    async with running(session) as app:
        await press(app, 'f5 / "step:frozen" enter a')
        session.maker = True
        await press(app, "4 0 enter y y y")
        assert "3 keys were not used." in message(app)


async def test_a_set_that_moved_is_refused_and_the_new_number_shown() -> None:
    session = FakeSession()
    async with running(session) as app:
        await press(app, 'f5 / "step:frozen" enter a')
        session.moved = True
        await press(app, "4 0 enter")
        assert "Refused" in message(app)
        assert "Type 40 to approve" in shown(app)
        await press(app, "4 0 enter")
        assert session.states["r002"] == "approved"


async def test_enter_does_nothing_until_the_count_is_right_and_a_doubtful_one_goes_in() -> None:
    session = FakeSession()
    async with running(session) as app:
        await press(app, 'f5 / "step:frozen" enter a enter')
        assert "type the count 40 first" in message(app)
        await press(app, "space 1")
        assert "Type 41 to approve" in shown(app)
        await press(app, "k space")
        assert "a rule stops this one" in message(app)
        await press(app, "4 1 enter")
        assert "include" in acts(session.log)[-1][-1]
        assert "x2=renewed" in acts(session.log)[-1][-1]


async def test_the_next_step_is_y_and_a_return_asks_for_a_reason() -> None:
    session = FakeSession()
    async with running(session) as app:
        await press(app, "f5 y")
        assert session.states["r000"] == "verified"
        await press(app, "y")
        assert session.states["r000"] == "frozen"
        await press(app, "j r 1 enter")
        assert session.states["r001"] == "open"
        assert "'reason': 'lines'" in acts(session.log)[-1][-1]
        await press(app, "j j j j .")
        assert session.states["r005"] == "open"
        assert "'reason': 'lines'" in acts(session.log)[-1][-1]


async def test_a_reason_with_a_note_takes_letters_as_text() -> None:
    session = FakeSession()
    async with running(session) as app:
        await press(app, 'f5 r 3 enter "ab1_q" enter')
        assert session.states["r000"] == "open"
        assert "'note': 'ab1 q'" in acts(session.log)[-1][-1]


async def test_marks_are_things_and_stay_when_the_filter_changes() -> None:
    session = FakeSession()
    async with running(session) as app:
        await press(app, 'f5 / "step:submitted" enter *')
        assert "10 marked · 625,000.00" in shown(app)
        await press(app, '/ ctrl+u "step:verified" enter')
        assert "10 marked" in shown(app)
        await press(app, "escape")
        await press(app, "y")
        assert "y again verifies 10 rosters" in message(app)
        await press(app, "j y")
        assert not [entry for entry in acts(session.log) if entry[0] == "act"]
        await press(app, "y")
        assert len(acts(session.log)[-1][2:-1]) == 10


async def test_a_wrong_filter_keeps_the_rows_and_says_why() -> None:
    async with running(FakeSession()) as app:
        await press(app, 'f5 / "step:frozen>"')
        assert "22B-R-003" in shown(app)
        assert message(app).startswith("! ")
        await press(app, "backspace")
        assert not message(app)
        await press(app, "escape")
        assert "46 · 2,875,000.00" in shown(app)


async def test_today_opens_lists_already_filtered_and_esc_comes_back() -> None:
    async with running(FakeSession()) as app:
        await press(app, "j enter")
        assert app.here == "rosters"
        assert "9 · 558,000.00" in shown(app)
        await press(app, "escape")
        assert app.here == "today"
        assert any(line.startswith(" ▸ ! To approve") for line in lines(app))
        await press(app, "escape")
        assert message(app) == "^q quits"


async def test_the_end_of_a_long_list_is_read_from_its_end() -> None:
    session = FakeSession()
    async with running(session) as app:
        await press(app, "f4 G")
        assert "22B-JD-01284" in shown(app)
        read = [entry for entry in session.log if entry[0] == "page"]
        assert len(read) == 2
        await press(app, "k g")
        assert "22B-JD-00001" in shown(app)


async def test_pages_are_read_as_the_cursor_comes_to_them() -> None:
    session = FakeSession()
    async with running(session) as app:
        await press(app, "f4 " + "pagedown " * 40)
        rows = app.screen.query_one("#rows")
        assert rows.cursor == 40 * (rows.size.height - 1)
        after = [entry[3] for entry in session.log if entry[0] == "page"]
        assert after == ["", "c00199", "c00399"]


async def test_a_card_walks_its_list_and_reveals_for_a_while() -> None:
    session = FakeSession()
    async with running(session) as app:
        await press(app, "f4 enter J J K")
        assert acts(session.log)[-1] == ("card", "cases", "c00001")
        await press(app, "! 1")
        assert acts(session.log)[-1][0] == "card"
        await press(app, "9")
        assert acts(session.log)[-1] == ("reveal", "c00001", "phone", "other")
        await press(app, "escape")
        assert app.screen.query_one("#rows").cursor == 1


async def test_the_key_of_a_place_goes_there_from_anywhere_and_reads_it_again() -> None:
    session = FakeSession()
    async with running(session) as app:
        for keys, place in (("f3", "people"), ("ctrl+g 4", "cases"), ("f5 enter f2", "today")):
            await press(app, keys)
            assert app.here == place
        await press(app, "f10")
        assert "rcaid audit log" in message(app) or "needs the duty" in message(app)
        await press(app, "ctrl+g q")
        assert app.return_code == 0


async def test_a_duty_that_may_not_see_a_place_is_told_so() -> None:
    async with running(FakeSession(("keeper",))) as app:
        await press(app, "f4")
        assert app.here == "today"
        assert "needs the duty caseworker" in message(app)


async def test_every_command_is_reachable_by_the_palette_in_both_languages() -> None:
    session = FakeSession()
    async with running(session) as app:
        await press(app, 'ctrl+p "名册" enter')
        assert app.here == "rosters"
        await press(app, ': "verif"')
        assert "roster" in shown(app).lower()
        await press(app, "enter")
        assert session.states["r000"] == "verified"
        await press(app, "ctrl+p escape")
        assert app.here == "rosters"


async def test_help_lists_the_keys_and_why_a_greyed_one_is_grey() -> None:
    async with running(FakeSession(("caseworker",))) as app:
        await press(app, "f5 ?")
        assert "Keys of Rosters & quota" in shown(app)
        assert "needs the duty verifier" in shown(app)
        await press(app, "escape")
        assert app.here == "rosters"


async def test_the_language_changes_everywhere_at_once() -> None:
    async with running(FakeSession()) as app:
        await press(app, 'f5 ctrl+p "language" enter')
        assert "名册与名额" in lines(app)[0]
        await press(app, "f2")
        assert "待我处理" in shown(app)


async def test_keys_of_an_input_method_work_on_rows_and_han_says_so() -> None:
    session = FakeSession()
    async with running(session) as app:
        await press(app, "f5 ｊ ／ escape")
        assert app.screen.query_one("#rows").cursor == 1
        await press(app, "赵")
        assert message(app) == "The input method is on; shift turns it off."
        await press(app, "q")
        assert message(app) == "^q quits"


async def test_below_the_floor_the_program_says_so_and_nothing_else() -> None:
    async with running(FakeSession(), (72, 20)) as app:
        text = shown(app)
        assert text.strip() == "rcaid needs 80x24; this window is 72x20."


async def test_what_data_holds_only_ever_shows() -> None:
    async with running(hostile(FakeSession())) as app:
        await press(app, '/ "zxm" enter enter')
        text = shown(app)
        assert not [c for c in text if c != "\n" and not c.isprintable()]
        assert "[b]赵[/x]" in text


async def test_a_paste_does_nothing_on_rows_and_is_never_cut_in_a_field() -> None:
    async with running(FakeSession()) as app:
        await press(app, "f5")
        app.post_message(events.Paste("a\nb"))
        await settle(app)
        assert message(app) == "Nothing is pasted here: open a field first."
        await press(app, "/")
        app.post_message(events.Paste("a\nb\nc"))
        await settle(app)
        assert message(app) == "! 3 lines do not fit in one field"
        app.post_message(events.Paste("step:frozen\x1b]52;c;\x07\n"))
        await settle(app)
        screen = app.screen
        assert isinstance(screen, ListScreen)
        assert screen.field.value == "step:frozen␛]52;c;␇"


@pytest.mark.parametrize("seed", range(6))
async def test_random_bursts_end_like_the_same_keys_typed_slowly(seed: int) -> None:
    names = [
        "j",
        "k",
        "G",
        "g",
        "space",
        "*",
        "/",
        '"zxm"',
        '"step:frozen"',
        "enter",
        "enter",
        "escape",
        "escape",
        "f2",
        "f3",
        "f4",
        "f5",
        "a",
        "r",
        "1",
        "1",
        "y",
        "tab",
        "z",
        "pagedown",
        "J",
        "K",
        "ctrl+g",
        "5",
        "?",
        "ctrl+p",
        "m",
        "e",
        "h",
    ]
    keys = " ".join(random.Random(seed).choices(names, k=30))
    ends = []
    for slowly in (False, True):
        session = FakeSession()
        async with running(session) as app:
            await press(app, keys, slowly=slowly)
            ends.append((state(app), acts(session.log), session.states))
            await settle(app)
    assert ends[0] == ends[1]


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("st", "step:"),
        ("step:fr", "step:frozen"),
        ("-step:open,sub", "-step:open,submitted"),
        ("环", "环节:"),
        ("环节:已锁", "环节:已锁定"),
        ("is:la", "is:late"),
        ("zzz", "zzz"),
    ],
)
async def test_a_filter_completes_fields_and_values_in_the_language_it_was_begun_in(
    typed: str, taken: str
) -> None:
    async with running(FakeSession()) as app:
        await press(app, f'f5 / "{typed}" right')
        screen = app.screen
        assert isinstance(screen, ListScreen)
        assert screen.field.value == taken
