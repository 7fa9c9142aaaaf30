"""Bring the Chinese catalogue in step with the source, and compile it.

Collects every text marked with ``_`` or ``N_`` in screens and commands and every sentence of a
problem, keeps what is translated, drops what is gone, and writes .po and .mo. Prints what still
lacks a translation. ``--check`` writes nothing and ends with 1 if anything would change.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from rcaid.domain.counting import REPORT_RULES
from rcaid.domain.duplicates import WEIGHTS
from rcaid.domain.duties import ACTS, PARTS
from rcaid.domain.sentences import SENTENCES
from rcaid.services.flags import FLAGS
from rcaid.services.invariants import INVARIANTS
from rcaid.services.reporting.reports import POINTERS, REPORTS

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "rcaid" / "locale" / "zh_CN" / "LC_MESSAGES"
PO, MO = FOLDER / "rcaid.po", FOLDER / "rcaid.mo"
SOURCES = ("rcaid/screens", "rcaid/cli")
_MARKS = ("_", "N_")
_NO_DATE = datetime(2022, 1, 1, tzinfo=UTC)
"""The compiled file has to name dates; this one lets it change with its texts alone."""


def marked(source: str) -> Iterator[str]:
    """The texts marked in a module. Babel's own reader does not look into f-strings."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            first = node.args[0] if node.args else None
            if node.func.id in _MARKS and isinstance(first, ast.Constant) and first.value:
                yield str(first.value)


def wanted() -> dict[str, list[tuple[str, int]]]:
    """Every text to translate, with the files it stands in."""
    found: dict[str, set[str]] = {}
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*.py")):
            for text in marked(path.read_text(encoding="utf-8")):
                found.setdefault(text, set()).add(str(path.relative_to(ROOT)))
    for known in SENTENCES.values():
        found.setdefault(known.text, set()).add("rcaid/domain/sentences.py")
    for rule in REPORT_RULES:
        found.setdefault(rule, set()).add("rcaid/domain/counting.py")
    for about in [text for each in REPORTS.values() for text in (each.title, each.about)] + [
        each.about for each in POINTERS
    ]:
        found.setdefault(about, set()).add("rcaid/services/reporting/reports.py")
    for flag in FLAGS.values():
        found.setdefault(flag, set()).add("rcaid/services/flags.py")
    for invariant in INVARIANTS:
        found.setdefault(invariant.says, set()).add("rcaid/services/invariants.py")
    for weight in WEIGHTS.values():
        found.setdefault(weight.said, set()).add("rcaid/domain/duplicates.py")
    for act in (*ACTS, *PARTS):
        found.setdefault(act, set()).add("rcaid/domain/duties.py")
    # A line number would change the file with every edit above it.
    return {text: [(name, 0) for name in sorted(names)] for text, names in found.items() if text}


def merged() -> Catalog:
    """The catalogue as it should be: all wanted texts, in order, with what is translated."""
    old = read_po(io.BytesIO(PO.read_bytes())) if PO.exists() else Catalog()
    new = Catalog(locale="zh_CN", fuzzy=False, header_comment="# Chinese texts of rcaid.")
    for text, places in sorted(wanted().items()):
        known = old.get(text)
        new.add(text, known.string if known else "", locations=places)
    return new


def as_po(catalogue: Catalog) -> bytes:
    """The readable file, without a date so that it changes only with its texts."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0, sort_output=True, omit_header=True)
    head = (
        b'# Chinese texts of rcaid.\nmsgid ""\nmsgstr ""\n'
        b'"Language: zh_CN\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        b'"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    return head + buffer.getvalue().replace(b".py:0", b".py")


def as_mo(catalogue: Catalog) -> bytes:
    """The compiled file."""
    compiled = Catalog(locale="zh_CN", fuzzy=False, creation_date=_NO_DATE, revision_date=_NO_DATE)
    for message in catalogue:
        if message.id and message.string:
            compiled.add(message.id, message.string)
    buffer = io.BytesIO()
    write_mo(buffer, compiled)
    return buffer.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """Texts that have no Chinese yet."""
    return [str(message.id) for message in catalogue if message.id and not message.string]


def main(arguments: list[str]) -> int:
    """Write both files, or only say whether they are in step."""
    catalogue = merged()
    po, mo = as_po(catalogue), as_mo(catalogue)
    missing = untranslated(catalogue)
    for text in missing:
        print(f"no Chinese for: {text}")
    if "--check" in arguments:
        in_step = PO.exists() and MO.exists() and PO.read_bytes() == po and MO.read_bytes() == mo
        return 0 if in_step and not missing else 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po)
    MO.write_bytes(mo)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
