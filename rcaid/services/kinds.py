"""What can be imported, as a table of data: each kind's fields, their headings, what is needed."""

from __future__ import annotations

from dataclasses import dataclass

from rcaid.files.headers import Field


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file. ``act`` is the permission it needs."""

    name: str
    label: str
    act: str
    fields: tuple[Field, ...]

    def heading(self, field: str) -> str:
        """The usual Chinese heading of a field."""
        return next((f.aliases[0] for f in self.fields if f.name == field), field)


def _fields(*rows: tuple[str, str, str]) -> tuple[Field, ...]:
    """Rows of (name, aliases with | between, "required" or "")."""
    return tuple(
        Field(name, tuple(aliases.split("|")), needed == "required")
        for name, aliases, needed in rows
    )


ROSTER = Kind(
    "roster",
    "Roster",
    "import.roster",
    _fields(
        ("name", "姓名|患者姓名|救助对象|救助对象姓名|name", "required"),
        ("id_kind", "证件类型|证件种类|id type", ""),
        ("number", "证件号码|身份证号|身份证号码|公民身份号码|证件号|id number", "required"),
        ("head", "户主证件号码|户主身份证号|户主证件号|head id number", ""),
        ("relation", "与户主关系|户主关系|relation", ""),
        ("guardian", "监护人|监护人姓名|guardian", ""),
        ("phone", "联系电话|手机号|电话|手机|联系方式|phone", ""),
        ("street", "街道|街镇|所属街镇|街道（镇）|street", "required"),
        ("address", "地址|家庭住址|居住地址|住址|address", ""),
        ("category", "类别|救助类别|病种|category", "required"),
        ("hardship", "困难类型|困难类别|hardship", ""),
        ("hardship_until", "困难证明有效期|证明有效期至|困难证明有效期至", ""),
        ("payee", "收款人|收款人姓名|户名|payee", ""),
        ("bank", "开户行|开户银行|bank", ""),
        ("account", "银行账号|银行卡号|卡号|账号|account", ""),
        ("amount", "金额|金额（元）|救助金额|发放金额|amount", ""),
        ("item", "物资|发放物资|救助物资|item", ""),
    ),
)
QUOTA = Kind(
    "quota",
    "Quota",
    "import.quota",
    _fields(
        ("office", "单位代码|代码|office", "required"),
        ("office_name", "单位|单位名称", ""),
        ("category", "类别|category", ""),
        ("allotted", "名额|分配名额|allotted", "required"),
    ),
)
DELIVERY = Kind(
    "delivery",
    "Delivery sheet",
    "import.delivery",
    _fields(
        ("voucher", "凭证号|签收单号|voucher", "required"),
        ("name", "姓名|name", ""),
        ("number", "证件号码|身份证号|证件号码后四位|证件后四位", ""),
        ("item", "物资|物品|item", ""),
        ("qty", "数量|quantity", ""),
        ("day", "发放日期|日期|签收日期|date", "required"),
        ("delivered", "是否发放|是否签收|delivered", "required"),
        ("why", "未发放原因|原因|why not", ""),
        ("agent", "代领人|agent", ""),
        ("relation", "代领关系|与本人关系|relation", ""),
        ("agent_number", "代领人证件后四位|代领人证件号后四位", ""),
    ),
)
BANK = Kind(
    "bank",
    "Bank result",
    "import.bank",
    _fields(
        ("batch", "批次号|批次|batch", "required"),
        ("voucher", "凭证号|流水号|voucher", "required"),
        ("last4", "账号后四位|卡号后四位|account last four", ""),
        ("amount", "金额|金额（元）|amount", "required"),
        ("day", "日期|入账日期|处理日期|date", "required"),
        ("code", "结果代码|代码|code", "required"),
        ("text", "说明|结果说明|text", ""),
    ),
)

KINDS = {kind.name: kind for kind in (ROSTER, QUOTA, DELIVERY, BANK)}
