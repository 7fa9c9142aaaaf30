"""`make bench`: measures everything and writes the table into docs/performance.md.

``python -m bench import search start verify large`` measures only what is named.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path

from bench.measuring import Result, machine

MODULES = {
    "import": "bench.importing",
    "pairs": "bench.pairs",
    "search": "bench.searching",
    "start": "bench.starting",
    "verify": "bench.verifying",
    "large": "bench.large",
    "paying": "bench.paying",
    "dashboards": "bench.dashboards",
    "explain": "bench.explaining",
    "sessions": "bench.sessions",
}
PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"


def main(names: list[str]) -> int:
    """Measures, prints and, when all was measured or its part stands on the page, writes."""
    unknown = [name for name in names if name not in MODULES]
    if unknown:
        print(f"nothing is called {unknown[0]}; there are {', '.join(MODULES)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="rcaid-bench-") as folder:
        for name in names or MODULES:
            results = importlib.import_module(MODULES[name]).measure(Path(folder))
            text = table(results)
            print(text, flush=True)
            write(name, text)
    return 0


def table(results: list[Result]) -> str:
    """Results as a table of the page, with the machine below."""
    lines = ["| what | measured | ratio | target | |", "| --- | --- | ---: | ---: | --- |"]
    for each in results:
        ratio = "" if each.ratio is None else _figure(each.ratio, each.unit)
        most = "" if each.most is None else f"at most {_figure(each.most, each.unit)}"
        lines.append(f"| {each.about} | {each.figures} | {ratio} | {most} | {each.verdict} |")
    return "\n".join([*lines, "", f"{machine()}."])


def _figure(value: float, unit: str) -> str:
    figure = f"{value:.0f}" if value == int(value) else f"{value:.2f}"
    return figure if unit == "x" else f"{figure} {unit}".strip()


def write(name: str, text: str) -> None:
    """Puts a table between its marks on the page."""
    page = PAGE.read_text(encoding="utf-8")
    start, end = f"<!-- {name} -->\n", f"\n<!-- end of {name} -->"
    head, found, rest = page.partition(start)
    if not found:
        raise ValueError(f"{PAGE} has no place for {name}")
    PAGE.write_text(f"{head}{start}{text}{end}{rest.partition(end)[2]}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
