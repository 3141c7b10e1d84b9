"""What a vacancy asks for: from its fields and its text, each with strength, source and span."""

from __future__ import annotations

import pytest

from search.matching.requirements import read_requirements, requirements_of
from search.models import Aspect, Strength
from search.records.models import Vacancy, WantedSkill


def handles(requirements, strength=None):
    return {
        requirement.handle
        for requirement in requirements
        if strength is None or requirement.strength is strength
    }


def test_fields_come_with_their_strength_and_text_adds_what_no_field_says():
    vacancy = Vacancy(
        title="Java工程师",
        text="5年以上经验，硕士优先。熟悉Kafka者优先，不要外包。",
        skills=(
            WantedSkill(name="Java", strength="required"),
            WantedSkill(name="MySQL"),
            WantedSkill(name="Redis", strength="optional"),
        ),
        years_at_least=3,
        region="330100",
    )
    found = requirements_of(vacancy)
    assert handles(found, Strength.REQUIRED) == {"skill:java", "years:3"}
    assert {"skill:mysql", "skill:kafka", "education:master", "place:330100"} <= handles(
        found, Strength.FAVOURED
    )
    assert handles(found, Strength.OPTIONAL) == {"skill:redis"}
    # The number of years was declared: the text does not say otherwise.
    assert not {"years:5"} & handles(found)


def test_what_the_text_demands_makes_a_declared_skill_stricter():
    vacancy = Vacancy(title="a", text="必须熟悉Kafka。", skills=(WantedSkill(name="Kafka"),))
    (kafka,) = requirements_of(vacancy)
    assert kafka.strength is Strength.REQUIRED
    assert kafka.source == "skills"


def test_spans_point_into_the_text():
    text = "岗位要求：\n1. 精通 Spring Boot，必须有3年以上经验；\n2. 会用 Kafka 加分。"
    for requirement in requirements_of(Vacancy(title="a", text=text)):
        assert requirement.source == "text"
        assert requirement.span is not None
        assert text[requirement.span.start : requirement.span.end] == requirement.quote


@pytest.mark.parametrize(
    ("text", "values", "strength"),
    [
        ("必须掌握 PyTorch 或 TensorFlow", {"pytorch", "tensorflow"}, Strength.REQUIRED),
        ("熟悉 React、Vue、Angular 之一", {"react", "vue", "angular"}, Strength.FAVOURED),
        ("one of React, Vue or Angular", {"react", "vue", "angular"}, Strength.FAVOURED),
        ("Python/Java至少一门必须熟练", {"python", "java"}, Strength.REQUIRED),
        ("后端Node.js、PHP、Java任一门都行，但必须有一门能独立写接口",
         {"nodejs", "php", "java"}, Strength.REQUIRED),
        ("须持有 HCIP、CCNP 或以上级别认证", {"hcip", "ccnp"}, Strength.REQUIRED),
    ],
)  # fmt: skip
def test_of_alternatives_one_is_enough(text, values, strength):
    groups = [found for found in read_requirements(text) if set(found.values) == values]
    assert [found.strength for found in groups] == [strength]


def test_a_list_without_such_words_asks_for_each():
    found = read_requirements("必须熟悉 Java、MySQL 和 Redis")
    assert handles(found) == {"skill:java", "skill:mysql", "skill:redis"}


def test_a_skill_that_the_taxonomy_does_not_know_is_kept_by_its_words():
    vacancy = Vacancy(title="a", skills=(WantedSkill(name="Quxolator 9", strength="required"),))
    (unknown,) = requirements_of(vacancy)
    assert unknown.values == ()
    assert unknown.quote == "Quxolator 9"
    assert "quxol" in unknown.words


@pytest.mark.parametrize(
    "text",
    [
        "仅限目前就在杭州的候选人。",
        "本岗只招现居杭州的同学，外地的暂不考虑。",
        "Only for people already living in Hangzhou; we cannot support relocation.",
        "工作地点必须在杭州。",
    ],
)
def test_a_place_binds_where_the_text_says_so(text):
    (place,) = [
        found
        for found in requirements_of(Vacancy(title="a", text=text, region="330100"))
        if found.aspect is Aspect.PLACE
    ]
    assert place.strength is Strength.REQUIRED


def test_else_a_place_only_ranks():
    vacancy = Vacancy(title="a", text="办公地点在杭州滨江，环境好。", region="330100")
    (place,) = [found for found in requirements_of(vacancy) if found.aspect is Aspect.PLACE]
    assert place.strength is Strength.FAVOURED


def test_too_few_years_that_are_turned_away_are_a_least_number():
    (years,) = read_requirements("3年以下经验者勿投")
    assert (years.aspect, years.values, years.strength) == (
        Aspect.YEARS, ("3",), Strength.REQUIRED,
    )  # fmt: skip


def test_a_title_that_one_must_have_held_is_asked_for_and_others_are_not():
    (title,) = [
        found
        for found in read_requirements("须有产品经理经历；和产品经理一起工作。")
        if found.aspect is Aspect.TITLE
    ]
    assert (title.strength, title.quote) == (Strength.REQUIRED, "产品经理")
    assert len(title.values) > 1  # of the rows so called one is enough
