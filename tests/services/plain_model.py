"""What a batch of help does, in the plainest words: dictionaries and no store.

`Model` says of each act whether it may be done and what stands afterwards. It knows nothing of the
services; the tests hold both against each other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

Key = tuple[str, int, str]
"""An entitlement: case number, round, kind."""
LETTER = {"money": "C", "goods": "K"}
STEPS = {
    "lock": ("draft", "locked", "preparer"),
    "approve": ("locked", "approved", "approver"),
    "release": ("approved", "released", "releaser"),
    "reconcile": ("released", "reconciled", "preparer"),
    "close": ("reconciled", "closed", "approver"),
}
ON_WAY = ("prepared", "released", "issued")


@dataclass
class Right:
    """Somebody's right to help in a round."""

    fen: int
    state: str = "ready"
    resume_to: str | None = None
    account: int = 0


@dataclass
class Line:
    """One line of a batch."""

    right: Key
    batch: str
    account: int
    state: str = "prepared"


@dataclass
class Batch:
    """Lines that go out together, and who had which part in it."""

    kind: str
    round: int
    state: str = "draft"
    left_out: int = 0
    parts: set[tuple[str, str]] = field(default_factory=set)


@dataclass
class Model:
    """The approved rosters of one district and all that became of them."""

    rights: dict[Key, Right]
    money: Counter[str]
    value: dict[str, int]
    lines: dict[str, Line] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    fixers: set[str] = field(default_factory=set)
    dead: set[str] = field(default_factory=set)

    # --- gathering

    def gather(self, who: str, kind: str, round: int, *, again: bool) -> bool:
        """A new batch of what is ready; of what came back and has another account if ``again``."""
        due = []
        for key, right in sorted(self.rights.items()):
            if (right.state, key[1], key[2]) != ("ready", round, kind):
                continue
            back = self._came_back(key)
            if (back is not None and back.account != right.account) if again else back is None:
                due.append((key, back))
        if not due:
            return False
        prefix = f"22A-{round}-JD-{LETTER[kind]}"
        number = f"{prefix}{1 + sum(name.startswith(prefix) for name in self.batches):02}"
        self.batches[number] = Batch(kind, round, parts={(who, "create")})
        for key, back in due:
            earlier = sum(line.right == key for line in self.lines.values())
            voucher = f"{key[0]}-{round}{LETTER[kind]}" + (f".{earlier + 1}" if earlier else "")
            right = self.rights[key]
            self.lines[voucher] = Line(key, number, right.account)
            right.state = "reserved"
            if back is not None:
                back.state = "reissued"
                self._move(right.fen, "returned", "payable")
        return True

    def _came_back(self, key: Key) -> Line | None:
        found = [li for li in self.lines.values() if li.right == key and li.state == "returned"]
        return found[0] if found else None

    # --- batches

    def step(self, who: str, act: str, number: str) -> bool:
        """Locks, approves, releases, reconciles or closes a batch."""
        batch = self.batches[number]
        source, target, _ = STEPS[act]
        mine = {part for one, part in batch.parts if one == who}
        barred = {
            "approve": {"create"},
            "release": {"create", "approve"},
            "reconcile": {"release"},
        }.get(act, set())
        if batch.state != source or mine & barred:
            return False
        if act in ("approve", "release") and who in self.fixers:
            return False
        if act == "reconcile" and any(line.state in ON_WAY for line in self._of(number)):
            return False
        if act == "release":
            self._release(number)
        batch.state = target
        batch.parts.add((who, act))
        return True

    def _of(self, number: str) -> list[Line]:
        return [line for line in self.lines.values() if line.batch == number]

    def _release(self, number: str) -> None:
        batch = self.batches[number]
        for line in self._of(number):
            right = self.rights[line.right]
            if right.state != "reserved":
                line.state, right.resume_to = "cancelled", "ready"
                batch.left_out += 1
            elif batch.kind == "money":
                line.state = "released"
                self._move(right.fen, "payable", "in_transit")
            else:
                line.state = "issued"

    def cancel(self, number: str) -> bool:
        """Gives up a batch before its release."""
        batch = self.batches[number]
        if batch.state not in ("draft", "locked", "approved"):
            return False
        batch.state = "cancelled"
        for line in self._of(number):
            line.state = "cancelled"
            right = self.rights[line.right]
            if right.state == "reserved":
                right.state = "ready"
            else:
                right.resume_to = "ready"
        return True

    # --- what came back

    def result(self, voucher: str, said: str) -> bool:
        """Takes up what a bank or a hand-out says of a voucher."""
        line = self.lines[voucher]
        right = self.rights[line.right]
        moves = {
            ("released", "paid"): ("in_transit", "settled"),
            ("released", "returned"): ("in_transit", "returned"),
            ("paid", "returned"): ("settled", "returned"),
            ("issued", "delivered"): None,
            ("issued", "undelivered"): None,
        }
        if (line.state, said) not in moves:
            return False
        way = moves[line.state, said]
        if way:
            self._move(right.fen, *way)
        line.state = said
        arrived = said in ("paid", "delivered")
        if right.state != "suspended":
            right.state = "delivered" if arrived else "ready"
        elif arrived:
            right.state, right.resume_to = "delivered", None
        else:
            right.resume_to = "ready"
        return True

    def fix(self, who: str, voucher: str, account: int) -> bool:
        """Gives a payment that came back another account."""
        line = self.lines[voucher]
        if line.state != "returned":
            return False
        self.rights[line.right].account = account
        self.fixers.add(who)
        return True

    # --- deaths and the end

    def die(self, case: str) -> bool:
        """Suspends what somebody is still to get."""
        if case in self.dead:
            return False
        self.dead.add(case)
        for key, right in self.rights.items():
            if key[0] == case and right.state in ("ready", "reserved"):
                right.state, right.resume_to = "suspended", right.state
        return True

    def settle(self) -> bool:
        """Ends every right that is still open, when nothing is on its way."""
        if any(line.state in ON_WAY for line in self.lines.values()):
            return False
        for key, right in self.rights.items():
            if right.state not in ("ready", "suspended"):
                continue
            right.state = "lapsed" if right.state == "ready" else "cancelled"
            back = self._came_back(key)
            if back is not None:
                back.state = "written_back"
            if right.fen:
                self._move(right.fen, "returned" if back else "payable", "available")
        return True

    def _move(self, fen: int, debit: str, credit: str) -> None:
        self.money[debit] -= fen
        self.money[credit] += fen
        assert self.money[debit] >= 0, debit

    # --- figures

    def served(self) -> dict[tuple[str, int], int]:
        """Lines that arrived, by case and round."""
        return dict(
            Counter(
                line.right[:2]
                for line in self.lines.values()
                if line.state in ("paid", "delivered")
            )
        )

    def worth(self) -> int:
        """What arrived, in fen."""
        return sum(
            self.value[line.right[2]] if line.right[2] == "goods" else self.rights[line.right].fen
            for line in self.lines.values()
            if line.state in ("paid", "delivered")
        )
