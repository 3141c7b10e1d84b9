"""What every index must do; see `search.backends.base`."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.backends.base import Document, LexicalQuery, SearchBackend, SearchIndex
from search.backends.filters import (
    EVERYTHING,
    KEYWORD_FIELDS,
    And,
    Attributes,
    Filter,
    Ids,
    Not,
    Or,
    Range,
    Term,
    UnknownFieldError,
    matches,
)
from search.backends.scoped import ScopedIndex

ROOT = Path(__file__).parents[2]
DIM = 16
#: Held by every test document in `text`, so that the lexical arm can find all that passes a filter.
COMMON = LexicalQuery({"text": {"common": 1.0}})
ODD_NAMES = (
    "c++", "c#", ".net", "node.js", "中文", "量子计算", '"quoted"', "it's", "a&b", "(x)", "*", "\\",
    "AND", "r-1", "#5", "é", "🙂", "--",
)  # fmt: skip

Factory = Any  # tests/contract/conftest.py: BackendFactory


def vector(seed: int) -> np.ndarray:
    values = np.random.default_rng(seed).standard_normal(DIM).astype(np.float32)
    return values / np.linalg.norm(values)


def document(
    number: int,
    sequence: int = 1,
    *,
    title: str = "",
    text: str = "",
    attributes: Attributes | None = None,
    with_vector: bool = True,
) -> Document:
    return Document(
        f"candidate:{number}",
        sequence,
        {"title": title, "text": f"common {text}".strip()},
        attributes or {},
        vector(number) if with_vector else None,
    )


def fill(backend: SearchBackend, documents: Iterable[Document], watermark: int = 1) -> int:
    applied = backend.upsert(documents)
    backend.commit(watermark)
    backend.refresh()
    return applied


def found(hits: Sequence[Any]) -> list[str]:
    return [hit.doc_id for hit in hits]


def everywhere(backend: SearchIndex, condition: Filter) -> set[str]:
    """Return the ids that pass, having checked that every way of asking finds the same."""
    ids = set(found(backend.lexical(COMMON, condition, 10_000)))
    assert backend.count(condition) == len(ids)
    with_vector = set(backend.similarities(vector(0), sorted(ids)))
    assert set(found(backend.nearest(vector(0), condition, 10_000))) == with_vector
    return ids


def check_facets(backend: SearchIndex, condition: Filter, passing: Iterable[Document]) -> None:
    counters: dict[str, Counter[Any]] = {name: Counter() for name in KEYWORD_FIELDS}
    for one in passing:
        for name in KEYWORD_FIELDS:
            counters[name].update(set(one.attributes.get(name, ())))
    for size in (1, 3, 100):
        expected = {
            name: dict(sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:size])
            for name, counter in counters.items()
        }
        answer = backend.facets(condition, KEYWORD_FIELDS, size)
        assert answer == expected
        assert [list(part) for part in answer.values()] == [list(p) for p in expected.values()]


# Writing


def test_a_new_index_is_empty(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    assert backend.watermark() == 0
    assert backend.doc_ids() == set()
    assert backend.count(EVERYTHING) == backend.count(Not(Term("kind", ("x",)))) == 0
    assert backend.lexical(COMMON, EVERYTHING, 5) == []
    assert backend.nearest(vector(0), EVERYTHING, 5) == []
    assert backend.similarities(vector(0), ["x"]) == backend.get(["x"]) == {}
    assert backend.facets(EVERYTHING, ["kind"], 5) == {"kind": {}}
    assert backend.delete({"x": 9}) == 0


def test_documents_show_after_commit_and_refresh_only(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    assert backend.upsert([document(1), document(2)]) == 2
    backend.refresh()
    assert everywhere(backend, EVERYTHING) == set()
    backend.commit(7)
    backend.refresh()
    assert everywhere(backend, EVERYTHING) == {"candidate:1", "candidate:2"} == backend.doc_ids()
    assert backend.watermark() == 7
    backend.delete({"candidate:1": 1})
    backend.refresh()
    assert everywhere(backend, EVERYTHING) == {"candidate:1", "candidate:2"}


def test_the_same_document_twice_is_one(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    one = document(1, attributes={"kind": ("candidate",)})
    assert backend.upsert([one, one]) == 2
    assert fill(backend, [one]) == 1
    assert fill(backend, [one]) == 1
    assert everywhere(backend, EVERYTHING) == {"candidate:1"}
    assert backend.facets(EVERYTHING, ["kind"], 5) == {"kind": {"candidate": 1}}


def test_replacing_leaves_nothing_of_the_old(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    fill(backend, [document(1, text="old", attributes={"kind": ("a",), "years": (1,)})])
    new = Document("candidate:1", 2, {"text": "common new"}, {"kind": ("b",)}, vector(99))
    assert fill(backend, [new]) == 1
    assert backend.lexical(LexicalQuery({"text": {"old": 1.0}}), EVERYTHING, 5) == []
    assert found(backend.lexical(LexicalQuery({"text": {"new": 1.0}}), EVERYTHING, 5))
    assert everywhere(backend, Term("kind", ("a",))) == set()
    assert everywhere(backend, Range("years")) == set()
    assert backend.facets(EVERYTHING, ["kind"], 5) == {"kind": {"b": 1}}
    assert backend.nearest(vector(99), EVERYTHING, 5)[0].score == pytest.approx(1, abs=1e-3)
    fill(backend, [document(1, 3, with_vector=False)])
    assert backend.nearest(vector(99), EVERYTHING, 5) == []


@pytest.mark.parametrize("is_committed", [True, False])
def test_an_older_sequence_is_skipped(backend_factory: Factory, is_committed: bool) -> None:
    backend = backend_factory.open()
    backend.upsert([document(1, 5, attributes={"kind": ("new",)})])
    if is_committed:
        backend.commit(5)
    assert fill(backend, [document(1, 4, attributes={"kind": ("old",)}), document(2, 4)]) == 1
    assert backend.get(["candidate:1"])["candidate:1"].sequence == 5
    assert everywhere(backend, Term("kind", ("new",))) == {"candidate:1"}
    assert everywhere(backend, Term("kind", ("old",))) == set()


def test_deleting_leaves_every_arm(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    fill(backend, [document(n, attributes={"kind": ("k",)}) for n in range(5)])
    backend.upsert([document(9)])
    assert backend.delete({"candidate:1": 1, "candidate:9": 1, "nobody": 1}) == 2
    backend.commit(2)
    backend.refresh()
    left = {f"candidate:{n}" for n in (0, 2, 3, 4)}
    assert everywhere(backend, EVERYTHING) == left == backend.doc_ids()
    assert backend.facets(EVERYTHING, ["kind"], 5) == {"kind": {"k": 4}}
    assert backend.get(["candidate:1"]) == {}
    assert backend.similarities(vector(0), ["candidate:1", "candidate:9"]) == {}


def test_a_deleted_document_can_come_back(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    fill(backend, [document(1, 1, text="first")])
    backend.delete({"candidate:1": 1})
    fill(backend, [document(1, 2, text="second")])
    assert everywhere(backend, EVERYTHING) == {"candidate:1"}
    assert backend.lexical(LexicalQuery({"text": {"first": 1.0}}), EVERYTHING, 5) == []


@pytest.mark.parametrize("is_committed", [True, False])
def test_a_deletion_from_before_leaves_a_newer_document(
    backend_factory: Factory, is_committed: bool
) -> None:
    backend = backend_factory.open()
    backend.upsert([document(1, 5)])
    if is_committed:
        backend.commit(5)
    assert backend.delete({"candidate:1": 4}) == 0
    backend.commit(6)
    backend.refresh()
    assert everywhere(backend, EVERYTHING) == {"candidate:1"}
    assert backend.delete({"candidate:1": 7}) == 1
    backend.commit(7)
    backend.refresh()
    assert everywhere(backend, EVERYTHING) == set()


def test_what_is_stored_comes_back(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    attributes: Attributes = {"skill": ("c++", '中"文'), "years": (3, 4.5), "kind": ("candidate",)}
    given = document(1, 42, title="c++ 版图", text="first 中文", attributes=attributes)
    fill(backend, [given])
    (stored,) = backend.get(["candidate:1", "candidate:1", "nobody"]).values()
    assert (stored.doc_id, stored.sequence) == ("candidate:1", 42)
    assert dict(stored.attributes) == attributes
    assert stored.tokens == given.tokens
    assert stored.vector is None


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (Document("has blank", 1, {}, {}), ValueError),
        (Document("", 1, {}, {}), ValueError),
        (Document("x" * 201, 1, {}, {}), ValueError),
        (Document("x", -1, {}, {}), ValueError),
        (Document("x", 1, {"body": "a"}, {}), UnknownFieldError),
        (Document("x", 1, {}, {"colour": ("red",)}), UnknownFieldError),
        (Document("x", 1, {}, {"years": ("3",)}), ValueError),
        (Document("x", 1, {}, {"years": (math.nan,)}), ValueError),
        (Document("x", 1, {}, {"kind": (3,)}), ValueError),
        (Document("x", 1, {}, {"kind": ("",)}), ValueError),
        (Document("x", 1, {}, {"kind": ("v" * 1025,)}), ValueError),
        (Document("x", 1, {}, {}, np.ones(DIM + 1, dtype=np.float32)), ValueError),
        (Document("x", 1, {}, {}, np.full(DIM, np.nan, dtype=np.float32)), ValueError),
    ],
)
def test_broken_documents_are_refused(
    backend_factory: Factory, broken: Document, error: type[Exception]
) -> None:
    backend = backend_factory.open()
    with pytest.raises(error):
        backend.upsert([document(1), broken, document(2)])
    backend.commit(1)
    backend.refresh()
    assert everywhere(backend, EVERYTHING) == {"candidate:1"}


# Commits


def test_a_commit_outlives_the_backend(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    fill(backend, [document(n) for n in range(10)], 3)
    backend.delete({"candidate:0": 1})
    fill(backend, [document(n, 2, text="again") for n in range(5, 15)], 4)
    backend.upsert([document(99)])
    backend.close()
    again = backend_factory.open()
    assert again.watermark() == 4
    assert everywhere(again, EVERYTHING) == {f"candidate:{n}" for n in range(1, 15)}
    query = LexicalQuery({"text": {"again": 1.0}})
    assert len(again.lexical(query, EVERYTHING, 50)) == 10


def test_the_watermark_is_no_document(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    fill(backend, [document(1)], 5)
    for watermark in range(6, 10):
        backend.commit(watermark)
        backend.refresh()
    assert backend.watermark() == 9
    assert backend.doc_ids() == everywhere(backend, EVERYTHING) == {"candidate:1"}
    assert everywhere(backend, Not(Term("kind", ("x",)))) == {"candidate:1"}
    facets = backend.facets(EVERYTHING, KEYWORD_FIELDS, 5)
    assert facets == {name: {} for name in KEYWORD_FIELDS}


def test_watermark_and_documents_move_together(backend_factory: Factory) -> None:
    writer = backend_factory.open()
    writer.commit(0)
    reader = backend_factory.open(writable=False)
    for number in range(1, 20):
        writer.upsert([document(number)])
        writer.commit(number)
        if number % 3 == 0:
            reader.refresh()
            seen = reader.watermark()
            assert everywhere(reader, EVERYTHING) == {f"candidate:{n}" for n in range(1, seen + 1)}
            assert seen == number


def test_a_reader_in_another_process_sees_commits(backend_factory: Factory) -> None:
    writer = backend_factory.open()
    fill(writer, [document(n, attributes={"kind": ("a",)}) for n in range(3)], 1)
    code = backend_factory.opening_code() + (
        "import numpy as np, time\n"
        "from search.backends.base import LexicalQuery\n"
        "from search.backends.filters import EVERYTHING\n"
        "print(backend.count(EVERYTHING), flush=True)\n"
        "deadline = time.monotonic() + 30\n"
        "while backend.watermark() < 2 and time.monotonic() < deadline:\n"
        "    time.sleep(0.02); backend.refresh()\n"
        f"near = backend.nearest(np.ones({DIM}, dtype=np.float32), EVERYTHING, 50)\n"
        "hits = backend.lexical(LexicalQuery({'text': {'common': 1.0}}), EVERYTHING, 50)\n"
        "print(backend.count(EVERYTHING), len(near), len(hits), flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "3\n"
        writer.delete({"candidate:0": 1})
        writer.upsert([document(n) for n in range(10, 15)])
        writer.commit(2)
        assert child.stdout.readline() == "7 7 7\n"
    assert child.returncode == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_a_rebuilt_index_answers_as_a_grown_one(backend_factory: Factory, seed: int) -> None:
    random = np.random.default_rng(seed)
    words = [f"w{n}" for n in range(40)]

    def version(number: int, sequence: int) -> Document:
        draw = np.random.default_rng((number, sequence))
        attributes: Attributes = {
            "kind": (str(draw.choice(["a", "b"])),),
            "skill": tuple(map(str, draw.choice(words, 3))),
            "years": (int(draw.integers(20)),),
        }
        text = " ".join(draw.choice(words, 8))
        return Document(
            f"candidate:{number}",
            sequence,
            {"title": text[:5].strip(), "text": f"common {text}"},
            attributes,
            vector(number * 1000 + sequence),
        )

    grown = backend_factory.open("grown")
    current: dict[int, Document] = {}
    for step in range(1, 15):
        for number in random.integers(0, 60, 20).tolist():
            current[number] = version(number, step)
            grown.upsert([current[number]])
        gone = random.integers(0, 60, 3).tolist()
        grown.delete({f"candidate:{number}": step for number in gone})
        for number in gone:
            current.pop(number, None)
        grown.commit(step)
    grown.refresh()
    rebuilt = backend_factory.open("rebuilt")
    fill(rebuilt, [current[number] for number in random.permutation(sorted(current)).tolist()], 14)

    assert grown.doc_ids() == rebuilt.doc_ids()
    assert grown.watermark() == rebuilt.watermark()
    ids = sorted(rebuilt.doc_ids())
    assert grown.get(ids) == rebuilt.get(ids)
    for condition in (EVERYTHING, Term("kind", ("a",)), Range("years", 3, 9)):
        assert everywhere(grown, condition) == everywhere(rebuilt, condition)
        fields = ("kind", "skill")
        assert grown.facets(condition, fields, 5) == rebuilt.facets(condition, fields, 5)
        assert grown.nearest(vector(7), condition, 20) == rebuilt.nearest(vector(7), condition, 20)
        query = LexicalQuery({"text": {"w1": 1.0, "w2": 2.0}, "title": {"w3": 1.0}})
        # Scores may differ: until segments are merged, idf counts replaced documents as well.
        assert set(found(grown.lexical(query, condition, 99))) == set(
            found(rebuilt.lexical(query, condition, 99))
        )
    assert grown.similarities(vector(3), ids) == rebuilt.similarities(vector(3), ids)


# Filters

VALUES = ("candidate", "vacancy", *ODD_NAMES[:6])
_keyword_field = st.sampled_from(("kind", "skill", "region", "role"))
_number_field = st.sampled_from(("years", "pay_monthly_yuan", "posted_day"))
_number = st.one_of(
    st.integers(-3, 12), st.sampled_from((0.5, -0.0, 2.25, 1e300, -1e300, 2.0**40, 1e-300))
)
_bound = st.one_of(st.none(), _number, st.sampled_from((math.inf, -math.inf, math.nan)))
_attributes = st.fixed_dictionaries(
    {},
    optional={
        **{
            name: st.lists(st.sampled_from(VALUES), max_size=4).map(tuple)
            for name in ("kind", "skill", "region", "role")
        },
        **{
            name: st.lists(_number, max_size=3).map(tuple)
            for name in ("years", "pay_monthly_yuan", "posted_day")
        },
    },
)
_leaf = st.one_of(
    st.builds(
        Term,
        _keyword_field,
        st.lists(st.sampled_from((*VALUES, "unheard-of")), max_size=20).map(tuple),
    ),
    st.builds(Range, _number_field, _bound, _bound),
    st.builds(
        Ids,
        # Of the few documents of a test, of the many of `CROWD`, and of none.
        st.lists(st.integers(0, 14) | st.integers(0, 450), max_size=40).map(
            lambda numbers: tuple(f"candidate:{number}" for number in numbers)
        ),
    ),
)
filters: st.SearchStrategy[Filter] = st.recursive(
    _leaf,
    lambda inner: st.one_of(
        st.builds(And, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=8,
)
_RELAXED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=15, deadline=None, suppress_health_check=_RELAXED)
@given(
    held=st.lists(st.tuples(_attributes, st.booleans()), min_size=1, max_size=12),
    later=st.lists(st.tuples(_attributes, st.booleans()), max_size=4),
    conditions=st.lists(filters, min_size=1, max_size=10),
)
def test_filters_bind_in_every_arm(
    backend_factory: Factory,
    held: list[tuple[dict[str, Any], bool]],
    later: list[tuple[dict[str, Any], bool]],
    conditions: list[Filter],
) -> None:
    backend = backend_factory.open(f"i{next(_names)}")
    documents = {}
    for sequence, part in enumerate((held, later)):
        for number, (attributes, with_vector) in enumerate(part):
            one = document(number, sequence, attributes=attributes, with_vector=with_vector)
            documents[one.doc_id] = one
            backend.upsert([one])
        backend.commit(1)
    backend.refresh()
    for condition in conditions:
        passing = [one for one in documents.values() if matches(condition, one)]
        assert everywhere(backend, condition) == {one.doc_id for one in passing}
        check_facets(backend, condition, passing)
    backend.close()


_names = itertools.count()


@settings(max_examples=120, deadline=None, suppress_health_check=_RELAXED)
@given(condition=filters)
def test_filters_bind_among_many(crowd: SearchBackend, condition: Filter) -> None:
    passing = [one for one in CROWD if matches(condition, one)]
    assert everywhere(crowd, condition) == {one.doc_id for one in passing}
    check_facets(crowd, condition, passing)


def _crowd() -> list[Document]:
    random = np.random.default_rng(11)
    crowd = []
    for number in range(400):
        attributes: dict[str, tuple[str | int | float, ...]] = {}
        for name in ("kind", "skill", "region", "role"):
            if random.random() < 0.8:
                attributes[name] = tuple(
                    VALUES[place] for place in random.integers(0, len(VALUES), random.integers(4))
                )
        for name in ("years", "pay_monthly_yuan", "posted_day"):
            if random.random() < 0.8:
                attributes[name] = tuple(random.integers(-3, 12, random.integers(3)).tolist())
        crowd.append(document(number, attributes=attributes, with_vector=random.random() < 0.9))
    return crowd


CROWD = _crowd()


@pytest.fixture
def crowd(backend_factory: Factory) -> SearchBackend:
    backend: SearchBackend = backend_factory.open("crowd")
    fill(backend, [document(number, 0, text="older") for number in range(0, 400, 3)])
    fill(backend, CROWD)
    return backend


def test_a_document_without_the_field_passes_only_a_not(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    fill(backend, [document(1, attributes={"kind": ("a",), "years": (3,)}), document(2)])
    assert everywhere(backend, Term("kind", ("a",))) == {"candidate:1"}
    assert everywhere(backend, Not(Term("kind", ("a",)))) == {"candidate:2"}
    assert everywhere(backend, Not(Term("kind", ("b",)))) == {"candidate:1", "candidate:2"}
    assert everywhere(backend, Range("years")) == {"candidate:1"}
    assert everywhere(backend, Not(Range("years", 0, 9))) == {"candidate:2"}


def test_ids_name_documents_and_nothing_else(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    fill(backend, [document(n, attributes={"kind": (f"k{n % 2}",)}) for n in range(60)])
    fill(backend, [document(n, 2, attributes={"kind": ("new",)}) for n in (3, 4)])
    backend.delete({"candidate:5": 9})
    fill(backend, [])

    def named(*numbers: int) -> Ids:
        return Ids(tuple(f"candidate:{number}" for number in numbers))

    assert everywhere(backend, named(1, 1, 3, 5, 99)) == {"candidate:1", "candidate:3"}
    assert everywhere(backend, named(*range(40))) == {f"candidate:{n}" for n in range(40) if n != 5}
    assert everywhere(backend, And((named(1, 2, 3), Term("kind", ("k1", "new"))))) == {
        "candidate:1",
        "candidate:3",
    }
    assert everywhere(backend, Not(named(*range(2, 60)))) == {"candidate:0", "candidate:1"}
    assert everywhere(backend, And((named(*range(9)), Not(named(*range(8)))))) == {"candidate:8"}
    assert backend.facets(named(0, 1, 2, 3), ["kind"], 5) == {"kind": {"k0": 2, "k1": 1, "new": 1}}
    for nothing in ((), ("",), ("candidate",), ("k1",), ("_commit",), ("commit",), ("\ud800",)):
        assert everywhere(backend, Ids(nothing)) == set()
        assert len(everywhere(backend, Not(Ids(nothing)))) == 59
    with pytest.raises(ValueError, match="in parts"):
        Ids(("x",) * 10_001)


def test_ranges_include_their_bounds(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    fill(backend, [document(n, attributes={"years": (n, n + 0.5)}) for n in range(6)])

    def numbers(*bounds: float | None) -> list[int]:
        ids = everywhere(backend, Range("years", *bounds))
        return sorted(int(doc_id.split(":")[1]) for doc_id in ids)

    assert numbers(2, 3) == [2, 3]
    assert numbers(2.5, 2.5) == [2]
    assert numbers(2.6, 2.9) == []
    assert numbers(4, None) == [4, 5]
    assert numbers(None, 0) == [0]
    assert numbers(3, 2) == []
    assert numbers(None, None) == [0, 1, 2, 3, 4, 5]


def test_empty_combinations(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    fill(backend, [document(1)])
    nothing: list[Filter] = [Or(), Not(And()), Term("kind", ()), And((Or(),)), Not(Not(Or()))]
    for condition in nothing:
        assert everywhere(backend, condition) == set()
    for condition in (And(), Not(Or()), Or((And(),)), And((And(), Not(Or())))):
        assert everywhere(backend, condition) == {"candidate:1"}


def test_a_filter_adds_no_score(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    words = np.random.default_rng(5).choice([f"w{n}" for n in range(20)], (50, 10))
    fill(
        backend,
        [
            document(n, text=" ".join(row), attributes={"kind": ("a",), "years": (n,)})
            for n, row in enumerate(words)
        ],
    )
    query = LexicalQuery({"text": {"w1": 1.0, "w2": 3.0}})
    plain = {hit.doc_id: hit.score for hit in backend.lexical(query, EVERYTHING, 99)}
    assert plain
    for condition in (
        Term("kind", ("a",)),
        Term("kind", tuple("abcdefghijklmnopqrstuvw")),
        Or((Term("kind", ("a", "b")), Range("years", 0, 99))),
        And((Range("years", 0), Not(Term("kind", ("b",))))),
    ):
        under = {hit.doc_id: hit.score for hit in backend.lexical(query, condition, 99)}
        assert under == pytest.approx(plain, rel=1e-5)


def test_names_are_compared_as_they_are(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    fill(
        backend,
        [
            document(n, title=name, text=name, attributes={"skill": (name,), "owner": (name,)})
            for n, name in enumerate(ODD_NAMES)
        ],
    )
    for number, name in enumerate(ODD_NAMES):
        only = [f"candidate:{number}"]
        for field in ("title", "text", "skill"):
            query = LexicalQuery({field: {name: 1.0}})
            assert found(backend.lexical(query, EVERYTHING, 99)) == only
        for condition in (Term("skill", (name,)), Term("owner", (name, "other"))):
            assert everywhere(backend, condition) == set(only)
    assert backend.facets(EVERYTHING, ["skill"], 99) == {
        "skill": dict.fromkeys(sorted(ODD_NAMES), 1)
    }
    for unknown in ("C++", "c", "中", "", " ", "\ud800", "c++ c#"):
        assert backend.lexical(LexicalQuery({"text": {unknown: 1.0}}), EVERYTHING, 9) == []
        assert everywhere(backend, Term("skill", (unknown,))) == set()
        assert backend.get([unknown]) == backend.similarities(vector(1), [unknown]) == {}


def test_a_facet_is_not_bound_by_its_own_selection(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    fill(
        backend,
        [
            document(
                n, attributes={"kind": (f"k{n % 2}",), "region": (f"r{n % 3}",), "years": (n,)}
            )
            for n in range(12)
        ],
    )
    selected: dict[str, Filter] = {"kind": Term("kind", ("k0",)), "region": Term("region", ("r1",))}
    assert backend.facets(Range("years", None, 8), ("kind", "region", "skill"), 5, selected) == {
        "kind": {"k0": 1, "k1": 2},
        "region": {"r0": 2, "r1": 1, "r2": 2},
        "skill": {},
    }
    plain = backend.facets(Range("years", None, 8), ("kind",), 5, {})
    assert (
        plain
        == {"kind": {"k0": 5, "k1": 4}}
        == backend.facets(Range("years", None, 8), ("kind",), 5)
    )


@settings(max_examples=60, deadline=None, suppress_health_check=_RELAXED)
@given(scope=filters, condition=filters)
def test_nothing_beyond_its_scope_is_seen(
    crowd: SearchBackend, scope: Filter, condition: Filter
) -> None:
    scoped = ScopedIndex(crowd, scope)
    visible = [one for one in CROWD if matches(scope, one)]
    assert everywhere(scoped, EVERYTHING) == {one.doc_id for one in visible}
    both = [one for one in visible if matches(condition, one)]
    assert everywhere(scoped, condition) == {one.doc_id for one in both}
    check_facets(scoped, condition, both)
    ids = [one.doc_id for one in CROWD]
    named = {one.doc_id for one in visible}
    assert set(scoped.get(ids)) == scoped.doc_ids() == named
    assert set(scoped.similarities(vector(0), ids)) == {
        one.doc_id for one in visible if one.vector is not None
    }


def test_unknown_fields_are_refused(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    with pytest.raises(UnknownFieldError, match="colour"):
        backend.facets(EVERYTHING, ["colour"], 5)
    with pytest.raises(UnknownFieldError, match="colour"):
        backend.lexical(LexicalQuery({"colour": {"red": 1.0}}), EVERYTHING, 5)


# Ranking


def reference_bm25(documents: Sequence[Document], query: LexicalQuery) -> dict[str, float]:
    """Score by the formula of `LexicalQuery`, the slow way."""
    scores: dict[str, float] = {}
    for field, weights in query.terms.items():
        is_concept = field in ("skill", "role")
        held: dict[str, Sequence[Any]] = {
            one.doc_id: one.attributes.get(field, ())
            if is_concept
            else one.tokens.get(field, "").split()
            for one in documents
        }
        mean = sum(map(len, held.values())) / len(held)
        for term, weight in weights.items():
            n = sum(term in tokens for tokens in held.values())
            idf = math.log(1 + (len(held) - n + 0.5) / (n + 0.5))
            for doc_id, tokens in held.items():
                if tf := tokens.count(term):
                    norm = 1.2 * (1 - 0.75 + 0.75 * len(tokens) / mean)
                    gain = 1 if is_concept else tf / (tf + norm)
                    scores[doc_id] = scores.get(doc_id, 0) + weight * idf * gain
    return scores


@pytest.mark.parametrize("seed", range(3))
def test_lexical_scores_are_bm25(backend_factory: Factory, seed: int) -> None:
    random = np.random.default_rng(seed)
    vocabulary = [f"w{n}" for n in range(60)]
    documents = [
        document(
            n,
            title=" ".join(random.choice(vocabulary, random.integers(1, 6))),
            # Up to 40 tokens, where Lucene and tantivy store the exact length.
            text=" ".join(
                np.minimum(random.zipf(1.3, random.integers(1, 39)), 59).astype(str).tolist()
            ),
            attributes={"skill": tuple(map(str, random.choice(vocabulary, 3, replace=False)))},
        )
        for n in range(600)
    ]
    backend = backend_factory.open()
    fill(backend, documents)
    query = LexicalQuery(
        {
            "title": {"w1": 2.0, "w2": 0.5},
            "text": {"1": 1.0, "2": 1.0, "7": 4.0, "20": 1.5},
            "skill": {"w5": 1.0, "w6": 3.0},
        }
    )
    expected = reference_bm25(documents, query)
    hits = backend.lexical(query, EVERYTHING, 1000)
    scores = {hit.doc_id: hit.score for hit in hits}
    assert scores.keys() == expected.keys()
    # A bookkeeping document among N moves an idf by about 1 / N, which is much for the tiny idf
    # of a word that nearly all documents hold.
    assert scores == pytest.approx(expected, rel=0.005, abs=0.003)
    ranked = [expected[hit.doc_id] for hit in hits]
    assert all(after <= before * 1.01 + 0.003 for before, after in itertools.pairwise(ranked))
    assert backend.lexical(query, EVERYTHING, 25) == hits[:25]


def test_weights_scale_scores(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    fill(backend, [document(n, text="a b", attributes={"skill": ("s",)}) for n in range(3)])
    for field, term in (("text", "a"), ("skill", "s")):
        (once, *_) = backend.lexical(LexicalQuery({field: {term: 1.0}}), EVERYTHING, 1)
        (thrice, *_) = backend.lexical(LexicalQuery({field: {term: 3.0}}), EVERYTHING, 1)
        assert thrice.score == pytest.approx(3 * once.score, rel=1e-4)
    for weight in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="weight"):
            LexicalQuery({"text": {"a": weight}})


def test_no_terms_find_nothing(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    fill(backend, [document(1)])
    for query in (LexicalQuery(), LexicalQuery({"text": {}})):
        assert backend.lexical(query, EVERYTHING, 5) == []
    assert backend.lexical(COMMON, EVERYTHING, 0) == []
    assert backend.nearest(vector(1), EVERYTHING, 0) == []


@pytest.mark.parametrize("k", [1, 7, 39, 40, 99])
def test_ties_go_to_the_lower_id(backend_factory: Factory, k: int) -> None:
    backend = backend_factory.open()
    same = vector(1)
    numbers = np.random.default_rng(3).permutation(40).tolist()
    for start in (0, 15, 30):  # several segments
        part = [
            Document(f"x:{n:02d}", 1, {"text": "common same"}, {"skill": ("s",)}, same)
            for n in numbers[start : start + 15]
        ]
        fill(backend, part)
    expected = [f"x:{n:02d}" for n in range(40)][:k]
    for condition in (EVERYTHING, Term("skill", ("s",))):
        assert found(backend.lexical(COMMON, condition, k)) == expected
        assert found(backend.lexical(LexicalQuery({"skill": {"s": 1}}), condition, k)) == expected
        assert found(backend.nearest(same, condition, k)) == expected


def test_many_equal_vectors_tie_by_id(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    same = vector(1)
    fill(backend, [Document(f"x:{n:04d}", 1, {}, {}, same) for n in range(1000)])
    hits = backend.nearest(same, EVERYTHING, 10)
    assert found(hits) == [f"x:{n:04d}" for n in range(10)]


@pytest.fixture
def cloud(backend_factory: Factory) -> tuple[SearchBackend, np.ndarray]:
    """2,500 vectors around 60 centres; document n passes `years >= n`."""
    random = np.random.default_rng(8)
    centres = random.standard_normal((60, DIM))
    vectors = centres[random.integers(0, 60, 2500)] + 0.5 * random.standard_normal((2500, DIM))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    backend: SearchBackend = backend_factory.open()
    fill(
        backend,
        [Document(f"x:{n}", 1, {}, {"years": (n,)}, vectors[n]) for n in range(2500)],
    )
    return backend, vectors


@pytest.mark.parametrize("passing", [2500, 1250, 113, 10])
def test_nearest_is_exact_at_every_filter_width(
    cloud: tuple[SearchBackend, np.ndarray], passing: int
) -> None:
    backend, vectors = cloud
    condition = EVERYTHING if passing == 2500 else Range("years", None, passing - 1)
    k = 100
    agreed = wanted = 0
    for seed in range(20):
        query = vectors[seed * 7] + 0.1 * vector(seed)
        query /= np.linalg.norm(query)
        exact = vectors[:passing] @ query
        best = {f"x:{n}" for n in np.argsort(-exact)[:k]}
        hits = backend.nearest(query, condition, k)
        agreed += len(best & set(found(hits)))
        wanted += len(best)
        for hit in hits:
            assert hit.score == pytest.approx(exact[int(hit.doc_id[2:])], abs=2e-3)
        assert hits == sorted(hits, key=lambda hit: (-hit.score, hit.doc_id))
    assert agreed / wanted >= 0.99


def test_similarities_are_the_scores_of_nearest(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    fill(backend, [document(n) for n in range(30)])
    fill(backend, [document(n, 2) for n in range(5)] + [document(50, with_vector=False)])
    near = {hit.doc_id: hit.score for hit in backend.nearest(vector(3), EVERYTHING, 99)}
    ids = [*near, "candidate:50", "nobody", "candidate:1"]
    assert backend.similarities(vector(3), ids) == near
    assert len(near) == 30


def test_a_zero_vector_is_no_vector(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    zero = np.zeros(DIM, dtype=np.float32)
    fill(backend, [Document("x:1", 1, {"text": "common"}, {}, zero), document(2)])
    assert everywhere(backend, EVERYTHING) == {"x:1", "candidate:2"}
    assert found(backend.nearest(vector(1), EVERYTHING, 9)) == ["candidate:2"]
    assert backend.nearest(zero, EVERYTHING, 9) == []
    assert backend.similarities(zero, ["candidate:2"]) == {}
    with pytest.raises(ValueError, match="vector"):
        backend.nearest(np.ones(DIM + 1, dtype=np.float32), EVERYTHING, 9)


def test_purging_changes_no_answer(backend_factory: Factory) -> None:
    backend = backend_factory.open()
    fill(backend, [document(n, text=f"word{n % 7}") for n in range(60)])
    fill(backend, [document(n, 2, text="again") for n in range(0, 60, 4)], 2)
    backend.delete({f"candidate:{n}": 3 for n in range(0, 60, 6)})
    backend.commit(3)
    backend.refresh()

    def answers() -> tuple[object, ...]:
        return (
            # Scores may move: idf counts what was removed until it is merged away.
            found(
                backend.lexical(LexicalQuery({"text": {"common": 1, "again": 1}}), EVERYTHING, 99)
            ),
            backend.nearest(vector(5), EVERYTHING, 99),
            backend.get([f"candidate:{n}" for n in range(60)]),
            backend.watermark(),
            everywhere(backend, EVERYTHING),
        )

    before = answers()
    backend.purge()
    backend.refresh()
    assert answers() == before
    fill(backend, [document(6, 4, text="anew")], 4)
    assert "candidate:6" in everywhere(backend, EVERYTHING)
    assert "candidate:12" not in everywhere(backend, EVERYTHING)
