"""What a posting may not ask for is found with its ground and its words; what asks for nothing is left alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.normalise import normalise
from search.text.refusals import refused
from taxonomies.protected import load_posting_rules

ASKED = [
    ("sex", "本岗位限男性"),
    ("sex", "仅限女性报名"),
    ("sex", "男士优先"),
    ("sex", "有经验的女生优先考虑"),
    ("sex", "女優先"),
    ("sex", "诚聘女文员2名"),
    ("sex", "招2名男技师"),
    ("sex", "男2名，女3名"),
    ("sex", "女生勿扰"),
    ("sex", "不招男生"),
    ("sex", "性别：男"),
    ("sex", "性別：女"),
    ("sex", "性别要求：女性"),
    ("sex", "任职要求：\n1、女，形象好"),
    ("sex", "前台（女）"),
    ("sex", "要求女性，能出差"),
    ("sex", "须为男性"),
    ("sex", "这个岗位更适合男生。"),
    ("sex", "只招男"),
    ("age", "35岁以下"),
    ("age", "３５岁以下"),
    ("age", "35歲以下"),
    ("age", "三十五岁以下"),
    ("age", "45周岁（含）以下"),
    ("age", "年龄18-40周岁"),
    ("age", "年龄：25-35"),
    ("age", "28~35岁"),
    ("age", "25岁至30岁之间"),
    ("age", "不超过45岁"),
    ("age", "年龄不超过40"),
    ("age", "年龄要求30岁左右"),
    ("age", "22岁以上"),
    ("age", "年满18周岁，45周岁以下"),
    ("age", "90后优先"),
    ("age", "限95后"),
    ("age", "1990年1月1日以后出生"),
    ("age", "年轻者优先"),
    ("age", "要求年轻有活力，能吃苦"),
    ("age", "年龄太大勿扰"),
    ("marital-state", "已婚已育优先"),
    ("marital-state", "未婚优先"),
    ("marital-state", "单身优先"),
    ("marital-state", "女，未婚，会开车"),
    ("marital-state", "婚姻状况：已婚"),
    ("marital-state", "要求已婚"),
    ("family-planning", "两年内无生育计划"),
    ("family-planning", "已育优先"),
    ("family-planning", "孕妇勿扰"),
    ("family-planning", "入职体检须做孕检"),
    ("ethnicity", "限汉族"),
    ("ethnicity", "汉族优先"),
    ("ethnicity", "民族：汉"),
    ("ethnicity", "少数民族勿扰"),
    ("origin", "限本地户口"),
    ("origin", "浙江籍优先"),
    ("origin", "非本地勿扰"),
    ("origin", "本地人优先"),
    ("origin", "具有北京市常住户口"),
    ("origin", "杭州户籍优先"),
    ("origin", "河南人勿扰"),
    ("origin", "限中国籍"),
    ("appearance", "身高170cm以上"),
    ("appearance", "身高1.65米以上"),
    ("appearance", "形象气质佳"),
    ("appearance", "形象好，有亲和力"),
    ("appearance", "五官端正"),
    ("appearance", "无明显纹身"),
    ("appearance", "长相甜美"),
    ("health", "无传染病"),
    ("health", "乙肝携带者勿扰"),
    ("health", "残疾人不考虑"),
    ("health", "体检项目含乙肝五项"),
    ("belief", "无宗教信仰"),
    ("belief", "基督徒优先"),
    ("political-status", "党员优先"),
    ("political-status", "政治面貌：中共党员"),
    ("political-status", "中共党员，品行端正"),
    ("sex", "male only"),
    ("sex", "Males only."),
    ("sex", "Females preferred"),
    ("sex", "Female candidates are strongly preferred."),
    ("sex", "must be a woman"),
    ("sex", "We are looking for a young female assistant"),
    ("sex", "Gender: male"),
    ("sex", "Receptionist (female)"),
    ("sex", "No females, please."),
    ("age", "Young and energetic"),
    ("age", "Under 35"),
    ("age", "aged 25-35"),
    ("age", "Age: 25 to 35"),
    ("age", "between the ages of 22 and 30"),
    ("age", "no older than 40"),
    ("age", "must be younger than 30"),
    ("age", "under 35 years old"),
    ("age", "Age limit: 35"),
    ("age", "young professionals preferred"),
    ("age", "over 40 need not apply"),
    ("marital-state", "Single, willing to travel"),
    ("marital-state", "must be unmarried"),
    ("marital-state", "married applicants preferred"),
    ("marital-state", "Marital status: single"),
    ("family-planning", "Female, no children"),
    ("family-planning", "no plans to have children"),
    ("family-planning", "must not be pregnant"),
    ("ethnicity", "must be of Han ethnicity"),
    ("ethnicity", "Han only"),
    ("ethnicity", "white candidates preferred"),
    ("origin", "Chinese nationals only"),
    ("origin", "must be a U.S. citizen"),
    ("origin", "local hukou required"),
    ("origin", "No foreigners"),
    ("appearance", "attractive appearance"),
    ("appearance", "good-looking, outgoing"),
    ("appearance", "at least 170cm tall"),
    ("appearance", "no visible tattoos"),
    ("health", "no disabilities"),
    ("health", "Hepatitis B negative"),
    ("health", "no infectious diseases"),
    ("belief", "Christian preferred"),
    ("belief", "must be a practicing Muslim"),
    ("political-status", "CPC members preferred"),
]

NOT_ASKED = [
    "性别不限",
    "男女不限",
    "不限男女",
    "性别：男女不限",
    "性别：不限",
    "男女均可",
    "男/女均可",
    "年龄不限",
    "不限年龄，不限学历",
    "应届不限",
    "应届生优先",
    "应届毕业生亦可",
    "婚否不限",
    "已婚、未婚均可",
    "户籍不限",
    "不限户籍",
    "民族不限",
    "政治面貌不限",
    "宗教信仰不限",
    "45岁以上亦可",
    "年满18周岁",
    "18岁以上",
    "我们不因性别、年龄、民族、宗教信仰歧视任何应聘者",
    "招聘广告不得限男性",
    "男装设计师",
    "女装设计师，5年以上经验",
    "招聘女装设计师",
    "男、女装版师",
    "女鞋买手优先",
    "类目：男、女、童",
    "适合女性用户的内容",
    "母婴产品经理",
    "老年医学",
    "年轻化品牌",
    "年轻有活力的团队",
    "我们的团队年轻有活力",
    "90后为主的团队",
    "面向90后消费者",
    "平均年龄26岁",
    "3-6岁儿童绘本",
    "负责18-35岁用户的增长",
    "年龄识别算法",
    "性别分类模型",
    "人脸年龄估计，误差小于3岁",
    "民族服饰设计",
    "民族乐器演奏",
    "少数民族优先",
    "熟悉汉族、藏族、回族的文化",
    "户籍管理系统",
    "解决北京户口",
    "国籍识别",
    "本地化部署",
    "熟悉本地部署",
    "常住本地优先",
    "熟悉本地市场优先",
    "婚庆策划",
    "提供单身公寓",
    "单身社交产品",
    "五险一金，含生育保险",
    "带薪婚假、产假、陪产假",
    "孕期营养产品",
    "妊娠检查经验",
    "35万以上",
    "35kV以下配电",
    "预算35-40万",
    "5年以上工作经验",
    "28天交付",
    "身高体重测量仪",
    "职业形象良好",
    "维护公司良好形象",
    "品牌形象设计",
    "高颜值的产品设计",
    "纹身师",
    "身体健康，能吃苦耐劳",
    "持有健康证",
    "传染病医院",
    "乙肝疫苗研发",
    "残疾人优先",
    "宗教学讲师",
    "党员教育管理系统",
    "有党建工作经验优先",
    "all genders welcome",
    "regardless of age",
    "We are an equal opportunity employer and consider everyone regardless of race, colour, religion, sex, "
    "sexual orientation, gender identity, national origin, age, marital status, disability or veteran status.",
    "We do not discriminate on the basis of age, sex, ethnicity, religion or marital status.",
    "Applicants are considered whether male, female, married, single or divorced",
    "male or female",
    "women are encouraged to apply",
    "no preference for male or female candidates",
    "male connector",
    "female header",
    "We are looking for male connectors.",
    "connector types (male/female)",
    "classes: male, female",
    "no men's wear",
    "age of data",
    "data not older than 30 days",
    "5 years of experience",
    "5 to 10 years of experience",
    "response times under 35 ms",
    "keep the p99 latency under 40.",
    "users aged 18-35",
    "books for children aged 3-6",
    "average age 30",
    "at least 18 years old",
    "a young and dynamic team",
    "recent college graduates only",
    "single page application",
    "single sign-on",
    "must be single-threaded",
    "married to our craft",
    "single, double and triple rooms",
    "a node with no children",
    "race conditions",
    "native apps",
    "native English-level writing",
    "native speakers preferred",
    "local deployment",
    "local candidates preferred",
    "hukou management system",
    "serves Chinese nationals abroad",
    "attractive salary and benefits",
    "professional appearance",
    "build good-looking dashboards",
    "infectious disease research",
    "Buddhist art history",
    "third-party members",
    "white paper, black box testing",
    "",
]


def grounds(text: str) -> set[str]:
    """Return the grounds on which a text is refused."""
    return {refusal.ground for refusal in refused(text)}


@pytest.mark.parametrize(("ground", "text"), ASKED)
def test_refused(ground: str, text: str) -> None:
    assert ground in grounds(text)


@pytest.mark.parametrize("text", NOT_ASKED)
def test_not_refused(text: str) -> None:
    assert [(refusal.rule, refusal.quote) for refusal in refused(text)] == []


@pytest.mark.parametrize(
    ("rule", "text"),
    [(rule.id, text) for rule in load_posting_rules().rules for text in rule.fires],
)
def test_the_example_of_a_rule_is_refused_by_it(rule: str, text: str) -> None:
    # Another rule of the same ground may reach further and stand for it.
    stated = {each.id: each for each in load_posting_rules().rules}[rule]
    assert stated.ground.id in grounds(text)


@pytest.mark.parametrize("rule", load_posting_rules().rules, ids=lambda rule: rule.id)
def test_every_rule_finds_something_by_itself(rule) -> None:
    assert any(rule.id in {found.rule for found in refused(text)} for text in rule.fires)


@pytest.mark.parametrize(
    ("rule", "text"),
    [(rule.id, text) for rule in load_posting_rules().rules for text in rule.spares],
)
def test_what_a_rule_spares_no_other_refuses(rule: str, text: str) -> None:
    assert [(found.rule, found.quote) for found in refused(text)] == []


@pytest.mark.parametrize("rule", load_posting_rules().rules, ids=lambda rule: rule.id)
def test_no_text_matches_a_rule_without_what_it_needs(rule) -> None:
    every = [text for each in load_posting_rules().rules for text in (*each.fires, *each.spares)]
    matched = [
        normal
        for text in (*(text for _, text in ASKED), *NOT_ASKED, *every)
        if rule.asks.search(normal := normalise(text).text)
    ]
    assert matched
    assert [text for text in matched if not any(word in text for word in rule.needs)] == []


def test_the_words_are_quoted_as_written() -> None:
    text = "任职要求：\n１、年龄３５歲以下，　男性優先"
    age, sex = refused(text)
    assert (age.ground, age.quote) == ("age", "年龄３５歲以下")
    assert (sex.ground, sex.quote) == ("sex", "男性優先")
    for refusal in (age, sex):
        assert text[refusal.span.start : refusal.span.end] == refusal.quote


def test_hidden_characters_hide_nothing() -> None:
    assert grounds("限\u200b男\u200b性") == {"sex"}


def test_a_refusal_says_why_and_what_to_write_instead_in_both_languages() -> None:
    (refusal,) = refused("Males only.")
    for said in (refusal.reason, refusal.advice, *refusal.law):
        assert said.zh and said.en
    assert any("art. 27" in citation.en for citation in refusal.law)


def test_several_grounds_in_the_order_of_the_text() -> None:
    found = refused("女，未婚，28岁以下，身高165cm以上，本市户籍优先")
    assert [refusal.ground for refusal in found] == [
        "sex",
        "marital-state",
        "age",
        "appearance",
        "origin",
    ]


def test_matches_of_one_ground_that_overlap_stand_once() -> None:
    assert [refusal.quote for refusal in refused("年龄25-35岁")] == ["年龄25-35岁"]


@given(st.text(st.characters(codec=None) | st.sampled_from("男女限岁年龄35-以下优先婚籍族\n，。")))
def test_it_never_fails_and_spans_are_true(text: str) -> None:
    for refusal in refused(text):
        assert 0 <= refusal.span.start < refusal.span.end <= len(text)
        assert text[refusal.span.start : refusal.span.end] == refusal.quote


@pytest.mark.parametrize(
    "piece", ["限", "年龄 ", "年龄要求", "男女", "35-", "形象", "no ", "under ", "(", "\n", "只招"]
)
def test_the_time_grows_with_the_length_only(piece: str) -> None:
    # No repeat is open (tests/taxonomies/test_protected.py), so this is linear; a generous bound in CPU time.
    text = piece * (200_000 // len(piece.encode()))
    began = time.process_time()
    refused(text)
    assert time.process_time() - began < 10
