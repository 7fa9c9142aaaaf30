"""The sentences of single applications: papers, decisions, public notices, objections."""

from __future__ import annotations

from typing import Final

Rows = dict[str, tuple[str, str]]

CASES: Final[dict[str, Rows]] = {
    "who": {
        "recused": ("{login} may have no part in {case}, being a relative of the person", "BR-045"),
    },
    "draft": {
        "not_yours": ("the draft {id} is somebody else's", ""),
        "many": ("{most} drafts are kept already; send or throw away some of them", ""),
    },
}
"""By noun, the sentences and citations of its codes; `sentences` takes them in."""
