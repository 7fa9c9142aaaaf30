"""What states are called in Chinese, so that a filter may name them in either language."""

from __future__ import annotations

_TABLE = {
    "roster": "open 填报中|submitted 已上报|verified 已核实|frozen 已锁定|approved 已审批|closed 已结案",
    "line": "listed 已列入|waiting 候补|struck 已剔除|entitled 已核定|closed 已结案",
    "case": (
        "draft 草稿|submitted 已上报|verifying 核实中|returned 已退回|district_review 区级审核中"
        "|approval 待审批|approved 已审批|on_notice 公示中|objected 有异议|cleared 已通过"
        "|entitled 已核定|paid 已发放|closed 已结案|rejected 不予救助|withdrawn 已撤回申请"
        "|suspended 已暂停|revoked 已撤销|closed_deceased 亡故结案"
    ),
    "batch": (
        "draft 草稿|locked 已锁定|approved 已审批|released 已放行|reconciled 已对账|closed 已结案"
        "|cancelled 已作废"
    ),
    "transfer": (
        "draft 草稿|approved 已审批|sent 已发出|received 已收讫|closed 已结案|cancelled 已作废"
        "|returned 已退回"
    ),
    "donation": (
        "pledged 已认捐|received 已到账|receipted 已开票|declined 不需票据|anonymous 匿名"
        "|returned 已退还|withdrawn 已撤回认捐"
    ),
    "notice": "draft 草稿|published 公示中|closed 已结案|corrected 已更正|cancelled 已作废",
    "import_batch": "applied 已执行|undone 已撤销",
    "pair": "open 待判定|later 以后再判|same 待合并|merged 已合并|different 不同人",
    "kind": (
        "money 现金|goods 物资|roster 名册|quota 名额|delivery 发放表|bank 银行回单"
        "|people 人员|update 更新|application 单独申请|institution 受赠单位"
        "|donation 捐赠"
    ),
}  # fmt: skip
CHINESE: dict[str, dict[str, str]] = {
    machine: dict(row.split() for row in rows.split("|")) for machine, rows in _TABLE.items()
}
CHINESE["any_case"] = CHINESE["line"] | CHINESE["case"]
"""For each machine, and for kinds of things, the Chinese word of each code; ``any_case`` are roster
lines and applications together."""

_OPEN = (
    "listed", "waiting", "entitled", "draft", "submitted", "verifying", "returned",
    "district_review", "approval", "approved", "on_notice", "objected", "cleared", "suspended",
)  # fmt: skip
_DONE = ("closed", "struck", "paid", "rejected", "withdrawn", "revoked", "closed_deceased")
GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "line": {"open": ("listed", "waiting", "entitled"), "done": ("closed", "struck")},
    "roster": {"done": ("approved", "closed")},
    "batch": {
        "open": ("draft", "locked", "approved", "released", "reconciled"),
        "done": ("closed", "cancelled"),
    },
    "any_case": {"open": _OPEN, "done": _DONE},
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
