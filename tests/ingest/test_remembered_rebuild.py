"""An index built with remembered vectors is the one built without, and a build goes on where it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.building import check_index, open_current, rebuild
from ingest.projector import Projector
from ingest.samples import generate_candidates, generate_vacancies
from search.embedding.base import Encoder
from search.embedding.choice import ModelChoice
from search.embedding.registry import open_encoder
from search.embedding.remembered import RememberingEncoder
from search.records.database import open_database
from search.records.models import Candidate
from search.records.store import RecordStore
from tests.embedded_indexes import indexes_in


@pytest.fixture(scope="module")
def static() -> Encoder:
    return open_encoder(ModelChoice("static"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RecordStore]:
    database = open_database(f"sqlite:///{tmp_path / 'bole.db'}")
    store = RecordStore(database)
    store.put_many([*generate_candidates(120, seed=5), *generate_vacancies(40, seed=6)], "me")
    yield store
    database.close()


def vectors(folder: Path) -> dict[str, bytes]:
    """Return the files of an index in which its vectors are."""
    paths = [path for path in (folder / "vectors").rglob("*") if path.is_file()]
    assert paths
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def built(root: Path, store: RecordStore, encoder: Encoder) -> Path:
    return root / rebuild(indexes_in(root, encoder), store, encoder)


def test_the_index_is_the_same_to_the_last_bit(
    store: RecordStore, tmp_path: Path, static: Encoder
) -> None:
    without = built(tmp_path / "without", store, static)
    cold = RememberingEncoder(static, tmp_path)
    filling = built(tmp_path / "with", store, cold)
    cold.close()
    assert cold.encoded > 160
    warm = RememberingEncoder(static, tmp_path)
    filled = built(tmp_path / "with", store, warm)
    assert warm.encoded == 0
    assert warm.reused == cold.reused + cold.encoded
    assert vectors(without) == vectors(filling) == vectors(filled)

    # And grown step by step.
    store.put_many(list(generate_candidates(30, seed=7)), "me")
    backend = open_current(indexes_in(tmp_path / "with", warm), writable=True)
    assert Projector(store, backend, warm).catch_up() == 30
    assert check_index(store, backend).is_equal
    again = built(tmp_path / "without", store, static)
    plain = open_current(indexes_in(tmp_path / "without", static), writable=False)
    ids = sorted(backend.doc_ids())
    for text in ("版图设计", "Java developer", "风险控制模型"):
        query = static.encode_queries([text])[0]
        assert backend.similarities(query, ids) == plain.similarities(query, ids)
    assert again.parent == without.parent
    backend.close()
    plain.close()
    warm.close()


def test_an_interrupted_build_goes_on_where_it_was(
    store: RecordStore, tmp_path: Path, static: Encoder
) -> None:
    root = tmp_path / "index"

    def interrupt(read: int) -> None:
        if read >= 100:
            raise KeyboardInterrupt

    first = RememberingEncoder(static, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        rebuild(indexes_in(root, first), store, first, on_progress=interrupt)
    first.close()
    second = RememberingEncoder(static, tmp_path)
    seen: list[int] = []
    resumed = root / rebuild(indexes_in(root, second), store, second, on_progress=seen.append)
    second.close()
    assert second.reused >= first.encoded > 100
    assert seen == [50, 100, 150, 160]
    assert vectors(resumed) == vectors(built(tmp_path / "without", store, static))


def test_catching_up_says_how_far_it_is(
    store: RecordStore, tmp_path: Path, static: Encoder
) -> None:
    backend = open_current(indexes_in(tmp_path / "index", static), writable=True)
    projector = Projector(store, backend, static)
    seen: list[tuple[int, int]] = []
    projector.catch_up(lambda done, total: seen.append((done, total)))
    assert seen == [(50, 160), (100, 160), (150, 160), (160, 160)]
    store.add(Candidate(headline="late"), "me")
    projector.catch_up(lambda done, total: seen.append((done, total)))
    assert seen[-1] == (1, 1)
    backend.close()
