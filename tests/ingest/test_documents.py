"""What an index holds of a role or a record."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.documents import (
    LONGEST_INDEXED,
    build_document,
    document_passages,
    role_document,
)
from search.backends.base import Document, check_document
from search.records.models import (
    AnyRecord,
    Candidate,
    Education,
    StatedSkill,
    Vacancy,
    WantedSkill,
    Wishes,
    WorkExperience,
)
from search.records.stored import StoredRecord
from taxonomies.catalogue import load_catalogue
from taxonomies.skills import ancestors

MOMENT = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


def stored(record: AnyRecord) -> StoredRecord:
    return StoredRecord("01J0000000000000000000000A", "me", 3, record, 7, MOMENT, MOMENT)


def built(record: AnyRecord) -> Document:
    document = build_document(stored(record))
    check_document(document, 16)
    return document


def words(document: Document) -> set[str]:
    return {token for tokens in document.tokens.values() for token in tokens.split()}


def test_every_row_of_the_catalogue_becomes_a_document() -> None:
    catalogue = load_catalogue()
    documents = [role_document(role) for role in catalogue.roles]
    assert [document.doc_id for document in documents] == [f"role:{n}" for n in range(1, 93)]
    for role, document in zip(catalogue.roles, documents, strict=True):
        check_document(document, 16)
        assert document.sequence == 0
        assert document.attributes["kind"] == ("role",)
        assert document.attributes["role"] == (str(role.number),)
        assert document.attributes["field"] == (role.field.code,)
        assert document.attributes["domain"] == (role.field.domain.zh,)
        assert {link.skill for link in role.skills} <= set(document.attributes["skill"])
        (text,) = document_passages(role)
        assert role.title.zh in text
        assert role.duty.en in text


def test_a_role_is_found_by_title_label_and_duty_in_both_languages() -> None:
    document = role_document(load_catalogue().roles[0])
    assert {"java", "工程师"} <= set(document.tokens["title"].split())
    assert {"重构", "refactor"} <= set(document.tokens["text"].split())


def test_a_profile() -> None:
    record = Candidate(
        headline="Java高级软件工程师",
        summary="做过数据库优化，不考虑Oracle方向。",
        skills=(StatedSkill(name="Pyhton"), StatedSkill(name="插花")),
        work=(WorkExperience(title="C/C++软件开发工程师", employer="示例公司"),),
        education=(Education(level="master", school="示例大学"), Education(level="bachelor")),
        years_experience=6.5,
        region="330106",
        wishes=Wishes(
            roles=(9,), regions=("330200",), pay_monthly_yuan=30000, employment=("full-time",)
        ),
        languages=("英语",),
    )
    document = built(record)
    assert document.doc_id == "candidate:01J0000000000000000000000A"
    assert document.sequence == 7
    attributes = document.attributes
    assert attributes["kind"] == ("candidate",)
    assert (attributes["owner"], attributes["status"]) == (("me",), ("active",))
    assert {"1", "2", "9"} <= set(attributes["role"])
    assert {"software", "integrated-circuits"} <= set(attributes["field"])
    assert attributes["region"] == ("330000", "330100", "330106", "330200")
    assert {"java", "python"} <= set(attributes["skill"])
    assert "oracle-database" not in attributes["skill"]
    assert attributes["employment"] == ("full-time",)
    assert attributes["education"] == (4,)
    assert attributes["years"] == (6.5,)
    assert attributes["pay_monthly_yuan"] == (30000,)
    assert attributes["updated_day"] == ((date(2026, 11, 24) - date(1970, 1, 1)).days,)
    assert "posted_day" not in attributes
    assert {"java", "c++"} <= set(document.tokens["title"].split())
    assert {"插花", "优化", "英语"} <= set(document.tokens["text"].split())


def test_a_vacancy() -> None:
    record = Vacancy(
        title="Analog Layout Engineer",
        text="Draw layouts with Virtuoso. Spanish is a plus.",
        employer="Sample Semiconductors",
        role=9,
        skills=(WantedSkill(name="Cadence Virtuoso", strength="required"),),
        years_at_least=3,
        education_at_least="bachelor",
        region="330100",
        pay_monthly_yuan_from=20000,
        pay_monthly_yuan_to=35000,
        employment="contract",
        posted=date(1970, 1, 11),
        status="closed",
    )
    attributes = built(record).attributes
    assert attributes["kind"] == ("vacancy",)
    assert attributes["status"] == ("closed",)
    assert "9" in attributes["role"]
    assert attributes["region"] == ("330000", "330100")
    assert "cadence-virtuoso" in attributes["skill"]
    assert attributes["years"] == (3,)
    assert attributes["education"] == (3,)
    assert attributes["pay_monthly_yuan"] == (20000, 35000)
    assert attributes["employment"] == ("contract",)
    assert attributes["posted_day"] == (10,)


def test_unknown_is_absent() -> None:
    assert set(built(Candidate(headline="×")).attributes) == {
        "kind",
        "owner",
        "status",
        "updated_day",
    }
    assert set(built(Vacancy(title="×")).attributes) == {
        "audience",
        "kind",
        "owner",
        "status",
        "updated_day",
    }


def test_broader_concepts_are_not_added() -> None:
    held = set(
        built(Candidate(headline="x", skills=(StatedSkill(name="Java"),))).attributes["skill"]
    )
    assert held == {"java"}
    assert not held & set(ancestors("java"))


def test_words_of_two_lines_make_no_label() -> None:
    record = Candidate(headline="x", summary="机器", certificates=("学习委员",))
    assert "machine-learning" not in built(record).attributes.get("skill", ())


def test_a_slip_in_running_text_is_left_alone() -> None:
    assert "skill" not in built(Candidate(headline="Pyhton")).attributes


def test_codes_that_no_release_knows_stay_findable() -> None:
    record = Candidate(headline="x", region="999999", wishes=Wishes(roles=(500,)))
    attributes = built(record).attributes
    assert attributes["region"] == ("999999",)
    assert attributes["role"] == ("500",)
    assert "field" not in attributes


NAMES = ["奇思妙想科技", "Zyxwv Labs", "Qwert (China) Co., Ltd.", "C++之家", "Ⅻ集团"]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_employers_and_schools_are_no_part(name: str) -> None:
    told = f"在{name}工作三年；later at {name.upper()}, then {name}."
    profile = Candidate(
        headline=f"{name}的工程师",
        summary=told,
        work=(WorkExperience(title=f"工程师 {name}", employer=name, summary=told),),
        education=(Education(level="bachelor", school=f"{name}大学", subject="物理"),),
    )
    plain = Candidate(
        headline="的工程师",
        summary="在工作三年；later at , then .",
        work=(WorkExperience(title="工程师", summary="在工作三年；later at , then ."),),
        education=(Education(level="bachelor", subject="物理"),),
    )
    assert built(profile).tokens == built(plain).tokens
    assert name.lower() not in "\n".join(document_passages(profile)).lower()
    vacancy = Vacancy(title=f"{name}招工程师", text=told, employer=name)
    assert name.lower() not in "\n".join(document_passages(vacancy)).lower()
    unsaid = Vacancy(title="招工程师", text="在工作三年；later at , then .")
    assert built(vacancy).tokens == built(unsaid).tokens


def test_a_name_that_is_a_skill_stays_a_skill() -> None:
    record = Vacancy(title="DBA", text="熟悉Oracle数据库", employer="Oracle")
    assert "oracl" in words(built(record))
    assert "oracle-database" in built(record).attributes["skill"]


def test_a_name_inside_a_word_is_left_alone() -> None:
    record = Vacancy(title="x", text="blueprints for Blue", employer="Blue")
    assert built(record).tokens["text"].split() == ["blueprint"]


def test_long_texts_are_cut() -> None:
    work = tuple(WorkExperience(title=f"t{n}", summary="文字" * 9000) for n in range(60))
    text = "\n".join(document_passages(Candidate(headline="x", work=work)))
    assert len(text) < LONGEST_INDEXED + 1000


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=80), st.text(max_size=200), st.text(max_size=40))
def test_any_text_makes_a_document_and_always_the_same(title: str, prose: str, name: str) -> None:
    title = title.strip() or "x"
    record = Vacancy(title=title, text=prose, employer=name.strip() or None)
    first = built(record)
    assert first == built(record)
    assert document_passages(record) == document_passages(record)


def test_wishes_and_residence_are_held_apart_and_required_skills_by_themselves() -> None:
    wishes = Wishes(roles=(9,), titles=("Java工程师",), regions=("330200",))
    attributes = built(Candidate(headline="x", region="330106", wishes=wishes)).attributes
    assert attributes["residence"] == ("330000", "330100", "330106")
    assert attributes["wished_region"] == ("330000", "330200")
    assert {"1", "9"} <= set(attributes["wished_role"]) <= set(attributes["role"])
    required = WantedSkill(name="Java", strength="required")
    vacancy = Vacancy(title="x", text="熟悉Kafka优先", skills=(required, WantedSkill(name="Go")))
    assert built(vacancy).attributes["must_skill"] == ("java",)


def test_a_profile_claims_what_it_says_it_can_and_tells_years_and_level_where_no_field_does() -> (
    None
):
    record = Candidate(headline="后端", summary="8年Java经验，本科学历。不会Go；Rust没有用过。")
    attributes = built(record).attributes
    assert {"java"} == {"java", "go", "rust"} & set(attributes["skill"])
    assert attributes["years"] == (8.0,)
    assert attributes["education"] == (3,)
    stated = record.model_copy(update={"years_experience": 2.0})
    assert built(stated).attributes["years"] == (2.0,)


def test_what_is_protected_reaches_neither_tokens_nor_passages() -> None:
    said = "姓名：王小明，女，28岁，已婚，汉族，籍贯浙江。Java 工程师，写交易系统。"
    plain = Candidate(headline="后端", summary="Java 工程师，写交易系统。")
    told = Candidate(headline="后端", summary=said)
    assert built(told).tokens == built(plain).tokens
    assert document_passages(told) == document_passages(plain)
