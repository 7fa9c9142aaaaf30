"""Made-up names: common and rare surnames, given names by sex and time, names with dots."""

from __future__ import annotations

from itertools import accumulate
from random import Random

# Surname and weight, in ten-thousandths of the people; the tail is there for its readings.
_SURNAMES = """
王 750 李 740 张 700 刘 500 陈 520 杨 310 黄 240 赵 200 周 330 吴 300 徐 300 孙 220 朱 280 马 130 胡 180
郭 130 林 150 何 130 高 140 梁 60 郑 120 罗 80 宋 90 谢 90 唐 120 韩 70 曹 120 许 120 邓 50 萧 20
冯 80 曾 40 程 80 蔡 90 彭 50 潘 80 袁 80 于 60 董 70 余 60 苏 50 叶 90 吕 60 魏 40 蒋 110 田 30
杜 40 丁 90 沈 240 姜 60 范 70 江 60 傅 50 钟 40 卢 50 汪 60 戴 60 崔 20 任 60 陆 220 廖 20 姚 120
方 60 金 130 邱 50 夏 70 谭 20 韦 10 贾 20 邹 30 石 40 熊 20 孟 20 秦 50 阎 10 薛 40 侯 30 雷 10
白 20 龙 10 段 10 郝 10 孔 20 邵 50 史 30 毛 40 常 10 万 20 顾 190 赖 10 武 10 康 20 贺 20 严 60
尹 20 钱 120 施 80 牛 10 洪 40 龚 60 汤 50 陶 60 黎 10 温 10 莫 10 易 10 樊 10 乔 20 文 10 安 10
殷 40 颜 20 庄 40 章 40 鲁 20 倪 60 庞 10 邢 10 俞 60 翁 30 瞿 30 奚 20 诸 10 盛 30 季 30 凌 30 宣 10
单 10 仇 8 解 6 查 8 翟 8 区 3 朴 3 缪 10 盖 2 乐 6 员 2 覃 4 洗 1 秘 1 能 1 繁 1 折 1 召 1
种 1 祭 1 郇 2 黑 1 牟 3 适 1 阚 3 颉 1 隗 1 薄 2 卜 6 佴 1 不 1 燕 2 尧 1 郗 1 訾 1 亓 1
欧阳 10 司马 3 上官 4 诸葛 3 尉迟 1 皇甫 2 长孙 1 令狐 1 司徒 3 夏侯 1
""".split()
_FAMILY = _SURNAMES[0::2]
_FAMILY_UP_TO = list(accumulate(int(weight) for weight in _SURNAMES[1::2]))

_OLD_WOMEN = "秀英玉珍兰凤桂芳淑梅翠莲菊香素贞美娣妹宝根娟琴月云惠红霞彩荣银金巧水阿林仁雅静"
_OLD_MEN = "国华建明德福根荣宝祥林生金兴海忠良文炳富贵发庆永昌正清荣学义志松仁礼寿康伯阿龙"
_NEW_WOMEN = "静敏丽艳娟霞燕婷雪莉洁颖慧怡欣佳雯晓蕾倩诗涵梓萱语彤思琪悦可馨瑶若汐一诺"
_NEW_MEN = "伟强军杰磊勇涛超明刚辉斌鹏飞浩宇轩子豪俊熙博文梓睿泽晨逸皓嘉天佑一鸣承昊"

# Names only an up-to-date character table can show, with characters of extension A and beyond
# the first 65,536; they are spread over the districts.
RARE = ("张龘", "李㛃", "陈䶮", "赵堃", "周喆", "吴燚")
BEYOND_BMP = ("王𬭎", "沈𣗋", "陆𬭎明", "顾志𬭎")
DOTTED = (
    "阿依古丽·买买提",
    "买买提·艾力",
    "古丽娜尔·吐尔逊",
    "迪丽拜尔·阿卜杜热西提",
    "阿卜杜热合曼·阿卜杜克热木·吐尔逊",
    "努尔买买提·阿布都外力·艾合买提",
)
# How the dot of such names comes in: the right one first.
DOTS = ("·", "•", "‧", "・", "∙", "．")
NAMESAKES = ("张秀英", "王建国", "陈国华", "张伟", "李静")
WOMEN = frozenset({"张秀英", "李静", "阿依古丽·买买提", "古丽娜尔·吐尔逊", "迪丽拜尔·阿卜杜热西提"})


def family_name(rng: Random) -> str:
    """A surname, as often as it is met."""
    return rng.choices(_FAMILY, cum_weights=_FAMILY_UP_TO)[0]


def given_name(rng: Random, female: bool, born: int) -> str:
    """One or two characters in the fashion of the year of birth."""
    if born < 1968:
        chars = _OLD_WOMEN if female else _OLD_MEN
        one = 0.22
    else:
        chars = _NEW_WOMEN if female else _NEW_MEN
        one = 0.35 if born < 1995 else 0.15
    first = rng.choice(chars)
    return first if rng.random() < one else first + rng.choice(chars)


def full_name(rng: Random, female: bool, born: int, family: str = "") -> str:
    """A whole name; with ``family`` given, one of that family."""
    return (family or family_name(rng)) + given_name(rng, female, born)
