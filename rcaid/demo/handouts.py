"""What comes back from the hand-outs: delivery sheets, bank results, corrections, deaths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from rcaid.demo import names
from rcaid.demo.calendar import BY_CODE, RoundDays
from rcaid.demo.keyed import stream
from rcaid.demo.lines import RETURN_CODES, DistrictYear, Line
from rcaid.demo.sheets import encoding_of, write_csv

DELIVERY = (
    "凭证号", "姓名", "证件号码", "物资", "数量", "发放日期", "是否发放", "未发放原因", "代领人",
    "代领关系", "代领人证件后四位",
)  # fmt: skip
BANK = ("批次号", "凭证号", "账号后四位", "金额", "日期", "结果代码", "说明")
FIXES = ("凭证号", "收款人", "开户行", "银行账号")
DEATHS = ("证件号码", "姓名", "死亡日期", "来源")
_AGENTS = 0.04
_RELATIONS = ("配偶", "子女", "子女", "兄弟姐妹", "邻居", "居委会工作人员")
_SOURCES = ("居委会报告", "家属报告", "民政系统核对")

Row = list[str]


def batch_number(cycle: str, number: int, letters: str, channel: str, serial: int = 1) -> str:
    """The number of a batch: cycle, round, district, C or K and a serial."""
    return f"{cycle}-{number}-{letters}-{channel}{serial:02}"


@dataclass(frozen=True, slots=True)
class Papers:
    """What a round of a district has: kits, payments, payments made again."""

    kits: bool
    paid: bool
    again: bool


class Handout:
    """The papers of one round in one district."""

    def __init__(self, seed: int, year: DistrictYear, cycle: str, days: RoundDays) -> None:
        self.year = year
        self.cycle = cycle
        self.days = days
        self.letters = year.district.letters
        self.lines = [
            line
            for line in year.lines[cycle]
            if days.number in line.rounds and line.alive(days.number)
        ]
        self._rng = stream(seed, year.district.code, cycle, days.number, "handout")

    def write(self, folder: Path) -> Papers:
        """Write what there is of delivery sheet, bank results and results of reissues."""
        name = f"{self.cycle}-{self.days.number}"
        encoding = encoding_of(self.year.district)
        kits = [self._delivery(line) for line in self.lines if line.item]
        paid = [self._result(line) for line in self.lines if line.cash]
        again = [self._reissued(line) for line in self.lines if self._mended(line)]
        if kits:
            write_csv(
                folder / "deliveries" / name / f"{self.letters}.csv", DELIVERY, kits, encoding
            )
        if paid:
            write_csv(folder / "bank" / name / f"{self.letters}.csv", BANK, paid, encoding)
        if again:
            write_csv(folder / "bank" / name / f"{self.letters}_02.csv", BANK, again, encoding)
        return Papers(bool(kits), bool(paid), bool(again))

    def write_results(self, folder: Path) -> None:
        """Write the bank results alone."""
        paid = [self._result(line) for line in self.lines if line.cash]
        path = folder / "bank" / f"{self.cycle}-{self.days.number}" / f"{self.letters}.csv"
        write_csv(path, BANK, paid, encoding_of(self.year.district))

    def fixes(self) -> Iterator[Row]:
        """Corrected accounts of payments that came back."""
        for line in self.lines:
            if self._mended(line):
                new = line.returned[self.days.number]
                yield [self._voucher(line, "C"), line.person.payee, new.bank, new.account]

    def _mended(self, line: Line) -> bool:
        sent_back = line.returned.get(self.days.number)
        return bool(line.cash and sent_back and sent_back.account)

    def _voucher(self, line: Line, channel: str) -> str:
        return f"{line.case}-{self.days.number}{channel}"

    def _delivery(self, line: Line) -> Row:
        rng = self._rng
        person = line.person
        number = person.number if self.year.district.index % 2 else person.number[-4:]
        reason = line.undelivered.get(self.days.number, "")
        day = later(self.days.handed, rng.randrange(5))
        row = [self._voucher(line, "K"), person.name, number, line.item, "1", day]
        row += ["否" if reason else "是", reason]
        if not reason and (person.guardian or rng.random() < _AGENTS):
            return row + self._agent(rng, line)
        return [*row, "", "", ""]

    def _agent(self, rng: Random, line: Line) -> Row:
        if line.person.guardian:
            return [line.person.guardian, "监护人", line.person.head[-4:]]
        name = names.full_name(rng, rng.random() < 0.5, 1970)
        return [name, rng.choice(_RELATIONS), f"{rng.randrange(10_000):04}"]

    def _result(self, line: Line) -> Row:
        sent_back = line.returned.get(self.days.number)
        code = sent_back.code if sent_back else "00"
        text = RETURN_CODES[code] if sent_back else "交易成功"
        return self._bank_row(line, 1, line.person.account, self.days.answered, code, text)

    def _reissued(self, line: Line) -> Row:
        account = line.returned[self.days.number].account
        return self._bank_row(line, 2, account, self.days.answered_again, "00", "交易成功")

    def _bank_row(
        self, line: Line, serial: int, account: str, day: str, code: str, text: str
    ) -> Row:
        batch = batch_number(self.cycle, self.days.number, self.letters, "C", serial)
        voucher = self._voucher(line, "C") + (f".{serial}" if serial > 1 else "")
        return [batch, voucher, account[-4:], f"{line.cash}.00", day, code, text]


def deaths(seed: int, year: DistrictYear) -> list[Row]:
    """Everybody of a district who died between approval and a hand-out."""
    rng = stream(seed, year.district.code, "deaths")
    rows = []
    for cycle, lines in year.lines.items():
        for line in lines:
            if line.dead:
                days = BY_CODE[cycle].rounds[line.dead - 1]
                span = date.fromisoformat(days.prepared) - date.fromisoformat(days.deaths_from)
                day = later(days.deaths_from, rng.randrange(span.days))
                rows.append([line.person.number, line.person.name, day, rng.choice(_SOURCES)])
    return rows


def later(day: str, days: int) -> str:
    """The date some days on."""
    return (date.fromisoformat(day) + timedelta(days)).isoformat()
