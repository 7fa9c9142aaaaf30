"""Files of any length stream: the memory that reading takes does not grow with them.

Of a workbook that holds for this process; the child that parses it takes its memory with it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rcaid.files.writing import write_xlsx
from tests.longer import SOAK

MIB = 1 << 20
MOST = 150
LINE = "张三{n},居民身份证,31019919900101001X,江桥镇,嘉定区某路{n}号,肿瘤,低保,1000.00\r\n"
READER = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))
from rcaid.files.tables import open_table
with open_table(sys.argv[1]) as table:
    count = sum(1 for _ in table.rows)
with open("/proc/self/status") as status:
    most = next(line.split()[1] for line in status if line.startswith("VmHWM"))
print(count, int(most) >> 10)
"""


def _write(path: Path, mib: int) -> int:
    block = "".join(LINE.format(n=n) for n in range(1_000)).encode()
    with open(path, "wb") as file:
        file.write("姓名,证件类型,证件号码,街道,地址,类别,困难类型,金额\r\n".encode())
        blocks = mib * MIB // len(block)
        for _ in range(blocks):
            file.write(block)
    return blocks * 1_000


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc to see the peak")
@pytest.mark.parametrize(
    "mib",
    [
        5,
        pytest.param(
            200, marks=pytest.mark.skipif(not SOAK, reason="200 MiB only with RCAID_SOAK")
        ),
    ],
)
def test_reading_a_long_file_stays_within_150_mib(tmp_path: Path, mib: int) -> None:
    path = tmp_path / "long.csv"
    rows = _write(path, mib)
    ran = subprocess.run(
        [sys.executable, "-c", READER, str(path)], capture_output=True, text=True, check=True
    )
    count, most = map(int, ran.stdout.split())
    assert count == rows
    assert most < MOST


@pytest.mark.skipif(not SOAK, reason="large workbooks only with RCAID_SOAK")
@pytest.mark.parametrize(("rows", "columns"), [(98_400, 14), (1_000_000, 6)])
def test_a_large_workbook_is_read_to_its_end(tmp_path: Path, rows: int, columns: int) -> None:
    path = tmp_path / "long.xlsx"
    header = [f"列{n}" for n in range(columns)]
    cells = ([f"张三{n}", *(f"{n}-{i}" for i in range(1, columns))] for n in range(rows))
    write_xlsx(path, header, cells)
    # The child may take its 1 GiB, whatever this process is held to.
    reader = READER.replace("512 << 20", "4096 << 20")
    ran = subprocess.run(
        [sys.executable, "-c", reader, str(path)], capture_output=True, text=True, check=True
    )
    count, most = map(int, ran.stdout.split())
    assert count == rows
    assert most < MOST
