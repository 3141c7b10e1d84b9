"""What a ranking may not see is blanked, in every form, and nothing else is."""

from __future__ import annotations

import re
import time
from itertools import pairwise
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.samples.candidates import generate_candidates
from search.text.protected import protected_spans, without_protected
from search.text.protected_statements import statements
from taxonomies.catalogue import load_catalogue
from taxonomies.protected import open_repeats
from taxonomies.skills import load_skills
from tests.search.text.protected_variants import variants

#: Any character, and pieces of which statements are made, so that they meet.
PIECES = (
    "男", "女", "28岁", "1990年", "生", "姓名：", "姓", "名", "张三", "性别", "年龄", "民族", "汉族", "籍贯",
    "浙江", "人", "已婚", "党员", "本人", "我是", "岁以下", "身高", "175cm", "別", "歲", "-", "，", "、", "。",
    "|", "/", "(", "）", "：", "\n", "\u3000", "\u200b", "he", "she", "HIS", "her", "male", "female", "single",
    "married", "Name:", "John", "age", "28", "years old", "born in", "I am", "a ", "@", "a@b.cn", "13800001111",
    "330106199005121234",
)  # fmt: skip
ANY_TEXT = st.lists(
    st.sampled_from([*PIECES, " ", ""]) | st.text(st.characters(codec=None), max_size=3)
).map("".join)

PROTECTED = [
    "姓名：张三",
    "姓    名：欧阳建国",
    "姓 名: 张 三",
    "姓名\n张三",
    "姓名：阿依古丽·买买提",
    "英文名：John Smith",
    "我叫李雷",
    "联系人：王女士",
    "性别：女",
    "性　别：男",
    "性别女",
    "性別：男",
    "性别\n女",
    "男",
    "女性",
    "本人男",
    "我是女生",
    "28岁",
    "２８岁",
    "28周岁",
    "二十八岁",
    "今年28岁",
    "年龄：28",
    "年龄28岁",
    "年齡：28歲",
    "1990年5月生",
    "1990年5月1日出生",
    "90年5月生",
    "出生年月：1990.05",
    "出生日期：1990-05-01",
    "出生于1990年",
    "生日：5月1日",
    "属虎",
    "星座：天秤座",
    "90后",
    "已婚",
    "已婚已育",
    "未婚",
    "离异",
    "单身",
    "婚姻状况：已婚",
    "婚否：未婚",
    "育有一子",
    "有两个孩子",
    "民族：回族",
    "民族：汉",
    "汉族",
    "维吾尔族",
    "籍贯：浙江",
    "籍贯：浙江 杭州市",
    "户籍：河南",
    "户口所在地：浙江杭州",
    "国籍：中国",
    "出生地：四川成都",
    "老家在河南",
    "浙江人",
    "来自四川",
    "浙江籍",
    "本地户口",
    "政治面貌：中共党员",
    "政治面貌：群众",
    "党员",
    "优秀共产党员",
    "宗教信仰：无",
    "基督徒",
    "照片：zhang.jpg",
    "（照片）",
    "身高：175cm",
    "身高175，体重65kg",
    "身高1.75米",
    "血型：AB",
    "健康状况：良好",
    "身体健康",
    "肢体残疾三级",
    "身份证号：330106199005121234",
    "33010619900512123X",
    "手机：138-0000-1111",
    "13800001111",
    "+86 138 0000 1111",
    "电话：0571-88888888",
    "邮箱：zhang.san@example.com",
    "zhang.san@example.com",
    "微信：zhangsan88",
    "QQ：12345678",
    "家庭住址：杭州市西湖区文三路1号",
    "Name: John Smith",
    "Full name: María García",
    "My name is Li Na.",
    "Gender: Male",
    "Sex: F",
    "Male",
    "female",
    "I am a woman.",
    "Pronouns: she/her",
    "Age: 28",
    "aged 28",
    "28 years old",
    "28-year-old",
    "I am 28 years old.",
    "Date of birth: 5 May 1990",
    "DOB: 1990-05-01",
    "born in 1990",
    "Born on May 5, 1990 in Hangzhou",
    "born in Hangzhou",
    "Marital status: married",
    "Married",
    "single",
    "married with two children",
    "two children",
    "mother of two",
    "Nationality: Chinese",
    "Chinese citizen",
    "Ethnicity: Han Chinese",
    "Han Chinese",
    "Hometown: Hangzhou",
    "originally from Henan",
    "Religion: Christian",
    "I am a Muslim.",
    "party member",
    "Photo: me.png",
    "Height: 175 cm",
    "Weight: 65 kg",
    "in good health",
    "Phone: +1 (415) 555-0100",
    "E-mail: j.smith@example.co.uk",
    "Passport No.: E12345678",
    "Address: 1 High Street, London",
]

KEPT = [
    "28年经验",
    "5年工作经验",
    "8 years of experience",
    "over 28 years in retail",
    "2015.03-2019.06",
    "2018年7月至今",
    "2015年生产线改造",
    "2019年生态环境项目",
    "2012年出生率预测模型",
    "3-6岁儿童绘本",
    "负责18-35岁用户的增长",
    "面向18岁以下用户",
    "服务60岁以上老人",
    "年龄识别算法",
    "用户年龄分层",
    "平均年龄28岁的用户群",
    "女装设计8年",
    "男装、女装",
    "男、女鞋开发",
    "男/女装版师",
    "类目：男、女、童",
    "男科与妇科",
    "女性向游戏策划",
    "男女比例分析",
    "性别识别模型",
    "婚庆策划",
    "婚恋平台后端开发",
    "单身公寓运营",
    "已婚用户画像",
    "民族服饰",
    "民族乐器演奏",
    "汉族服饰设计",
    "藏族自治州项目",
    "户籍管理系统",
    "国籍识别",
    "籍贯字段清洗",
    "浙江大学",
    "北京人艺",
    "来自浙江大学的同事",
    "来自四川电力的客户",
    "党员教育管理系统",
    "党员发展流程",
    "宗教建筑修缮",
    "照片处理",
    "身高体重测量仪",
    "身体健康监测手环",
    "健康管理平台",
    "残疾人康复器具",
    "微信小程序",
    "手机App开发",
    "电话机器人",
    "邮箱系统",
    "身份证识别",
    "姓名消歧算法",
    "其他项目",
    "他们的需求",
    "吉他",
    "她经济研究",
    "负责人",
    "先生产后销售",
    "35kV变电站",
    "1.75米层高",
    "Project name: Apollo",
    "class name: Foo",
    "domain name registration",
    "single page application",
    "single sign-on",
    "single, double and triple rooms",
    "married data from two systems",
    "male connector",
    "female headers",
    "classes: male, female",
    "connectors (male/female)",
    "age of data",
    "data aged 30-60 days",
    "users aged 18-35",
    "patients aged 65 and over",
    "a 30-year-old company",
    "20 years old codebase",
    "native apps",
    "native speaker of Chinese",
    "Chinese translation",
    "Han characters",
    "Christian Dior account",
    "race conditions",
    "local deployment",
    "cloud-born systems",
    "children's hospital",
    "taught two children's classes",
    "HIS and LIS integration",
    "HER2 assays",
    "MR Developer",
    "the theme there",
    "500 ms. Below",
    "@Override annotations",
    "IP address: 10.0.0.1",
    "height adjustable desks",
    "public health systems",
    "phone screening",
    "e-mail marketing",
    "12345678 rows",
    "",
]


def collapsed(text: str) -> str:
    """Return a text with every run of blanks as one."""
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize("text", PROTECTED)
def test_blanked(text: str) -> None:
    assert without_protected(text).strip() == ""


@pytest.mark.parametrize("text", PROTECTED)
def test_blanked_among_other_fields(text: str) -> None:
    within = without_protected(f"求职意向：后端工程师\n{text}\n熟悉Java，5年经验")
    assert collapsed(within) == "求职意向：后端工程师 熟悉Java，5年经验"


@pytest.mark.parametrize("text", KEPT)
def test_kept(text: str) -> None:
    assert [text[span.start : span.end] for span in protected_spans(text)] == []


@pytest.mark.parametrize("text", KEPT)
def test_kept_among_other_words(text: str) -> None:
    whole = f"熟悉Java，{text}，本科"
    assert without_protected(whole) == whole


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("She led a team, and her designs won.", "led a team, and designs won."),
        ("He's a Go developer", "a Go developer"),
        ("作为一名女工程师，熟悉Java", "作为一名 工程师，熟悉Java"),
        ("我是一名28岁的后端工程师", "我是一名 的后端工程师"),
        ("I am a female engineer", "I am a engineer"),
        ("女，28岁，熟悉Java，5年经验", "熟悉Java，5年经验"),
        ("熟悉Java，女，28岁", "熟悉Java，"),
        ("张三（男，28岁）Java工程师", "张三 Java工程师"),
        ("男 .NET工程师", ".NET工程师"),
        ("姓名：张三性别：男年龄：28民族：汉族学历：本科", "学历：本科"),
        ("女已婚28岁汉族党员 Java", "Java"),
        ("Name: Li Na Title: Engineer", "Title: Engineer"),
        ("性\u200b别：女 Java", "Java"),
        ("Mr. Smith, engineer", "Smith, engineer"),
        ("Name: John Smith, Java, Go", "Java, Go"),
        ("Hometown: Hangzhou, Zhejiang, China, Java, Go", "Java, Go"),
        ("姓名：张三 Java工程师", "Java工程师"),
        ("籍贯：浙江 本科", "本科"),
        ("婚姻状况：已婚 学历：本科", "学历：本科"),
        ("照片：me.png 熟悉Java", "熟悉Java"),
    ],
)
def test_what_is_left(text: str, seen: str) -> None:
    assert collapsed(without_protected(text)) == seen


def test_spans_are_what_is_blanked() -> None:
    text = "熟悉Java，女，28岁，5年经验。\nName: John\nGo"
    blanked = list(text)
    for span in protected_spans(text):
        blanked[span.start : span.end] = " " * (span.end - span.start)
    assert "".join(blanked) == without_protected(text)


@given(ANY_TEXT)
@example("女" * 30 + "，")
@example("男，" * 30)
@example("\ud800性别：女\x00")
def test_the_length_stays_and_twice_changes_nothing(text: str) -> None:
    seen = without_protected(text)
    assert len(seen) == len(text)
    assert without_protected(seen) == seen
    assert protected_spans(seen) == ()


@given(ANY_TEXT)
def test_only_blanks_are_written_and_only_inside_spans(text: str) -> None:
    seen, spans = without_protected(text), protected_spans(text)
    inside = {index for span in spans for index in range(span.start, span.end)}
    assert all(
        after == (" " if at in inside else before)
        for at, (before, after) in enumerate(zip(text, seen, strict=True))
    )
    assert all(before.end < after.start for before, after in pairwise(spans))


#: Where a description may stand: starts and ends of sentences, lines of its own, lists, brackets, table rows.
PLACES = (
    "{0}",
    "{0}，熟悉Java和Spring，5年经验。",
    "熟悉Java和Spring，{0}。\n5年经验",
    "熟悉Java。{0}。5年经验",
    "{0}\n熟悉Java",
    "熟悉Java\n{0}\nGo",
    "- Java\n- {0}\n- Go",
    "1. {0}\n2. Java",
    "Java | {0} | Go",
    "Java、{0}、Go",
    "求职：Java工程师（{0}）",
    "后端工程师 {0} 五年经验",
    "{0}. Built APIs in Go, 8 years of experience.",
    "Senior engineer. {0}. Built APIs in Go.",
    "Built APIs in Go; {0}",
    "Built APIs in Go ({0}) and Rust.",
)


@pytest.mark.parametrize("place", PLACES)
def test_whatever_is_said_in_a_place_leaves_the_same_text(place: str) -> None:
    rng = Random(place)
    for _ in range(250):
        one, other = variants(rng), variants(rng)
        left = [collapsed(without_protected(place.format(said))) for said in (one, other)]
        assert left[0] == left[1], (one, other)


def test_variants_are_many_and_in_both_languages() -> None:
    rng = Random(0)
    said = {variants(rng) for _ in range(2000)}
    assert len(said) > 1200
    assert sum(text.isascii() for text in said) > 200
    assert sum("\u4e00" <= text[0] <= "\u9fff" for text in said) > 200


def test_nothing_is_found_in_generated_profiles_which_state_nothing() -> None:
    found = [
        (text, span)
        for candidate in generate_candidates(300, seed=7)
        for text in (
            candidate.headline,
            candidate.summary,
            *(skill.name for skill in candidate.skills),
            *(
                part
                for work in candidate.work
                for part in (work.title, work.employer or "", work.summary)
            ),
            *(
                part or ""
                for stage in candidate.education
                for part in (stage.school, stage.subject)
            ),
            *candidate.languages,
            *candidate.certificates,
        )
        for span in protected_spans(text)
    ]
    assert found == []


def test_nothing_is_found_in_the_catalogue_and_the_skills() -> None:
    roles = [
        part
        for role in load_catalogue().roles
        for part in (*role.labels, role.duty.zh, role.duty.en)
    ]
    skills = [label for skill in load_skills().values() for label in skill.labels]
    assert [text for text in (*roles, *skills) if protected_spans(text)] == []


@pytest.mark.parametrize(
    "statement", statements(), ids=lambda statement: statement.pattern.pattern[:24]
)
def test_no_pattern_repeats_without_bound(statement) -> None:
    # So the steps at one place are bounded, and those for a text grow with its length alone.
    assert open_repeats(statement.pattern.pattern) == []
    assert not statement.pattern.match("")


@pytest.mark.parametrize(
    "piece",
    [
        "女", "男，", "姓 ", "姓名：", "1", "1-", "a@", "a.", "28岁", "和", "I am ", "he ", "，", "(", "\n", "age ",
        "born in ", "\u200b", "年龄 ", "name: a ", "地址：",
    ],
)  # fmt: skip
def test_the_time_grows_with_the_length_only(piece: str) -> None:
    # A generous bound in CPU time for 200 kB; a quadratic search would need minutes.
    text = piece * (200_000 // len(piece.encode()))
    began = time.process_time()
    without_protected(text)
    assert time.process_time() - began < 4
