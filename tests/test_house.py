"""The house around the code: what is packed, what stands in the docs, who imports whom."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "contrib").rglob("*.md")]
)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"```.*?```", re.DOTALL)


def run_python(code: str) -> str:
    """What a fresh interpreter prints."""
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return made.stdout.strip()


def written_files() -> Iterator[Path]:
    """Every text file that people write here."""
    for folder in ("rcaid", "migrations", "tests", "tools", "bench", "docs", "contrib", ".ci"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and not {"__pycache__", "data"} & set(path.parts):
                yield path
    yield from (path for path in sorted(ROOT.iterdir()) if path.suffix in (".md", ".toml"))
    yield from (ROOT / name for name in ("Makefile", "NOTICE"))


def text_of(path: Path) -> str:
    """The text; "" of a file that is none, such as a compiled catalogue."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


# --- What is packed


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built once by the tool that pyproject names."""
    from hatchling.builders.wheel import WheelBuilder

    folder = tmp_path_factory.mktemp("wheel")
    (made,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return zipfile.ZipFile(made)


def test_the_wheel_holds_every_migration_byte_for_byte(wheel: zipfile.ZipFile) -> None:
    beside = {path.name: path.read_bytes() for path in (ROOT / "migrations").glob("0*")}
    packed = {
        Path(name).name: wheel.read(name)
        for name in wheel.namelist()
        if name.startswith("rcaid/_migrations/0")
    }
    assert beside
    assert packed == beside


@pytest.mark.parametrize("folder", ["rcaid/data", "rcaid/screens", "rcaid/locale"])
def test_the_wheel_holds_tables_styles_and_catalogues(wheel: zipfile.ZipFile, folder: str) -> None:
    there = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".txt", ".csv", ".toml", ".tcss", ".po", ".mo")
    }
    assert there <= set(wheel.namelist())


def test_the_wheel_holds_the_licence_and_its_notices(wheel: zipfile.ZipFile) -> None:
    names = {Path(name).name for name in wheel.namelist() if ".dist-info/" in name}
    assert {"LICENSE", "NOTICE"} <= names


def test_the_version_is_the_packages_own(wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    version = run_python("import rcaid; print(rcaid.__version__)")
    assert f"\nVersion: {version}\n" in wheel.read(name).decode()


# --- What is asked of others


def test_every_dependency_has_its_reason_beside_it() -> None:
    project = tomllib.loads(PROJECT)["project"]
    wanted = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        wanted += extra
    lines = PROJECT[PROJECT.index("dependencies = [") :].splitlines()
    for package in wanted:
        (line, *_) = (each for each in lines if f'"{package}"' in each)
        assert len(line.partition("  # ")[2].split()) >= 3, line


def test_textual_is_pinned_exactly() -> None:
    wanted = tomllib.loads(PROJECT)["project"]["dependencies"]
    assert [line for line in wanted if line.startswith("textual==")]


@pytest.mark.parametrize("name", ["Makefile", ".ci/run", "pyproject.toml", "README.md"])
def test_no_package_index_is_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"index-url|trusted-host|find-links|pypi\.|://[^ ]*simple", text)


# --- Who imports whom


def test_the_rooms_keep_to_their_contracts() -> None:
    made = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports; exit(lint_imports())"],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout[-3000:]


def test_the_package_alone_imports_nothing() -> None:
    code = (
        "import sys; before = set(sys.modules); import rcaid;"
        "print(sorted(set(sys.modules) - before))"
    )
    assert run_python(code) == "['rcaid']"


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("rcaid.cli", ("textual", "typer", "rich", "sqlite_utils")),
        ("rcaid.__main__", ("textual", "typer", "rich", "sqlite_utils", "re", "pathlib")),
        ("rcaid.services.rosters", ("textual", "typer", "rich", "xlsxwriter", "python_calamine")),
        ("rcaid.domain.workflow", ("sqlite_utils", "msgspec", "dateutil")),
    ],
)
def test_modules_leave_heavy_ones_alone(module: str, heavy: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print(' '.join(m for m in {heavy!r} if m in sys.modules))"
    assert run_python(code) == run_python(
        f"import sys; print(' '.join(m for m in {heavy!r} if m in sys.modules))"
    )


# --- Docs in step


def test_pages_made_from_code_are_in_step_with_it() -> None:
    made = subprocess.run(
        [sys.executable, "tools/make_docs.py", "--check"],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name) if name else page
        assert there.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {slug(head) for head in heads}, target


def slug(heading: str) -> str:
    """A heading as the address of its place."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_names_commands_that_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE))
    assert {"demo", "test"} <= set(re.findall(r"^make (\w+)", text, re.MULTILINE)) <= targets


def test_every_benchmark_has_its_place_on_the_page() -> None:
    from bench.__main__ import MODULES

    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    for name, module in MODULES.items():
        assert page.count(f"<!-- {name} -->\n") == page.count(f"\n<!-- end of {name} -->") == 1
        assert (ROOT / f"{module.replace('.', '/')}.py").exists()


def documented_verbs() -> set[tuple[str, str]]:
    """(noun, verb) of every command; the verb is "" for one that stands alone."""
    from rcaid.cli.reference import commands

    words = [each.split() for each, _ in commands()]
    return {(noun, verb[0] if verb else "") for noun, *verb in words}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_in_the_docs_can_be_typed(page: Path) -> None:
    known = documented_verbs()
    nouns = {noun for noun, _ in known}
    text = page.read_text(encoding="utf-8")
    typed = re.findall(
        r"^(?:su rcaid|\S*bin/)?rcaid ([^\n#|]+)", "\n".join(_FENCE.findall(text)), re.M
    )
    typed += re.findall(r"`rcaid ([^`]+)`", text)
    for line in typed:
        words = [w for w in re.sub(r"--(db|as|lang|office) \S+ ?", "", line).split() if w]
        if not words or words[0].startswith(("-", "[")):
            continue
        assert words[0] in nouns, line
        verb = words[1] if len(words) > 1 and re.fullmatch(r"[a-z]+", words[1]) else ""
        assert (words[0], verb) in known or (words[0], "") in known or not verb, line


def test_every_helper_target_says_what_it_does() -> None:
    targets = re.findall(r"^([a-z][a-z%-]*):", MAKEFILE, re.MULTILINE)
    told = re.findall(r"^([a-z][a-z%-]*):.*## \S", MAKEFILE, re.MULTILINE)
    assert targets == told


# --- The project speaks of itself alone

_ELSEWHERE = ("/home/", "/Users/")
_UNDONE = ("TO" + "DO", "FIX" + "ME")


def test_no_file_speaks_of_a_workplace_or_of_work_left_undone() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in written_files()
        if path != Path(__file__)
        for word in (*_ELSEWHERE, *_UNDONE)
        if re.search(rf"(?<![\w.]){re.escape(word)}", text_of(path))
    ]
    assert found == []


def test_pages_that_the_code_names_are_there() -> None:
    there = {page.name for page in PAGES}
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in written_files()
        if path.suffix in (".py", ".sql", ".sh") and "tests" not in path.parts
        for name in re.findall(r"[\w-]+\.md\b", text_of(path))
        if name not in there
    ]
    assert found == []
