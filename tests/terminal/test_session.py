"""`rcaid serve-key` and `rcaid session` by themselves, without an sshd before them."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from rcaid.services import staff
from rcaid.services.society import open_desk
from tests.terminal.pty_terminal import Terminal

KIND = "ssh-ed25519"
KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIFFmr4yWpOJIvkrhvvdliQNZfSYAA7dQZtyggwTMlIKa"
LOGIN = "jd-caseworker"


@pytest.fixture
def fingerprint(store: str) -> str:
    """The fingerprint of a key that was given to somebody."""
    desk = open_desk(store, as_login="sh-administrator")
    staff.add_key(desk, LOGIN, f"{KIND} {KEY} somebody@somewhere")
    desk.store.close()
    return staff.parse_key(f"{KIND} {KEY}")[2]


def change(store: str, text: str, *values: str) -> None:
    """Changes the store behind the program's back."""
    connection = sqlite3.connect(store)
    assert connection.execute(text, values).rowcount
    connection.commit()
    connection.close()


def serve(store: str, *words: str) -> str:
    """What sshd is told; it ends well whatever is asked."""
    done = subprocess.run(
        [sys.executable, "-m", "rcaid", "--db", store, "serve-key", *words],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_known_key_gets_one_line_that_opens_one_session(store: str, fingerprint: str) -> None:
    line = serve(store, "rcaid", fingerprint, KIND, KEY)
    command = f"{sys.executable} -I -m rcaid --db {store} session {LOGIN}"
    assert line == f'restrict,pty,command="{command}" {KIND} {KEY}\n'


def test_the_session_may_be_another_program(store: str, fingerprint: str) -> None:
    line = serve(store, "--session", "/usr/lib/my rcaid", "rcaid", fingerprint, KIND, KEY)
    assert line.startswith(f"restrict,pty,command=\"'/usr/lib/my rcaid' {LOGIN}\" ")


@pytest.mark.parametrize(
    "words",
    [
        ("SHA256:unknown", KIND, KEY),
        ("", KIND, KEY),
        ("known", KIND, KEY[:-4] + "AAAA"),
        ("known", "ssh-rsa", KEY),
        ("known", KIND, f'{KEY}" ssh-rsa x'),
        ("known", f"{KIND}\ncommand=sh", KEY),
    ],
)
def test_any_other_key_gets_nothing(store: str, fingerprint: str, words: tuple[str, ...]) -> None:
    asked = [fingerprint if word == "known" else word for word in words]
    assert serve(store, "rcaid", *asked) == ""


def test_a_revoked_key_gets_nothing(store: str, fingerprint: str) -> None:
    desk = open_desk(store, as_login="sh-administrator")
    staff.revoke_key(desk, fingerprint)
    desk.store.close()
    assert serve(store, "rcaid", fingerprint, KIND, KEY) == ""


@pytest.mark.parametrize("login", ["a b", "x;id", "$(id)", "-o", "Li", "李", "a\nb", "", "x" * 65])
def test_a_login_that_a_shell_could_act_on_gets_nothing(
    store: str, fingerprint: str, login: str
) -> None:
    change(store, "UPDATE staff SET login = ? WHERE login = ?", login, LOGIN)
    assert serve(store, "rcaid", fingerprint, KIND, KEY) == ""


def test_the_key_of_somebody_who_left_opens_nothing(store: str, fingerprint: str) -> None:
    change(store, "UPDATE staff SET active = 0 WHERE login = ?", LOGIN)
    assert serve(store, "rcaid", fingerprint, KIND, KEY) == ""


@pytest.mark.parametrize("command", ["", "roster list"])
@pytest.mark.parametrize("login", ["nobody", LOGIN])
def test_a_session_of_nobody_who_is_known_ends_with_one_sentence(
    store: str, login: str, command: str
) -> None:
    change(store, "UPDATE staff SET active = 0 WHERE login = ?", LOGIN)
    words = [sys.executable, "-m", "rcaid", "--db", store, "session", login]
    with Terminal(words, env={"SSH_ORIGINAL_COMMAND": command}) as terminal:
        assert terminal.ended() == 4
    assert f"{login} is not known here" in terminal.text


def test_files_of_a_session_are_for_its_account_alone(store: str, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "rcaid", "--db", store, "session", LOGIN]
    with Terminal(words, env={"SSH_ORIGINAL_COMMAND": "roster list"}) as terminal:
        assert terminal.ended() == 0
    assert all(not each.stat().st_mode & 0o077 for each in tmp_path.glob("rcaid.db-*"))


def test_a_session_takes_no_second_person(store: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rcaid", "--db", store, "--as", "pd-approver", "session", LOGIN],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert (done.returncode, done.stdout) == (4, "")
