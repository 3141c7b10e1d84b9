"""What is exported is imported as the same records, in both formats and both languages."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.exports.columns import CANDIDATE_COLUMNS, VACANCY_COLUMNS
from ingest.exports.records import candidate_cells, vacancy_cells
from ingest.exports.writing import write
from ingest.samples import generate_candidates, generate_vacancies
from ingest.tables.checking import check
from ingest.tables.opening import read_table
from ingest.tables.workbook_child import read
from ingest.tables.workbooks import table_of
from tests.ingest.exports.records import candidates, contacts, vacancies
from tests.ingest.tables.sheets import words_in

LANGS = st.sampled_from(["zh", "en"])


def there_and_back(rows, columns, kind, format, lang):
    data = b"".join(write(rows, columns, format, {}, words_in(lang)))
    # In this process, so that many examples can be tried; the sample goes the whole way.
    table = table_of(read(data)) if format == "xlsx" and len(rows) < 10 else read_table(data)
    found = list(check(table, kind))
    assert [fault for each in found for fault in each.faults] == []
    return found


def by_key(strategy):
    return st.lists(strategy, min_size=1, max_size=4, unique_by=lambda each: each.key)


ROUND_TRIP = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def check_candidates(drawn, contact, format, lang):
    words = words_in(lang)
    rows = [candidate_cells(each, contact, words) for each in drawn]
    found = there_and_back(rows, CANDIDATE_COLUMNS, "candidate", format, lang)
    assert [each.record for each in found] == drawn
    assert {each.contact for each in found} == {contact or None}


def check_vacancies(drawn, format, lang):
    words = words_in(lang)
    rows = [vacancy_cells(each, words) for each in drawn]
    found = there_and_back(rows, VACANCY_COLUMNS, "vacancy", format, lang)
    assert [each.record for each in found] == drawn


@ROUND_TRIP
@given(by_key(candidates), contacts, LANGS)
def test_candidates_by_csv(drawn, contact, lang):
    check_candidates(drawn, contact, "csv", lang)


@ROUND_TRIP
@given(by_key(candidates), contacts, LANGS)
def test_candidates_by_xlsx(drawn, contact, lang):
    check_candidates(drawn, contact, "xlsx", lang)


@ROUND_TRIP
@given(by_key(vacancies), LANGS)
def test_vacancies_by_csv(drawn, lang):
    check_vacancies(drawn, "csv", lang)


@ROUND_TRIP
@given(by_key(vacancies), LANGS)
def test_vacancies_by_xlsx(drawn, lang):
    check_vacancies(drawn, "xlsx", lang)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_sample(format, words):
    people = list(generate_candidates(200, 7))
    check_candidates(people, None, format, words.lang)
    order = ["required", "favoured", "optional"]
    posts = [
        post.model_copy(
            update={
                "skills": tuple(sorted(post.skills, key=lambda each: order.index(each.strength)))
            }
        )
        for post in generate_vacancies(200, 7)
    ]
    check_vacancies(posts, format, words.lang)
