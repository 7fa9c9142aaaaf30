"""Donors, who belongs to them, what they gave, and the receipts for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rcaid.db.engine import Store, one, statement
from rcaid.db.people import chunks
from rcaid.db.tables import (
    DONATION,
    DONATION_LINE,
    DONATION_RECEIPT,
    DONOR,
    DONOR_PARTY,
    Donation,
    DonationLine,
    DonationReceipt,
    Donor,
    DonorParty,
)

SELF = "self"
"""The relation of a donor to themselves among the parties of a donation."""
_D = ", ".join(f"d.{c}" for c in DONOR.columns)

_DONOR = statement("donor.by_code", f"SELECT {DONOR.listed} FROM donor WHERE code = :code")
_DONORS = statement(
    "donor.of_offices",
    f"SELECT {DONOR.listed} FROM donor WHERE office_id IN (:offices) ORDER BY code",
    lists=("offices",),
)
_DONORS_BY_ID = statement(
    "donor.by_ids", f"SELECT {DONOR.listed} FROM donor WHERE id IN (:ids)", lists=("ids",)
)
_DONOR_LAST = statement("donor.last_code", "SELECT MAX(code) FROM donor WHERE code LIKE :prefix")
_DONOR_KNOWN = statement(
    "donor.known",
    f"SELECT {_D} FROM donor d JOIN donor_party p ON p.donor_id = d.id AND p.relation = 'self'"
    " WHERE p.hash = :hash OR p.uscc = :uscc ORDER BY d.code",
)
_DONOR_NAMED = statement(
    "donor.named",
    f"SELECT {_D} FROM donor d JOIN donor_party p ON p.donor_id = d.id AND p.relation = 'self'"
    " WHERE p.name = :name AND p.hash IS NULL AND p.uscc IS NULL AND d.kind = :kind"
    " ORDER BY d.code",
)
_PARTIES = statement(
    "donor.parties",
    f"SELECT {DONOR_PARTY.listed} FROM donor_party WHERE donor_id IN (:ids) ORDER BY id",
    lists=("ids",),
)
_PARTY = "SELECT donor_id, name, hash, uscc FROM donor_party WHERE"
_INTERESTED = statement(
    "donor.interested",
    "SELECT DISTINCT d.code, p.name, p.hash, p.uscc FROM"
    f" ({_PARTY} hash IN (:hashes) UNION {_PARTY} name = :name UNION {_PARTY} uscc = :uscc) p"
    " JOIN donor d ON d.id = p.donor_id WHERE EXISTS (SELECT 1 FROM donation n"
    " WHERE n.donor_id = d.id AND n.fund_id IN (:funds)"
    " AND n.state NOT IN ('pledged', 'withdrawn', 'returned')) ORDER BY d.code",
    lists=("funds", "hashes"),
)
_NUMBER = statement(
    "donation.by_number", f"SELECT {DONATION.listed} FROM donation WHERE number = :number"
)
_LAST = statement("donation.last", "SELECT MAX(number) FROM donation WHERE number LIKE :prefix")
_OF_OFFICES = statement(
    "donation.of_offices",
    f"SELECT {DONATION.listed} FROM donation WHERE office_id IN (:offices) ORDER BY number",
    lists=("offices",),
)
_OF_DONOR = statement(
    "donation.of_donor",
    f"SELECT {DONATION.listed} FROM donation WHERE donor_id = :donor ORDER BY number",
)
_BY_IDS = statement(
    "donation.by_ids", f"SELECT {DONATION.listed} FROM donation WHERE id IN (:ids)", lists=("ids",)
)
_REFERENCES = statement(
    "donation.by_reference",
    f"SELECT {DONATION.listed} FROM donation WHERE reference IN (:references)"
    " AND state NOT IN ('withdrawn', 'returned') ORDER BY number",
    lists=("references",),
)
_LINES = statement(
    "donation.lines",
    f"SELECT {DONATION_LINE.listed} FROM donation_line WHERE donation_id IN (:ids) ORDER BY id",
    lists=("ids",),
)
_LINES_OF_LOT = statement(
    "donation.lines_of_lot",
    "SELECT l.lot_id, n.number FROM donation_line l JOIN donation n ON n.id = l.donation_id"
    " WHERE l.lot_id IN (:lots)",
    lists=("lots",),
)
_RECEIPTS = statement(
    "donation.receipts",
    f"SELECT {DONATION_RECEIPT.listed} FROM donation_receipt WHERE donation_id = :donation"
    " ORDER BY id",
)
_RECEIPT_NUMBERS = statement(
    "donation.receipt_numbers",
    "SELECT r.number, n.number FROM donation_receipt r JOIN donation n ON n.id = r.donation_id"
    " WHERE r.number IN (:numbers)",
    lists=("numbers",),
)


class Party(NamedTuple):
    """Somebody whom a donation must not help: the donor's code, name, hash and USCC of the party."""

    donor: str
    name: str | None
    hash: int | None
    uscc: str | None


def donor_by_code(store: Store, code: str) -> Donor | None:
    """One donor."""
    found = one(store, _DONOR, {"code": code})
    return Donor(*found) if found else None


def donors(store: Store, offices: Sequence[str]) -> list[Donor]:
    """The donors of these offices, by code."""
    return [Donor(*row) for row in store.rows(_DONORS, {"offices": offices})]


def donors_by_id(store: Store, ids: Iterable[str]) -> dict[str, Donor]:
    """Donors by id."""
    return {
        row[0]: Donor(*row)
        for piece in chunks(ids)
        for row in store.rows(_DONORS_BY_ID, {"ids": piece})
    }


def last_donor(store: Store, prefix: str) -> str:
    """The highest code that begins so, or "" where there is none."""
    return str(store.rows(_DONOR_LAST, {"prefix": f"{prefix}%"})[0][0] or "")


def known_donors(store: Store, hash_: int | None, uscc: str | None) -> list[Donor]:
    """Donors with this identity number, by its hash, or this code of an organisation."""
    return [Donor(*row) for row in store.rows(_DONOR_KNOWN, {"hash": hash_, "uscc": uscc})]


def named_donors(store: Store, name: str, kind: str) -> list[Donor]:
    """Donors of this name and kind of whom no number is known."""
    return [Donor(*row) for row in store.rows(_DONOR_NAMED, {"name": name, "kind": kind})]


def parties(store: Store, donor_ids: Iterable[str]) -> list[DonorParty]:
    """Whoever belongs to these donors, themselves among them."""
    return [
        DonorParty(*row)
        for piece in chunks(donor_ids)
        for row in store.rows(_PARTIES, {"ids": piece})
    ]


def interested(
    store: Store, funds: Sequence[str], name: str, hashes: Sequence[int], uscc: str | None
) -> list[Party]:
    """Parties of what was given to these funds that have this name, number or code (BR-090)."""
    params = {"funds": funds, "name": name, "hashes": hashes, "uscc": uscc}
    return [Party(*row) for row in store.rows(_INTERESTED, params)]


def by_number(store: Store, number: str) -> Donation | None:
    """One donation by the number people use."""
    found = one(store, _NUMBER, {"number": number})
    return Donation(*found) if found else None


def last_number(store: Store, prefix: str) -> str:
    """The highest number of a donation that begins so, or "" where there is none."""
    return str(store.rows(_LAST, {"prefix": f"{prefix}%"})[0][0] or "")


def of_offices(store: Store, offices: Sequence[str]) -> list[Donation]:
    """The donations of these offices, by number."""
    return [Donation(*row) for row in store.rows(_OF_OFFICES, {"offices": offices})]


def of_donor(store: Store, donor_id: str) -> list[Donation]:
    """What a donor gave, by number."""
    return [Donation(*row) for row in store.rows(_OF_DONOR, {"donor": donor_id})]


def by_ids(store: Store, ids: Iterable[str]) -> dict[str, Donation]:
    """Donations by id."""
    return {
        row[0]: Donation(*row)
        for piece in chunks(ids)
        for row in store.rows(_BY_IDS, {"ids": piece})
    }


def by_references(store: Store, references: Iterable[str]) -> dict[str, Donation]:
    """Donations that stand, by what the bank calls them."""
    return {
        str(found.reference): found
        for piece in chunks(references)
        for found in (Donation(*row) for row in store.rows(_REFERENCES, {"references": piece}))
    }


def lines(store: Store, donation_ids: Iterable[str]) -> list[DonationLine]:
    """The goods of donations."""
    return [
        DonationLine(*row)
        for piece in chunks(donation_ids)
        for row in store.rows(_LINES, {"ids": piece})
    ]


def given_lots(store: Store, lot_ids: Iterable[str]) -> dict[str, str]:
    """For each of these lots that was given, the number of the donation."""
    return {
        lot: number
        for piece in chunks(lot_ids)
        for lot, number in store.rows(_LINES_OF_LOT, {"lots": piece})
    }


def receipts(store: Store, donation_id: str) -> list[DonationReceipt]:
    """The receipts of a donation, the void ones among them, oldest first."""
    found = store.rows(_RECEIPTS, {"donation": donation_id})
    return [DonationReceipt(*row) for row in found]


def receipt_numbers(store: Store, numbers: Iterable[str]) -> dict[str, str]:
    """For each of these receipt numbers that was used, the number of its donation."""
    return {
        receipt: donation
        for piece in chunks(numbers)
        for receipt, donation in store.rows(_RECEIPT_NUMBERS, {"numbers": piece})
    }
