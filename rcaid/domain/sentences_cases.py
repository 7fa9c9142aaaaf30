"""The sentences of single applications: papers, decisions, public notices, objections."""

from __future__ import annotations

from typing import Final

from rcaid.domain.case_reasons import REJECTIONS

Rows = dict[str, tuple[str, str]]

_APPLICATION: Final = {
    "opinion": ("{case}: a check needs attention; write a line of opinion", ""),
    "lane": ("{programme} takes no single applications of people", ""),
    "no_cycle": ("{programme} has no open cycle", ""),
    "street": ("name the street the family lives in", ""),
    "sum": ("{field} cannot be that; write a number above zero", ""),
    "elsewhere": ("help from {giver}: name who gave, the day and the sum", "BR-027"),
    "deceased": ("the person died on {day}; nothing is applied for any more", "BR-016"),
    "pairs": ("{n} pairs may be one person; decide {pair} first", "BR-009"),
    "papers": ("{case} lacks {papers}; return it or have them waived", "BR-046"),
    "no_papers": ("name the papers that are missing", "BR-046"),
    "unanswered": ("{papers} was asked for and is not there yet", "BR-046"),
    "reason": ("a reason is needed; name its code", ""),
    "witnesses": (
        "{case}: of the {of} people who know somebody without a document {n} are named", "BR-007",
    ),
    "long": ("{field} has more than {most} characters", ""),
    "closed": ("{case} is {state} and takes no papers any more", ""),
    "too_late": ("{case} is {state}; what it says changes no more", ""),
    "field": ("{field} of an application cannot be changed here", ""),
    "id_kind_outside": ("the document {id_kind} is not taken: {citation}", "BR-030"),
    "region_outside": ("region {region} is outside the programme: {citation}", "BR-030"),
    "institution_outside": ("nothing is given to {institution}: {citation}", "BR-030"),
    "disaster_missing": ("no disaster is named: {citation}", "BR-030"),
    "guardian_missing": (
        "age {age}: a guardian with proof of the relation is needed below {under}: {citation}",
        "BR-015",
    ),
    "guardian_incapable_missing": (
        "who cannot decide for themselves needs a guardian with proof of the relation: {citation}",
        "BR-015",
    ),
    "consent_missing": (
        "age {age}: the guardian has to consent below {under}: {citation}", "BR-015",
    ),
    "once_again": ("helped before for this cause, on {day}: {citation}", "BR-023"),
}  # fmt: skip

_PAPER: Final = {
    "unknown": ("{value} is no paper; there are {known}", ""),
    "state": ("{value} is no state of a paper; there are {known}", ""),
    "waiver": ("a waiver of {paper} needs a reason; name its code", ""),
    "day": ("{value} is no day; write it like 2022-11-24", ""),
    "sha256": ("a SHA-256 has 64 digits of 0-9 and a-f", ""),
    "pages": ("a paper has one page or more", ""),
}

_PAPER_NAMES: Final = {
    "id": ("identity card", ""),
    "hukou": ("household register or residence permit", ""),
    "guard_id": ("the guardian's identity card", ""),
    "guard_rel": ("proof of guardianship", ""),
    "diag": ("diagnosis with the hospital's stamp", ""),
    "discharge": ("first page of the hospital record", ""),
    "invoice": ("bills of the treatment", ""),
    "hardship": ("certificate of hardship", ""),
    "bank": ("bank card or passbook", ""),
    "disaster": ("certificate of the disaster", ""),
    "student": ("certificate of enrolment", ""),
    "disab": ("disability card", ""),
    "death": ("death certificate", ""),
    "proxy": ("written proxy", ""),
    "consent": ("signed consent", ""),
}

_CASE: Final = {
    "amount": ("{case}: {fen} fen is no amount; goods alone are decided with 0", "BR-042"),
    "step": ("{case}: {fen} fen does not fit steps of {step} fen", "BR-042"),
    "above_rule": ("{case}: {fen} fen is more than the rules allow, {most} fen", "BR-042"),
    "lower": ("{case}: {fen} fen is less than proposed, {proposed}; give a reason", "BR-042"),
    "higher": ("{case}: above the proposal of {proposed} fen the city decides", "BR-042"),
    "limit": ("{case}: on {fen} fen the level {level} decides", "BR-041"),
    "nobody": ("{case}: {fen} fen is above what anybody may decide", "BR-041"),
    "one_amount": ("name one application; another amount is decided for one alone", "BR-042"),
    "stopped": ("{case}: the rules stand against it ({check}); explain says why", ""),
    "moved_on": ("{case}: {field} was {seen} and is {now} by now", "BR-047"),
    "payee": (
        "{case}: the account is neither the person's nor a guardian's; a proxy is needed",
        "BR-065",
    ),
    "payee_reason": (
        "{case}: the account is somebody else's by proxy; approve it alone and with a reason",
        "BR-065",
    ),
    "account_shared": (
        "{case}: unrelated people are paid to this account too, {other} among them; somebody"
        " explains it first",
        "BR-066",
    ),
    "rejection": ("{value} is no reason to reject; there are {known}", "BR-043"),
    "appealed": ("{case} was appealed on {day}; there is one appeal", ""),
    "appeal_late": ("{case} could be appealed until {day}", ""),
    "urgent_limit": ("{case}: at once there may be {most} fen at most, not {fen}", ""),
    "unreviewed": ("{case} was decided at once and waits to be looked at until {day}", ""),
    "recused": ("{login} is out of {case} already", "BR-045"),
    "notice": ("{case} goes on a public notice first", "BR-050"),
    "dead": ("{case}: the person died on {day}; an heir gets it, or it ends", "BR-016"),
    "on_way": ("{case}: {voucher} is on its way; wait until it arrived or came back", ""),
    "heir_account": ("{case}: the heir has no account that a second person confirmed", "BR-065"),
    "method": ("{value} is no way to ask a family; there are {known}", ""),
    "no_follow_up": ("{case} has no follow-up that is due", ""),
    "follow_up_due": ("{case} is to be followed up before it is closed", ""),
}

CASES: Final[dict[str, Rows]] = {
    "case": _CASE,
    "rejection": {code: (text, "BR-043") for code, text in REJECTIONS.items()},
    "right": {"twice": ("{case} has a right that stands; end it first", "")},
    "cycle": {"decided": ("{n} decided applications have no right yet, first {case}", "")},
    "invariant": {
        "right_twice": ("{row} has {n} rights to {kind} at once", "I3, BR-064"),
        "committed": ("{row} is to have {fen} fen set aside, and has {held}", "I3"),
        "no_case": ("entry {row} sets {fen} fen aside for no case", "I3"),
        "recovery": ("{row}: {fen} fen are given up, and entries give up {counted}", "I9"),
    },
    "recovery": {
        "none": ("nothing is claimed back of {case}", ""),
        "amount": ("{case}: {left} fen are still owed; name a part of them or all", ""),
        "again": ("{key} was taken up for {case} before; nothing was changed", ""),
    },
    "application": _APPLICATION,
    "paper": _PAPER,
    "paper_name": _PAPER_NAMES,
    "consent": {
        "unknown": ("{value} is no kind of consent; there are {known}", ""),
        "method": ("{value} is no way to consent; there are {known}", ""),
        "given": ("this consent was given already: {kind}", ""),
        "none": ("there is no such consent in force: {kind}", "BR-100"),
    },
    "applicant": {
        "return": (
            "{office}: for your application {case} these papers are still needed: {papers}. Please"
            " bring them; the time for the decision stands still until then.",
            "",
        ),
        "rejection": (
            "{office}: your application {case} to {programme} was not granted: {reason}. You may"
            " appeal against this once, up to {day}, at {office}.",
            "BR-043",
        ),
        "rejection_last": (
            "{office}: your application {case} to {programme} was not granted: {reason}. The"
            " appeal has been decided with this.",
            "BR-043",
        ),
    },
    "state": {
        "stale_fields": (
            "somebody changed this meanwhile; nothing was lost, look at what differs: {fields}",
            "BR-047",
        ),
        "stale_field": ("{field}: you wrote {mine}, there stands {theirs} by now", "BR-047"),
    },
    "disease": {"unknown": ("{value} is no disease of this programme", "")},
    "who": {
        "recused": ("{login} may have no part in {case}, being a relative of the person", "BR-045"),
    },
    "notice": {
        "unknown": ("there is no notice {notice}", ""),
        "nothing": ("{cycle}: no approved case of {office} waits for a notice", ""),
        "not_ended": ("{notice} stands until {day}; nothing of it is cleared before", "BR-050"),
        "waits": ("{notice} waits for {n} cases that are objected to or suspended", "BR-054"),
        "not_up": ("{notice} is {state}; objections are to notices that are up", ""),
        "line": ("{notice} has no line {line}", ""),
        "no_objection": ("no objection to line {line} of {notice} is open", ""),
        "no_objections": ("no objection to {notice} is open", ""),
        "changed": ("the text of {notice} is not what was published", "BR-054"),
    },
    "draft": {
        "not_yours": ("the draft {id} is somebody else's", ""),
        "many": ("{most} drafts are kept already; send or throw away some of them", ""),
    },
}
"""By noun, the sentences and citations of its codes; `sentences` takes them in."""
