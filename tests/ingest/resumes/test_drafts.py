"""Résumés whose content is known: how much of it is read rightly, and that nothing private gets into a profile."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from ingest.resumes.draft import draft_profile
from ingest.resumes.models import ResumeText
from ingest.resumes.parse import read_resume
from search.records.models import Candidate
from search.text.protected import protected_spans
from tests.ingest.resumes.specimens import answers, files

FILES = list(files())
NAMES = [name for name, _, _ in FILES]


@pytest.fixture(scope="module")
def resumes():
    return {name: read_resume(data, filename=name) for name, data, _ in FILES}


@pytest.fixture(scope="module")
def texts(resumes):
    return {name: resume.text for name, resume in resumes.items()}


@pytest.fixture(scope="module")
def drafts(resumes):
    return {name: (specimen, draft_profile(resumes[name])) for name, _, specimen in FILES}


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from strings(part)


def test_at_least_nine_of_ten_fields_are_read_rightly(drafts, capsys):
    counted = Counter()
    for specimen, draft in drafts.values():
        for name, is_right, _, _ in answers(draft, specimen["expect"]):
            field = name.split(".")[0].split(":")[0]
            counted[field] += 1
            counted[field, "right"] += is_right
    fields = [field for field in counted if isinstance(field, str)]
    total = sum(counted[field] for field in fields)
    right = sum(counted[field, "right"] for field in fields)
    with capsys.disabled():
        sys.stdout.write(
            f"\nfields of {len(drafts)} résumé files read rightly: {right} of {total} ({right / total:.1%})\n"
        )
    assert len({specimen["id"] for specimen, _ in drafts.values()}) >= 20
    assert right / total >= 0.9, {
        field: (counted[field, "right"], counted[field]) for field in fields
    }


@pytest.mark.parametrize("name", NAMES)
def test_contacts_and_what_is_protected_stay_out(drafts, name):
    specimen, draft = drafts[name]
    candidate = draft.candidate()
    assert isinstance(candidate, Candidate)
    said = [*strings(candidate.model_dump(mode="json")), draft.unread]
    secrets = [*specimen["secrets"], *specimen["expect"]["contact"].values()]
    assert not [
        (secret, text) for secret in secrets for text in said if secret.lower() in text.lower()
    ]
    assert not [text for text in said if protected_spans(text)]


@pytest.mark.parametrize("name", NAMES)
def test_every_field_points_into_the_text(drafts, texts, name):
    _, draft = drafts[name]
    text = texts[name]
    assert draft.evidence
    assert all(0 <= start < end <= len(text) for start, end in draft.evidence.values())
    for part in ("phone", "email"):
        if value := getattr(draft.contact, part):
            assert text[slice(*draft.evidence[f"contact.{part}"])] == value
    for at, job in enumerate(draft.parts.work):
        assert " ".join(text[slice(*draft.evidence[f"work.{at}.title"])].split()) == job.title


def drafted(text):
    return draft_profile(ResumeText("txt", "x.txt", text))


def test_unknown_stays_empty():
    draft = drafted("我喜欢编程")
    assert draft.parts.work == () and draft.parts.education == () and draft.parts.skills == ()
    assert draft.parts.years_experience is None and draft.parts.region is None
    assert draft.parts.headline is None and draft.candidate() is None
    assert "no_headline" in draft.notes
    assert draft.candidate(headline="测试工程师").headline == "测试工程师"


def test_a_year_without_a_month_gives_no_month():
    (job,) = drafted("工作经历\n2018-2020 杭州某某科技有限公司 测试工程师").parts.work
    assert (job.start, job.end) == (None, None)


def test_yearly_pay_and_another_currency_are_no_monthly_pay():
    assert drafted("期望薪资：30万/年").parts.wishes.pay_monthly_yuan is None
    assert drafted("Expected salary: USD 9000").parts.wishes.pay_monthly_yuan is None
    assert drafted("期望薪资：1.5万").parts.wishes.pay_monthly_yuan is None


def test_what_is_in_no_field_goes_to_the_summary_and_is_shown_as_unread():
    draft = drafted("前端开发工程师\n每周练习书法三次")
    assert "每周练习书法三次" in draft.parts.summary
    assert "每周练习书法三次" in draft.unread


def test_a_pasted_posting_is_noted_and_counts_for_nothing():
    draft = drafted(
        "前端开发工程师\n技能：Vue\n任职要求：\n精通Kubernetes，五年以上经验者优先\n自我评价\n做事认真"
    )
    assert "pasted_posting" in draft.notes
    assert [skill.name for skill in draft.parts.skills] == ["Vue"]


def test_a_skill_that_is_denied_is_left_out():
    names = [skill.name for skill in drafted("专业技能\n熟悉Java。没用过Kubernetes").parts.skills]
    assert "Java" in names and "Kubernetes" not in names


def test_the_removal_of_what_is_protected_is_noted_and_that_of_contacts_is_not():
    assert "protected_removed" in drafted("性别：男\n前端开发工程师").notes
    assert "protected_removed" not in drafted("姓名：张伟\n电话：13800138000\n前端开发工程师").notes


def test_where_somebody_comes_from_is_neither_kept_nor_taken_for_where_they_live():
    draft = drafted("前端开发工程师  浙江绍兴人\n技能：Vue")
    assert draft.parts.region is None
    assert "绍兴" not in str(draft.parts)
    assert "protected_removed" in draft.notes


def test_a_formula_is_text():
    draft = drafted('技能：=HYPERLINK("http://x.example/","y")\n自我评价\n=1+1 是二')
    assert "=1+1" in draft.parts.summary
    assert "x.example" not in str(draft.parts)


def test_a_long_text_is_cut_and_said_to_be():
    draft = drafted("自我评价\n" + "\n".join(f"第{n}件事情做得很好" for n in range(3000)))
    assert len(draft.parts.summary) <= 6_000
    assert "summary_cut" in draft.notes
