"""The best of all, less those that do not pass, are the best of those that pass."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.backends.base import Document, LexicalQuery, Manifest
from search.backends.embedded import EmbeddedBackend, lexical
from search.backends.filters import And, Filter, Not, Range, Term

WORDS = [f"w{number}" for number in range(40)]
SKILLS = [f"s{number}" for number in range(12)]
DOCUMENTS = 3_000


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedBackend]:
    folder: Path = tmp_path_factory.mktemp("lexical")
    found = EmbeddedBackend.open(folder, Manifest(1, "test", "test", 4, "test"), writable=True)
    chance = np.random.default_rng(3)
    # Words as people use them, some in most texts and many in few: long lists of equal scores.
    odds = 1 / np.arange(1, len(WORDS) + 1)
    for sequence, start in enumerate(range(0, DOCUMENTS, 1_000), start=1):
        found.upsert(
            Document(
                f"d:{number}",
                sequence,
                {"text": " ".join(chance.choice(WORDS, size=6, p=odds / odds.sum()))},
                {
                    "kind": ("candidate" if number % 10 else "vacancy",),
                    "skill": tuple(chance.choice(SKILLS, size=3, replace=False).tolist()),
                    "years": (float(number % 20),),
                },
                None,
            )
            for number in range(start, start + 1_000)
        )
        found.delete({f"d:{number}": sequence for number in range(start, start + 1_000, 97)})
        found.commit(sequence)
    found.refresh()
    yield found
    found.close()


CONDITIONS: list[Filter] = [
    Term("kind", ("candidate",)),
    Term("kind", ("vacancy",)),
    And((Term("kind", ("candidate",)), Range("years", at_least=10))),
    And((Term("skill", ("s1", "s2")), Not(Term("kind", ("vacancy",))))),
    Range("years", at_least=19),
]


@given(
    words=st.dictionaries(st.sampled_from([*WORDS, "nowhere"]), st.floats(0.1, 3), max_size=6),
    skills=st.dictionaries(st.sampled_from(SKILLS), st.floats(0.1, 3), max_size=4),
    condition=st.sampled_from(CONDITIONS),
    k=st.integers(1, 400),
)
@settings(max_examples=150, deadline=None)
def test_a_wide_filter_gives_what_a_filtered_search_gives(
    backend: EmbeddedBackend,
    words: dict[str, float],
    skills: dict[str, float],
    condition: Filter,
    k: int,
) -> None:
    query = LexicalQuery({"text": words, "skill": skills})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexical, "WIDE", 2.0)
        filtered = backend.lexical(query, condition, k)
    found = backend.lexical(query, condition, k)
    assert [doc.doc_id for doc in found] == [doc.doc_id for doc in filtered]
    assert [doc.score for doc in found] == pytest.approx([doc.score for doc in filtered], rel=1e-5)
