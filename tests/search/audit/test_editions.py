"""An edition is the last one plus what was accepted; nothing comes, goes or changes without a trace."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.audit.edition_decisions import Add, Drop, Reword
from search.audit.edition_files import catalogue_csv, dropped_csv, read_edition
from search.audit.editions import Edition, EditionError, first_edition, next_edition
from taxonomies.catalogue import load_catalogue
from taxonomies.office_catalogues import keep_catalogue, load_catalogues, read_rows

FIRST = first_edition("somewhere-scarce", date(2026, 1, 1), load_catalogue(), "decision no. 1")
START = date(2027, 1, 1)
DECIDED = date(2026, 11, 20)


def again(edition: Edition) -> Edition:
    return read_edition(
        edition.id, edition.start, edition.after, catalogue_csv(edition), dropped_csv(edition)
    )


def test_annex_1_is_the_first_edition_and_comes_back_whole() -> None:
    assert len(FIRST.rows) == 92
    assert {row.lineage for row in FIRST.rows} == {"new"}
    assert again(FIRST) == FIRST
    read = read_rows(catalogue_csv(FIRST), "c.csv")
    assert [row.role_number for row in read] == list(range(1, 93))


def test_the_next_edition_says_what_became_of_every_row(tmp_path) -> None:
    field = FIRST.rows[0].field
    edition = next_edition(
        FIRST,
        START,
        [
            Drop(3, "no demand for 12 months", DECIDED),
            Reword(1, "postings ask for cloud services", DECIDED, duty="New duty, with a comma"),
            Add("Embodied AI engineer", "9 posts of 4 employers", DECIDED, "Robots", field),
            Add("Tailor", "7 posts", DECIDED, field="Fashion"),
        ],
    )
    assert [row.number for row in edition.rows] == list(range(1, 94))
    reworded, second, third = edition.rows[:3]
    assert (reworded.lineage, reworded.previous, reworded.on) == ("reworded", 1, DECIDED)
    assert reworded.title == FIRST.rows[0].title
    assert (second.lineage, second.previous, second.reason, second.on) == ("unchanged", 2, "", None)
    assert third.previous == 4
    (gone,) = edition.dropped
    assert (gone.previous, gone.title, gone.on) == (3, FIRST.rows[2].title, DECIDED)
    added = [row for row in edition.rows if row.lineage == "new"]
    assert [row.title for row in added] == ["Embodied AI engineer", "Tailor"]
    assert edition.rows[-1].title == "Tailor"
    assert edition.rows[added[0].number - 2].field == field
    assert edition.rows[added[0].number].field != field
    assert again(edition) == edition
    # The same as Bole keeps the catalogues of offices.
    kept = keep_catalogue(tmp_path, edition.office_catalogue())
    assert kept.name == "2027-01-01.json"
    (loaded,) = load_catalogues(tmp_path)
    assert loaded.rows == read_rows(catalogue_csv(edition), "c.csv")
    assert loaded.rows == edition.office_catalogue().rows


def test_an_edition_without_decisions_is_unchanged_throughout() -> None:
    edition = next_edition(FIRST, START, [])
    assert {row.lineage for row in edition.rows} == {"unchanged"}
    assert [row.title for row in edition.rows] == [row.title for row in FIRST.rows]
    assert (edition.after, edition.dropped) == (FIRST.start, ())


@pytest.mark.parametrize(
    ("decisions", "message"),
    [
        ([Drop(93, "x", DECIDED)], "names row 93; rows of the last edition are 1 to 92"),
        ([Drop(0, "x", DECIDED)], "names row 0"),
        ([Drop(1, " ", DECIDED)], "has no reason"),
        ([Drop(1, "x", DECIDED), Reword(1, "y", DECIDED, "z")], "row 1 has two decisions"),
        ([Add(" ", "x", DECIDED)], "has no title"),
        ([Reword(1, "x", DECIDED)], "changes nothing of row 1"),
        ([Reword(1, "x", DECIDED, title=" ")], "leaves row 1 without a title"),
        ([Add("=1+1", "x", DECIDED)], "begins with a sign that spreadsheets take for a formula"),
        ([Add("A", "x", DECIDED), Add("A", "y", DECIDED)], "'A' would stand twice in field ''"),
        ([Drop(row.number, "x", DECIDED) for row in FIRST.rows], "every row was to be dropped"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_way_out(decisions, message: str) -> None:
    with pytest.raises(EditionError, match=message):
        next_edition(FIRST, START, decisions)


def test_an_edition_begins_after_the_last() -> None:
    with pytest.raises(EditionError, match="give a later day"):
        next_edition(FIRST, FIRST.start, [])


def test_two_new_rows_of_one_title_would_be_one_in_the_file() -> None:
    decisions = [Add("A", "x", DECIDED, field="f"), Add("A", "x", DECIDED, field="g")]
    with pytest.raises(EditionError, match="94 rows were written and 93 read again"):
        catalogue_csv(next_edition(FIRST, START, decisions))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"number,title", b"nr,title", "the columns should be number, title"),
        (b"\r\n2,", b"\r\n7,", "numbered 1, 2, 3"),
        (b",unchanged,", b",kept,", "lineage should be unchanged, reworded, new"),
        (b",unchanged,", b",new,", "row that is new should have no previous row"),
        (b",unchanged,1,", b",unchanged,one,", "'one' should be the number of a row"),
        (b"\xef\xbb\xbf", b"\xff", "UTF-8"),
    ],
)
def test_an_altered_file_is_refused(old: bytes, new: bytes, message: str) -> None:
    edition = next_edition(FIRST, START, [])
    content = catalogue_csv(edition)
    assert old in content
    with pytest.raises(ValueError, match=message):
        read_edition(edition.id, START, None, content.replace(old, new, 1), dropped_csv(edition))


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
titles = texts.map(lambda text: f"T{text.strip()}")


@st.composite
def decisions_of(draw):
    rows = draw(st.lists(st.integers(1, 92), unique=True, max_size=12))
    changed = [
        draw(
            st.one_of(
                st.builds(Drop, st.just(row), titles, st.just(DECIDED)),
                st.builds(Reword, st.just(row), titles, st.just(DECIDED), duty=titles),
            )
        )
        for row in rows
    ]
    names = draw(st.lists(titles, unique=True, max_size=5))
    field = st.sampled_from(["", FIRST.rows[0].field])
    return changed + [Add(f"new {name}", "r", DECIDED, draw(texts), draw(field)) for name in names]


@settings(deadline=None)
@given(decisions_of())
def test_every_row_is_accounted_for_and_the_files_give_the_edition_back(decisions) -> None:
    edition = next_edition(FIRST, START, decisions)
    kept = [row.previous for row in edition.rows if row.previous is not None]
    gone = [row.previous for row in edition.dropped]
    assert sorted(kept + gone) == [row.number for row in FIRST.rows]
    assert kept == sorted(kept)
    assert sum(row.lineage == "new" for row in edition.rows) == sum(
        isinstance(one, Add) for one in decisions
    )
    assert again(edition) == edition
