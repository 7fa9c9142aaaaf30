"""Plays the single applications of the made-up year: taken in, decided, on notice, paid, closed.

Each wave of a programme goes through its days together; each act is somebody else's, in the office
the family lives in or, above a district's limit, in the city's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from rcaid import data
from rcaid.db import cases
from rcaid.db import notices as notice_rows
from rcaid.demo import applications
from rcaid.demo.applications import (
    ANSWERED,
    BOUNCED,
    HELPED,
    OBJECTED,
    REJECTED,
    UPHELD,
    WITHDRAWN,
    Applied,
)
from rcaid.demo.handouts import later
from rcaid.domain.errors import Broken, Problem
from rcaid.domain.money import yuan
from rcaid.domain.programmes import Programme, read
from rcaid.services import batches, disasters, holds, notices, results
from rcaid.services.applications import after, deciding, intake, new, papers
from rcaid.services.applications.new import Wanted
from rcaid.services.desk import Desk
from rcaid.services.importing import imports

As = Callable[[str], Desk]
PHONE = "021-55550100"
FILES = {"FIRE": "fire", "STORM": "storm", "STU": "student", "ANGEL": "angel"}
"""The rules of each programme, by the name of its file."""
MISSING = "HUKOU"
"""The paper that is not there when an application is returned."""
TOWN = "月浦镇"
NEED = {
    "FIRE": "住房过火，家具衣物烧毁", "STORM": "屋顶被掀，房屋进水", "STU": "治疗费用家庭无力承担",
    "ANGEL": "患儿治疗费用家庭无力承担",
}  # fmt: skip


@cache
def _rules(programme: str) -> Programme:
    found = read(data.text(f"programmes/{FILES[programme]}.toml"))
    assert isinstance(found, Programme)
    return found


class CasePlayer:
    """One programme's waves, day by day. ``as_`` gives the desk of a login on the day played."""

    def __init__(self, folder: Path, as_: As) -> None:
        self._folder = folder
        self._as = as_
        self._waves: dict[tuple[str, int], list[Applied]] = {}
        self._notices: dict[tuple[str, int], str] = {}

    def play(self, what: str, programme: str, round: int, file: str = "") -> str:
        """One step of a wave, with the file it needs; says what was done."""
        if what == "bank":
            return f"{programme}: {self._bank(file)}"
        own = self._wave(programme, round)
        did: str = getattr(self, f"_{what}")(programme, round, own)
        return f"{programme}: {did}" if did else ""

    def leave_open(self, seed: int) -> str:
        """Applications of the next year, each as far as somebody is needed to go on."""
        own = applications.left_open(seed)
        code, name, kind, place, happened_on = applications.BURNT_AGAIN
        disasters.open_(self._as("sh-approver"), code, name, kind, place, happened_on)
        for each in own:
            new.create(self._at(each, "caseworker"), wanted(each))
            intake.submit(self._at(each, "caseworker"), each.case)
            if each.fate == applications.RETURNED:
                intake.send_back(self._at(each, "verifier"), each.case, [MISSING])
            elif each.fate != applications.SUBMITTED:
                intake.verify(self._at(each, "verifier"), each.case)
            if each.fate in (applications.PROPOSED, applications.APPROVED):
                deciding.propose(self._at(each, "reviewer"), each.case, each.asked * 100)
            if each.fate == applications.APPROVED:
                deciding.approve(self._at(each, "approver"), [each.case])
        return f"{name}: {_many(len(own), 'application')}, each waits for somebody"

    def _wave(self, programme: str, round: int) -> list[Applied]:
        key = programme, round
        if key not in self._waves:
            found = applications.read(self._folder, programme)
            self._waves[key] = [each for each in found if each.round == round]
        return self._waves[key]

    def _at(self, each: Applied, duty: str) -> Desk:
        return self._as(f"{each.letters.lower()}-{duty}")

    # --- the steps of a wave, in the order of its days

    def _open(self, programme: str, round: int, own: Sequence[Applied]) -> str:
        code, name, kind, place, happened_on = applications.EVENTS[programme]
        disasters.open_(self._as("sh-approver"), code, name, kind, place, happened_on)
        return f"{code} {name} is open"

    def _apply(self, programme: str, round: int, own: Sequence[Applied]) -> str:
        for each in own:
            desk = self._at(each, "caseworker")
            case, _ = new.create(desk, wanted(each))
            if case.case_no != each.case:
                raise Broken(Problem("demo.case", {"made": case.case_no, "planned": each.case}))
            intake.submit(desk, each.case)
            if each.fate == WITHDRAWN:
                intake.withdraw(desk, each.case, "family_asks")
        return f"{_many(len(own), 'application')} taken in"

    def _verify(self, programme: str, round: int, own: Sequence[Applied]) -> str:
        for each in own:
            if each.fate == WITHDRAWN:
                continue
            desk = self._at(each, "verifier")
            intake.accept(desk, each.case)
            if each.fate == ANSWERED:
                intake.send_back(desk, each.case, [MISSING], reason="papers_missing")
            else:
                intake.verify(desk, each.case)
        back = sum(each.fate == ANSWERED for each in own)
        return f"{_many(len(own) - back, 'application')} verified, {back} returned for a paper"

    def _answer(self, programme: str, round: int, own: Sequence[Applied]) -> str:
        for each in own:
            if each.fate != ANSWERED:
                continue
            papers.mark(self._at(each, "caseworker"), each.case, MISSING, "seen")
            intake.answer(self._at(each, "caseworker"), each.case, [MISSING])
            intake.accept(self._at(each, "verifier"), each.case)
            intake.verify(self._at(each, "verifier"), each.case)
        return ""

    def _review(self, programme: str, round: int, own: Sequence[Applied]) -> str:
        refused = 0
        for each in own:
            if each.fate == WITHDRAWN:
                continue
            desk = self._at(each, "reviewer")
            if each.fate == REJECTED:
                deciding.reject(desk, each.case, "no_need")
                refused += 1
            else:
                deciding.propose(desk, each.case, each.asked * 100)
        return f"{refused} rejected, the others proposed" if refused else "all proposed"

    def _approve(self, programme: str, round: int, own: Sequence[Applied]) -> str:
        by_login: dict[str, list[str]] = defaultdict(list)
        for each in own:
            if each.fate not in (REJECTED, WITHDRAWN):
                by_login[self._decides(each)].append(each.case)
        for login, numbers in sorted(by_login.items()):
            deciding.approve(self._as(login), numbers)
        n = sum(map(len, by_login.values()))
        return f"{_many(n, 'application')} approved"

    def _decides(self, each: Applied) -> str:
        """The district's approver within its limit, the city's above it."""
        level = _rules(each.programme).decide.level(each.asked * 100)
        return "sh-approver" if level == "city" else f"{each.letters.lower()}-approver"

    def _publish(self, programme: str, round: int, own: Sequence[Applied]) -> str:
        desk = self._as("sh-notice")
        cycle = applications.OF_PROGRAMME[programme].code
        notice, _ = notices.draft(desk, cycle, phone=PHONE)
        notices.publish(desk, notice.number)
        self._notices[programme, round] = notice.number
        return f"notice {notice.number} is out"

    def _object(self, programme: str, round: int, own: Sequence[Applied]) -> str:
        desk, number = self._as("sh-notice"), self._notices[programme, round]
        said = [each for each in own if each.fate in (OBJECTED, UPHELD)]
        for each in said:
            line = notice_rows.standing_line(desk.store, self._id(each))
            assert line is not None
            notices.object(desk, number, line.n, "邻居来电，称其住房并未受损")
        return f"{_many(len(said), 'objection')} to notice {number}" if said else ""

    def _decide(self, programme: str, round: int, own: Sequence[Applied]) -> str:
        desk = self._as("sh-reviewer")
        for each in own:
            if each.fate in (OBJECTED, UPHELD):
                act = notices.uphold if each.fate == UPHELD else notices.dismiss
                for objection in notice_rows.open_of_case(desk.store, self._id(each)):
                    act(desk, objection.id, "objection" if each.fate == UPHELD else "checked")
        return ""

    def _id(self, each: Applied) -> str:
        case = cases.by_number(self._as("sh-notice").store, each.case)
        assert case is not None
        return case.id

    def _close(self, programme: str, round: int, own: Sequence[Applied]) -> str:
        notices.close(self._as("sh-notice"), self._notices[programme, round])
        return f"notice {self._notices[programme, round]} is closed"

    def _pay(self, programme: str, round: int, own: Sequence[Applied]) -> str:
        cycle = applications.OF_PROGRAMME[programme].code
        numbers = [each.case for each in own if each.fate in HELPED]
        after.entitle(self._as("sh-approver"), numbers, round_number=round)
        batch, _ = batches.create(self._as("sh-preparer"), cycle, round, "310000", "money")
        self._let_go(batch.number)
        return (
            f"batch {batch.number}: {_many(batch.lines, 'line')} worth {yuan(batch.fen)} yuan sent"
        )

    def _let_go(self, number: str) -> None:
        batches.lock(self._as("sh-preparer"), number)
        for flag in holds.of_batch(self._as("sh-reviewer"), number):
            holds.clear(self._as("sh-reviewer"), number, flag.id, "looked_into")
        batches.approve(self._as("sh-second"), number)
        batches.release(self._as("sh-releaser"), number)

    def _bank(self, file: str) -> str:
        desk = self._as("sh-preparer")
        planned = imports.plan(desk, self._folder / file, "bank")
        imports.apply(desk, planned.path)
        return f"{_many(planned.facts.rows_new, 'result')} of the bank taken up"

    def _again(self, programme: str, round: int, own: Sequence[Applied]) -> str:
        back = [each for each in own if each.fate == BOUNCED]
        for each in back:
            desk = self._at(each, "caseworker")
            fix = (each.voucher, each.payee, each.bank, applications.mended(each))
            results.fix_accounts(desk, [fix], desk.home().id)
        cycle = applications.OF_PROGRAMME[programme].code
        batch, _ = batches.reissue(self._as("sh-preparer"), cycle, round, "310000")
        self._let_go(batch.number)
        return f"batch {batch.number}: {_many(batch.lines, 'line')} paid again"

    def _settle(self, programme: str, round: int, own: Sequence[Applied]) -> str:
        numbers = [applications.batch_of(programme, round)]
        if any(each.fate == BOUNCED for each in own):
            numbers.append(applications.batch_of(programme, round, True))
        for number in numbers:
            batches.reconcile(self._as("sh-preparer"), number)
            batches.close(self._as("sh-approver"), number)
        return f"{_many(len(numbers), 'batch', 'batches')} closed at zero"


def wanted(each: Applied) -> Wanted:
    """An application as a caseworker types it in."""
    minor = bool(each.guardian)
    needed = _rules(each.programme).papers.needed(each.category, minor)
    lacking = (MISSING,) if each.fate == ANSWERED else ()
    return Wanted(
        programme=each.programme, name=each.name, id_kind="RESIDENT_ID", number=each.number,
        phone=each.phone, street=each.street, address=each.address, category=each.category,
        hardship=each.hardship, hardship_until=each.hardship_until, disease=each.disease,
        stage=each.stage, cause=each.cause, disaster=each.disaster, need=NEED[each.programme],
        guardian=each.guardian, guardian_relation=each.guardian_relation, payee=each.payee,
        bank=each.bank, account=each.account, received_on=each.received,
        out_of_pocket_fen=each.out_of_pocket * 100 or None, asked_fen=each.asked * 100,
        papers=tuple(code for code in needed if code not in lacking),
        consents=("processing", "sensitive", "publication", *(("guardian",) if minor else ())),
        elsewhere=((TOWN, later(each.received, -2), each.elsewhere * 100),) if each.elsewhere else (),
    )  # fmt: skip


def _many(n: int, one: str, several: str = "") -> str:
    """A number with its word."""
    return f"{n} {one if n == 1 else several or one + 's'}"
