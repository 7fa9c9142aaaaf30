"""BR-088: what a donation paid for, and out of which donations a payment came, to the fen."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from rcaid import data
from rcaid.db.funds import Traced
from rcaid.services import invariants, programmes, results, transfers
from rcaid.services.funds import donations, funds, trace
from rcaid.services.funds.trace import Flow, followed
from tests.services.conftest import JD, Society
from tests.services.giving import code_of, donor, gift, new_fund, pay_out
from tests.services.writing import rows

START = 100_000_000
"""What QWR got without a donor, before all donations."""


def used_up(society: Society) -> None:
    """Moves what came without a donor out of the way, so that donations are next."""
    new_fund(society, "QWR-OLD", "programme")
    funds.move(society.desk("sh-approver"), "QWR", "QWR-OLD", START)


def test_br_088_the_oldest_donation_pays_first(society: Society) -> None:
    used_up(society)
    first, second, third = (gift(society, fen) for fen in (700_00, 600_00, 1_000_00))
    pay_out(society, range(1, 4))  # three times 500 yuan

    one, two, three = (
        trace.of_donation(society.desk("sh-auditor"), n) for n in (first, second, third)
    )
    assert [(use.fen, use.kind) for use in one.uses] == [(500_00, "payment"), (200_00, "payment")]
    assert [use.fen for use in two.uses] == [300_00, 300_00]
    assert [use.fen for use in three.uses] == [200_00]
    assert [use.number for use in one.uses][-1] == next(use.number for use in two.uses)
    assert (one.left, two.left, three.left) == (0, 0, 800_00)
    for each in (one, two, three):
        assert each.fen == each.used + each.given_back + each.left
    sources = trace.of_disbursement(society.desk("sh-auditor"), one.uses[1].number)
    assert [(s.donation, s.fen) for s in sources] == [(first, 200_00), (second, 300_00)]
    assert trace.of_fund(society.desk("sh-auditor"), "QWR") == [one, two, three]


def test_br_088_money_without_a_donor_comes_first_where_it_came_first(society: Society) -> None:
    which = gift(society, 700_00)
    pay_out(society, range(1, 3))
    found = trace.of_donation(society.desk("sh-auditor"), which)
    assert (found.used, found.left) == (0, 700_00)
    voucher = rows(society.admin.store, "SELECT voucher FROM disbursement ORDER BY voucher")[0][0]
    (source,) = trace.of_disbursement(society.desk("sh-auditor"), voucher)
    assert (source.donation, source.fen, source.fund) == ("", 500_00, "QWR")


def test_br_088_what_is_set_aside_or_on_its_way_is_not_used_yet(society: Society) -> None:
    used_up(society)
    which = gift(society, 700_00)
    [roster] = society.import_roster([society.person(1, "王伟")])
    society.approve(roster)
    batch = society.pay()
    found = trace.of_donation(society.desk("sh-auditor"), which)
    assert (found.used, found.left) == (0, 700_00)
    society.bank_result(batch, {"22A-JD-00001-1C": "17"})
    assert trace.of_donation(society.desk("sh-auditor"), which).left == 700_00


def test_br_088_a_payment_taken_back_gives_its_money_back_to_its_donation(
    society: Society,
) -> None:
    used_up(society)
    first, second = gift(society, 500_00), gift(society, 600_00)
    pay_out(society, range(1, 3))
    auditor = society.desk("sh-auditor")
    assert [trace.of_donation(auditor, n).left for n in (first, second)] == [0, 100_00]
    paid = trace.of_donation(auditor, first).uses[0].number
    desk = society.desk("jd-reviewer")
    desk.write(
        "import.undo",
        society.office(JD),
        lambda unit: results.take_up(desk, unit, [results.Result(paid, "reversed", unit.day)]),
    )
    assert [trace.of_donation(auditor, n).left for n in (first, second)] == [500_00, 100_00]
    assert trace.of_disbursement(auditor, paid) == []
    assert invariants.broken(society.admin.store) == []


def test_br_088_money_that_goes_to_another_fund_keeps_its_donor(society: Society) -> None:
    used_up(society)
    which = gift(society, 700_00)
    new_fund(society, "QWR-JD", "region", JD)
    desk = society.desk("sh-approver")
    funds.move(desk, "QWR", "QWR-JD", 400_00)
    new_fund(society, "QWR-S", "region", "310114001")
    funds.move(desk, "QWR-JD", "QWR-S", 150_00)
    found = trace.of_donation(society.desk("sh-auditor"), which)
    assert (found.used, found.left) == (0, 700_00)
    flow = trace.flow_of(society.admin.store, donations.find(society.admin, which).fund_id)
    held = {
        code: flow.left(donations.find(society.admin, which).id, fund_id)
        for fund_id, code in rows(society.admin.store, "SELECT id, code FROM fund")
    }
    assert held == {"QWR": 300_00, "QWR-JD": 250_00, "QWR-S": 150_00, "QWR-OLD": 0}


def test_br_088_transfers_to_institutions_are_uses_too(society: Society) -> None:
    society.clock.set("2022-04-01")
    programmes.load(society.admin, data.text("programmes/uni.toml"))
    preparer = society.desk("sh-preparer")
    transfers.add_institution(preparer, "U01", "申城第一大学", "university", "杨浦")
    which = gift(society, 900_00, fund="UNI", by=donor(society, "王捐"))
    made, _ = transfers.create(preparer, "UNI", "U01", "校园", fen=250_00)
    for login, act in (
        ("sh-approver", transfers.approve),
        ("sh-releaser", transfers.send),
        ("sh-preparer", transfers.receive),
    ):
        act(society.desk(login), made.number)
    found = trace.of_donation(society.desk("sh-auditor"), which)
    (use,) = found.uses
    assert (use.kind, use.number, use.object, use.fen) == (
        "transfer", made.number, "申城第一大学", 250_00,
    )  # fmt: skip
    (source,) = trace.of_disbursement(society.desk("sh-auditor"), made.number)
    assert (source.donation, source.donor, source.fen) == (which, "王*", 250_00)


def test_a_donor_sees_all_they_gave(society: Society) -> None:
    used_up(society)
    who = donor(society, "王捐")
    first, second = gift(society, 500_00, by=who), gift(society, 400_00, by=who)
    donations.give_back(society.desk("sh-approver"), second, "donor_asks")
    pay_out(society, range(1, 2))
    one, two = trace.of_donor(society.desk("sh-preparer"), who)
    assert (one.number, one.used, one.left) == (first, 500_00, 0)
    assert (two.number, two.given_back, two.left, two.state) == (second, 400_00, 0, "returned")


def test_who_may_not_see_donations_sees_no_trace(society: Society) -> None:
    which = gift(society, 1)
    caseworker = society.desk("jd-caseworker")
    assert code_of(lambda: trace.of_donation(caseworker, which)) == "who.no_duty"
    assert code_of(lambda: trace.of_donation(society.desk("jd-preparer"), which)) == "who.no_duty"
    assert code_of(lambda: trace.of_disbursement(society.desk("sh-auditor"), "x")) == (
        "voucher.unknown"
    )
    assert code_of(lambda: trace.of_donor(society.desk("sh-auditor"), "x")) == "donor.unknown"


# --- whatever happens, the sums are equal

FUNDS = ("A", "B", "C")
Act = tuple[str, int, int, int]
ACTS = st.lists(
    st.tuples(
        st.sampled_from(("give", "given", "move", "pay", "unpay", "back", "lose")),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(1, 50),
    ),
    max_size=60,
)


class Books:
    """Makes entries as the services do: nothing below zero, nothing taken back twice."""

    def __init__(self) -> None:
        self.entries: list[Traced] = []
        self.held: dict[str, int] = defaultdict(int)
        self.gifts: dict[str, tuple[str, int]] = {}
        self.paid: list[tuple[str, str, int]] = []

    def add(self, kind: str, debit: str, credit: str, fund: str, fen: int, **facts: str) -> None:
        n = len(self.entries)
        self.entries.append(
            Traced(
                f"{n:05}", "2022-01-01", kind, debit, credit, fund, fen, facts.get("disbursement_id"),
                None, facts.get("donation_id"), None, None, facts.get("idem", f"{kind}:{n}"),
            )
        )  # fmt: skip

    def do(self, act: Act) -> None:
        what, one, two, fen = act
        fund, other = FUNDS[one], FUNDS[two]
        n = len(self.entries)
        if what in ("give", "given"):
            gift = f"G{n}" if what == "given" else ""
            if gift:
                self.gifts[gift] = fund, fen
            self.add(
                "receive",
                "external",
                "available",
                fund,
                fen,
                **({"donation_id": gift} if gift else {}),
            )
            self.held[fund] += fen
        elif what == "move" and fund != other and self.held[fund] >= fen:
            self.add("transfer_out", "available", "external", fund, fen, idem=f"transfer_out:{n}")
            self.add("transfer_in", "external", "available", other, fen, idem=f"transfer_in:{n}")
            self.held[fund] -= fen
            self.held[other] += fen
        elif what in ("pay", "lose") and self.held[fund] >= fen:
            account = "settled" if what == "pay" else "written_off"
            self.add("paid", "in_transit", account, fund, fen, disbursement_id=f"P{n}")
            self.held[fund] -= fen
            if what == "pay":
                self.paid.append((f"P{n}", fund, fen))
        elif what == "unpay" and self.paid:
            key, of, sum_ = self.paid.pop(fen % len(self.paid))
            self.add("late_return", "settled", "returned", of, sum_, disbursement_id=key)
            self.held[of] += sum_
        elif what == "back":
            self.give_back(fen)

    def give_back(self, fen: int) -> None:
        """Gives a donation back if all of it is there."""
        flow = followed(self.entries)
        whole = [(g, f, n) for g, (f, n) in self.gifts.items() if flow.left(g, f) == n]
        if whole:
            gift, fund, n = whole[fen % len(whole)]
            self.add("give_back", "available", "external", fund, n, donation_id=gift)
            self.held[fund] -= n


def checked(books: Books) -> Flow:
    """Every sum that must be equal, is."""
    flow = followed(books.entries)
    parts = [piece for pieces in flow.used.values() for piece in pieces]
    for of, (_, fen) in books.gifts.items():
        used = sum(piece.part.fen for piece in flow.of(of))
        assert used + flow.left(of) + flow.given_back(of) == fen
    for fund, held in books.held.items():
        assert sum(part.fen for part in flow.pots[fund].parts) == held
    for key, _, fen in books.paid:
        assert sum(piece.part.fen for piece in flow.used[key]) == fen
    assert all(piece.part.fen > 0 for piece in parts)
    known = {entry.id for entry in books.entries if entry.kind == "receive"}
    assert {piece.part.entry for piece in parts} <= known
    return flow


@given(ACTS)
def test_br_088_received_is_used_and_given_back_and_left_to_the_fen(acts: list[Act]) -> None:
    books = Books()
    for act in acts:
        books.do(act)
    checked(books)


@given(ACTS)
def test_br_088_what_was_paid_once_keeps_its_donations_whatever_comes_later(
    acts: list[Act],
) -> None:
    books = Books()
    for act in acts:
        books.do(act)
    before = {key: list(pieces) for key, pieces in checked(books).used.items()}
    for fund in FUNDS:
        books.do(("given", FUNDS.index(fund), 0, 50))
        books.do(("pay", FUNDS.index(fund), 0, 50))
    after = checked(books).used
    assert all(after[key] == pieces for key, pieces in before.items())


@given(ACTS, st.randoms(use_true_random=False))
def test_br_088_entries_of_one_moment_may_come_in_any_order(
    acts: list[Act], chance: Random
) -> None:
    books = Books()
    for act in acts:
        if act[0] in ("give", "given", "pay"):
            books.do(act)
    chance.shuffle(books.entries)
    checked(books)


def test_what_took_money_that_never_came_is_of_unknown_origin() -> None:
    books = Books()
    books.do(("given", 0, 0, 5))
    books.held["A"] += 3  # as if somebody had raised the balance by hand
    books.do(("pay", 0, 0, 8))
    flow = followed(books.entries)
    parts = [(piece.part.donation, piece.part.fen) for piece in flow.used["P1"]]
    assert parts == [("G0", 5), ("", 3)]


def test_what_is_recovered_after_a_revocation_goes_back_to_its_donation() -> None:
    books = Books()
    books.do(("given", 0, 0, 50))
    books.do(("pay", 0, 0, 40))
    paid = books.entries[-1]._replace(entitlement_id="right")
    recovered = paid._replace(
        id="00009", debit="settled", credit="available", fen=15, disbursement_id=None
    )
    lost = recovered._replace(id="00010", credit="written_off", fen=25)
    flow = followed([books.entries[0], paid, recovered, lost])
    assert (flow.left("G0"), sum(piece.part.fen for piece in flow.of("G0"))) == (25, 25)
    assert [piece.part.fen for piece in flow.used["P1"]] == [25]
