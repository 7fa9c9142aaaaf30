"""Funds: opened for a purpose, filled, moved between, and what of them may pay for whom.

An account of a fund never falls below zero (`Unit.post`), and a fund with a restriction pays only
what is within its scope (BR-072).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rcaid.db import donations as donor_rows
from rcaid.db import funds as rows
from rcaid.db import people, programmes, transfers
from rcaid.db.payments import entries_by_idem
from rcaid.db.tables import FUND, FUND_MOVE, Fund, FundMove, Institution, LedgerEntry, Person
from rcaid.db.unit import Entry, Unit
from rcaid.domain.errors import Problem, Refused
from rcaid.services.desk import Desk
from rcaid.services.disasters import checked_code, checked_text

RESTRICTIONS = ("campaign", "programme", "region", "institution", "person")
"""What narrows a fund; its scope is a disaster, programme, region or institution code, or a person.
"""
HELD = ("available", "committed", "payable", "in_transit", "returned")
"""Accounts whose money is still the fund's."""
_REGION = re.compile(r"\d{2,12}", re.ASCII)


def by_code(desk: Desk, code: str) -> Fund:
    """The fund of a code; Refused fund.unknown."""
    found = rows.by_code(desk.store, code)
    if found is None:
        raise Refused(Problem("fund.unknown", {"fund": code}))
    return found


def still_open(fund: Fund) -> Fund:
    """The fund itself; Refused fund.closed."""
    if fund.closed_on:
        raise Refused(Problem("fund.closed", {"fund": fund.code, "day": fund.closed_on}))
    return fund


def open_fund(
    desk: Desk,
    code: str,
    name: str,
    programme: str,
    *,
    restriction: str,
    scope: str = "",
    office: str = "",
) -> tuple[Fund, Entry]:
    """Opens a fund for a part of a programme's purpose; the programme's own fund came with it.

    ``office`` is the code of the office whose pot it is, the city's unless said.
    """
    owner = _office(desk, office)
    desk.require("fund.open", owner)
    found = next((p for p in programmes.programmes(desk.store) if p.code == programme), None)
    if found is None:
        raise Refused(Problem("programme.unknown", {"programme": programme}))
    scope = _checked_scope(desk, restriction, scope, programme)
    if rows.by_code(desk.store, code) is not None:
        raise Refused(Problem("fund.exists", {"fund": code}))
    facts = (checked_code(code), checked_text("name", name), found.id, owner, 1)

    def work(unit: Unit) -> Fund:
        made = Fund(unit.new_id(), *facts, restriction, scope)
        unit.insert(FUND, [made])
        return made

    return desk.write("fund.open", owner, work, object=code)


def _office(desk: Desk, code: str) -> str:
    if not code:
        return desk.offices.top.id
    office = desk.offices.by_code.get(code)
    if office is None:
        raise Refused(Problem("office.unknown", {"value": code}))
    return office.id


def _checked_scope(desk: Desk, restriction: str, scope: str, programme: str) -> str:
    """What a restriction names, which must be there; Refused fund.restriction or fund.scope."""
    known: dict[str, Callable[[], bool]] = {
        "campaign": lambda: _is_disaster(desk, scope),
        "programme": lambda: scope == programme,
        "region": lambda: bool(_REGION.fullmatch(scope)) or scope in desk.offices.by_code,
        "institution": lambda: transfers.institution_by_code(desk.store, scope) is not None,
        "person": lambda: scope in people.many(desk.store, [scope]),
    }
    if restriction not in known:
        facts = {"restriction": restriction, "known": ", ".join(RESTRICTIONS)}
        raise Refused(Problem("fund.restriction", facts))
    if restriction == "programme":
        scope = scope or programme
    if not known[restriction]():
        raise Refused(Problem("fund.scope", {"restriction": restriction, "scope": scope}))
    return scope


def _is_disaster(desk: Desk, code: str) -> bool:
    """Whether there is a disaster of this code."""
    return any(each.code == code for each in transfers.disasters(desk.store))


def close_fund(desk: Desk, code: str) -> Entry:
    """Closes a fund that holds nothing any more; Refused fund.holds. It takes and pays no more."""
    fund = still_open(by_code(desk, code))
    if fund.restriction is None:
        raise Refused(Problem("fund.own", {"fund": code}))

    def work(unit: Unit) -> None:
        unit.store.lock("balance", "fund_id", [fund.id])
        held = programmes.balances(unit.store, fund.id)
        left = sum(held.get(account, 0) for account in HELD)
        if left:
            raise Refused(Problem("fund.holds", {"fund": code, "fen": left}))
        unit.update(FUND, [fund._replace(closed_on=unit.day)], ("closed_on",))

    return desk.write("fund.close", fund.office_id, work, object=code)[1]


# --- what a fund may pay for


def matching(
    desk: Desk,
    fund: Fund,
    *,
    programme: str = "",
    region: str = "",
    institution: str = "",
    disaster: str = "",
    person: str = "",
) -> Problem | None:
    """Why a fund may not pay for something (BR-072); None when it may.

    ``programme``, ``institution`` and ``disaster`` are codes, ``region`` the code of the street
    where the person lives or the place of an institution, ``person`` an id. A fund pays for its own
    programme alone, and within it for what its restriction names.
    """
    if fund.closed_on:
        return Problem("fund.closed", {"fund": fund.code, "day": fund.closed_on})
    own = next((p.code for p in programmes.programmes(desk.store) if p.id == fund.programme_id), "")
    if programme != own:
        return Problem("fund.other_programme", {"fund": fund.code, "programme": own})
    scope = fund.scope or ""
    fits: dict[str | None, Callable[[], bool]] = {
        None: lambda: True,
        "programme": lambda: programme == scope,
        "campaign": lambda: disaster == scope,
        "region": lambda: region.startswith(scope),
        "institution": lambda: institution == scope,
        "person": lambda: bool(person) and _same_person(desk, person, scope),
    }
    if fits[fund.restriction]():
        return None
    facts = {"fund": fund.code, "restriction": fund.restriction, "scope": scope}
    return Problem("fund.restricted", facts)


def _same_person(desk: Desk, one: str, other: str) -> bool:
    """Whether two ids are of one person, after merges."""
    if one == other:
        return True
    standing = people.standing(desk.store, [one, other])
    return one in standing and other in standing and standing[one].id == standing[other].id


def party_hash(desk: Desk, number: str) -> int:
    """By what an identity number of a donor or of who belongs to them is found again."""
    return desk.keys.hash64(f"party:{number}")


def interested(
    desk: Desk, fund: Fund, person: Person | None = None, *, institution: Institution | None = None
) -> Problem | None:
    """Why somebody may not be helped out of a fund: a donor of it, or whoever belongs to one.

    They are told apart by identity number, else by name; an institution by its code (USCC), else
    by name (BR-090). Donors of funds whose money came into this one count too.
    """
    if person is not None and person.sealed is not None:
        values = desk.keys.open("person", person.id, person.sealed)[1]
        numbers = [str(values[k]) for k in ("number", "number15") if values.get(k)]
    else:
        numbers = []
    hashes = [party_hash(desk, number) for number in numbers]
    name = (person.name if person else institution.name if institution else "") or ""
    uscc = institution.uscc if institution else None
    for party in donor_rows.interested(desk.store, _feeding(desk, fund), name, hashes, uscc):
        by_number = party.hash in hashes if party.hash is not None else False
        by_code_of = uscc is not None and party.uscc == uscc
        told_apart = (party.hash is not None and hashes) or (party.uscc and uscc)
        if by_number or by_code_of or (party.name == name and not told_apart):
            return Problem("fund.interested", {"fund": fund.code, "donor": party.donor})
    return None


def _feeding(desk: Desk, fund: Fund) -> list[str]:
    """A fund and all whose money came into it, directly or through others."""
    into: dict[str, set[str]] = {}
    for each in rows.moves(desk.store):
        into.setdefault(each.to_id, set()).add(each.from_id)
    found, new = {fund.id}, [fund.id]
    while new:
        fresh = into.get(new.pop(), set()) - found
        found |= fresh
        new.extend(fresh)
    return sorted(found)


# --- money in, and from one fund to another


def receipt(
    id: str, unit: Unit, fund: Fund, fen: int, idem: str, *, day: str = "",
    donation_id: str | None = None,
) -> LedgerEntry:  # fmt: skip
    """The one posting by which money comes in from outside: external to available."""
    return LedgerEntry(
        id, day or unit.day, "receive", "external", "available", fund.id, fen,
        fund.office_id, None, None, None, idem, 1, donation_id=donation_id,
    )  # fmt: skip


def receive(desk: Desk, fund_code: str, fen: int, key: str) -> Entry:
    """Money that came in for a fund without a donor to name: external to available.

    ``key`` names the receipt; Refused fund.received when it came in before.
    """
    fund = still_open(by_code(desk, fund_code))
    if fen <= 0:
        raise Refused(Problem("fund.amount"))
    idem = f"receive:{fund.code}:{key}"

    def work(unit: Unit) -> None:
        if entries_by_idem(unit.store, [idem]):
            raise Refused(Problem("fund.received", {"fund": fund_code, "key": key}))
        unit.post([receipt(unit.new_id(), unit, fund, fen, idem)])

    return desk.write("fund.receive", fund.office_id, work, object=fund_code)[1]


def move(
    desk: Desk,
    from_fund: str,
    to_fund: str,
    fen: int,
    kind: str = "transfer",
    *,
    paper: str = "",
    reason: str = "",
    key: str = "",
) -> tuple[FundMove, Entry]:
    """Moves money that is available from one fund to another.

    A ``transfer`` goes between offices within one purpose; it is no income of who gets it (BR-073).
    An ``earmark`` changes the purpose: with the donor's ``paper``, or by the city's approver who
    says why (BR-089). Anything else would be borrowing, which is forbidden (BR-072). ``key`` names
    the move; a repeat is refused.
    """
    source, target = still_open(by_code(desk, from_fund)), still_open(by_code(desk, to_fund))
    problem = _movable(source, target, fen, kind)
    if problem is not None:
        raise Refused(problem)
    place = source.office_id
    if kind == "earmark" and not paper:
        place = desk.offices.top.id
        if not reason:
            raise Refused(Problem("fund.earmark", {"fund": from_fund}))
    desk.require("fund.move", place)

    def work(unit: Unit) -> FundMove:
        ids = unit.ids()
        id = next(ids)
        named = key or id
        if rows.move_by_key(unit.store, named) is not None:
            raise Refused(Problem("fund.moved", {"key": named}))
        made = FundMove(
            id, source.office_id, source.id, target.id, kind, fen, unit.day, paper or None, named, 1
        )
        unit.insert(FUND_MOVE, [made])
        unit.post(
            [
                _moved(next(ids), unit, source, made, "out", "available", "external"),
                _moved(next(ids), unit, target, made, "in", "external", "available"),
            ]
        )
        return made

    return desk.write("fund.move", place, work, object=from_fund, reason=reason or None)


def _movable(source: Fund, target: Fund, fen: int, kind: str) -> Problem | None:
    facts = {"fund": source.code, "to": target.code}
    if kind not in ("transfer", "earmark"):
        return Problem("fund.borrow", facts)
    if fen <= 0:
        return Problem("fund.amount")
    if source.id == target.id:
        return Problem("fund.itself", facts)
    if kind == "transfer" and not _same_purpose(source, target):
        return Problem("fund.purpose", facts)
    return None


def _same_purpose(source: Fund, target: Fund) -> bool:
    """Whether what a fund may pay for is all within what the other may: money that nothing but the
    programme restricts may be narrowed, never widened."""
    if source.programme_id != target.programme_id:
        return False
    wide = (None, "programme")
    if source.restriction in wide:
        return target.restriction in (*wide, "region")
    if source.restriction == target.restriction == "region":
        return (target.scope or "").startswith(source.scope or "-")
    return (source.restriction, source.scope) == (target.restriction, target.scope)


def _moved(
    id: str, unit: Unit, fund: Fund, made: FundMove, way: str, debit: str, credit: str
) -> LedgerEntry:
    kind = f"{made.kind}_{way}"
    return LedgerEntry(
        id, unit.day, kind, debit, credit, fund.id, made.fen, fund.office_id, None, None,
        None, f"{kind}:{made.id}", 1,
    )  # fmt: skip
