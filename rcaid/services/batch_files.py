"""The file a batch is paid with, and handing it over."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from rcaid.db import payments as rows
from rcaid.db import people
from rcaid.db.payments import Paying
from rcaid.db.tables import Batch
from rcaid.db.unit import Entry
from rcaid.domain.errors import Problem, Refused
from rcaid.services.batch_steps import find
from rcaid.services.desk import Desk


def bank_file(desk: Desk, batch: Batch, lines: Iterable[Paying]) -> tuple[bytes, str]:
    """The batch file for the bank and its SHA-256; the same batch always gives the same bytes."""
    from rcaid.files.banking import BankLine, bank_bytes, templates

    lines = list(lines)
    accounts = people.accounts(desk.store, (p.line.account_id or "" for p in lines))
    made = []
    for paying in lines:
        account = accounts[paying.line.account_id or ""]
        if account.sealed is None:
            raise Refused(Problem("account.erased", {"voucher": paying.line.voucher}))
        opened = desk.keys.open("account", account.id, account.sealed)[1]
        made.append(
            BankLine(
                paying.line.voucher, opened["holder"], opened["number"], account.bank or "",
                paying.line.fen or 0,
            )
        )  # fmt: skip
    content = bank_bytes(templates()["standard"], batch.number, made)
    return content, hashlib.sha256(content).hexdigest()


def export(desk: Desk, number: str, purpose: str, recipient: str) -> tuple[bytes, str, Entry]:
    """The bank file of a released batch again: its bytes and SHA-256; recorded as an export.

    Refused without a purpose and a recipient, which the record keeps (BR-096).
    """
    batch = find(desk, number)
    desk.require("batch.export", batch.office_id)
    if not purpose.strip() or not recipient.strip():
        raise Refused(Problem("export.purpose"))
    if batch.kind != "money" or batch.released_on is None:
        raise Refused(
            Problem("state.no_move", {"noun": number, "state": batch.state, "action": "export"})
        )
    sent = [p for p in rows.lines(desk.store, batch.id) if p.line.state != "cancelled"]
    data, sha = bank_file(desk, batch, sent)
    note = {"sha256": sha, "purpose": purpose.strip(), "recipient": recipient.strip()}
    entry = desk.look("batch.export", batch.office_id, number, **note)
    return data, sha, entry
