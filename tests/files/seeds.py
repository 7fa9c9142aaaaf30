"""Bad files by the hundred, made and never stored: what a person might really be sent, and worse.

Each seed is a name and its bytes, and where it is known for certain how it ends: "rows", or the
code of the one problem. A seed without an end may do either, and nothing else.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from rcaid.files.writing import write_xlsx
from tests.files import biff

HEADER = ("姓名", "证件号码", "金额")
LINE = ("张三", "31019919900101001X", "1000.00")
TEXT = "\r\n".join(",".join(row) for row in (HEADER, *[LINE] * 30)) + "\r\n"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
_NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "text", "table")
)


class Seed(NamedTuple):
    name: str
    data: bytes
    end: str = ""


def zipped(parts: dict[str, bytes], *, stored: bool = False) -> bytes:
    """A zip with these parts."""
    packed = io.BytesIO()
    how = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(packed, "w", how) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, how)
    return packed.getvalue()


def ods(rows: str, *, manifest: str = "", prolog: str = "", sheets: str = "") -> bytes:
    """An OpenDocument sheet with these rows, as their XML, and maybe more sheets."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<office:document-content {_NAMESPACES}>'
        f'<office:body><office:spreadsheet><table:table table:name="名单">{rows}</table:table>'
        f"{sheets}</office:spreadsheet></office:body></office:document-content>"
    )
    listed = f'<manifest:manifest xmlns:manifest="urn:oasis:x">{manifest}</manifest:manifest>'
    parts = {"mimetype": ODS.encode(), "META-INF/manifest.xml": listed.encode()}
    return zipped(parts | {"content.xml": content.encode()})


def ods_row(*cells: str, times: int = 1) -> str:
    """One row of text cells; ``times`` says how often it repeats."""
    inside = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    repeated = f' table:number-rows-repeated="{times}"' if times > 1 else ""
    return f"<table:table-row{repeated}>{inside}</table:table-row>"


@cache
def xlsx() -> bytes:
    """An honest workbook."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "honest.xlsx"
        write_xlsx(path, HEADER, [LINE] * 30)
        return path.read_bytes()


@cache
def xlsx_parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(xlsx())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def xlsx_with(rows: str, *, shared: bytes | None = None, prolog: bytes = b"") -> bytes:
    """The honest workbook with more rows, as their XML, other shared strings, a DTD."""
    parts = dict(xlsx_parts())
    page = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = page.replace(
        b"</sheetData>", rows.encode("utf-8", "surrogatepass") + b"</sheetData>"
    )
    if shared is not None:
        parts["xl/sharedStrings.xml"] = shared
    if prolog:
        place = "xl/sharedStrings.xml" if shared is not None else "xl/worksheets/sheet1.xml"
        first, mark, rest = parts[place].partition(b"?>")
        parts[place] = first + mark + prolog + rest
    return zipped(parts)


def inline(row: int, column: str, text: str) -> str:
    return f'<row r="{row}"><c r="{column}{row}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def honest_xls(locked: bool = False) -> bytes:
    return biff.workbook({"名单": [HEADER, *[LINE] * 30]}, locked=locked)


def honest_ods() -> bytes:
    return ods(ods_row(*HEADER) + ods_row(*LINE) * 30)


def all_seeds() -> list[Seed]:
    """Every seed, names unique."""
    made = [seed for family in _FAMILIES for seed in family()]
    assert len({seed.name for seed in made}) == len(made)
    return made


def _truncated() -> Iterator[Seed]:
    for kind, whole in _honest().items():
        text = kind in ("utf8", "utf16", "gb18030")
        for part in range(0, 100, 5 if text else 12):
            size = len(whole) * part // 100
            yield Seed(f"cut-{kind}-{part}.dat", whole[:size], "file.empty" if not size else "")
        for less in (1, 2, 3):
            yield Seed(f"short-{kind}-{less}.dat", whole[:-less])


def _honest() -> dict[str, bytes]:
    return {
        "utf8": TEXT.encode(),
        "utf16": TEXT.encode("utf-16"),
        "gb18030": TEXT.encode("gb18030"),
        "xlsx": xlsx(),
        "ods": honest_ods(),
        "xls": honest_xls(),
    }


def _damaged() -> Iterator[Seed]:
    chance = random.Random(20220401)
    for kind, whole in _honest().items():
        for n in range(25 if kind in ("utf8", "utf16", "gb18030") else 6):
            data = bytearray(whole)
            for _ in range(1 + n % 8):
                data[chance.randrange(len(data))] = chance.randrange(256)
            yield Seed(f"damaged-{kind}-{n}.dat", bytes(data))


def _noise() -> Iterator[Seed]:
    chance = random.Random(310199)
    for n in range(20):
        yield Seed(f"noise-{n}.csv", chance.randbytes(chance.randrange(1, 5_000)))
    for n in range(6):
        marks = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
        yield Seed(f"noise-behind-a-mark-{n}.xlsx", marks[n % 2] + chance.randbytes(2_000))
    for n in range(20):
        alphabet = "\",;\t|\r\n'=a张 "
        text = "".join(chance.choices(alphabet, k=2_000))
        yield Seed(f"marks-{n}.csv", text.encode())


def _wrong_ending() -> Iterator[Seed]:
    for kind, whole in _honest().items():
        for ending in ("csv", "xlsx", "xls", "ods"):
            if (kind, ending) not in (("xlsx", "xlsx"), ("ods", "ods"), ("xls", "xls")):
                yield Seed(f"really-{kind}.{ending}", whole, "rows")
    foreign = {
        "pdf": b"%PDF-1.7\n",
        "png": b"\x89PNG\r\n\x1a\n",
        "jpg": b"\xff\xd8\xff\xe0",
        "gz": b"\x1f\x8b\x08\0",
        "rar": b"Rar!\x1a\x07",
        "7z": b"7z\xbc\xaf\x27\x1c",
        "db": b"SQLite format 3\0",
        "rtf": b"{\\rtf1",
        "gif": b"GIF89a",
    }
    for kind, mark in foreign.items():
        yield Seed(f"{kind}-by-another-name.csv", mark + bytes(600), "file.foreign")
    for n, page in enumerate(
        ("<html><table>", "<!DOCTYPE html>", "<?xml version='1.0'?>", "<div>")
    ):
        yield Seed(f"web-page-{n}.xls", page.encode(), "file.web_page")
    yield Seed("document.xlsx", zipped({"word/document.xml": b"<a/>"}), "file.foreign")
    yield Seed("nothing.xlsx", zipped({}))
    yield Seed("program.csv", b"\x7fELF\x02\x01\x01" + bytes(200), "file.nul")


def _bombs() -> Iterator[Seed]:
    yield Seed("ratio.xlsx", zipped({"xl/workbook.xml": bytes(6_000_000)}), "sheet.bomb_ratio")
    parts = dict(xlsx_parts())
    yield Seed(
        "ratio-inside.xlsx", zipped(parts | {"xl/a.xml": b" " * 9_000_000}), "sheet.bomb_ratio"
    )
    many = {f"xl/{n}": b"" for n in range(1_001)}
    yield Seed("parts.xlsx", zipped(many), "sheet.bomb_entries")
    for name, size in (("huge", 0xF0000000), ("most", 0xFFFFFFFE)):
        data = bytearray(zipped(parts))
        place = data.index(b"PK\x01\x02")
        data[place + 24 : place + 28] = struct.pack("<I", size)
        yield Seed(f"{name}-by-its-word.xlsx", bytes(data), "sheet.bomb_size")
    data = bytearray(xlsx_with(inline(40, "A", "x" * 400_000)))
    for place in _places(data, b"PK\x01\x02"):
        data[place + 24 : place + 28] = struct.pack("<I", 10)
    yield Seed("smaller-by-its-word.xlsx", bytes(data))
    yield Seed("far-corner.xlsx", xlsx_with(inline(1_048_576, "XFD", "x")), "sheet.too_big")
    yield Seed("far-row.xlsx", xlsx_with(inline(1_048_576, "A", "x")))
    yield Seed("beyond.xlsx", xlsx_with(inline(4_294_967_295, "A", "x")))
    yield Seed("beyond-column.xlsx", xlsx_with(inline(40, "ZZZZZZZZ", "x")))
    far = f'<table:table-cell table:number-columns-repeated="16384"/>{ods_row("x")}'
    yield Seed("rows.ods", ods(ods_row(*HEADER) + ods_row(*LINE, times=2_000_000_000)))
    yield Seed("columns.ods", ods(f"<table:table-row>{far}</table:table-row>"))
    wide = '<table:table-cell table:number-columns-repeated="2000000000"><text:p>x</text:p>'
    yield Seed("cells.ods", ods(f"<table:table-row>{wide}</table:table-cell></table:table-row>"))


def _places(data: bytearray, mark: bytes) -> list[int]:
    found, at = [], data.find(mark)
    while at >= 0:
        found.append(at)
        at = data.find(mark, at + 1)
    return found


def _entities() -> Iterator[Seed]:
    steps = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' if n else '<!ENTITY e0 "lol">' for n in range(10)
    )
    doctype = f"<!DOCTYPE x [{steps}]>"
    yield Seed("laughs.ods", ods(ods_row(*HEADER) + ods_row("&e9;", "1", "2"), prolog=doctype))
    strings = b'<?xml version="1.0"?><sst xmlns="x"><si><t>&e9;</t></si></sst>'
    yield Seed("laughs.xlsx", xlsx_with("", shared=strings, prolog=doctype.encode()))
    yield Seed("laughs-in-page.xlsx", xlsx_with(inline(40, "A", "&e9;"), prolog=doctype.encode()))
    for n, place in enumerate(("file:///etc/hostname", "http://localhost:9/x")):
        outside = f'<!DOCTYPE x [<!ENTITY e9 SYSTEM "{place}">]>'
        yield Seed(f"outside-{n}.ods", ods(ods_row(*HEADER) + ods_row("&e9;"), prolog=outside))
    yield Seed("deep.ods", ods("<table:table-row>" * 20_000))
    yield Seed("deep.xlsx", xlsx_with("<row>" * 20_000))
    yield Seed("unknown-entity.xlsx", xlsx_with(inline(40, "A", "&nobody;")))


def _locked() -> Iterator[Seed]:
    package = biff.compound("EncryptedPackage", bytes(3_000))
    yield Seed("locked.xlsx", package, "sheet.password")
    yield Seed("locked.xls", honest_xls(locked=True), "sheet.password")
    listed = "<manifest:encryption-data/>"
    yield Seed("locked.ods", ods(ods_row(*HEADER), manifest=listed), "sheet.password")
    data = bytearray(xlsx())
    for place in _places(data, b"PK\x01\x02"):
        data[place + 8] |= 1
    yield Seed("locked-parts.xlsx", bytes(data), "sheet.password")
    yield Seed("no-workbook.xls", biff.compound("Nothing", b"x" * 4096), "sheet.broken")


def _odd_characters() -> Iterator[Seed]:
    for place, text in (("heading", "姓名\0,a\n1,2\n"), ("cell", "a,b\n1,\0\n"), ("only", "\0")):
        for encoding in ("utf-8", "utf-16"):
            yield Seed(f"nul-{place}-{encoding}.csv", text.encode(encoding), "file.nul")
    yield Seed("unmarked-utf-16.csv", TEXT.encode("utf-16-le"))
    yield Seed("utf-32.csv", TEXT.encode("utf-32"), "file.nul")
    half = "姓名,a\n\ud800王,2\n"
    yield Seed("half-utf-8.csv", half.encode("utf-8", "surrogatepass"))
    yield Seed(
        "half-utf-16.csv", b"\xff\xfe" + half.encode("utf-16-le", "surrogatepass"), "file.encoding"
    )
    yield Seed("half.xlsx", xlsx_with(inline(40, "A", "&#xD800;")))
    yield Seed("half-raw.xlsx", xlsx_with(inline(40, "A", "\ud800")))
    yield Seed("control.xlsx", xlsx_with(inline(40, "A", "&#27;[2J&#8238;x")))
    yield Seed("nul.xlsx", xlsx_with(inline(40, "A", "&#0;")))
    yield Seed("latin.csv", "name,a\nRené,1\n".encode("latin-1"), "file.encoding")
    points = [*range(1, 32), 0x7F, 0x85, 0x9B, 0xAD, 0xA0, 0xFFFE, 0xFFFD, 0xFDD0, 0x10FFFF]
    points += [0xE000, 0x202E, 0x2066, 0x200B, 0x2028, 0x2029, 0xFEFF, 0x0300, 0xE0001, 0x1F9D1]
    for point in points:
        if chr(point) not in "\r\n\t":
            text = f"姓名,地址\n张{chr(point)}三,x\n{chr(point)},y\n"
            yield Seed(f"point-{point:05X}.csv", text.encode(), "rows")
    for n, formula in enumerate(
        (
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "=cmd|'/c calc'!A0",
            '=HYPERLINK("http://x")',
            "＝1",
            "\t=1",
        )
    ):
        cell = '"' + formula.replace('"', '""') + '"'
        yield Seed(f"formula-{n}.csv", f"姓名,地址\n张三,{cell}\n".encode(), "rows")
    yield Seed("formula.xlsx", xlsx_with('<row r="40"><c r="A40"><f>1+1</f><v>2</v></c></row>'))


def _shapes() -> Iterator[Seed]:
    wide = ",".join(f"h{n}" for n in range(16_384))
    yield Seed("16384-columns.csv", f"{wide}\n{wide.replace('h', 'x')}\n".encode(), "rows")
    yield Seed("16385-columns.csv", f"{wide},h\n".encode(), "file.wide")
    yield Seed("million-columns.csv", b"a,b\n" + b"," * 1_000_000 + b"\n", "")
    cells = "".join(
        f'<c r="{letters}40" t="inlineStr"><is><t>x</t></is></c>' for letters in ("A", "XFD")
    )
    yield Seed("16384-columns.xlsx", xlsx_with(f'<row r="40">{cells}</row>'))
    yield Seed("one-column.csv", "姓名\n张三\n李四\n".encode(), "rows")
    yield Seed("one-cell.csv", b"a", "rows")
    yield Seed("only-a-header.csv", ",".join(HEADER).encode(), "rows")
    yield Seed("only-line-ends.csv", b"\r\n\r\n\n\n\r", "file.empty")
    yield Seed("only-delimiters.csv", b",,,\n,,,\n", "file.empty")
    yield Seed("only-spaces.csv", b"  , ,\t\n", "file.empty")
    yield Seed("blank-heading.csv", b"a,,c\n1,2,3\n", "header.blank")
    yield Seed("repeated-heading.csv", b"a,b,A\n1,2,3\n", "header.repeated")
    for n, ends in enumerate(("\r", "\n", "\r\n", "\r\r\n", "\n\r", "\x0b", "\u2028", "\x85")):
        yield Seed(f"line-ends-{n}.csv", TEXT.replace("\r\n", ends).encode())
    yield Seed("mixed-line-ends.csv", b"a,b\r1,2\n3,4\r\n5,6", "rows")
    yield Seed("ragged.csv", b"a,b,c\n1\n1,2\n1,2,3\n1,2,3,4\n\n1,2,3,4,5\n", "rows")
    for delimiter in ",;\t|":
        yield Seed(f"delimiter-{ord(delimiter)}.csv", TEXT.replace(",", delimiter).encode(), "rows")
    yield Seed("quote-open.csv", b'a,b\n1,"2\n3,4\n', "file.quote")
    yield Seed("quote-inside.csv", b'a,b\n1,"2"3\n', "file.quote")
    yield Seed("quotes-only.csv", b'"' * 4_001)
    yield Seed("empty-row-in-quotes.csv", b'a,b\n"",""\n1,2\n', "rows")


def _long() -> Iterator[Seed]:
    ten = 10 << 20
    yield Seed("long-cell.csv", b"a,b\n1," + b"x" * ten + b"\n", "file.cell_long")
    yield Seed("long-quoted.csv", b'a,b\n1,"' + b"x\n" * (ten // 2) + b'"\n', "file.cell_long")
    yield Seed("long-heading.csv", b"x" * ten, "file.cell_long")
    yield Seed("long-line.csv", b"a,b\n" + b"x," * (ten // 2), "file.wide")
    yield Seed("endless-row.csv", b"a,b\n" + b'"\n",' * (9 << 20), "file.row_long")
    chance = random.Random(1)
    text = chance.randbytes(ten // 2).hex()
    yield Seed("long-cell.xlsx", xlsx_with(inline(40, "A", text)), "file.cell_long")
    rows = ods_row(*HEADER) + ods_row(text)
    yield Seed("long-cell.ods", ods(rows), "file.cell_long")
    page = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(40, 1_000))
    shared = f'<?xml version="1.0"?><sst xmlns="x"><si><t>{text[:2_000_000]}</t></si></sst>'
    yield Seed("long-again-and-again.xlsx", xlsx_with(page, shared=shared.encode()))


_FAMILIES: tuple[Callable[[], Iterator[Seed]], ...] = (
    _truncated, _damaged, _noise, _wrong_ending, _bombs, _entities, _locked, _odd_characters,
    _shapes, _long,
)  # fmt: skip
