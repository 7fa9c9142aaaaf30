"""A small society behind the screens: a file that came in, pairs that wait, people who act."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rcaid.screens.desk import DeskSession
from tests.services.conftest import Society, make_society
from tests.services.writing import next_cycle


def office(new_url: Callable[..., str], folder: Path) -> Society:
    """A file of 22B has come in: two rows new, one somebody's new phone, two rejected, one held
    since somebody on file may be this person; one of the new ones may be known too."""
    society = make_society(new_url("sqlite"), folder)
    society.import_roster([society.person(n, name) for n, name in enumerate(_KNOWN, 1)])
    next_cycle(society)
    rows = [
        society.person(11, "王伟") | _alike(society, 1, "王伟"),
        society.person(4, "陈明"),
        society.person(3, "李娜", 联系电话="13911112222"),
        society.person(2, "赵敏", 证件类型="护照", 证件号码="E12345678"),
        society.person(5, "周红", 类别="感冒"),
        society.person(6, "", 金额="壹佰元整"),
    ]
    society.take_in(society.write(rows), "roster", "jd-caseworker", "22B")
    return society


_KNOWN = ("王伟", "赵敏", "李娜")


def _alike(society: Society, seq: int, name: str) -> dict[str, str]:
    """Phone and account of somebody on file."""
    row = society.person(seq, name)
    return {heading: row[heading] for heading in ("联系电话", "银行账号", "地址")}


def session(society: Society, login: str) -> DeskSession:
    """Somebody of the society at the screens."""
    return DeskSession(society.desk(login))
