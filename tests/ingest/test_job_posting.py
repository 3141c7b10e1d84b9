"""schema.org JobPosting: alone, in a list, in a graph, in a page; what is not understood is left open."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.job_posting import MOST_POSTINGS, PostingFault, read_job_postings
from ingest.json_documents import MOST_BYTES, DocumentError
from ingest.linked_data import plain_text
from search.records.models import Vacancy
from tests.ingest.tables.sheets import words_in

POSTING = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "title": "Java engineer",
    "identifier": {"@type": "PropertyValue", "name": "Sample", "value": "A-17"},
    "description": "<p>Builds the <b>back end</b>.</p><ul><li>Java &amp; SQL</li><script>alert(1)</script></ul>",
    "qualifications": "A degree",
    "skills": "Java, SQL",
    "employmentType": ["FULL_TIME", "PART_TIME"],
    "experienceRequirements": {
        "@type": "OccupationalExperienceRequirements",
        "monthsOfExperience": 36,
    },
    "educationRequirements": {
        "@type": "EducationalOccupationalCredential",
        "credentialCategory": "bachelor degree",
    },
    "hiringOrganization": {
        "@type": "Organization",
        "name": "Sample Company",
        "sameAs": "https://example.com",
    },
    "jobLocation": {
        "@type": "Place",
        "address": {
            "@type": "PostalAddress",
            "addressLocality": "Hangzhou",
            "addressRegion": "Zhejiang",
            "addressCountry": "CN",
        },
    },
    "baseSalary": {
        "@type": "MonetaryAmount",
        "currency": "CNY",
        "value": {
            "@type": "QuantitativeValue",
            "minValue": 15000,
            "maxValue": "20000",
            "unitText": "MONTH",
        },
    },
    "datePosted": "2026-11-01",
    "validThrough": "2026-11-30T23:59:59+08:00",
    "totalJobOpenings": 3,
    "directApply": True,
}
READ = Vacancy.model_validate(
    {
        "key": "A-17",
        "title": "Java engineer",
        "text": "Builds the back end.\nJava & SQL\nA degree",
        "employer": "Sample Company",
        "headcount": 3,
        "skills": [{"name": "Java"}, {"name": "SQL"}],
        "years_at_least": 3,
        "education_at_least": "bachelor",
        "region": "330100",
        "pay_monthly_yuan_from": 15000,
        "pay_monthly_yuan_to": 20000,
        "employment": "full-time",
        "posted": date(2026, 11, 1),
        "valid_through": date(2026, 11, 30),
    }
)


def postings(document):
    return read_job_postings(json.dumps(document, ensure_ascii=False).encode())


def one(**changes):
    (found,) = postings({**POSTING, **changes})
    return found


def page(*scripts):
    # Within a page, JSON writes the end of an element in this way.
    scripts = [each.replace("</", "<\\/") for each in scripts]
    tags = "".join(
        f'<SCRIPT type="application/ld+json; charset=utf-8">{each}</SCRIPT>' for each in scripts
    )
    return f"\ufeff <!doctype html><html><head><script>var a = 1</script>{tags}</head><p>x</html>".encode()


@pytest.mark.parametrize(
    "document",
    [
        POSTING,
        [POSTING],
        {"@graph": [{"@type": "WebPage"}, POSTING]},
        [[{"mainEntity": POSTING}]],
        {**POSTING, "@type": ["Thing", "https://schema.org/JobPosting"]},
        {**POSTING, "@type": "schema:JobPosting"},
    ],
    ids=range(6),
)
def test_a_posting_wherever_it_stands(document):
    assert postings(document) == [READ]
    assert read_job_postings(page(json.dumps(document))) == [READ]


def test_a_page_may_hold_several_scripts_and_broken_ones():
    text = json.dumps(POSTING)
    assert read_job_postings(page("{", text, "", text)) == [READ, READ]


@pytest.mark.parametrize(
    ("salary", "pay"),
    [
        ({"currency": "CNY", "value": {"value": 120000, "unitText": "YEAR"}}, (10000, 10000)),
        ({"currency": "CNY", "value": {"minValue": 8000, "unitText": "MONTH"}}, (8000, None)),
        ({"currency": "CNY", "value": 8000, "unitText": "MONTH"}, (8000, 8000)),
        ({"currency": "USD", "value": {"value": 8000, "unitText": "MONTH"}}, (None, None)),
        ({"currency": "CNY", "value": {"value": 50, "unitText": "HOUR"}}, (None, None)),
        ({"currency": "CNY", "value": {"value": 8000}}, (None, None)),
        (
            {"currency": "CNY", "value": {"minValue": 9, "maxValue": 8, "unitText": "MONTH"}},
            (None, None),
        ),
        ({"currency": "CNY", "value": {"value": "1e999", "unitText": "MONTH"}}, (None, None)),
        ("8000", (None, None)),
        (8000, (None, None)),
        (None, (None, None)),
    ],
)
def test_pay_is_read_only_where_it_is_certain(salary, pay):
    vacancy = one(baseSalary=salary)
    assert (vacancy.pay_monthly_yuan_from, vacancy.pay_monthly_yuan_to) == pay


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (
            [{"address": {"addressLocality": "Mars"}}, {"address": {"addressLocality": "宁波市"}}],
            "330200",
        ),
        ({"address": "杭州市滨江区"}, "330108"),
        ("嘉兴", "330400"),
        ({"address": {"addressRegion": "浙江省"}}, "330000"),
        ({"address": {"addressLocality": "Mars"}}, None),
        (7, None),
        ([], None),
    ],
)
def test_places(place, code):
    assert one(jobLocation=place).region == code


def test_other_ways_to_say_it():
    assert one(experienceRequirements="至少3年经验").years_at_least == 3
    assert one(educationRequirements="本科及以上").education_at_least == "bachelor"
    assert one(employmentType="https://schema.org/INTERN").employment == "internship"
    assert one(employmentType="全职").employment == "full-time"
    assert one(skills=[{"@type": "DefinedTerm", "name": "Go"}, "Rust"]).skills[1].name == "Rust"
    assert one(identifier=42).key == "42"
    assert one(identifier="with blanks").key is None
    assert one(hiringOrganization="Sample").employer == "Sample"


def test_what_asks_for_what_it_may_not_is_a_fault():
    fault = one(description="只招男性，35岁以下")
    assert isinstance(fault, PostingFault)
    assert (fault.posting, fault.field, fault.reason.code) == (1, "text", "refused_posting")


def test_a_bad_posting_does_not_keep_a_good_one_back():
    found = postings([{"@type": "JobPosting"}, POSTING, {**POSTING, "title": "a" * 400}])
    assert [type(each) for each in found] == [PostingFault, Vacancy, PostingFault]
    assert (found[0].reason.code, found[2].field, found[2].posting) == ("missing", "title", 3)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_json"),
        (b"x", "not_json"),
        (b"{}", "no_posting"),
        (b"<html></html>", "no_posting"),
        (b"[" * 100_000, "too_deep"),
        (b" " * (MOST_BYTES + 1), "too_large"),
        (json.dumps([{"@type": "JobPosting"}] * (MOST_POSTINGS + 1)).encode(), "too_many_postings"),
        (b'{"a":' * 50 + json.dumps(POSTING).encode() + b"}" * 50, "no_posting"),
        (page("[" * 100_000), "no_posting"),
    ],
    ids=range(9),
)
def test_a_file_that_cannot_be_taken(data, code):
    with pytest.raises(DocumentError) as caught:
        read_job_postings(data)
    assert caught.value.code == code
    for lang in ("zh", "en"):
        assert words_in(lang)(f"document.refused.{code}", **caught.value.params)


def test_markup_becomes_lines():
    assert plain_text("a < b") == "a < b"
    assert (
        plain_text("<h2>Duties</h2>one<br/>two<style>x{}</style>&lt;three&gt;")
        == "Duties\none\ntwo<three>"
    )


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda children: st.one_of(
        st.lists(children, max_size=3),
        st.dictionaries(
            st.sampled_from(["name", "value", "address", "unitText", "currency", "minValue"]),
            children,
            max_size=3,
        ),
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(set(POSTING) - {"@type", "@context"})), values))
def test_any_posting_is_a_vacancy_or_a_fault(fields):
    for found in postings({"@type": "JobPosting", "title": "a", **fields}):
        assert isinstance(found, Vacancy | PostingFault)
