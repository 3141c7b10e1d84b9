"""Protected self-descriptions in many forms: what a ranking may not see, whichever way it is put.

`variants(rng)` gives one that stands by itself between marks, blanks or line ends. Two of them in the same
place of a text leave the same text once `without_protected` has blanked them and blanks are collapsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

_SURNAMES = ("张", "王", "李", "欧阳", "司马", "陈", "诸葛")
_GIVEN = ("伟", "娜", "建国", "思远", "小红", "雨桐")
_ENGLISH = ("John Smith", "Li Na", "Maria García", "Anne-Marie O'Neil", "Wei Zhang", "Jane Q. Doe")
_NATIONS = ("汉", "回", "满", "维吾尔", "藏", "壮", "朝鲜")
_PLACES = ("浙江", "杭州", "河南", "新疆", "四川", "黑龙江")
_PEOPLE = ("Chinese", "American", "Indian", "German", "British")
_PARTIES = ("中共党员", "党员", "预备党员", "共青团员", "团员")

_MALE = re.compile(r"男|(?i:\b(?:male|man|m)\b)")
_FEMALE = re.compile(r"女|(?i:\b(?:female|woman|f)\b)")

Form = Callable[[Random], str]


def _name(rng: Random) -> str:
    return rng.choice(_SURNAMES) + rng.choice(_GIVEN)


def _colon(rng: Random) -> str:
    return rng.choice((":", "：", "： ", ": ", " : "))


def _born(rng: Random) -> str:
    year, month, day = rng.randint(1960, 2004), rng.randint(1, 12), rng.randint(1, 28)
    return rng.choice(
        (
            f"{year}年{month}月",
            f"{year}年{month}月{day}日",
            f"{year}.{month:02}",
            f"{year}-{month:02}-{day:02}",
            f"{year}/{month}",
            f"{year}年",
        )
    )


def _born_en(rng: Random) -> str:
    year, day = rng.randint(1960, 2004), rng.randint(1, 28)
    month = rng.choice(("January", "May", "Aug", "Sept.", "December"))
    return rng.choice(
        (f"{year}", f"{day} {month} {year}", f"{month} {day}, {year}", f"{day:02}/05/{year}")
    )


def _labelled_zh(rng: Random) -> str:
    age = rng.randint(18, 64)
    fields: tuple[tuple[str, str], ...] = (
        ("姓名", _name(rng)),
        ("姓　名", _name(rng)),
        ("姓    名", "张 伟"),
        ("英文名", rng.choice(_ENGLISH)),
        ("性别", rng.choice("男女")),
        ("性  别", rng.choice(("男性", "女性"))),
        ("年龄", rng.choice((f"{age}", f"{age}岁", f"{age}周岁"))),
        ("出生年月", _born(rng)),
        ("出生日期", _born(rng)),
        ("生日", _born(rng)),
        ("民族", rng.choice((rng.choice(_NATIONS) + "族", "汉"))),
        ("籍贯", rng.choice(_PLACES) + rng.choice(("", "省", "金华"))),
        ("户籍", rng.choice(_PLACES)),
        ("户口所在地", rng.choice(_PLACES)),
        ("国籍", rng.choice(("中国", "美国"))),
        ("出生地", rng.choice(_PLACES)),
        ("婚姻状况", rng.choice(("已婚", "未婚", "离异", "已婚已育"))),
        ("婚否", rng.choice(("已婚", "未婚", "否"))),
        ("婚育情况", rng.choice(("未婚未育", "已婚已育"))),
        ("政治面貌", rng.choice((*_PARTIES, "群众"))),
        ("宗教信仰", rng.choice(("无", "佛教"))),
        ("身高", f"{rng.randint(150, 195)}{rng.choice(('', 'cm', '厘米'))}"),
        ("体重", f"{rng.randint(45, 99)}kg"),
        ("血型", rng.choice(("A", "B", "O型", "AB"))),
        ("健康状况", rng.choice(("良好", "健康"))),
        ("手机", f"1{rng.randint(30, 99)}{rng.randint(0, 99999999):08}"),
        ("联系电话", f"1{rng.randint(30, 99)}-{rng.randint(0, 9999):04}-{rng.randint(0, 9999):04}"),
        ("邮箱", f"{rng.choice(('zhang.wei', 'li_na88'))}@example.com"),
        ("微信", "zhangwei_88"),
        ("QQ", f"{rng.randint(10000, 999999999)}"),
        ("身份证号", f"33010619{rng.randint(60, 99)}0512{rng.randint(0, 999):03}X"),
        ("性別", rng.choice("男女")),
        ("年齡", f"{age}歲"),
        ("出生年月日", _born(rng)),
    )
    label, value = rng.choice(fields)
    return label + _colon(rng) + value


def _bare_zh(rng: Random) -> str:
    age = rng.randint(18, 64)
    return rng.choice(
        (
            "男", "女", "男性", "女性", f"{age}岁", f"{age}周岁", f"今年{age}岁", "已婚", "未婚", "已婚已育",
            "离异", "单身", f"{rng.choice(_NATIONS)}族", f"{rng.choice(_PLACES)}人", f"{rng.choice(_PLACES)}籍",
            rng.choice(_PARTIES), f"{_born(rng)}出生", f"{rng.randint(1960, 2004)}年{rng.randint(1, 12)}月生",
            "育有一子", "有两个孩子", "身体健康", f"本人{rng.choice(('男', '女'))}", "90后", "穆斯林", "属虎",
            f"身高{rng.randint(150, 195)}cm", f"1{rng.randint(30, 99)}{rng.randint(0, 99999999):08}",
            "someone@example.cn", f"我叫{_name(rng)}", f"本人{age}岁", "２８岁", "28歲",
        )
    )  # fmt: skip


def _labelled_en(rng: Random) -> str:
    age = rng.randint(18, 64)
    fields: tuple[tuple[str, str], ...] = (
        ("Name", rng.choice(_ENGLISH)),
        ("Full name", rng.choice(_ENGLISH)),
        ("NAME", rng.choice(_ENGLISH).upper()),
        ("Gender", rng.choice(("male", "Female", "M", "F"))),
        ("Sex", rng.choice(("Male", "female"))),
        ("Age", rng.choice((f"{age}", f"{age} years old"))),
        ("Date of birth", _born_en(rng)),
        ("DOB", _born_en(rng)),
        ("Marital status", rng.choice(("single", "Married", "divorced"))),
        ("Nationality", rng.choice(_PEOPLE)),
        ("Ethnicity", rng.choice(("Han", "Han Chinese", "Uyghur"))),
        ("Hometown", rng.choice(("Hangzhou", "New York", "Hangzhou, Zhejiang"))),
        ("Place of birth", rng.choice(("Hangzhou", "Berlin"))),
        ("Religion", rng.choice(("Christian", "none", "Islam"))),
        ("Height", f"{rng.randint(150, 195)} cm"),
        ("Weight", f"{rng.randint(45, 99)} kg"),
        (
            "Phone",
            f"+86 1{rng.randint(30, 99)} {rng.randint(0, 9999):04} {rng.randint(0, 9999):04}",
        ),
        ("Tel", "(0571) 8888-8888"),
        ("E-mail", "jane.doe+jobs@example.co.uk"),
        ("Email", "john_smith@example.com"),
        ("Pronouns", rng.choice(("she/her", "he/him", "they/them"))),
        ("Health", "good"),
        ("Children", str(rng.randint(0, 4))),
        ("WeChat", "wei_zhang88"),
    )
    label, value = rng.choice(fields)
    return label + rng.choice((": ", ":", " : ", "：")) + value


def _bare_en(rng: Random) -> str:
    age = rng.randint(18, 64)
    return rng.choice(
        (
            "Male", "female", f"{age} years old", f"aged {age}", f"Age {age}", "Married", "single", "divorced",
            "married with two children", "two children", "mother of two", "Han Chinese", "Chinese citizen",
            f"born in {rng.randint(1960, 2004)}", f"born {_born_en(rng)}", "born in Hangzhou", f"{age}-year-old",
            "CPC member", "party member", "I am a woman", "I am a man", f"I am {age} years old", "I am married",
            "I am a Christian", "jane@example.com", "+1 415-555-0100", "no children", "in good health",
            f"My name is {rng.choice(('John Smith', 'Li Na'))}", f"I'm {age} years old and married",
            "originally from Henan", "a native of Zhejiang",
        )
    )  # fmt: skip


def _several(*forms: Form) -> Form:
    def joined(rng: Random) -> str:
        mark = rng.choice(("，", ", ", " | ", "；", " / ", "、", "\n", "  ", "｜"))
        said = [rng.choice(forms)(rng) for _ in range(rng.randint(2, 5))]
        # Nobody says both; "male, female" is a list of the two and stays.
        other = rng.choice((_MALE, _FEMALE))
        return mark.join(each for each in said if not other.search(each)) or "28岁"

    return joined


_FORMS: tuple[Form, ...] = (
    _labelled_zh,
    _bare_zh,
    _labelled_en,
    _bare_en,
    _several(_labelled_zh, _bare_zh),
    _several(_labelled_en, _bare_en),
    _several(_labelled_zh, _labelled_en),
)


def variants(rng: Random) -> str:
    """Return one protected self-description; it stands by itself between marks, blanks or line ends."""
    return rng.choice(_FORMS)(rng)
