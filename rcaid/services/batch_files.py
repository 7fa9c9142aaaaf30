"""The file a batch is paid with, and handing it over."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from rcaid.db import payments as rows
from rcaid.db import people
from rcaid.db.payments import Paying
from rcaid.db.tables import Batch
from rcaid.db.unit import Entry
from rcaid.domain.errors import Broken, Problem, Refused
from rcaid.files.banking import BankLine, BankTemplate, bank_bytes, templates
from rcaid.files.pain001 import pain001_bytes
from rcaid.services.batch_steps import find
from rcaid.services.desk import Desk
from rcaid.services.paying import payer_of, released_at

STANDARD = "standard"
PAIN001 = "pain001"
"""The neutral form that every batch can have beside its own."""


def template_of(name: str) -> BankTemplate:
    """A bank template by name, the standard one for none; Refused bank.template."""
    found = templates().get(name or STANDARD)
    if found is None:
        known = ", ".join(templates())
        raise Refused(Problem("bank.template", {"template": name, "known": known}))
    return found


def bank_lines(desk: Desk, lines: Iterable[Paying]) -> list[BankLine]:
    """What a bank has to know of these lines; Refused account.erased or account.none."""
    lines = list(lines)
    accounts = people.accounts(desk.store, (p.line.account_id or "" for p in lines))
    made = []
    for paying in lines:
        account = accounts.get(paying.line.account_id or "")
        if account is None or account.sealed is None:
            code = "account.none" if account is None else "account.erased"
            raise Refused(Problem(code, {"voucher": paying.line.voucher}))
        opened = desk.keys.open("account", account.id, account.sealed)[1]
        made.append(
            BankLine(
                paying.line.voucher, opened["holder"], opened["number"], account.bank or "",
                paying.line.fen or 0,
            )
        )  # fmt: skip
    return made


def bank_file(desk: Desk, batch: Batch, lines: Iterable[Paying]) -> tuple[bytes, str]:
    """The batch file for the bank and its SHA-256; the same batch always gives the same bytes."""
    template = template_of(batch.template or STANDARD)
    content = bank_bytes(template, batch.number, bank_lines(desk, lines))
    return content, hashlib.sha256(content).hexdigest()


def export(
    desk: Desk, number: str, purpose: str, recipient: str, *, form: str = ""
) -> tuple[bytes, str, Entry]:
    """The bank file of a released batch again: its bytes and SHA-256; recorded as an export.

    ``form`` is "" for the batch's own template or "pain001". Refused without a purpose and a
    recipient, which the record keeps (BR-096); Broken bank.other_file where the file is not the
    one whose hash was kept at release.
    """
    batch = find(desk, number)
    desk.require("batch.export", batch.office_id)
    if not purpose.strip() or not recipient.strip():
        raise Refused(Problem("export.purpose"))
    if batch.kind != "money" or batch.channel == "cash" or batch.released_on is None:
        raise Refused(
            Problem("state.no_move", {"noun": number, "state": batch.state, "action": "export"})
        )
    if form not in ("", PAIN001):
        known = f"{batch.template or STANDARD}, {PAIN001}"
        raise Refused(Problem("bank.template", {"template": form, "known": known}))
    sent = [p for p in rows.lines(desk.store, batch.id) if p.line.state != "cancelled"]
    if form == PAIN001:
        data = pain001_bytes(
            batch.number, released_at(desk, batch), batch.released_on,
            payer_of(desk, batch.office_id), bank_lines(desk, sent),
        )  # fmt: skip
        sha = hashlib.sha256(data).hexdigest()
    else:
        data, sha = bank_file(desk, batch, sent)
        if sha != batch.file_sha256:
            raise Broken(Problem("bank.other_file", {"batch": batch.number}))
    note = {"sha256": sha, "purpose": purpose.strip(), "recipient": recipient.strip()}
    if form:
        note["form"] = form
    entry = desk.look("batch.export", batch.office_id, number, **note)
    return data, sha, entry
