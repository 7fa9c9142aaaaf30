"""Codes of the store as words on the screen."""

from __future__ import annotations

from rcaid.locale import N_, _

_WORDS = {
    # categories
    "tumour": N_("tumour"),
    "mental": N_("mental"),
    "dementia": N_("dementia"),
    "leprosy": N_("leprosy"),
    "accident": N_("accident"),
    "illness": N_("illness"),
    "home": N_("home"),
    "death": N_("fatal"),
    "burns": N_("burns"),
    "*": N_("all"),
    # hardship
    "subsistence": N_("subsistence"),
    "destitute": N_("destitute"),
    "low_income": N_("low income"),
    "expenditure": N_("expenditure"),
    "none": N_("none"),
    # states of a roster
    "open": N_("open"),
    "submitted": N_("submitted"),
    "verified": N_("verified"),
    "frozen": N_("frozen"),
    "approved": N_("approved"),
    "closed": N_("closed"),
    # states of a batch and of its lines
    "locked": N_("locked"),
    "reconciled": N_("reconciled"),
    "prepared": N_("prepared"),
    "written_back": N_("written back"),
    "reversed": N_("reversed"),
    # states of a case and of what is owed to it
    "draft": N_("draft"),
    "listed": N_("listed"),
    "waiting": N_("waiting"),
    "struck": N_("struck"),
    "entitled": N_("entitled"),
    "pending": N_("pending"),
    "ready": N_("ready"),
    "reserved": N_("reserved"),
    "delivered": N_("delivered"),
    "undelivered": N_("undelivered"),
    "lapsed": N_("lapsed"),
    "cancelled": N_("cancelled"),
    "suspended": N_("suspended"),
    "returned": N_("returned"),
    "rejected": N_("rejected"),
    "withdrawn": N_("withdrawn"),
    "on_notice": N_("on notice"),
    "objected": N_("objected"),
    "cleared": N_("cleared"),
    # states of a notice and of an objection
    "published": N_("published"),
    "corrected": N_("corrected"),
    "dismissed": N_("dismissed"),
    "upheld": N_("upheld"),
    "revoked": N_("revoked"),
    "verifying": N_("verifying"),
    "district_review": N_("in review"),
    "approval": N_("approval"),
    "closed_deceased": N_("ended, died"),
    "paid": N_("paid"),
    "issued": N_("issued"),
    "released": N_("released"),
    "reissued": N_("reissued"),
    "sent": N_("sent"),
    "received": N_("received"),
    "relief": N_("relief"),
    "recovery": N_("recovery"),
    # kinds of disasters and of institutions
    "fire": N_("fire"),
    "flood": N_("flood"),
    "typhoon": N_("typhoon"),
    "earthquake": N_("earthquake"),
    "epidemic": N_("epidemic"),
    "university": N_("university"),
    "school": N_("school"),
    "hospital": N_("hospital"),
    "society": N_("society"),
    "other": N_("other"),
    # donations: states, who gives, what a fund is for, what became of money
    "pledged": N_("promised"),
    "receipted": N_("receipted"),
    "declined": N_("receipt declined"),
    "anonymous": N_("unnamed"),
    "organisation": N_("organisation"),
    "campaign": N_("campaign"),
    "programme": N_("programme"),
    "payment": N_("payment"),
    "transfer": N_("transfer"),
    "given_back": N_("given back"),
    "left": N_("left"),
    # states of an import
    "applied": N_("came in"),
    "undone": N_("taken back"),
    # duties
    "caseworker": N_("caseworker"),
    "verifier": N_("verifier"),
    "reviewer": N_("reviewer"),
    "approver": N_("approver"),
    "preparer": N_("preparer"),
    "releaser": N_("releaser"),
    "keeper": N_("keeper"),
    "notice": N_("notice officer"),
    "auditor": N_("auditor"),
    "administrator": N_("administrator"),
    # checks: how they came out, what they are about, what is not known, who decides
    "pass": N_("pass"),
    "warn": N_("warn"),
    "fail": N_("fail"),
    "rule": N_("rule"),
    "cap": N_("cap"),
    "quota": N_("quota"),
    "fund": N_("fund"),
    "duplicate": N_("duplicate"),
    "duty": N_("duty"),
    "id_kind": N_("document"),
    "born": N_("date of birth"),
    "region": N_("region"),
    "category": N_("category"),
    "hardship": N_("hardship"),
    "disease": N_("disease"),
    "income": N_("income"),
    "out_of_pocket": N_("what was paid oneself"),
    "institution": N_("institution"),
    "street": N_("street"),
    "district": N_("district"),
    "city": N_("city"),
    "person": N_("person"),
    "household": N_("household"),
    # sexes, as they stand beside an age
    "F": N_("F"),
    "M": N_("M"),
}

NOUNS = {
    "aid_case": N_("lines"),
    "roster": N_("rosters"),
    "person": N_("people"),
    "household": N_("households"),
    "relation": N_("relations"),
    "account": N_("accounts"),
    "quota": N_("quotas"),
    "disbursement": N_("payments"),
    "donation": N_("donations"),
    "donor": N_("donors"),
    "institution": N_("institutions"),
}
"""The word for the rows of each table; what is not here is nobody's business but the store's."""


PUBLIC_TEXT = N_("Public text")
"""The part of a notice that everybody may read."""


def label(code: str) -> str:
    """The word for a code in the reader's language; an unknown code stands as it is."""
    return _(_WORDS[code]) if code in _WORDS else code
