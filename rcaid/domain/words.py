"""What states are called in Chinese, so that a filter may name them in either language."""

from __future__ import annotations

_TABLE = {
    "roster": "open 填报中|submitted 已上报|verified 已核实|frozen 已锁定|approved 已审批|closed 已结案",
    "line": "listed 已列入|waiting 候补|struck 已剔除|entitled 已核定|closed 已结案",
    "batch": (
        "draft 草稿|locked 已锁定|approved 已审批|released 已放行|reconciled 已对账|closed 已结案"
        "|cancelled 已作废"
    ),
    "transfer": (
        "draft 草稿|approved 已审批|sent 已发出|received 已收讫|closed 已结案|cancelled 已作废"
        "|returned 已退回"
    ),
    "import_batch": "applied 已执行|undone 已撤销",
    "pair": "open 待判定|later 以后再判|same 待合并|merged 已合并|different 不同人",
    "kind": (
        "money 现金|goods 物资|roster 名册|quota 名额|delivery 发放表|bank 银行回单"
        "|people 人员|update 更新"
    ),
}  # fmt: skip
CHINESE: dict[str, dict[str, str]] = {
    machine: dict(row.split() for row in rows.split("|")) for machine, rows in _TABLE.items()
}
"""For each machine, and for kinds of things, the Chinese word of each code."""

GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "line": {"open": ("listed", "waiting", "entitled"), "done": ("closed", "struck")},
    "roster": {"done": ("approved", "closed")},
    "batch": {
        "open": ("draft", "locked", "approved", "released", "reconciled"),
        "done": ("closed", "cancelled"),
    },
    "import_batch": {},
}
"""Words that stand for several states of a machine."""


def codes_of(machine: str, text: str) -> tuple[str, ...]:
    """The codes a word of a filter means: a code, a Chinese word or a group; none if unknown."""
    folded = text.casefold().replace("-", "_")
    group = {"未完": "open", "完成": "done"}.get(folded, folded)
    if group in GROUPS.get(machine, {}):
        return GROUPS[machine][group]
    names = CHINESE[machine]
    return tuple(code for code, name in names.items() if folded in (code, name, name.strip("已中")))
