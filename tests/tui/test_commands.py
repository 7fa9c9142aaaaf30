"""The registry of commands holds what keys, last line, palette, help and docs are made from."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations

from rcaid.locale import in_language
from rcaid.screens import keys
from rcaid.screens.commands import (
    BY_ID,
    COMMANDS,
    FORBIDDEN,
    FORBIDDEN_ON_ROWS,
    GO,
    Command,
    commands_table,
    of,
    of_key,
)
from rcaid.screens.keys import fold, fold_text, shown, token

CONTEXTS = [
    ("anywhere", "rows", "list", place) for place in ("people", "cases", "rosters", "today")
] + [
    *(("anywhere", "rows", "card", place) for place in ("people", "cases", "rosters")),
    *(
        ("anywhere", "rows", shape, "aid", own)
        for shape in ("list", "card")
        for own in ("batches", "transfers", "notices")
    ),
    *(("anywhere", "rows", "list", "aid", own) for own in ("distributions", "bank_results")),
    ("anywhere", "rows", "panes"),
    ("anywhere", "day"),
    *(
        ("anywhere", "rows", shape, "programmes", own)
        for shape in ("list", "card")
        for own in ("programmes", "funds", "disasters", "donors")
    ),
    ("anywhere", "review"),
    ("filter",),
    ("form",),
    *(
        ("anywhere", "rows", "list", "imports", own)
        for own in ("inbox", "import_batches", "duplicates")
    ),
    ("anywhere", "rows", "card", "import_batches"),
    ("anywhere", "rows", "card", "duplicates", "pair"),
    ("anywhere", "rows", "mapping"),
    ("anywhere", "rows", "plan"),
    ("anywhere", "rows", "reports"),
    ("anywhere", "rows", "report"),
]


def one_step(a: Command, b: Command) -> bool:
    """Steps of one state machine may share a key: the state of a thing allows one of them."""
    noun = a.id.split(".")[0]
    same = noun == b.id.split(".")[0] and noun in ("roster", "batch", "transfer", "case", "notice")
    return same and a.keys == b.keys and a.keys in (("y",), ("x",))


def test_ids_are_unique_and_every_label_stands_in_both_languages() -> None:
    assert len(BY_ID) == len(COMMANDS)
    for command in COMMANDS:
        chinese = in_language("zh_CN", command.label)
        assert any("\u4e00" <= c <= "\u9fff" for c in chinese), command.id


def test_no_key_stands_twice_in_one_place() -> None:
    for contexts in CONTEXTS:
        for a, b in combinations(of(contexts), 2):
            shared = set(a.keys) & set(b.keys)
            assert not shared or one_step(a, b), (contexts, a.id, b.id, shared)


def test_no_key_is_one_that_terminals_editors_or_input_methods_take() -> None:
    allowed = {"app.copy_selection"}
    for command in COMMANDS:
        assert not set(command.keys) & set(FORBIDDEN), command.id
        assert not set(command.keys) & set(FORBIDDEN_ON_ROWS), command.id
        assert "ctrl+c" not in command.keys or command.id in allowed


def test_every_command_is_in_the_palette_by_name_and_has_a_help_line_or_a_plain_name() -> None:
    for command in COMMANDS:
        assert command.label
        assert command.help or command.where[0] in ("rows", "card", "filter"), command.id
        assert not command.absent or command.cli, command.id


def test_places_and_quitting_have_a_second_way_behind_ctrl_g() -> None:
    assert set(GO.values()) <= set(BY_ID)
    assert {c.id for c in COMMANDS if c.id.startswith("go.")} <= set(GO.values())


def test_acts_that_commit_the_society_are_never_repeated_by_the_dot() -> None:
    for name in ("roster.approve", "import.apply", "roster.freeze", "batch.release"):
        assert not BY_ID[name].repeatable


def test_the_table_for_the_docs_has_a_line_for_each_command() -> None:
    lines = commands_table().splitlines()
    assert len(lines) == len(COMMANDS) + 2
    assert "| `roster.approve` | Approve | 审批 | a | rosters |" in commands_table("rosters")


def test_the_registry_is_read_without_textual() -> None:
    code = "import sys, rcaid.screens.commands; assert 'textual' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_chinese_punctuation_on_rows_is_the_key_it_stands_on() -> None:
    typed = "、／。．！？：＊＋－１ｇＧ　"
    assert [fold(c) for c in typed] == [*"//..!?:*+-1gG "]
    assert token("ideographic_comma", "、") == "/"
    assert token("ideographic_space", "　") == "space"
    assert token("ctrl+j", "\n") == "enter"
    assert [c.id for c in of_key("/", ("anywhere", "rows", "list", "cases"))] == ["rows.filter"]


def test_a_filter_typed_with_the_input_method_left_on_reads_the_same() -> None:
    assert fold_text("环节：核实中　期限《=today") == "环节:核实中 期限<=today"


def test_keys_are_written_as_people_write_them() -> None:
    assert [shown(k) for k in ("ctrl+p", "f1", "escape", "enter", "space", "a")] == [
        "^p", "F1", "Esc", "⏎", "␣", "a",
    ]  # fmt: skip
    assert keys.is_han("赵") and not keys.is_han("z")
