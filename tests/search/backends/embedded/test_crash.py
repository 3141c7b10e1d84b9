"""Power of the commit: whatever moment a process dies, an index is at one commit, in both parts."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.backends.base import Document, LexicalQuery, Manifest
from search.backends.embedded import EmbeddedBackend, VectorSettings, backend
from search.backends.embedded.vectors import RowStore
from search.backends.filters import EVERYTHING, Term

ROOT = Path(__file__).parents[4]
DIM = 8
MANIFEST = Manifest(1, "test", "test", DIM, "test")
#: Small, so that most kills are near a fold.
SETTINGS = VectorSettings(fold_rows=40, fold_share=0.2)
#: Writes generations before the commit as well.
STAGED = VectorSettings(fold_rows=40, fold_share=0.2, staged_rows=25)

#: Step n puts documents 5n .. 5n+9 (of 120) at sequence n and removes document 7n.
WORKLOAD = f"""
import numpy as np
from search.backends.base import Document, Manifest
from search.backends.embedded import EmbeddedBackend, VectorSettings

def written(step):
    for place in range(5 * step, 5 * step + 10):
        number = place % 120
        vector = np.random.default_rng((number, step)).standard_normal({DIM}).astype(np.float32)
        attributes = {{"kind": (f"k{{step % 3}}",), "years": (step,)}}
        yield Document(f"d:{{number}}", step, {{"text": f"common w{{step}}"}}, attributes, vector)

def removed(step):
    return f"d:{{7 * step % 120}}"

def run(backend, step):
    backend.upsert(written(step))
    backend.delete({{removed(step): step}})
    backend.commit(step)
"""
CHILD = (
    WORKLOAD
    + f"""
import sys, itertools
from pathlib import Path
backend = EmbeddedBackend.open(
    Path(sys.argv[1]), {MANIFEST!r}, writable=True, settings=eval(sys.argv[2])
)
for step in itertools.count(backend.watermark() + 1):
    run(backend, step)
    print(step, flush=True)
"""
)
workload: dict[str, Any] = {}
exec(WORKLOAD, workload)


def state_after(watermark: int) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    for step in range(1, watermark + 1):
        documents.update((one.doc_id, one) for one in workload["written"](step))
        documents.pop(workload["removed"](step), None)
    return documents


def check(index: EmbeddedBackend) -> None:
    """Compare every arm with what the steps up to the watermark leave."""
    expected = state_after(index.watermark())
    assert index.verify() == []
    assert index.doc_ids() == expected.keys()
    hits = index.lexical(LexicalQuery({"text": {"common": 1.0}}), EVERYTHING, 500)
    assert {hit.doc_id for hit in hits} == expected.keys()
    stored = index.get(sorted(expected))
    assert {d: one.sequence for d, one in stored.items()} == {
        d: one.sequence for d, one in expected.items()
    }
    for kind in ("k0", "k1", "k2"):
        held = {d for d, one in expected.items() if one.attributes["kind"] == (kind,)}
        near = index.nearest(np.ones(DIM, dtype=np.float32), Term("kind", (kind,)), 500)
        assert {hit.doc_id for hit in near} == held
    query = np.random.default_rng(1).standard_normal(DIM).astype(np.float32)
    for hit in index.nearest(query, EVERYTHING, 500):
        vector = expected[hit.doc_id].vector
        assert vector is not None
        cosine = vector @ query / np.linalg.norm(vector) / np.linalg.norm(query)
        assert hit.score == pytest.approx(cosine, abs=2e-3)


def test_nothing_acked_is_lost_when_the_writer_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    random = np.random.default_rng()
    acked = 0
    for kill in range(12):
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(folder), repr((SETTINGS, STAGED)[kill % 2])],
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        ) as child:
            assert child.stdout is not None
            first = child.stdout.readline()
            assert first, "the child ended by itself"
            time.sleep(random.uniform(0, 0.25))
            child.send_signal(signal.SIGKILL)
            acked = int((first + child.stdout.read()).split("\n")[-2])
        with contextlib.closing(
            EmbeddedBackend.open(folder, MANIFEST, writable=False, settings=SETTINGS)
        ) as reader:
            # The step after the last one acked may have been committed without its ack.
            assert acked <= reader.watermark() <= acked + 1
            check(reader)
    with contextlib.closing(
        EmbeddedBackend.open(folder, MANIFEST, writable=True, settings=SETTINGS)
    ) as writer:
        for step in range(acked, acked + 4):  # a replay begins at or before the watermark
            workload["run"](writer, step)
        writer.refresh()
        check(writer)
    leftovers = {path.name for path in (folder / "vectors").iterdir()}
    assert len(leftovers) <= 4, leftovers


class Crash(Exception):
    pass


@pytest.mark.parametrize("place", ["fold", "append_change", "commit_document"])
@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("steps", [3, 5, 6, 9, 10])
@pytest.mark.parametrize("settings", [SETTINGS, STAGED])
def test_a_failed_commit_is_no_commit(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    is_after: bool,
    steps: int,
    settings: VectorSettings,
) -> None:
    """Dying just before or just after each part of a commit; the same object goes on as well."""
    folder = tmp_path / "index"
    writer = EmbeddedBackend.open(folder, MANIFEST, writable=True, settings=settings)
    for step in range(1, steps):
        workload["run"](writer, step)

    owner: Any = RowStore if place == "fold" else backend
    real = getattr(owner, place)

    def failing(*arguments: Any, **options: Any) -> Any:
        if is_after:
            real(*arguments, **options)
        raise Crash

    monkeypatch.setattr(owner, place, failing)
    try:
        workload["run"](writer, steps)
        failed = False
    except Crash:
        failed = True
    monkeypatch.undo()

    with contextlib.closing(
        EmbeddedBackend.open(folder, MANIFEST, writable=False, settings=settings)
    ) as reader:
        assert reader.watermark() == (steps - 1 if failed else steps)
        check(reader)
        if failed and steps % 2:
            if place == "fold":  # it may have come before the commit, in the upsert
                workload["run"](writer, steps)
            writer.commit(steps)  # try again
        else:
            writer.close()  # or replay
            writer = EmbeddedBackend.open(folder, MANIFEST, writable=True, settings=settings)
            workload["run"](writer, steps)
        reader.refresh()
        assert reader.watermark() == steps
        check(reader)
    writer.close()


def test_a_commit_that_never_was_does_not_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The records may have changed before the replay: what was logged in vain must be gone."""
    folder = tmp_path / "index"
    writer = EmbeddedBackend.open(folder, MANIFEST, writable=True)
    writer.upsert([Document("d:1", 1, {"text": "common"}, {})])
    writer.commit(1)
    writer.upsert([Document("d:2", 2, {"text": "common"}, {})])
    with monkeypatch.context() as patch:
        patch.setattr(backend, "commit_document", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            writer.commit(2)
    writer.close()
    for step in (3, 4):
        with contextlib.closing(EmbeddedBackend.open(folder, MANIFEST, writable=True)) as again:
            again.upsert([Document(f"d:{step}", step, {"text": "common"}, {})])
            again.commit(step)
    with contextlib.closing(EmbeddedBackend.open(folder, MANIFEST, writable=False)) as reader:
        assert reader.doc_ids() == {"d:1", "d:3", "d:4"}
        assert reader.verify() == []


def test_a_reader_follows_a_writer_that_folds_all_the_time(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), repr(SETTINGS)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        reader = EmbeddedBackend.open(folder, MANIFEST, writable=False, settings=SETTINGS)
        seen = []
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            reader.refresh()
            seen.append(reader.watermark())
            expected = state_after(seen[-1])
            assert reader.doc_ids() == expected.keys()
            hits = reader.lexical(LexicalQuery({"text": {"common": 1.0}}), EVERYTHING, 500)
            assert {hit.doc_id for hit in hits} == expected.keys()
        child.kill()
    reader.close()
    assert seen == sorted(seen)
    assert len(set(seen)) > 5
