"""Published values are kept as printed, joined to a row of the catalogue where that is certain."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.audit.published.rows import LONGEST, read_published
from taxonomies.catalogue import load_catalogue

CATALOGUE = load_catalogue()
HEADER = "name,publisher,edition,title,role,value,band,source"


def read(*rows: str, header: str = HEADER):
    return read_published("\n".join([header, *rows]).encode(), CATALOGUE)


def test_values_stay_as_they_are_printed() -> None:
    found = read(
        "紧缺指数,某市,2025,织布工,,★★★★,非常紧缺,公告第3页", 'Index,City,2024,"a, b",7,0.630,,'
    )
    assert not found.faults
    first, second = found.values
    assert (first.value, first.band, first.role, first.source) == (
        "★★★★",
        "非常紧缺",
        None,
        "公告第3页",
    )
    assert (second.title, second.role, second.value) == ("a, b", 7, "0.630")


def test_a_title_of_one_row_joins_it_and_a_title_of_two_does_not() -> None:
    titles = [role.title.zh for role in CATALOGUE.roles]
    once = next(role for role in CATALOGUE.roles if titles.count(role.title.zh) == 1)
    twice = next(title for title in titles if titles.count(title) > 1)
    one, two, named = read(
        f"i,p,2025,{once.title.zh},,1", f"i,p,2025,{twice},,1", f"i,p,2024,{once.title.zh},2,1"
    ).values
    assert (one.role, two.role, named.role) == (once.number, None, 2)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (",p,2025,t,,1", "name", "empty"),
        ("i,,2025,t,,1", "publisher", "empty"),
        ("i,p,,t,,1", "edition", "empty"),
        ("i,p,2025,,,1", "title", "empty"),
        ("i,p,2025,t,,", "value", "empty"),
        ("i,p,2025,t,93,1", "role", "unknown_role"),
        ("i,p,2025,t,²,1", "role", "unknown_role"),
        ("i,p,2025,t,-1,1", "role", "unknown_role"),
        (f"i,p,2025,{'t' * (LONGEST['title'] + 1)},,1", "title", "too_long"),
        (f"i,p,2025,t,,1,,{'s' * (LONGEST['source'] + 1)}", "source", "too_long"),
    ],
)
def test_a_row_at_fault_is_told_and_the_others_are_kept(row: str, column: str, reason: str) -> None:
    found = read(row, "i,p,2025,sound,,1")
    assert [(one.row, one.column, one.reason) for one in found.faults] == [(2, column, reason)]
    assert [one.title for one in found.values] == ["sound"]


def test_a_title_twice_in_an_edition_is_told() -> None:
    found = read("i,p,2025,t,,1", "i,p,2025,t,,2", "i,p,2024,t,,2")
    assert [(one.row, one.column, one.expected) for one in found.faults] == [(3, "title", "2")]
    assert [one.value for one in found.values] == ["1", "2"]


def test_a_missing_column_is_named() -> None:
    found = read("i,p", header="指数,发布单位")
    assert {one.expected for one in found.faults} == {"edition", "title", "value"}


@settings(deadline=None)
@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"{HEADER}\n{text}".encode())
)
def test_nothing_is_raised_for_what_a_file_holds(content: bytes) -> None:
    found = read_published(content, CATALOGUE)
    for one in found.values:
        assert all((one.name, one.publisher, one.edition, one.title, one.value))
