"""The sentences of money and goods: funds, donations, stock, batches that are held."""

from __future__ import annotations

from typing import Final

Rows = dict[str, tuple[str, str]]

MONEY: Final[dict[str, Rows]] = {
    "account": {
        "none": ("{voucher}: there is no account to pay to", "BR-065"),
    },
    "cash": {
        "line": ("{case}: more than {most} yuan in cash for one person", "BR-068"),
        "point": ("{sum} yuan is more than the {most} yuan that one point may hand out", "BR-068"),
        "limits": ("a limit for one person is above zero and not above that for a point", "BR-068"),
        "one_alone": ("two people hand out together; {login} is one", "BR-068"),
        "staff": ("{batch}: name the two people who hand out first", "BR-068"),
        "day": (
            "{batch} is handed out on {day}; what is left goes back the same day",
            "BR-068",
        ),
        "not_bank": ("{voucher} is handed out as cash; no bank answers for it", "BR-068"),
    },
    "lot": {
        "quantity": ("{lot}: a quantity is above zero", "BR-085"),
        "basis": (
            "{basis} is no ground of a value; there are 1 papers, 2 market, 3 appraisal, 4 none",
            "BR-083",
        ),
        "no_value": ("{lot}: on ground 4 there is no value", "BR-083"),
        "needs_value": ("{lot}: on grounds 1 to 3 there is a value", "BR-083"),
        "evidence": ("{lot}: say what the value rests on", "BR-083"),
        "source": ("{source} is no source of goods; there are {known}", ""),
        "one_counter": ("two people count; {login} is one", "BR-082"),
        "expiry": ("food and medicine have an expiry date", "BR-082"),
        "short_life": ("it expires on {day}; less than {months} months are left", "BR-082"),
        "expired": ("{lot} expired on {day} and is not given out", "BR-084"),
        "uncounted": ("{lot} was not counted in, so nothing of it is counted out", "BR-085"),
    },
    "stock": {
        "short": ("{lot}: {missing} more are needed than are there", "BR-085"),
    },
    "sheet": {
        "no_typst": ("for PDF install typst: pip install 'rcaid[pdf]'; HTML needs nothing", ""),
    },
    "batch": {
        "channel": ("{channel} is not a way to send it; known are {known}", ""),
        "place_of_bank": ("a place and a day belong to what is handed out, not to a bank", ""),
        "template_of_hand": ("a bank template belongs to what a bank pays", "BR-064"),
        "held_on": ("{day}: the day of a hand-out is today or later", "BR-068"),
        "held": ("{batch}: {n} red flags are not cleared", "R-14"),
        "flag_unknown": ("{batch} has no flag {flag}; there are: {known}", "R-14"),
        "flag_cleared": ("{batch}: flag {flag} was cleared before", "R-14"),
        "explained": (
            "{batch} has a difference, explained as {code}; accept that to close",
            "BR-070",
        ),
        "no_difference": ("{batch} has no difference to explain", "BR-070"),
        "on_way": ("{batch}: {open} lines are still on their way; no word explains that", "BR-070"),
        "goods_statement": ("a bank's statement belongs to what a bank paid", "BR-070"),
        "sheet_none": ("{batch} is paid by a bank; nobody signs for it", "R-08"),
    },
    "bank": {
        "empty": ("there is no payment in it", "BR-064"),
        "long": ("{field} has more than {most} characters", "BR-064"),
        "template": ("no bank template is called {template}; there are: {known}", "BR-064"),
        "payer": ("no account is known from which {office} pays; name it first", "BR-064"),
        "other_file": ("{batch}: the file would not be the one that was released", "BR-064"),
    },
    "fund": {
        "exists": ("there is a fund {fund} already", ""),
        "closed": ("fund {fund} was closed on {day}", ""),
        "restriction": ("{restriction} is no restriction; there are {known}", ""),
        "scope": ("{scope} names no {restriction} that is known here", "BR-072"),
        "own": ("{fund} is a programme's own fund and stays open", ""),
        "holds": ("fund {fund} still holds {fen} fen", ""),
        "other_programme": ("fund {fund} pays for {programme} alone", "BR-072"),
        "restricted": ("fund {fund} is for {restriction} {scope} alone", "BR-072"),
        "interested": (
            "this is donor {donor} of fund {fund}, or belongs to them, and is not helped out of it",
            "BR-090",
        ),
        "borrow": (
            "what is in {fund} is not lent to {to}; move it within its purpose, or change that",
            "BR-072",
        ),
        "itself": ("{fund} and {to} are one fund", ""),
        "purpose": (
            "{to} is for something else than {fund}; a change of purpose is an earmark",
            "BR-089",
        ),
        "earmark": (
            "the purpose of {fund} changes with the donor's paper, or by the city with a reason",
            "BR-089",
        ),
        "moved": ("{key} was moved before; nothing was changed", ""),
    },
    "donor": {
        "unknown": ("there is no donor {donor}", ""),
        "kind": ("{kind} is no kind of donor; there are {known}", ""),
        "known": ("this donor is on file as {donor}", ""),
        "name": ("a donor who is not anonymous has a name", ""),
        "number": ("only a person has an identity number, only an organisation a USCC", ""),
    },
    "donation": {
        "unknown": ("there is no donation {donation}", ""),
        "channel": ("{channel} is no channel of donations; there are {known}", ""),
        "nothing": ("a donation has money above zero, or goods, or both", ""),
        "day": ("{day} is no day up to today; write it like 2022-11-24", ""),
        "reference": ("{reference} was received before, as {donation}", ""),
        "lot": ("{lot} was given before, as {donation}", ""),
        "quantity": ("the quantity of {lot} is above zero", ""),
        "receipt_used": ("receipt {receipt} was used before, for {donation}", "BR-080"),
        "receipt_form": ("{receipt} is no receipt number: 4 to 30 letters, digits and -", "BR-080"),
        "receipt_amount": (
            "the receipt is for what was received, {received} yuan, and not for {typed}",
            "BR-080",
        ),
        "no_value": ("goods without a value have no amount on a receipt", "BR-083"),
        "no_receipt": ("donation {donation} has no receipt that stands", ""),
        "spent": (
            "only {left} yuan of donation {donation} is left in its fund; the rest was used",
            "BR-088",
        ),
        "elsewhere": ("fund {fund} is not of your offices", ""),
        "row_receipt": ("a receipt number needs the day on which the donation came in", "BR-080"),
    },
    "period": {
        "closed": ("{day} is in a month that is closed; the books are closed to {month}", ""),
        "form": ("{month} is no month; write it like 2022-04", ""),
        "early": ("{month} is not over yet", ""),
        "again": ("the books are closed to {closed} already", ""),
        "earlier": ("{earlier} has entries and is not closed; close it first", ""),
    },
    "invariant": {
        "stock_below": ("lot {row}: account {account} stands at {qty}", "I2, BR-085"),
        "stock_balance": (
            "lot {row}: account {account} is kept as {kept}, and its movements come to {counted}",
            "I9, BR-085",
        ),
        "stock_delivered": (
            "lot {row}: {kept} are delivered by its movements, {counted} by lists and transfers",
            "I8, BR-085",
        ),
        "donation_sum": (
            "donation {row} is {fen} fen, and the ledger received {counted} for it",
            "I9, BR-080",
        ),
        "moved": ("{row} has not both sides of a move between funds", "I9, BR-073"),
        "receipt_twice": ("receipt {row} is there {n} times", "I10, BR-080"),
        "receipt_other": ("the receipt of {row} is not for what was received", "I10, BR-080"),
        "closed_month": ("the entries of {month} are others than when it was closed", "I12"),
        "out_of_scope": ("{row} is paid by {fund}, which is for something else", "I13, BR-072"),
    },
    "undo": {"spent": ("{noun} {name}: its money was used or moved on; it stays", "BR-088")},
    "uscc": {
        "length": ("the code of an organisation has 18 places, not {n}", ""),
        "character": ("the code of an organisation has no {character}", ""),
        "check": ("{value} is no code of an organisation: its last place does not fit", ""),
    },
    "reissue": {
        "none": ("nothing that came back of {office} in {cycle} has another account yet", ""),
    },
    "outbox": {"write": ("the outbox {folder} cannot be written: {why}", "")},
    "hand": {
        "served": ("{voucher} was handed over already, by {who}", ""),
        "dead": ("{voucher}: the person has died; nothing is handed over", "BR-016"),
        "suspended": ("{voucher}: the right is suspended; nothing is handed over", "BR-016"),
        "not_handed": ("{voucher} was put down as not handed out, by {who}", ""),
        "left_out": ("{voucher} was left out of this list", ""),
        "elsewhere": ("{voucher} is not on this list: it belongs to {other}", ""),
        "closed": ("{batch} is not being handed out", ""),
    },
}
"""By noun, the sentences and citations of its codes; `sentences` takes them in."""
