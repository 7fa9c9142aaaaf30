"""Writes the pages of docs/ that come from code, and rcaid/cli/helptext.py.

    python tools/make_docs.py            writes them
    python tools/make_docs.py --check    names those that are out of step, and ends in 1

docs/performance.md and docs/pictures are made by programs that measure and draw; they are not here.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from rcaid.cli import reference  # noqa: E402
from rcaid.domain import programme_fields, workflow  # noqa: E402
from rcaid.domain.duties import ACTS, NAMES_IN_FULL  # noqa: E402
from rcaid.locale import set_language  # noqa: E402
from rcaid.screens import commands  # noqa: E402
from rcaid.screens.rule_words import RULES  # noqa: E402
from rcaid.services.importing.kinds import KINDS  # noqa: E402

_RULE = re.compile(r"BR[-_](\d{3})")
_TEST = re.compile(r"^\s*(?:async )?def (test_br_(\d{3})\w*)", re.MULTILINE)
_MADE = "Made from the code by `make docs`; do not edit by hand."

_MACHINES = {
    "roster": "A roster: a list of people under a quota",
    "line": "A line of a roster: one person once in a cycle",
    "case": "A single application",
    "notice": "A public notice: who is to be helped",
    "objection": "An objection to a line of a notice",
    "entitlement": "An entitlement: what one person is to get in one round",
    "batch": "A batch: money or goods going out together",
    "money": "One payment of a batch",
    "goods": "One hand-out of a batch",
    "transfer": "Transfer to an institution or region",
    "donation": "A donation and its receipt",
    "disaster": "Disaster",
    "import_batch": "An applied import",
    "cycle": "A cycle: one run of a programme",
}


def states_page() -> str:
    """docs/states.md: diagrams, who may move what, and the duty each act needs."""
    parts = [
        "# States and permissions",
        f"{_MADE} The rows come from `rcaid/domain/workflow.py` and `rcaid/domain/duties.py`; the "
        "expected ones stand by hand in `tests/unit/test_workflow.py`. A state drawn here need not "
        "have a command yet: [commands.md](commands.md) lists what can be typed today.",
    ]
    for machine in workflow.MACHINES:
        parts.append(f"## {_MACHINES[machine]}\n\n```mermaid\n{workflow.diagram(machine)}```")
    parts.append("## Who may move what\n\n" + workflow.permission_table().rstrip())
    parts.append(_acts())
    return "\n\n".join(parts) + "\n"


def _acts() -> str:
    lines = [
        "## The duty each act needs",
        "",
        "A duty is held for an office and reaches all offices below it. Every service checks it; a "
        "screen only shows it. Names are seen in full, inside their own offices, by "
        f"{', '.join(d for d in workflow.DUTIES if d in NAMES_IN_FULL)}; by all others masked.",
        "",
        f"| act | {' | '.join(workflow.DUTIES)} |",
        f"|---|{'---|' * len(workflow.DUTIES)}",
    ]
    for act, duties in ACTS.items():
        cells = ["yes" if duty in duties else "" for duty in workflow.DUTIES]
        lines.append(f"| `{act}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def keys_page() -> str:
    """docs/keys.md: the registry of the terminal program."""
    absent = [each for each in commands.COMMANDS if each.absent]
    later = "\n".join(
        f"- {each.label} ({each.key}): `rcaid {each.cli}`"
        if each.key
        else f"- {each.label}: `rcaid {each.cli}`"
        for each in absent
    )
    return (
        "# Keys of the terminal program\n\n"
        f"{_MADE} `rcaid keys` prints the same. A key means one thing in one place; `^p` alone "
        "says that the command is in the palette only. `y` is the step that the state of a thing "
        "allows.\n\n"
        f"{commands.commands_table()}\n"
        f"## Not on a screen yet\n\nOn the command line instead:\n\n{later}\n"
    )


def rules_page() -> str:
    """docs/rules.md: each rule that code or a test names, and where. Raises SystemExit when one
    of them has no sentence in tools/rules.toml."""
    groups = tomllib.loads((ROOT / "tools/rules.toml").read_text(encoding="utf-8"))
    code = _named_in("rcaid", "migrations")
    tests = _named_in("tests")
    by_name: dict[str, list[str]] = defaultdict(list)
    for path in _sources("tests"):
        for name, number in _TEST.findall(path.read_text(encoding="utf-8")):
            by_name[f"BR-{number}"].append(name)
    known = {rule for rules in groups.values() for rule in rules}
    lost = sorted((code.keys() | tests.keys()) - known)
    if lost:
        raise SystemExit(f"tools/rules.toml has no sentence for {', '.join(lost)}")
    parts = [
        "# The business rules, and where they live",
        f"{_MADE} Listed are the rules that the code or a test names. A rule without a test has no "
        "test that carries its number; it may still be held by others.",
    ]
    for group, rules in groups.items():
        rows = [
            _rule(rule, text, code[rule], tests[rule], by_name[rule])
            for rule, text in rules.items()
            if rule in code or rule in tests
        ]
        if rows:
            head = "| rule | what it says | code | tests |\n|---|---|---|---|"
            title = group.replace("_", " ").capitalize()
            parts.append(f"## {title}\n\n" + "\n".join([head, *rows]))
    return "\n\n".join(parts) + "\n"


def fields_page() -> str:
    """docs/programme-fields.md: what may stand in a programme's file, and what is checked by it."""
    parts = [
        "# What may stand in a programme's file",
        f"{_MADE} [programmes.md](programmes.md) says how to write one.",
        "Kinds: `text` is not empty; `date` is like 2022-11-24; `number`, `fen` and `percent` are "
        "whole, from 0; `flag` is true or false; `words` is a list of texts; `names` is a table "
        "from codes to names, `lists` from codes to lists of texts, `results` from the codes of "
        "checks to pass, warn or fail.",
    ]
    tables: dict[str, list[str]] = defaultdict(list)
    for field in programme_fields.FIELDS:
        table, _, name = field.path.rpartition(".")
        known = ", ".join(f"`{each}`" for each in field.known)
        if field.known == tuple(programme_fields.PAPERS):
            known = "codes of papers"
        elif field.of:
            known = f"codes of `{field.of}`"
        needed = "yes" if field.required else ""
        tables[table].append(f"| `{name}` | {field.kind} | {needed} | {field.about} | {known} |")
    head = "| field | kind | needed | what it is | there are |\n|---|---|---|---|---|"
    for table, rows in tables.items():
        title = f"`[[{table.replace('[]', '')}]]`" if table.endswith("[]") else f"`[{table}]`"
        if "[]" in table and not table.endswith("[]"):
            title = f"`[{table.replace('[]', '')}]`"
        parts.append(f"## {title if table else 'At the top'}\n\n" + "\n".join([head, *rows]))
    papers = [f"| `{code}` | {name} |" for code, name in programme_fields.PAPERS.items()]
    parts.append("## Papers\n\n" + "\n".join(["| code | paper |", "|---|---|", *papers]))
    words = [f"| `{code}` | {text} |" for code, text in RULES.items()]
    parts.append("## Checks\n\n" + "\n".join(["| code | what it says |", "|---|---|", *words]))
    return "\n\n".join(parts) + "\n"


_TYPES = {
    "text": "as it stands",
    "name": "holds a letter; dots and spaces of names are made one (BR-011)",
    "code": "what another system calls it; refused where a spreadsheet cut or rounded it",
    "id_kind": "type of document, in Chinese, in English or by its code; empty is a resident's",
    "number": "checked by the type of the document (BR-001 to 007)",
    "resident": "a resident's identity number; by a profile for any documents, a code",
    "phone": "by the profile: of China, of any country with its code, or digits as they stand",
    "account": "8 to 30 digits",
    "street": "name or code of a street, or district and street",
    "sex": "男 or 女, M or F",
    "date": "begins with the year, or in the order that the column proves or somebody says",
    "yes_no": "是 or 否, yes or no, 1 or 0",
    "money": "yuan with two decimals at most; ¥, 元 and thousands marks are read",
    "whole": "a whole number",
    "category": "a category of the programme",
    "hardship": "a hardship of the programme",
    "item": "goods of the programme",
}


def kinds_page() -> str:
    """docs/import-fields.md: every kind of file, its fields and how their cells are read."""
    types = [f"| {name} | {about} |" for name, about in _TYPES.items()]
    parts = [
        "# What can be imported",
        f"{_MADE} A kind is a table in `rcaid/services/importing/kinds.py`. Headings are found in any order, "
        "whatever their width, case and spaces; a profile or `--map` names others.",
        "## How cells are read\n\n" + "\n".join(["| type | what is read |", "|---|---|", *types]),
    ]
    for kind in KINDS.values():
        rows = []
        for field in kind.fields:
            needed = "yes" if field.required else "one of these" if field.name in kind.keys else ""
            if "past" in field.checks:
                needed = f"{needed}, not after today".removeprefix(", ")
            headings = ", ".join(field.aliases)
            rows.append(f"| `{field.name}` | {headings} | {field.type} | {needed} |")
        head = "| field | headings | type | needed |\n|---|---|---|---|"
        title = f"## {kind.label}: `--kind {kind.name}`"
        parts.append(f"{title}\n\n" + "\n".join([head, *rows]))
    return "\n\n".join(parts) + "\n"


def _rule(rule: str, text: str, code: set[str], tests: set[str], names: Iterable[str]) -> str:
    where = "<br>".join(f"`{path}`" for path in sorted(code))
    count = len(list(names))
    held = "<br>".join(f"`{path}`" for path in sorted(tests))
    if held and count:
        held += f" ({count} named after it)"
    return f"| {rule} | {text} | {where} | {held} |"


def _named_in(*folders: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for folder in folders:
        for path in _sources(folder):
            text = path.read_text(encoding="utf-8")
            for number in _RULE.findall(text) + [n for _, n in _TEST.findall(text)]:
                found[f"BR-{number}"].add(path.relative_to(ROOT).as_posix())
    return found


def _sources(folder: str) -> list[Path]:
    return sorted(
        path
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".sql", ".toml") and "__pycache__" not in path.parts
    )


def pages() -> dict[str, str]:
    """Every made page by its path from the root of the project."""
    set_language("en")
    return {
        "docs/states.md": states_page(),
        "docs/rules.md": rules_page(),
        "docs/programme-fields.md": fields_page(),
        "docs/import-fields.md": kinds_page(),
        "docs/keys.md": keys_page(),
        "docs/commands.md": reference.markdown(),
        "rcaid/cli/helptext.py": reference.module_text(),
    }


def main(arguments: list[str]) -> int:
    """Writes the pages; with --check compares them."""
    behind = []
    for name, text in pages().items():
        path = ROOT / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        behind.append(name)
        if not arguments:
            path.write_text(text, encoding="utf-8")
    if arguments != ["--check"]:
        for name in behind:
            print(f"written: {name}")
        return 0
    for name in behind:
        print(f"out of step with the code: {name}; make docs writes it anew", file=sys.stderr)
    return 1 if behind else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
