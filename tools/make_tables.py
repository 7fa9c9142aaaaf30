"""Makes the character table and the work calendar in rcaid/data from their sources.

Run at development time: ``python tools/make_tables.py``. Needs pypinyin and chinesecalendar.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

DATA = Path(__file__).parent.parent / "rcaid" / "data"
# Read otherwise in given names than in phrases.
IN_NAMES = {"晟": "sheng", "茜": "xi", "莘": "xin", "珺": "jun", "湉": "tian", "旻": "min"}
FIRST_DAY, LAST_DAY = date(2004, 1, 1), date(2026, 12, 31)


def plain(syllable: str) -> str:
    """A syllable without its tone: lǚ becomes lv, lüè becomes lue, ń and ḿ stay letters."""
    bare = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    bare = "".join(c for c in bare if c.isascii()).lower()
    return bare.replace("ve", "ue").replace("ê", "e")


def common_readings() -> dict[str, Counter[str]]:
    """How often each reading of a character stands in the phrases of pypinyin."""
    from pypinyin.constants import PHRASES_DICT

    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, syllables in PHRASES_DICT.items():
        for character, readings in zip(phrase, syllables, strict=False):
            seen[character][plain(readings[0])] += 1
    return seen


def hanzi() -> str:
    """Lines of "readings<TAB>characters": the usual reading first, then those in real use."""
    from pypinyin.constants import PINYIN_DICT

    common = common_readings()
    groups: dict[str, list[str]] = defaultdict(list)
    for point, listed in PINYIN_DICT.items():
        character = chr(point)
        readings = list(dict.fromkeys(plain(r) for r in listed.split(",")))
        used = [r for r in readings[1:] if common[character][r] or r in IN_NAMES.get(character, "")]
        if not common[character] and "\u4e00" <= character <= "\u9fff":
            used = readings[1:2]  # in no phrase: the second reading is as likely as not
        kept = [r for r in [readings[0], *used] if r.isalpha()]
        if kept:
            groups[" ".join(kept)].append(character)
    return "".join(f"{key}\t{''.join(sorted(chars))}\n" for key, chars in sorted(groups.items()))


def workcalendar() -> str:
    """Days that differ from the week: "holiday" on Monday to Friday, "workday" on a weekend."""
    import chinese_calendar

    lines = [f"# Chinese public holidays, {FIRST_DAY} to {LAST_DAY}; other days follow the week\n"]
    day = FIRST_DAY
    while day <= LAST_DAY:
        working = bool(chinese_calendar.is_workday(day))
        if working != (day.weekday() < 5):
            lines.append(f"{day},{'workday' if working else 'holiday'}\n")
        day += timedelta(days=1)
    return "".join(lines)


def main() -> None:
    for name, make in (("hanzi.txt", hanzi), ("workcalendar.csv", workcalendar)):
        (DATA / name).write_text(make(), encoding="utf-8")
        print(f"{name}: {(DATA / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
