"""How the cells of donations and institutions are read: words in Chinese or English to codes."""

from __future__ import annotations

from collections.abc import Mapping

from rcaid.domain import identity, uscc
from rcaid.domain.errors import Problem
from rcaid.services.importing.row_checks import Reader

_DONORS = {
    "person": "个人 自然人 person individual",
    "organisation": "单位 企业 公司 组织 机构 法人 团体 organisation organization company",
    "anonymous": "匿名 匿名捐赠 不具名 爱心人士 anonymous",
}
_CHANNELS = {
    "bank": "银行 银行转账 转账 汇款 bank transfer",
    "cash": "现金 cash",
    "online": "网络 网上 线上 支付宝 微信 微信支付 互联网 online",
    "cheque": "支票 cheque check",
    "goods": "物资 实物 goods",
    "other": "其他 其它 other",
}
_INSTITUTIONS = {
    "university": "高校 大学 高等学校 学院 university college",
    "school": "学校 中学 小学 中小学 school",
    "hospital": "医院 医疗机构 hospital",
    "society": "红十字会 红会 society",
    "other": "其他 其它 养老院 社会组织 other",
}


def _words(table: Mapping[str, str], code: str) -> Reader:
    known = {word: name for name, listed in table.items() for word in listed.split()}

    def read(text: str) -> str | Problem:
        found = known.get(text.casefold())
        facts = {"kind": text, "channel": text, "known": ", ".join(table)}
        return found or Problem(code, facts, value=text)

    return read


def _resident(today: str) -> Reader:
    def read(text: str) -> str | Problem:
        found = identity.check(text, identity.RESIDENT_ID, today)
        return found if isinstance(found, Problem) else found.number

    return read


def readers(today: str) -> dict[str, Reader]:
    """Readers of the types that only these kinds have."""
    return {
        "donor_kind": _words(_DONORS, "donor.kind"),
        "channel": _words(_CHANNELS, "donation.channel"),
        "institution_kind": _words(_INSTITUTIONS, "institution.kind"),
        "uscc": uscc.check,
        "donor_number": _resident(today),
    }
