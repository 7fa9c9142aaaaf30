"""The transitions and duties stand here by hand: the table in the code must equal them."""

from __future__ import annotations

import pytest
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.strategies import DataObject, data, sampled_from

from rcaid.domain import workflow
from rcaid.domain.workflow import GUARDS, MACHINES, MOVES, PREVIOUS, move, moves_from

EXPECTED: dict[str, dict[str, dict[str, str]]] = {
    "roster": {
        "": {"create": "open"},
        "open": {"submit": "submitted"},
        "submitted": {"verify": "verified", "return": "open"},
        "verified": {"freeze": "frozen", "return": "open"},
        "frozen": {"approve": "approved"},
        "approved": {"close": "closed"},
        "closed": {},
    },
    "line": {
        "": {"list": "listed", "wait": "waiting"},
        "listed": {"wait": "waiting", "strike": "struck", "entitle": "entitled"},
        "waiting": {"list": "listed", "strike": "struck"},
        "struck": {},
        "entitled": {"close": "closed"},
        "closed": {},
    },
    "case": {
        "": {"create": "draft"},
        "draft": {"submit": "submitted", "withdraw": "withdrawn"},
        "submitted": {
            "accept": "verifying", "withdraw": "withdrawn", "suspend": "suspended",
            "death": "closed_deceased",
        },
        "verifying": {
            "return": "returned", "verify": "district_review", "urgent": "entitled",
            "reject": "rejected", "withdraw": "withdrawn", "suspend": "suspended",
            "death": "closed_deceased",
        },
        "returned": {
            "answer": "submitted", "withdraw": "withdrawn", "suspend": "suspended",
            "death": "closed_deceased",
        },
        "district_review": {
            "return": "verifying", "propose": "approval", "reject": "rejected",
            "suspend": "suspended", "death": "closed_deceased",
        },
        "approval": {
            "approve": "approved", "reject": "rejected", "suspend": "suspended",
            "death": "closed_deceased",
        },
        "approved": {
            "list": "on_notice", "clear": "cleared", "suspend": "suspended", "revoke": "revoked",
            "death": "closed_deceased", "reopen": "approval",
        },
        "on_notice": {
            "clear": "cleared", "object": "objected", "suspend": "suspended", "revoke": "revoked",
            "death": "closed_deceased", "reopen": "approval",
        },
        "objected": {
            "dismiss": "on_notice", "uphold": "rejected", "suspend": "suspended",
            "revoke": "revoked", "death": "closed_deceased", "reopen": "approval",
        },
        "cleared": {
            "entitle": "entitled", "suspend": "suspended", "revoke": "revoked",
            "death": "closed_deceased", "reopen": "approval",
        },
        "entitled": {
            "pay": "paid", "suspend": "suspended", "revoke": "revoked", "death": "suspended",
            "reopen": "approval", "lapse": "closed",
        },
        "paid": {"close": "closed", "revoke": "revoked", "unpay": "entitled"},
        "rejected": {"appeal": "district_review"},
        "suspended": {"resume": PREVIOUS, "heir": "entitled", "cancel": "closed_deceased"},
        "closed": {"unpay": "entitled"},
        "withdrawn": {},
        "revoked": {},
        "closed_deceased": {},
    },
    "notice": {
        "": {"draft": "draft"},
        "draft": {"publish": "published", "cancel": "cancelled"},
        "published": {"clear": "published", "close": "closed", "correct": "corrected"},
        "closed": {"correct": "corrected"},
        "corrected": {},
        "cancelled": {},
    },
    "objection": {
        "": {"take": "open"},
        "open": {"dismiss": "dismissed", "uphold": "upheld"},
        "dismissed": {},
        "upheld": {},
    },
    "entitlement": {
        "": {"create": "pending", "ready": "ready"},
        "pending": {"ready": "ready", "cancel": "cancelled", "suspend": "suspended"},
        "ready": {
            "reserve": "reserved", "lapse": "lapsed", "cancel": "cancelled",
            "suspend": "suspended",
        },
        "reserved": {"deliver": "delivered", "return_": "ready", "suspend": "suspended"},
        "delivered": {"return_": "ready"},
        "suspended": {"resume": PREVIOUS, "cancel": "cancelled"},
        "lapsed": {},
        "cancelled": {},
    },
    "batch": {
        "": {"create": "draft"},
        "draft": {"lock": "locked", "cancel": "cancelled"},
        "locked": {"approve": "approved", "cancel": "cancelled"},
        "approved": {"release": "released", "cancel": "cancelled"},
        "released": {"reconcile": "reconciled"},
        "reconciled": {"close": "closed"},
        "closed": {},
        "cancelled": {},
    },
    "money": {
        "": {"prepare": "prepared"},
        "prepared": {"release": "released", "cancel": "cancelled"},
        "released": {"pay": "paid", "return_": "returned"},
        "paid": {"return_": "returned", "reverse": "reversed"},
        "returned": {"reissue": "reissued", "write_back": "written_back"},
        "reissued": {},
        "written_back": {},
        "cancelled": {},
        "reversed": {},
    },
    "goods": {
        "": {"prepare": "prepared"},
        "prepared": {"issue": "issued", "cancel": "cancelled"},
        "issued": {"deliver": "delivered", "undeliver": "undelivered"},
        "delivered": {"reverse": "reversed"},
        "undelivered": {},
        "cancelled": {},
        "reversed": {},
    },
    "transfer": {
        "": {"create": "draft"},
        "draft": {"approve": "approved", "cancel": "cancelled"},
        "approved": {"send": "sent", "cancel": "cancelled"},
        "sent": {"receive": "received", "return_": "returned"},
        "received": {"report": "closed"},
        "returned": {},
        "closed": {},
        "cancelled": {},
    },
    "donation": {
        "": {"pledge": "pledged", "receive": "received"},
        "pledged": {"receive": "received", "withdraw": "withdrawn"},
        "received": {
            "receipt": "receipted", "decline": "declined", "anonymous": "anonymous",
            "return_": "returned",
        },
        "receipted": {"void": "received", "return_": "returned"},
        "declined": {"return_": "returned"},
        "anonymous": {"return_": "returned"},
        "returned": {},
        "withdrawn": {},
    },
    "disaster": {"": {"open": "open"}, "open": {"close": "closed"}, "closed": {}},
    "import_batch": {"": {"apply": "applied"}, "applied": {"undo": "undone"}, "undone": {}},
    "cycle": {
        "": {"create": "draft"},
        "draft": {"open": "open", "cancel": "cancelled"},
        "open": {"close": "closed_for_entry", "cancel": "cancelled"},
        "closed_for_entry": {"distribute": "distributing", "cancel": "cancelled"},
        "distributing": {"end": "ended"},
        "ended": {},
        "cancelled": {},
    },
}  # fmt: skip

MATRIX = {
    ("roster", "create"): "caseworker",
    ("roster", "submit"): "caseworker",
    ("roster", "verify"): "verifier",
    ("roster", "return"): "verifier reviewer",
    ("roster", "freeze"): "reviewer",
    ("roster", "approve"): "approver",
    ("roster", "close"): "approver",
    ("line", "list"): "caseworker",
    ("line", "wait"): "caseworker",
    ("line", "strike"): "caseworker verifier reviewer",
    ("line", "entitle"): "approver",
    ("line", "close"): "",
    ("case", "create"): "caseworker",
    ("case", "submit"): "caseworker",
    ("case", "accept"): "verifier",
    ("case", "return"): "verifier reviewer",
    ("case", "answer"): "caseworker",
    ("case", "verify"): "verifier",
    ("case", "propose"): "reviewer",
    ("case", "approve"): "approver",
    ("case", "list"): "notice",
    ("case", "clear"): "",
    ("case", "object"): "notice",
    ("case", "dismiss"): "reviewer",
    ("case", "uphold"): "reviewer",
    ("case", "entitle"): "approver",
    ("case", "pay"): "",
    ("case", "close"): "caseworker",
    ("case", "urgent"): "approver",
    ("case", "withdraw"): "caseworker",
    ("case", "reject"): "verifier reviewer approver",
    ("case", "appeal"): "caseworker",
    ("case", "suspend"): "reviewer approver",
    ("case", "resume"): "reviewer approver",
    ("case", "revoke"): "approver",
    ("case", "death"): "caseworker",
    ("case", "heir"): "approver",
    ("case", "cancel"): "approver",
    ("case", "reopen"): "approver",
    ("case", "lapse"): "",
    ("case", "unpay"): "",
    ("notice", "draft"): "notice",
    ("notice", "publish"): "notice",
    ("notice", "clear"): "notice",
    ("notice", "close"): "notice",
    ("notice", "correct"): "notice",
    ("notice", "cancel"): "notice",
    ("objection", "take"): "notice",
    ("objection", "dismiss"): "reviewer",
    ("objection", "uphold"): "reviewer",
    ("entitlement", "create"): "approver",
    ("entitlement", "ready"): "approver",
    ("entitlement", "reserve"): "preparer",
    ("entitlement", "deliver"): "",
    ("entitlement", "return_"): "",
    ("entitlement", "lapse"): "",
    ("entitlement", "cancel"): "approver",
    ("entitlement", "suspend"): "reviewer approver",
    ("entitlement", "resume"): "reviewer approver",
    ("batch", "create"): "preparer",
    ("batch", "lock"): "preparer",
    ("batch", "approve"): "approver",
    ("batch", "release"): "releaser",
    ("batch", "reconcile"): "preparer",
    ("batch", "close"): "approver",
    ("batch", "cancel"): "preparer",
    ("money", "prepare"): "preparer",
    ("money", "release"): "releaser",
    ("money", "pay"): "preparer",
    ("money", "return_"): "preparer",
    ("money", "reissue"): "preparer",
    ("money", "write_back"): "preparer",
    ("money", "cancel"): "preparer releaser",
    ("money", "reverse"): "reviewer",
    ("goods", "prepare"): "caseworker preparer",
    ("goods", "issue"): "releaser keeper",
    ("goods", "deliver"): "caseworker keeper",
    ("goods", "undeliver"): "caseworker keeper",
    ("goods", "cancel"): "preparer releaser",
    ("goods", "reverse"): "reviewer",
    ("transfer", "create"): "preparer",
    ("transfer", "approve"): "approver",
    ("transfer", "send"): "releaser",
    ("transfer", "receive"): "preparer",
    ("transfer", "return_"): "preparer",
    ("transfer", "report"): "preparer",
    ("transfer", "cancel"): "preparer",
    ("donation", "pledge"): "preparer",
    ("donation", "receive"): "preparer",
    ("donation", "receipt"): "preparer",
    ("donation", "decline"): "preparer",
    ("donation", "anonymous"): "preparer",
    ("donation", "void"): "preparer",
    ("donation", "return_"): "approver",
    ("donation", "withdraw"): "preparer",
    ("disaster", "open"): "approver",
    ("disaster", "close"): "approver",
    ("import_batch", "apply"): "caseworker reviewer preparer",
    ("import_batch", "undo"): "reviewer",
    ("cycle", "create"): "approver administrator",
    ("cycle", "open"): "approver administrator",
    ("cycle", "close"): "approver administrator",
    ("cycle", "distribute"): "approver administrator",
    ("cycle", "end"): "approver administrator",
    ("cycle", "cancel"): "approver administrator",
}


@pytest.mark.parametrize("machine", list(EXPECTED))
def test_the_transitions_are_those_expected(machine: str) -> None:
    real: dict[str, dict[str, str]] = {state: {} for state in ("", *workflow.states(machine))}
    for m in MOVES:
        if m.machine == machine:
            real[m.source][m.action] = m.target
    assert real == EXPECTED[machine]


def test_there_are_no_other_machines() -> None:
    assert set(MACHINES) == set(EXPECTED)


def test_who_may_do_what_is_as_expected() -> None:
    acts = {(m.machine, m.action) for m in MOVES}
    assert {key: " ".join(workflow.duties_of(*key)) for key in acts} == MATRIX


def test_returning_and_rejecting_a_case_belong_to_who_has_it() -> None:
    for action in ("return", "reject"):
        at_street = move("case", "verifying", action)
        at_district = move("case", "district_review", action)
        assert at_street is not None
        assert at_district is not None
        assert (at_street.duties, at_district.duties) == (("verifier",), ("reviewer",))


@pytest.mark.parametrize(
    ("machine", "source", "action", "guard"),
    [
        ("roster", "submitted", "verify", "not_creator"),
        ("roster", "frozen", "approve", "not_maker"),
        ("case", "verifying", "verify", "not_creator"),
        ("case", "district_review", "propose", "not_maker"),
        ("case", "approval", "approve", "within_limit"),
        ("batch", "locked", "approve", "not_maker"),
        ("batch", "approved", "release", "not_maker"),
        ("batch", "released", "reconcile", "not_releaser"),
        ("batch", "reconciled", "close", "zero_difference"),
        ("line", "listed", "strike", "before_freezing"),
        ("case", "rejected", "appeal", "once_30_days"),
        ("import_batch", "applied", "undo", "nothing_rests_on_it"),
    ],
)
def test_br_040_four_eyes_are_in_the_table(
    machine: str, source: str, action: str, guard: str
) -> None:
    found = move(machine, source, action)
    assert found is not None
    assert found.guard == guard


def test_duties_and_guards_are_words_that_exist() -> None:
    for m in MOVES:
        assert set(m.duties) <= set(workflow.DUTIES)
        assert not m.guard or m.guard in GUARDS
    assert {m.guard for m in MOVES if m.guard} == set(GUARDS)


def test_a_move_is_named_once() -> None:
    keys = [(m.machine, m.source, m.action) for m in MOVES]
    assert len(set(keys)) == len(keys)


def test_what_is_not_in_the_table_may_not_be_done() -> None:
    assert move("roster", "open", "approve") is None
    assert move("roster", "closed", "return") is None
    assert move("nothing", "open", "submit") is None
    assert moves_from("batch", "closed") == ()


@pytest.mark.parametrize("machine", list(EXPECTED))
def test_the_diagram_draws_every_move(machine: str) -> None:
    drawn = workflow.diagram(machine)
    assert drawn.startswith("stateDiagram-v2\n")
    for source, actions in EXPECTED[machine].items():
        for action, target in actions.items():
            if target != PREVIOUS:
                line = f"    {source or '[*]'} --> {target}: {action.strip('_')}\n"
                assert line in drawn
        assert actions or f"    {source} --> [*]\n" in drawn


def test_a_resume_is_drawn_to_every_state_it_can_lead_to() -> None:
    drawn = workflow.diagram("entitlement")
    for state in ("pending", "ready", "reserved"):
        assert f"suspended --> {state}: resume" in drawn


def test_the_permission_table_has_every_act() -> None:
    table = workflow.permission_table()
    for machine, action in MATRIX:
        assert f"| {machine} | {action.strip('_')} |" in table
    assert (
        "| roster | verify | submitted | verified | verifier | not by who filled it in |" in table
    )


class Walk(RuleBasedStateMachine):
    """Random acts on one object of one machine: it never leaves the expected table, and whatever
    has an end can still reach it."""

    @initialize(machine=sampled_from(list(EXPECTED)))
    def begin(self, machine: str) -> None:
        self.machine, self.state, self.before = machine, "", ""

    @precondition(lambda self: hasattr(self, "machine"))
    @rule(drawn=data())
    def act(self, drawn: DataObject) -> None:
        actions = sorted({m.action for m in MOVES if m.machine == self.machine})
        action = drawn.draw(sampled_from(actions))
        expected = EXPECTED[self.machine][self.state].get(action)
        found = move(self.machine, self.state, action)
        assert (found.target if found else None) == expected
        if found is None:
            return
        target = self.before if found.target == PREVIOUS else found.target
        if target == "suspended":
            self.before = self.state
        self.state = target

    @invariant()
    def there_is_a_way_to_an_end(self) -> None:
        if not hasattr(self, "machine"):
            return
        table, seen, queue = EXPECTED[self.machine], set[str](), [self.state]
        while queue:
            state = queue.pop()
            if state not in seen:
                seen.add(state)
                queue += [self.before if t == PREVIOUS else t for t in table[state].values()]
        assert any(not table[state] for state in seen)


TestWalk = Walk.TestCase
