"""Every state machine as one table of data: what may move, by which act, under whose duty.

Buttons, command verbs, the permission table and the diagrams of the docs come from these rows.
A move without duties is made by the program, as a consequence of another act.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

PREVIOUS = "previous"
"""Target of a resume: the state in which the object was suspended."""

DUTIES = (
    "caseworker", "verifier", "reviewer", "approver", "preparer", "releaser", "keeper", "notice",
    "auditor", "administrator",
)  # fmt: skip

GUARDS = {
    "not_maker": "by somebody who had no earlier part in it",
    "not_creator": "not by who filled it in",
    "not_releaser": "not by who released it",
    "not_taker": "not by who took it down",
    "ended": "on or after its last day",
    "before_freezing": "while its roster is not frozen",
    "zero_difference": "only when the difference is zero or explained and approved",
    "account_confirmed": "after the account is confirmed",
    "within_limit": "within the limit of an approver who had no earlier part in it",
    "urgent_limit": "within the urgent limit, reviewed afterwards",
    "once_30_days": "once, within 30 days",
    "city": "by the city's office",
    "nothing_rests_on_it": "while nothing rests on it",
    "with_its_batch": "together with its batch, or left out of its release",
}


class Move(NamedTuple):
    """One row: in ``machine``, ``action`` takes an object from ``source`` ("" is creation) to
    ``target``; somebody with one of ``duties`` may do it if ``guard`` holds."""

    machine: str
    source: str
    action: str
    target: str
    duties: tuple[str, ...] = ()
    guard: str = ""


def _rows(machine: str, table: str) -> Iterator[Move]:
    """Rows written as "sources action target duties guard", each list with commas, - for none."""
    for line in table.strip().splitlines():
        sources, action, target, duties, guard = line.split()
        for source in sources.split(","):
            yield Move(
                machine,
                "" if source == "-" else source,
                action,
                target,
                () if duties == "-" else tuple(duties.split(",")),
                "" if guard == "-" else guard,
            )


_ROSTER = """
-                  create   open       caseworker            -
open               submit   submitted  caseworker            -
submitted          verify   verified   verifier              not_creator
submitted,verified return   open       verifier,reviewer     -
verified           freeze   frozen     reviewer              -
frozen             approve  approved   approver              not_maker
approved           close    closed     approver              -
"""

_LINE = """
-,waiting        list     listed    caseworker                    -
-,listed         wait     waiting   caseworker                    before_freezing
listed,waiting   strike   struck    caseworker,verifier,reviewer  before_freezing
listed           entitle  entitled  approver                      -
entitled         close    closed    -                             -
"""

_CASE = """
-                        create   draft            caseworker          -
draft                    submit   submitted        caseworker          -
submitted                accept   verifying        verifier            not_creator
verifying                return   returned         verifier            -
returned                 answer   submitted        caseworker          -
verifying                verify   district_review  verifier            not_creator
district_review          return   verifying        reviewer            -
district_review          propose  approval         reviewer            not_maker
approval                 approve  approved         approver            within_limit
approved                 list     on_notice        notice              -
approved,on_notice       clear    cleared          -                   -
on_notice                object   objected         notice              -
objected                 dismiss  on_notice        reviewer            -
objected                 uphold   rejected         reviewer            -
cleared                  entitle  entitled         approver            -
entitled                 pay      paid             -                   -
paid,closed              unpay    entitled         -                   -
entitled                 lapse    closed           -                   -
paid                     close    closed           caseworker          -
verifying                urgent   entitled         approver            urgent_limit
draft,submitted,verifying,returned  withdraw  withdrawn  caseworker    -
verifying                reject   rejected         verifier            -
district_review          reject   rejected         reviewer            -
approval                 reject   rejected         approver            -
rejected                 appeal   district_review  caseworker          once_30_days
submitted,verifying,returned,district_review,approval,approved,on_notice,objected,cleared,entitled  suspend  suspended  reviewer,approver  -
suspended                resume   previous         reviewer,approver   -
approved,on_notice,objected,cleared,entitled,paid  revoke  revoked  approver  city
submitted,verifying,returned,district_review,approval,approved,on_notice,objected,cleared  death  closed_deceased  caseworker  -
entitled                 death    suspended        caseworker          -
suspended                heir     entitled         approver            account_confirmed
suspended                cancel   closed_deceased  approver            -
approved,on_notice,objected,cleared,entitled  reopen  approval  approver  -
"""

_NOTICE = """
-                 draft    draft      notice  -
draft             publish  published  notice  -
published         clear    published  notice  ended
published         close    closed     notice  ended
published,closed  correct  corrected  notice  -
draft             cancel   cancelled  notice  -
"""

_OBJECTION = """
-     take     open       notice    -
open  dismiss  dismissed  reviewer  not_taker
open  uphold   upheld     reviewer  not_taker
"""

_ENTITLEMENT = """
-                         create   pending    approver           -
-,pending                 ready    ready      approver           -
ready                     reserve  reserved   preparer           -
reserved                  deliver  delivered  -                  -
reserved,delivered        return_  ready      -                  -
ready                     lapse    lapsed     -                  -
pending,ready,suspended   cancel   cancelled  approver           -
pending,ready,reserved    suspend  suspended  reviewer,approver  -
suspended                 resume   previous   reviewer,approver  -
"""

_BATCH = """
-                      create     draft       preparer  -
draft                  lock       locked      preparer  -
locked                 approve    approved    approver  not_maker
approved               release    released    releaser  not_maker
released               reconcile  reconciled  preparer  not_releaser
reconciled             close      closed      approver  zero_difference
draft,locked,approved  cancel     cancelled   preparer  -
"""

_MONEY = """
-              prepare     prepared      preparer           -
prepared       release     released      releaser           -
released       pay         paid          preparer           -
released,paid  return_     returned      preparer           -
returned       reissue     reissued      preparer           account_confirmed
returned       write_back  written_back  preparer           -
prepared       cancel      cancelled     preparer,releaser  with_its_batch
paid           reverse     reversed      reviewer           -
"""

_GOODS = """
-          prepare    prepared     preparer,caseworker  -
prepared   issue      issued       keeper,releaser      -
issued     deliver    delivered    caseworker,keeper    -
issued     undeliver  undelivered  caseworker,keeper    -
prepared   cancel     cancelled    preparer,releaser    with_its_batch
delivered  reverse    reversed     reviewer             -
"""

_TRANSFER = """
-               create   draft      preparer  -
draft           approve  approved   approver  not_maker
approved        send     sent       releaser  not_maker
sent            receive  received   preparer  -
sent            return_  returned   preparer  -
received        report   closed     preparer  -
draft,approved  cancel   cancelled  preparer  -
"""

_DONATION = """
-                                       pledge     pledged    preparer  -
-,pledged                               receive    received   preparer  -
received                                receipt    receipted  preparer  -
received                                decline    declined   preparer  -
received                                anonymous  anonymous  preparer  -
receipted                               void       received   preparer  -
received,receipted,declined,anonymous   return_    returned   approver  not_maker
pledged                                 withdraw   withdrawn  preparer  -
"""

_DISASTER = """
-     open   open    approver  -
open  close  closed  approver  -
"""

_IMPORT_BATCH = """
-        apply  applied  caseworker,preparer,reviewer  -
applied  undo   undone   reviewer                      nothing_rests_on_it
"""

_CYCLE = """
-                            create      draft             administrator,approver  -
draft                        open        open              administrator,approver  -
open                         close       closed_for_entry  administrator,approver  -
closed_for_entry             distribute  distributing      administrator,approver  -
distributing                 end         ended             administrator,approver  -
draft,open,closed_for_entry  cancel      cancelled         administrator,approver  -
"""

MACHINES = {
    "roster": _ROSTER,
    "line": _LINE,
    "case": _CASE,
    "notice": _NOTICE,
    "objection": _OBJECTION,
    "entitlement": _ENTITLEMENT,
    "batch": _BATCH,
    "money": _MONEY,
    "goods": _GOODS,
    "transfer": _TRANSFER,
    "donation": _DONATION,
    "disaster": _DISASTER,
    "import_batch": _IMPORT_BATCH,
    "cycle": _CYCLE,
}
MOVES: tuple[Move, ...] = tuple(row for name, t in MACHINES.items() for row in _rows(name, t))

_BY_KEY = {(m.machine, m.source, m.action): m for m in MOVES}


def move(machine: str, source: str, action: str) -> Move | None:
    """The row by which ``action`` takes an object out of ``source``, or None: it may not."""
    return _BY_KEY.get((machine, source, action))


@cache
def moves_from(machine: str, source: str) -> tuple[Move, ...]:
    """What may be done with an object in this state, in the order of the table."""
    return tuple(m for m in MOVES if m.machine == machine and m.source == source)


@cache
def duties_of(machine: str, action: str) -> tuple[str, ...]:
    """Every duty that may do this act from some state; empty for moves of the program."""
    found = {d for m in MOVES if m.machine == machine and m.action == action for d in m.duties}
    return tuple(d for d in DUTIES if d in found)


@cache
def states(machine: str) -> tuple[str, ...]:
    """Every state of a machine, in the order in which the table first reaches it."""
    rows = [m for m in MOVES if m.machine == machine]
    return tuple(dict.fromkeys(m.target for m in rows if m.target != PREVIOUS))


def diagram(machine: str) -> str:
    """The machine as a Mermaid state diagram."""
    lines = ["stateDiagram-v2"]
    for m in (m for m in MOVES if m.machine == machine):
        back = [s for s in states(machine) if move(machine, s, "suspend")]
        targets = back if m.target == PREVIOUS else [m.target]
        lines += [f"    {m.source or '[*]'} --> {t}: {m.action.strip('_')}" for t in targets]
    ends = [s for s in states(machine) if not moves_from(machine, s)]
    return "\n".join(lines + [f"    {s} --> [*]" for s in ends]) + "\n"


def permission_table() -> str:
    """Who may do what, as a Markdown table."""
    lines = ["| object | act | from | to | duties | and only |", "|---|---|---|---|---|---|"]
    grouped: dict[tuple[str, str, str, tuple[str, ...], str], list[str]] = {}
    for m in MOVES:
        key = (m.machine, m.action, m.target, m.duties, m.guard)
        grouped.setdefault(key, []).append(m.source or "new")
    for (machine, action, target, duties, guard), sources in grouped.items():
        cells = (machine, action.strip("_"), ", ".join(sources), target)
        who = ", ".join(duties) or "the program"
        lines.append(f"| {' | '.join(cells)} | {who} | {GUARDS.get(guard, '')} |")
    return "\n".join(lines) + "\n"
