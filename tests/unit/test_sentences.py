"""What is said to somebody who may not do something."""

from __future__ import annotations

import pytest

from rcaid.domain.errors import Problem
from rcaid.domain.sentences import sentence
from rcaid.locale import in_language


@pytest.mark.parametrize(
    ("act", "office", "said"),
    [
        (
            "roster.close",
            "嘉定区",
            "li has no duty for this (roster.close) in 嘉定区; it needs: reviewer, approver",
        ),
        ("audit.export", "", "li has no duty for this (audit.export); it needs: auditor"),
        ("", "", "li holds no duty today; an administrator grants them"),
    ],
)
def test_who_lacks_a_duty_is_told_which_one_it_takes(act: str, office: str, said: str) -> None:
    problem = Problem("who.no_duty", {"login": "li", "act": act, "office": office})
    assert sentence(problem) == said


def test_the_act_and_the_duties_are_said_in_the_readers_language() -> None:
    told = {"who.no_duty": {"act": "roster.verify", "office": ""}, "who.maker": {"part": "verify"}}
    said = [
        sentence(Problem(code, {"login": "li", **params}), lambda text: in_language("zh_CN", text))
        for code, params in told.items()
    ]
    assert "核实名册" in said[0] and "核实人" in said[0]
    assert "核实" in said[1] and "verify" not in said[1]
