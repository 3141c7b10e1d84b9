"""Damaged files are named, locks hold, and an index of another make is not opened."""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from search.backends.base import (
    Document,
    IndexCorruptError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    LexicalQuery,
    Manifest,
)
from search.backends.embedded import EmbeddedBackend, VectorSettings
from search.backends.filters import EVERYTHING

ROOT = Path(__file__).parents[4]
DIM = 8
MANIFEST = Manifest(1, "test", "test", DIM, "test")
SETTINGS = VectorSettings(fold_rows=400, list_rows=300, exact_up_to=100)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with every kind of file: segments, deletions, a generation, lists and a log."""
    folder = tmp_path_factory.mktemp("sound") / "index"
    vectors = np.random.default_rng(0).standard_normal((500, DIM)).astype(np.float32)
    with contextlib.closing(
        EmbeddedBackend.open(folder, MANIFEST, writable=True, settings=SETTINGS)
    ) as writer:
        for sequence, numbers in enumerate((range(500), range(20)), start=1):
            writer.upsert(
                Document(
                    f"d:{n}",
                    sequence,
                    {"title": f"w{n}", "text": f"common w{n % 7}"},
                    {"kind": (f"k{n % 3}",), "years": (n % 9,)},
                    vectors[n],
                )
                for n in numbers
            )
            writer.commit(sequence)
    return folder


def files_of(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".lock" and path.name != ".managed.json"
    )


def kind_of(name: str) -> str:
    """Return a file's name without what differs from index to index."""
    path = Path(name)
    is_segment = path.parent.name == "tokens" and path.suffix != ".json"
    return path.suffix if is_segment else name


def test_the_sound_index_has_every_kind_of_file(sound: Path) -> None:
    kinds = {kind_of(name) for name in files_of(sound)}
    assert kinds >= {
        "manifest.json", "tokens/meta.json", ".idx", ".term", ".store", ".fast", ".fieldnorm",
        ".del", "vectors/tail-00000001.log", "vectors/generation-00000001/files.json",
        "vectors/generation-00000001/codes.npy", "vectors/generation-00000001/lists.faiss",
    }  # fmt: skip
    with contextlib.closing(EmbeddedBackend.open(sound, MANIFEST, writable=False)) as reader:
        assert reader.verify() == []


@pytest.mark.parametrize("damage", ["flip", "truncate", "delete", "empty"])
def test_damage_to_any_file_is_found(sound: Path, tmp_path: Path, damage: str) -> None:
    for number, name in enumerate(files_of(sound)):
        folder = tmp_path / str(number)
        shutil.copytree(sound, folder)
        path = folder / name
        content = path.read_bytes()
        if damage == "flip":
            middle = len(content) // 2
            path.write_bytes(
                content[:middle] + bytes([content[middle] ^ 0x10]) + content[middle + 1 :]
            )
        elif damage == "truncate":
            path.write_bytes(content[:-2])  # the last of meta.json is a line end
        elif damage == "empty":
            path.write_bytes(b"")
        else:
            path.unlink()
        problems = []
        try:
            reader = EmbeddedBackend.open(folder, MANIFEST, writable=False, settings=SETTINGS)
        except IndexCorruptError as error:
            problems.append(str(error))
        else:
            with contextlib.closing(reader):
                problems += reader.verify()
        assert problems, f"{damage} of {name} was not found"
        assert all(str(folder) in problem for problem in problems), problems
        assert all("bole index build" in problem for problem in problems), problems
        shutil.rmtree(folder)


def test_a_damaged_index_file_of_names_is_found_or_harmless(sound: Path, tmp_path: Path) -> None:
    """`meta.json` has no checksum; what a changed byte does there must not change an answer."""
    query = LexicalQuery({"text": {"common": 1.0, "w3": 1.0}})
    with contextlib.closing(EmbeddedBackend.open(sound, MANIFEST, writable=False)) as reader:
        expected = reader.lexical(query, EVERYTHING, 30)
    content = (sound / "tokens/meta.json").read_bytes()
    folder = tmp_path / "index"
    shutil.copytree(sound, folder)
    for place in range(0, len(content), 61):
        (folder / "tokens/meta.json").write_bytes(
            content[:place] + bytes([content[place] ^ 0x04]) + content[place + 1 :]
        )
        try:
            reader = EmbeddedBackend.open(folder, MANIFEST, writable=False, settings=SETTINGS)
        except IndexCorruptError:
            continue
        with contextlib.closing(reader):
            if not reader.verify():
                assert reader.lexical(query, EVERYTHING, 30) == expected


def test_a_damaged_manifest_is_not_taken_for_another_make(sound: Path, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    content = (sound / "manifest.json").read_bytes()
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x01]) + content[place + 1 :])
        with pytest.raises(IndexCorruptError, match=r"manifest\.json is damaged"):
            EmbeddedBackend.open(tmp_path, MANIFEST, writable=False)


def test_old_generations_are_removed(tmp_path: Path) -> None:
    settings = VectorSettings(fold_rows=0, fold_share=0)
    with contextlib.closing(
        EmbeddedBackend.open(tmp_path, MANIFEST, writable=True, settings=settings)
    ) as writer:
        for step in range(1, 6):
            writer.upsert([Document(f"d:{step}", step, {"text": "common"}, {})])
            writer.commit(step)
    # The last one, and the one before for readers that are about to open it.
    names = sorted(path.name for path in (tmp_path / "vectors").iterdir())
    assert names == ["generation-00000004", "generation-00000005"]


def test_what_a_commit_does_not_name_is_ignored_and_cleared(sound: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    shutil.copytree(sound, folder)
    vectors = folder / "vectors"
    with (vectors / "tail-00000001.log").open("ab") as log:
        log.write(b"half a frame of a commit that never was")
    (vectors / "generation-00000002.new").mkdir()
    (vectors / "generation-00000002").mkdir()
    (vectors / "generation-00000002" / "codes.npy").write_bytes(b"x")
    with contextlib.closing(
        EmbeddedBackend.open(folder, MANIFEST, writable=True, settings=SETTINGS)
    ) as writer:
        assert writer.verify() == []
        writer.upsert(Document(f"e:{n}", 9, {"text": "common"}, {}) for n in range(100))
        writer.commit(3)
        writer.upsert(Document(f"f:{n}", 9, {"text": "common"}, {}) for n in range(500))
        writer.commit(4)
        writer.refresh()
        assert writer.verify() == []
        assert writer.count(EVERYTHING) == 1100
    assert not list(vectors.glob("*.new"))


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with contextlib.closing(EmbeddedBackend.open(folder, MANIFEST, writable=True)):
        with pytest.raises(IndexLockedError, match="one writer"):
            EmbeddedBackend.open(folder, MANIFEST, writable=True)
        code = (
            "from pathlib import Path\n"
            "from search.backends.base import IndexLockedError, Manifest\n"
            "from search.backends.embedded import EmbeddedBackend\n"
            f"try: EmbeddedBackend.open(Path({str(folder)!r}), {MANIFEST!r}, writable=True)\n"
            "except IndexLockedError: print('locked')\n"
        )
        answer = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, cwd=ROOT, text=True, check=True
        )
        assert answer.stdout == "locked\n"
        EmbeddedBackend.open(folder, MANIFEST, writable=False).close()
    EmbeddedBackend.open(folder, MANIFEST, writable=True).close()


def test_a_reader_does_not_write(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with pytest.raises(IndexMissingError, match="index"):
        EmbeddedBackend.open(folder, MANIFEST, writable=False)
    assert not folder.exists()
    EmbeddedBackend.open(folder, MANIFEST, writable=True).close()
    with contextlib.closing(EmbeddedBackend.open(folder, MANIFEST, writable=False)) as reader:
        for write in (
            lambda: reader.upsert([]),
            lambda: reader.delete({}),
            lambda: reader.commit(1),
        ):
            with pytest.raises(RuntimeError, match="reading only"):
                write()


def test_a_closed_index_says_so(tmp_path: Path) -> None:
    index = EmbeddedBackend.open(tmp_path / "index", MANIFEST, writable=True)
    index.close()
    index.close()
    for use in (lambda: index.count(EVERYTHING), index.refresh, lambda: index.commit(1)):
        with pytest.raises(RuntimeError, match="closed"):
            use()


@pytest.mark.parametrize(
    ("name", "value"),
    [("schema", 2), ("tokeniser", "b"), ("model", "b"), ("dim", 9), ("taxonomies", "b")],
)
def test_an_index_of_another_make_is_not_opened(sound: Path, name: str, value: str | int) -> None:
    other = dataclasses.replace(MANIFEST, **{name: value})  # type: ignore[arg-type]
    for writable in (False, True):
        with pytest.raises(IndexMismatchError, match=rf"{name} is .*, asked for {value!r}"):
            EmbeddedBackend.open(sound, other, writable=writable)


def test_a_creation_that_was_cut_short_is_taken_up(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    EmbeddedBackend.open(folder, MANIFEST, writable=True).close()
    (folder / "manifest.json").unlink()
    with contextlib.closing(EmbeddedBackend.open(folder, MANIFEST, writable=True)) as writer:
        assert writer.count(EVERYTHING) == 0
