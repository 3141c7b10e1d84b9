"""What was encoded once is not encoded again, and whatever becomes of the file stops nothing."""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from search.embedding import remembered
from search.embedding.choice import ModelChoice
from search.embedding.registry import open_encoder
from search.embedding.remembered import (
    RememberingEncoder,
    cache_path,
    remove_other_caches,
    text_key,
)

CHILD = Path(__file__).with_name("remembering_child.py")
DAY = 86_400
TEXTS = [
    "Java开发工程师",
    "IC layout design",
    "量子密钥分发",
    "风险控制模型",
    "game server developer",
]


class Counting:
    """A real encoder that notes each call; by another name it is another model."""

    def __init__(self, encoder, name=None):
        self.encoder = encoder
        self.name, self.dim = name or encoder.name, encoder.dim
        self.calls = []

    def encode_queries(self, texts):
        self.calls.append(list(texts))
        return self.encoder.encode_queries(texts)

    def encode_documents(self, texts):
        if list(texts) != [remembered._PROBE]:
            self.calls.append(list(texts))
        return self.encoder.encode_documents(texts)


@pytest.fixture(scope="module")
def static():
    return open_encoder(ModelChoice("static"))


@pytest.fixture
def inside(static):
    return Counting(static)


@pytest.fixture
def remember(tmp_path):
    opened = []

    def open_one(encoder, models=tmp_path, **options):
        opened.append(RememberingEncoder(encoder, models, **options))
        return opened[-1]

    yield open_one
    for encoder in opened:
        encoder.close()


def test_a_text_is_encoded_once(remember, inside, static, tmp_path):
    encoder = remember(inside)
    assert (encoder.name, encoder.dim) == (static.name, static.dim)
    expected = static.encode_documents(TEXTS)
    first = encoder.encode_documents(TEXTS)
    assert first.dtype == np.float32
    np.testing.assert_array_equal(first, expected)
    np.testing.assert_array_equal(encoder.encode_documents(TEXTS), expected)
    assert inside.calls == [TEXTS]
    assert (encoder.reused, encoder.encoded) == (5, 5)
    encoder.close()
    again = remember(inside)
    np.testing.assert_array_equal(again.encode_documents(TEXTS), expected)
    assert inside.calls == [TEXTS]
    assert (again.reused, again.encoded) == (5, 0)
    assert [path.name for path in tmp_path.iterdir()].count(f"vectors-{static.name}.sqlite") == 1


def test_rows_are_in_the_order_of_the_texts(remember, inside, static):
    encoder = remember(inside)
    encoder.encode_documents(TEXTS[1:3])
    mixed = [TEXTS[4], TEXTS[2], TEXTS[0], TEXTS[1], TEXTS[2], TEXTS[3], TEXTS[4]]
    np.testing.assert_array_equal(encoder.encode_documents(mixed), static.encode_documents(mixed))
    # What is new, each once and as it came: the encoder sorts by itself.
    assert inside.calls[1:] == [[TEXTS[4], TEXTS[0], TEXTS[3]]]


def test_no_texts_blank_texts_and_half_characters(remember, inside, static):
    encoder = remember(inside)
    assert encoder.encode_documents([]).shape == (0, static.dim)
    for _ in range(2):
        vectors = encoder.encode_documents([" \n", "", TEXTS[0]])
        assert not vectors[:2].any()
        assert vectors[2].any()
    assert len(inside.calls) == 1
    assert text_key("\ud800") != text_key("?")


def test_many_are_encoded_in_slices_of_like_length(remember, inside, static, monkeypatch):
    monkeypatch.setattr(remembered, "SLICE", 3)
    texts = ["developer " * number for number in (5, 1, 7, 3, 2, 6, 4)]
    found = remember(inside).encode_documents(texts)
    np.testing.assert_array_equal(found, static.encode_documents(texts))
    assert [[len(text) // 10 for text in call] for call in inside.calls] == [
        [1, 2, 3],
        [4, 5, 6],
        [7],
    ]


def test_slices_before_a_failure_are_kept(remember, inside, monkeypatch):
    monkeypatch.setattr(remembered, "SLICE", 2)
    encode = inside.encode_documents

    def fail_on_long_ones(texts):
        if max(map(len, texts)) > 30:
            raise MemoryError
        return encode(texts)

    monkeypatch.setattr(inside, "encode_documents", fail_on_long_ones)
    encoder = remember(inside)
    with pytest.raises(MemoryError):
        encoder.encode_documents(["a developer", "b developer", "c " * 20])
    encoder.encode_documents(["b developer", "a developer"])
    assert inside.calls == [["a developer", "b developer"]]


def test_a_query_is_remembered_in_memory_only(remember, inside, static, monkeypatch):
    monkeypatch.setattr(remembered, "QUERIES", 2)
    encoder = remember(inside)
    found = encoder.encode_queries([TEXTS[0]])
    found[:] = 0  # the caller's own
    np.testing.assert_array_equal(
        encoder.encode_queries([TEXTS[0]]), static.encode_queries([TEXTS[0]])
    )
    assert inside.calls == [[TEXTS[0]]]
    for text in (TEXTS[1], TEXTS[0], TEXTS[2], TEXTS[0], TEXTS[1]):
        encoder.encode_queries([text])
    assert inside.calls[1:] == [[TEXTS[1]], [TEXTS[2]], [TEXTS[1]]]
    assert encoder.encode_queries(TEXTS).shape == (5, static.dim)
    encoder.encode_documents([TEXTS[0]])
    assert inside.calls[-1] == [TEXTS[0]]


def test_another_model_has_another_file(remember, inside, static, tmp_path):
    remember(inside).encode_documents(TEXTS)
    other = Counting(static, name="someone/a model:v2")
    remember(other).encode_documents(TEXTS)
    assert other.calls == [TEXTS]
    names = {path.name for path in tmp_path.glob("*.sqlite")}
    assert names == {f"vectors-{static.name}.sqlite", "vectors-someone%2Fa%20model%3Av2.sqlite"}
    (tmp_path / "kinship-x.npy").touch()
    assert remove_other_caches(tmp_path, [static.name]) == [
        "vectors-someone%2Fa%20model%3Av2.sqlite"
    ]
    assert cache_path(tmp_path, static.name).is_file()
    assert not [path.name for path in tmp_path.iterdir() if "someone" in path.name]
    assert (tmp_path / "kinship-x.npy").is_file()


def test_a_model_that_kept_its_name_and_changed_is_noticed(remember, inside, static, caplog):
    remember(inside).encode_documents(TEXTS)

    class Turned(Counting):
        def encode_documents(self, texts):
            return super().encode_documents(texts)[:, ::-1]

    turned = Turned(static)
    for _ in range(2):
        found = remember(turned).encode_documents(TEXTS)
        np.testing.assert_array_equal(found, static.encode_documents(TEXTS)[:, ::-1])
    assert turned.calls == [TEXTS]
    assert caplog.text.count("another model of the same name") == 1


def test_those_used_longest_ago_go_first(remember, inside):
    now = [0.0]
    encoder = remember(inside, most=4, clock=lambda: now[0])
    encoder.encode_documents(TEXTS[:3])
    now[0] += DAY
    encoder.encode_documents([TEXTS[0]])
    encoder.encode_documents(TEXTS[3:])  # one too many: of the two of the first day the later goes
    inside.calls.clear()
    encoder.encode_documents([TEXTS[0], TEXTS[1], TEXTS[3], TEXTS[4]])
    assert inside.calls == []
    assert encoder.prune(1) == 3
    encoder.encode_documents(TEXTS)
    assert len(inside.calls[0]) == 4


def test_reading_more_than_fits_finds_the_first_part_each_time(remember, inside):
    texts = [f"developer {number}" for number in range(100)]
    encoder = remember(inside, most=40)
    for _ in range(3):
        inside.calls.clear()
        for start in range(0, 100, 10):
            encoder.encode_documents(texts[start : start + 10])
    assert sum(map(len, inside.calls)) <= 62


def test_what_is_forgotten_is_gone_from_every_file(remember, inside, static, tmp_path):
    for model in (inside, Counting(static, name="other")):
        remember(model).encode_documents(TEXTS)
    vector = static.encode_documents([TEXTS[1]]).astype("<f4").tobytes()
    encoder = remember(inside)
    encoder.encode_queries([TEXTS[1]])

    def places():
        return [path.name for path in tmp_path.iterdir() if vector in path.read_bytes()]

    assert len({name.partition(".")[0] for name in places()}) == 2
    assert encoder.forget([TEXTS[1], "never seen"]) == 2
    assert places() == []
    inside.calls.clear()
    encoder.encode_queries([TEXTS[1]])
    encoder.encode_documents(TEXTS)
    assert inside.calls == [[TEXTS[1]], [TEXTS[1]]]


def test_no_text_is_in_the_file(remember, inside, tmp_path):
    remember(inside).encode_documents(["zebrakeeper developer"])
    for path in tmp_path.iterdir():
        assert b"zebra" not in path.read_bytes()


def test_a_fault_of_the_model_is_not_remembered(remember, inside, monkeypatch):
    encode = inside.encode_documents
    monkeypatch.setattr(inside, "encode_documents", lambda texts: encode(texts) * np.float32("nan"))
    encoder = remember(inside)
    assert np.isnan(encoder.encode_documents(TEXTS)).all()
    monkeypatch.undo()
    assert np.isfinite(remember(inside).encode_documents(TEXTS)).all()


def test_threads(remember, inside, static):
    encoder = remember(inside)
    expected = static.encode_documents(TEXTS * 10)
    failures = []

    def encode():
        for number in range(20):
            texts = [f"developer {number}", *TEXTS * 10]
            if not np.array_equal(encoder.encode_documents(texts)[1:], expected):
                failures.append(number)

    threads = [threading.Thread(target=encode) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert encoder.reused + encoder.encoded == 4 * 20 * 51


# Other processes


def child(models: Path, first: int, last: int, pause: float = 0) -> subprocess.Popen[str]:
    command = [sys.executable, str(CHILD), *map(str, (models, first, last, pause))]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=CHILD.parents[3]
    )


@pytest.fixture
def models(tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


def test_processes_share_the_file(models):
    children = [child(models, first, first + 200) for first in (0, 100, 200)]
    for process in children:
        said, complaints = process.communicate(timeout=120)
        assert process.returncode == 0
        assert complaints == ""
        reused, encoded = map(int, said.splitlines()[-1].split())
        assert reused + encoded == 200
    with child(models, 0, 400) as process:
        assert process.communicate(timeout=120)[0] == "400 0\n"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_what_was_encoded_before_a_kill_is_there_after(models):
    with child(models, 0, 200, pause=0.3) as process:
        for _ in range(4):
            assert process.stdout.readline() == "slice\n"
        process.kill()
        process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL
    with child(models, 0, 200) as process:
        said, complaints = process.communicate(timeout=120)
    assert complaints == ""
    reused, encoded = map(int, said.splitlines()[-1].split())
    assert (reused, encoded) == (60, 140)


# Files that are of no use


def damaged(kind: str, path: Path) -> None:
    content = bytearray(path.read_bytes())
    match kind:
        case "no database":
            content = bytearray(b"these are no tables " * 1000)
        case "cut":
            del content[len(content) // 2 :]
        case "zeros":
            content[4096:] = bytes(len(content) - 4096)
        case "tables of another version":
            content[60:64] = (7).to_bytes(4, "big")
    path.write_bytes(content)


@pytest.mark.parametrize("kind", ["no database", "cut", "zeros", "tables of another version"])
def test_a_damaged_file_is_begun_anew(remember, inside, static, tmp_path, caplog, kind):
    texts = [f"developer {number} " + TEXTS[number % 5] for number in range(60)]
    encoder = remember(inside)
    encoder.encode_documents(texts)
    encoder.close()
    damaged(kind, cache_path(tmp_path, static.name))
    encoder = remember(inside)
    for _ in range(3):
        np.testing.assert_array_equal(
            encoder.encode_documents(texts), static.encode_documents(texts)
        )
    assert "begun anew" in caplog.text
    assert len(inside.calls) <= 3
    inside.calls.clear()
    remember(inside).encode_documents(texts)
    assert inside.calls == []


def test_a_damaged_row_is_encoded_again(remember, inside, static, tmp_path):
    remember(inside).encode_documents(TEXTS)
    path = cache_path(tmp_path, static.name)
    with sqlite3.connect(path) as database:
        database.execute(
            "UPDATE vector SET row = (SELECT row FROM vector WHERE id = 1) WHERE id = 2"
        )
        database.execute("UPDATE vector SET row = x'00' WHERE id = 3")
    database.close()
    encoder = remember(inside)
    for _ in range(2):
        np.testing.assert_array_equal(
            encoder.encode_documents(TEXTS), static.encode_documents(TEXTS)
        )
    assert inside.calls[1:] == [[TEXTS[1], TEXTS[2]]]


@contextmanager
def unprivileged() -> Iterator[None]:
    """Run as a user whom permissions bind."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs the permissions of POSIX")
@pytest.mark.parametrize("is_filled", [False, True])
def test_a_read_only_folder_stops_nothing(remember, inside, static, caplog, is_filled):
    # Not under `tmp_path`, which another user cannot so much as look into.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if is_filled:
            first = remember(inside, folder)
            first.encode_documents(TEXTS)
            first.close()
            cache_path(folder, static.name).chmod(0o444)
        folder.chmod(0o555)
        try:
            with unprivileged():
                encoder = remember(inside, folder)
                for _ in range(2):
                    found = encoder.encode_documents(TEXTS)
                    np.testing.assert_array_equal(found, static.encode_documents(TEXTS))
                if is_filled:
                    with pytest.raises(OSError, match="could not be changed"):
                        encoder.forget(TEXTS)
        finally:
            folder.chmod(0o755)
    assert caplog.text.count("cannot be used") == 1


def test_a_folder_that_cannot_be_made_stops_nothing(remember, inside, static, tmp_path, caplog):
    (tmp_path / "models").write_text("a file")
    found = remember(inside, tmp_path / "models").encode_documents(TEXTS)
    np.testing.assert_array_equal(found, static.encode_documents(TEXTS))
    assert "cannot be used" in caplog.text


def test_a_file_that_is_locked_for_long_is_used_again_later(
    remember, inside, static, tmp_path, caplog, monkeypatch
):
    monkeypatch.setattr("search.embedding.vector_file.BUSY_S", 0.05)
    monkeypatch.setattr(remembered, "REST_S", 0.0)
    encoder = remember(inside)
    encoder.encode_documents(TEXTS[:1])
    other = sqlite3.connect(cache_path(tmp_path, static.name), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with caplog.at_level(logging.WARNING):
        found = encoder.encode_documents(TEXTS[1:])
    np.testing.assert_array_equal(found, static.encode_documents(TEXTS[1:]))
    assert "locked" in caplog.text
    other.execute("ROLLBACK")
    other.close()
    encoder.encode_documents(TEXTS)
    inside.calls.clear()
    encoder.encode_documents(TEXTS)
    assert inside.calls == []


def test_closed_it_goes_on_without_the_file(remember, inside, static):
    encoder = remember(inside)
    encoder.encode_documents(TEXTS)
    encoder.close()
    np.testing.assert_array_equal(encoder.encode_documents(TEXTS), static.encode_documents(TEXTS))
    assert len(inside.calls) == 2
