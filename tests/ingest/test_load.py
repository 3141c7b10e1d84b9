"""Loading JSON Lines: every bad line is named, every good one is in."""

from __future__ import annotations

import io
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.load import (
    BATCH,
    LONGEST_LINE,
    MOST_PROBLEMS,
    LoadProgress,
    Problem,
    load_file,
    load_stream,
    read_line,
    with_key,
)
from search.records.database import open_database
from search.records.models import Candidate, Vacancy
from search.records.store import RecordStore


def lines(*values: object) -> io.BytesIO:
    return io.BytesIO("".join(json.dumps(value) + "\n" for value in values).encode())


def candidate(**fields: object) -> dict[str, object]:
    return {"kind": "candidate", "headline": "a", **fields}


BAD = [
    (b"\xff\xfe", "", "not UTF-8", "UTF-8"),
    (json.dumps(candidate(summary="开发"), ensure_ascii=False).encode("gb18030"), "", "not UTF-8", "GB18030"),
    (b'{"kind": "candidate"', "", "character", "JSON object"),
    (b"headline: a", "", "near", "JSON object"),
    (b"[1]", "", "[1]", "JSON object"),
    (b"null", "", "null", "JSON object"),
    (b'{"kind":"candidate","headline":"a","years_experience":NaN}', "", "NaN", "leave the field out"),
    (b'{"kind":"candidate","headline":"a","years_experience":-Infinity}', "", "Infinity", "no such"),
    (b'{"kind":"candidate","headline":"a","years_experience":1e400}', "years_experience", "Infinity", "finite"),
    (b'{"kind":"candidate","headline":"a","years_experience":' + b"9" * 5000 + b"}", "", "digits", "plausible"),
    (b'{"kind":"candidate","headline":"a\\ud800b"}', "", "half a character", "whole"),
    (b'{"kind":"candidate","headline":' + b"[" * 300 + b"]" * 300 + b"}", "", "deep", "nested"),
    (b"[" * 100_000, "", "deep", "nested"),
    (b'{"kind":"candidate","headline":"a","headline":"b"}', "", "twice", "keep"),
    (b'{"headline":"a"}', "kind", "null", '"candidate"'),
    (b'{"kind":["candidate"],"headline":"a"}', "kind", "[", '"candidate"'),
    (b'{"kind":"candidate"}', "headline", "nothing", "required"),
    (b'{"kind":"candidate","headline":"  "}', "headline", '"  "', "at least 1 character"),
    (b'{"kind":"candidate","headline":"a","sex":"m"}', "sex", "unknown field", "leave it out"),
    (b'{"kind":"candidate","headline":"a","sumary":"m"}', "sumary", "unknown", "did you mean summary?"),
    (b'{"kind":"candidate","headline":"a","wishes":{"rolez":[1]}}', "wishes.rolez", "unknown", "mean roles?"),
    (b'{"kind":"candidate","headline":"a","years_experience":true}', "years_experience", "true", "number"),
    (b'{"kind":"candidate","headline":"a","years_experience":-1}', "years_experience", "-1", "greater"),
    (b'{"kind":"candidate","headline":"a","region":"3301"}', "region", '"3301"', "pattern"),
    (b'{"kind":"candidate","headline":"a","region":"999999"}', "region", "999999", "listed region"),
    (b'{"kind":"vacancy","title":"a","region":"000000"}', "region", "000000", "listed region"),
    (b'{"kind":"candidate","headline":"a","wishes":{"roles":[93]}}', "wishes.roles.0", "93", "1 to 92"),
    (b'{"kind":"vacancy","title":"a","role":93}', "role", "93", "1 to 92"),
    (b'{"kind":"vacancy","title":"a","posted":"2026-13-01"}', "posted", "2026-13-01", "date"),
    (b'{"kind":"vacancy","title":"a","key":"a b"}', "key", '"a b"', "pattern"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "field", "found", "advice"), BAD)
def test_a_bad_line_is_explained(raw: bytes, field: str, found: str, advice: str) -> None:
    record, problems = read_line(7, raw)
    assert record is None
    assert [problem.line for problem in problems] == [7]
    assert problems[0].field == field
    assert found in problems[0].found
    assert advice in problems[0].advice
    assert len(str(problems[0])) < 300
    str(problems[0]).encode()


def test_bad_lines_stop_no_others(store: RecordStore) -> None:
    good = [json.dumps(candidate(key=f"k{n}")).encode() for n in range(len(BAD))]
    text = b"\n".join(
        line for pair in zip(good, BAD, strict=True) for line in (pair[0], pair[1][0])
    )
    report = load_stream(io.BytesIO(text), store, "me")
    assert (report.lines, report.added, report.refused) == (2 * len(BAD), len(BAD), len(BAD))
    assert [problem.line for problem in report.problems] == [2 * n + 2 for n in range(len(BAD))]
    assert store.count("candidate", owner="me") == len(BAD)


def test_a_line_may_have_several_problems(store: RecordStore) -> None:
    report = load_stream(lines(candidate(sex="m", age=3, region="1")), store, "me")
    assert report.refused == 1
    assert {problem.field for problem in report.problems} == {"sex", "age", "region"}


def test_loading_again_changes_nothing(store: RecordStore) -> None:
    given_lines = [
        candidate(key="k"),
        candidate(headline="no key"),
        {"kind": "vacancy", "title": "v"},
    ]
    first = load_stream(lines(*given_lines), store, "me")
    assert (first.added, first.changed, first.unchanged) == (3, 0, 0)
    last = store.last_sequence()
    again = load_stream(lines(*given_lines), store, "me")
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
    assert store.last_sequence() == last
    given_lines[0] = candidate(key="k", headline="b")
    third = load_stream(lines(*given_lines), store, "me")
    assert (third.added, third.changed, third.unchanged) == (0, 1, 2)
    assert store.last_sequence() == last + 1


def test_an_interrupted_load_is_taken_up(store: RecordStore) -> None:
    given_lines = [candidate(headline=f"h{n}") for n in range(2 * BATCH + 3)]

    class InterruptedLoadError(Exception):
        pass

    def interrupt(progress: LoadProgress) -> None:
        if progress.stored >= BATCH:
            raise InterruptedLoadError

    with pytest.raises(InterruptedLoadError):
        load_stream(lines(*given_lines), store, "me", on_progress=interrupt)
    assert store.count() == BATCH
    report = load_stream(lines(*given_lines), store, "me")
    assert (report.added, report.unchanged) == (BATCH + 3, BATCH)
    assert store.count() == len(given_lines)


def test_keys_by_content() -> None:
    one, other = with_key(Candidate(headline="a")), with_key(Candidate(headline="b"))
    assert one.key is not None
    assert len(one.key) == 64
    assert one.key == with_key(Candidate(headline="a", summary="")).key != other.key
    assert with_key(one) is one
    assert Vacancy.model_validate(with_key(Vacancy(title="a")).model_dump()).key


def test_the_kind_may_be_said_once_for_all(store: RecordStore) -> None:
    given_lines = [
        {"headline": "a"},
        {"kind": "candidate", "headline": "b"},
        {"kind": "vacancy", "title": "c"},
    ]
    report = load_stream(lines(*given_lines), store, "me", kind="candidate")
    assert (report.added, report.refused) == (2, 1)
    assert report.problems[0].field == "kind"


def test_marks_blanks_and_line_ends(tmp_path: Path, store: RecordStore) -> None:
    path = tmp_path / "profiles.jsonl"
    body = json.dumps(candidate(headline="开发 😀 \u2028 x"), ensure_ascii=False)
    path.write_bytes(
        b"\xef\xbb\xbf" + body.encode() + b"\r\n\r\n   \n" + b'{"kind":"vacancy","title":"v"}'
    )
    seen: list[LoadProgress] = []
    report = load_file(path, store, "me", on_progress=seen.append)
    assert (report.lines, report.added, report.refused) == (2, 2, 0)
    assert seen[-1] == LoadProgress(4, path.stat().st_size, 2)


def test_a_line_without_end_is_refused_without_being_held(store: RecordStore) -> None:
    stream = io.BytesIO(b"x" * (10 * LONGEST_LINE) + b"\n" + json.dumps(candidate()).encode())
    tracemalloc.start()
    report = load_stream(stream, store, "me")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (report.lines, report.added, report.refused) == (2, 1, 1)
    assert "too long" in report.problems[0].found
    assert report.problems[0].line == 1
    assert peak < 4 * LONGEST_LINE


def test_a_report_stays_small(store: RecordStore) -> None:
    told: list[Problem] = []
    stream = io.BytesIO(b"x\n" * (MOST_PROBLEMS + 50))
    report = load_stream(stream, store, "me", on_problem=told.append)
    assert report.refused == len(told) == MOST_PROBLEMS + 50
    assert len(report.problems) == MOST_PROBLEMS


def test_nothing_loads_as_nothing(store: RecordStore) -> None:
    report = load_stream(io.BytesIO(b"\n\n"), store, "me")
    assert (report.lines, report.added, report.refused) == (0, 0, 0)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.one_of(st.binary(max_size=40), st.just(b'{"kind":"vacancy","title":"v"}')), max_size=12
    )
)
def test_any_bytes_are_counted(tmp_path_factory: pytest.TempPathFactory, rows: list[bytes]) -> None:
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('any') / 'bole.db'}")
    store = RecordStore(database)
    report = load_stream(io.BytesIO(b"\n".join(rows)), store, "me")
    assert report.lines == report.added + report.changed + report.unchanged + report.refused
    assert store.count() == report.added
    assert len({problem.line for problem in report.problems}) == report.refused
    database.close()
