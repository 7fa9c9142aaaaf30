"""What somebody at a desk may see of a person, and the sealed values behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rcaid.db.tables import Account, Person
from rcaid.domain import identity
from rcaid.domain.deadlines import age
from rcaid.domain.names import mask
from rcaid.services.desk import Desk

CHILD = 14
"""Below this age nothing of a masked name stays (BR-052)."""
_SEEN_OF_ADDRESS = 6


def shown_name(desk: Desk, person: Person, today: str = "") -> str:
    """A person's name in full inside one's own subtree for those with a case duty, else masked."""
    if desk.names_in_full(person.office_id):
        return person.name or ""
    young = person.born is not None and age(person.born, today or desk.day) < CHILD
    return mask(person.name or "", code_only=young)


def opened(desk: Desk, person: Person) -> dict[str, Any]:
    """The sealed values of a person; empty after erasing."""
    if person.sealed is None:
        return {}
    return desk.keys.open("person", person.id, bytes(person.sealed))[1]


def identity_text(kind: str, number: str) -> str:
    """What an identity number is hashed as."""
    return f"{kind}:{number}"


def account_number(desk: Desk, account: Account) -> str:
    """The number of an account; empty after erasing."""
    if account.sealed is None:
        return ""
    return str(desk.keys.open("account", account.id, bytes(account.sealed))[1].get("number", ""))


def masked_value(name: str, values: Mapping[str, Any]) -> str:
    """A sealed value of a person as it may stand in a plan; "" where there is none."""
    value = values.get(name)
    if not value:
        return ""
    if name == "references":
        return ", ".join(identity.mask_number(each) for each in value)
    if name in ("phone", "other_phone"):
        return identity.mask_phone(value)
    if name == "address":
        return f"{value[:_SEEN_OF_ADDRESS]}****" if len(value) > 2 * _SEEN_OF_ADDRESS else "****"
    return str(value)
