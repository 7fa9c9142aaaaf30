"""What can be imported, as a table of data: each kind's fields, their headings, what is needed.

A row of a kind is a field: its name, the headings it goes by (the usual Chinese one first), how its
cells are read (``type``, `row_judge` lists them) and what else holds of it: ``required``, ``past``
(a day that has been). ``keys`` of a kind are the fields of which a row needs at least one, because
they say whom or what it is about. A further kind is further rows here.
"""

from __future__ import annotations

from dataclasses import dataclass

from rcaid.domain.errors import Problem
from rcaid.files.headers import Field, HeaderMap


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file. ``act`` is the permission it needs, ``keys`` identify a row."""

    name: str
    label: str
    act: str
    fields: tuple[Field, ...]
    keys: tuple[str, ...] = ()

    def heading(self, field: str) -> str:
        """The usual Chinese heading of a field."""
        return next((f.aliases[0] for f in self.fields if f.name == field), field)

    def without_key(self, found: HeaderMap) -> tuple[Problem, ...]:
        """The problem of a file that has no column at all for what a row is about."""
        constants = found.profile.constants if found.profile else {}
        if not self.keys or any(key in found.columns or key in constants for key in self.keys):
            return ()
        fields = " / ".join(self.heading(key) for key in self.keys)
        return (Problem("header.no_key", {"fields": fields}),)

    def dates(self) -> tuple[str, ...]:
        """The fields that hold dates."""
        return tuple(field.name for field in self.fields if field.type == "date")


def _fields(*rows: tuple[str, str, str]) -> tuple[Field, ...]:
    """Rows of (name, aliases with | between, type and checks with blanks between)."""
    made = []
    for name, aliases, said in rows:
        type_, *checks = said.split()
        required = "required" in checks
        rest = tuple(check for check in checks if check != "required")
        made.append(Field(name, tuple(aliases.split("|")), required, type_, rest))
    return tuple(made)


_NAME = "姓名|患者姓名|救助对象|救助对象姓名|name"
_ID_KIND = "证件类型|证件种类|id type"
_NUMBER = "证件号码|身份证号|身份证号码|公民身份号码|证件号|id number"
_PHONE = "联系电话|手机号|电话|手机|联系方式|phone"
_STREET = "街道|街镇|所属街镇|街道（镇）|street"
_ADDRESS = "地址|家庭住址|居住地址|住址|address"
_PAYEE = "收款人|收款人姓名|户名|payee"
_BANK = "开户行|开户银行|bank"
_ACCOUNT = "银行账号|银行卡号|卡号|账号|account"

ROSTER = Kind(
    "roster",
    "Roster",
    "import.roster",
    _fields(
        ("name", _NAME, "name required"),
        ("id_kind", _ID_KIND, "id_kind"),
        ("number", _NUMBER, "number required"),
        ("head", "户主证件号码|户主身份证号|户主证件号|head id number", "resident"),
        ("relation", "与户主关系|户主关系|relation", "text"),
        ("guardian", "监护人|监护人姓名|guardian", "text"),
        ("phone", _PHONE, "phone"),
        ("street", _STREET, "street required"),
        ("address", _ADDRESS, "text"),
        ("category", "类别|救助类别|病种|category", "category required"),
        ("hardship", "困难类型|困难类别|hardship", "hardship"),
        ("hardship_until", "困难证明有效期|证明有效期至|困难证明有效期至", "date"),
        ("payee", _PAYEE, "text"),
        ("bank", _BANK, "text"),
        ("account", _ACCOUNT, "account"),
        ("amount", "金额|金额（元）|救助金额|发放金额|amount", "money"),
        ("item", "物资|发放物资|救助物资|item", "item"),
    ),
    ("number",),
)
QUOTA = Kind(
    "quota",
    "Quota",
    "import.quota",
    _fields(
        ("office", "单位代码|代码|office", "text required"),
        ("office_name", "单位|单位名称", "text"),
        ("category", "类别|category", "category"),
        ("allotted", "名额|分配名额|allotted", "whole required"),
    ),
    ("office",),
)
DELIVERY = Kind(
    "delivery",
    "Delivery sheet",
    "import.delivery",
    _fields(
        ("voucher", "凭证号|签收单号|voucher", "text required"),
        ("name", "姓名|name", "name"),
        ("number", "证件号码|身份证号|证件号码后四位|证件后四位", "text"),
        ("item", "物资|物品|item", "text"),
        ("qty", "数量|quantity", "whole"),
        ("day", "发放日期|日期|签收日期|date", "date required past"),
        ("delivered", "是否发放|是否签收|delivered", "yes_no required"),
        ("why", "未发放原因|原因|why not", "text"),
        ("agent", "代领人|agent", "text"),
        ("relation", "代领关系|与本人关系|relation", "text"),
        ("agent_number", "代领人证件后四位|代领人证件号后四位", "text"),
    ),
    ("voucher",),
)
BANK = Kind(
    "bank",
    "Bank result",
    "import.bank",
    _fields(
        ("batch", "批次号|批次|batch", "text required"),
        ("voucher", "凭证号|流水号|voucher", "text required"),
        ("last4", "账号后四位|卡号后四位|account last four", "text"),
        ("amount", "金额|金额（元）|amount", "money required"),
        ("day", "日期|入账日期|处理日期|date", "date required past"),
        ("code", "结果代码|代码|code", "text required"),
        ("text", "说明|结果说明|text", "text"),
    ),
    ("voucher",),
)
_PERSON = (
    ("id_kind", _ID_KIND, "id_kind"),
    ("number", _NUMBER, "number"),
    ("reason", "无证原因|证件说明|reason", "text"),
    ("reference", "外部编号|来源编号|登记编号|reference|reference id|registrant id", "code"),
    ("source", "来源|数据来源|source", "text"),
    ("head", "户主证件号码|户主身份证号|户主证件号|head id number", "resident"),
    ("household", "户编号|家庭编号|户号|household id", "code"),
    ("relation", "与户主关系|户主关系|relation", "text"),
    ("sex", "性别|sex|gender", "sex"),
    ("born", "出生日期|出生年月日|date of birth|birth date|birthdate", "date past"),
    ("phone", _PHONE + "|phone number", "phone"),
    ("other_phone", "其他电话|备用电话|第二联系电话|other phone", "phone"),
    ("street", _STREET, "street"),
    ("address", _ADDRESS, "text"),
    ("guardian", "监护人|监护人姓名|guardian", "text"),
    ("payee", _PAYEE, "text"),
    ("bank", _BANK, "text"),
    ("account", _ACCOUNT + "|account number", "account"),
)
PEOPLE = Kind(
    "people",
    "People and households",
    "import.people",
    _fields(("name", _NAME + "|full name", "name required"), *_PERSON),
)
UPDATE = Kind(
    "update",
    "Updates of people",
    "import.update",
    _fields(
        ("name", _NAME + "|full name", "name"),
        ("case_no", "个案编号|案件编号|救助编号|case number", "code"),
        *_PERSON,
    ),
    ("number", "reference", "case_no"),
)
APPLICATION = Kind(
    "application",
    "Single applications",
    "import.application",
    _fields(
        ("name", _NAME, "name required"),
        *_PERSON,
        ("guardian_relation", "与监护人关系|监护关系|guardian relation", "text"),
        ("category", "类别|救助类别|category", "category required"),
        ("hardship", "困难类型|困难类别|hardship", "hardship"),
        ("hardship_until", "困难证明有效期|证明有效期至|困难证明有效期至", "date"),
        ("disease", "病种|疾病|disease", "disease"),
        ("stage", "病程|治疗阶段|stage", "code"),
        ("cause", "事由|救助事由|cause", "code"),
        ("disaster", "灾害|灾害编号|灾情编号|disaster", "code"),
        ("item", "物资|救助物资|item", "item"),
        ("qty", "数量|quantity", "whole"),
        ("need", "困难情况|申请理由|救助需求|need", "text"),
        ("diagnosis", "诊断|诊断结果|diagnosis", "text"),
        ("hospital", "医院|就诊医院|hospital", "text"),
        ("applicant", "申请人|申请人姓名|applicant", "text"),
        ("applicant_relation", "申请人关系|申请人与患者关系|applicant relation", "text"),
        ("received_on", "申请日期|受理日期|收件日期|received on", "date past"),
        ("income", "人均月收入|家庭人均月收入|income", "money"),
        ("cost", "医疗费用|总费用|费用合计|cost", "money"),
        ("out_of_pocket", "自付费用|自付金额|个人自付|out of pocket", "money"),
        ("asked", "申请金额|申请金额（元）|amount asked", "money"),
        ("papers", "已交材料|材料|papers", "papers"),
        ("consents", "已签同意书|同意书|consents", "consents"),
    ),
)

INSTITUTION = Kind(
    "institution",
    "Institutions",
    "import.institution",
    _fields(
        ("code", "单位代码|机构代码|代码|code", "text required"),
        ("name", "单位名称|机构名称|受赠单位|名称|institution", "text required"),
        ("kind", "单位类型|机构类型|类型|kind", "institution_kind required"),
        ("place", "所在地|地区|所属地区|place", "text required"),
        ("uscc", "统一社会信用代码|信用代码|uscc", "uscc"),
    ),
    ("code",),
)
DONATION = Kind(
    "donation",
    "Donations",
    "import.donation",
    _fields(
        ("donor", "捐赠人|捐赠方|捐赠单位|捐赠人姓名|donor", "text"),
        ("donor_kind", "捐赠人类型|捐赠方类型|捐赠类型|donor kind", "donor_kind"),
        ("number", "捐赠人身份证号|捐赠人证件号码|donor id number", "donor_number"),
        ("uscc", "统一社会信用代码|信用代码|uscc", "uscc"),
        ("phone", "捐赠人电话|联系电话|电话|phone", "phone"),
        ("publish", "是否公开姓名|是否公示|同意公示|publish", "yes_no"),
        ("fund", "基金代码|基金|资金代码|fund", "text required"),
        ("amount", "捐赠金额|到账金额|金额|金额（元）|amount", "money"),
        ("day", "到账日期|接收日期|received", "date past"),
        ("pledged_on", "认捐日期|承诺日期|pledged", "date past"),
        ("channel", "捐赠渠道|捐赠方式|渠道|channel", "channel"),
        ("campaign", "专项行动|活动|campaign", "text"),
        ("earmark", "捐赠意向|定向用途|意向|earmark", "text"),
        ("reference", "交易流水号|银行流水号|流水号|bank reference", "code"),
        ("receipt", "票据号码|票据号|收据号|receipt", "code"),
        ("lot", "物资批号|批号|lot", "text"),
        ("qty", "物资数量|数量|quantity", "whole"),
    ),
)

KINDS = {
    kind.name: kind
    for kind in (ROSTER, QUOTA, DELIVERY, BANK, PEOPLE, UPDATE, APPLICATION, INSTITUTION, DONATION)
}
