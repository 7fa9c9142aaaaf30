"""Words of the register form for codes of programmes: papers, consents, categories, diseases."""

from __future__ import annotations

from collections.abc import Iterable

from rcaid.domain.programme_fields import PAPERS
from rcaid.locale import N_, _, language
from rcaid.screens.labels import label
from rcaid.screens.who import Choice

_PAPERS = {
    "ID": N_("ID card"),
    "HUKOU": N_("residence"),
    "GUARD_ID": N_("guardian's ID"),
    "GUARD_REL": N_("guardianship"),
    "DIAG": N_("hospital paper"),
    "DISCHARGE": N_("discharge"),
    "INVOICE": N_("invoices"),
    "HARDSHIP": N_("hardship paper"),
    "BANK": N_("bank card"),
    "DISASTER": N_("disaster paper"),
    "STUDENT": N_("student card"),
    "DISAB": N_("disability"),
    "DEATH": N_("death"),
    "PROXY": N_("proxy"),
    "CONSENT": N_("consent form"),
}
_WORDS = {
    "death": N_("death by fire"),
    "burns": N_("deep burns"),
    "home": N_("home damaged"),
    "marginal": N_("near subsistence"),
    "leukaemia": N_("leukaemia"),
    "haemophilia": N_("haemophilia"),
    "aplastic_anaemia": N_("aplastic anaemia"),
    "kidney_transplant": N_("kidney transplant"),
    "liver_transplant": N_("liver transplant"),
    "congenital_heart": N_("congenital heart"),
    "transplant": N_("transplant"),
    "RESIDENT_ID": N_("resident ID"),
    "HMT_PERMIT_RESIDENCE": N_("residence permit HK, Macau, Taiwan"),
    "FOREIGN_PR_2023": N_("foreign permanent resident"),
    "BIRTH_CERT": N_("birth certificate"),
    "PASSPORT": N_("passport"),
    "NONE": N_("no document"),
    "OTHER": N_("another document"),
    "UNVERIFIED": N_("not verified"),
}
PAPER_STATES = {
    "missing": N_("missing"),
    "seen": N_("seen"),
    "copied": N_("copied"),
    "waived": N_("waived"),
}
"""What a paper of a checklist can be."""
CONSENTS = (
    ("processing", N_("data kept, purpose told")),
    ("sensitive", N_("health and money data used")),
    ("publication", N_("public list, name masked")),
    ("contact", N_("may be asked later")),
    ("guardian", N_("the guardian agrees")),
)
"""The consents under their numbers; the guardian's is last, for who is under age."""
RELATIONS = (
    ("父亲", N_("father")),
    ("母亲", N_("mother")),
    ("祖父母", N_("grandparent")),
    ("其他监护人", N_("another guardian")),
)
NO_NUMBER = (
    ("遗失", N_("lost")),
    ("新生儿", N_("newborn")),
    ("未办理", N_("never applied for")),
    ("其他", N_("another reason")),
)


def word(code: str, name: str) -> str:
    """A code in the reader's language; in Chinese the programme's own name for it."""
    if language() != "en" and name != code:
        return name
    if code in _WORDS:
        return _(_WORDS[code])
    known = label(code)
    return known if known != code else (name if language() != "en" else code.replace("_", " "))


def paper_word(code: str) -> str:
    """A paper in one or two words."""
    return _(_PAPERS[code]) if code in _PAPERS else PAPERS.get(code, code)


def paper_choices(codes: Iterable[str]) -> tuple[Choice, ...]:
    """Papers in the order of their numbers."""
    return tuple(Choice(code, paper_word(code)) for code in codes)
