"""Ids rise, whatever the clock does."""

from __future__ import annotations

import threading
import time

import pytest

from search.records.identifiers import is_id, new_id


def test_ids_rise_strictly() -> None:
    made = [new_id() for _ in range(5000)]
    assert made == sorted(set(made))
    assert all(is_id(one) and len(one) == 26 for one in made)


def test_ids_rise_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert new_id() > before


def test_threads_make_different_ids() -> None:
    made: list[str] = []
    threads = [
        threading.Thread(target=lambda: made.extend([new_id() for _ in range(500)]))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 4000


@pytest.mark.parametrize("text", ["", "x", "I" * 26, "0" * 25, "0" * 27, "8" + "0" * 25, "０" * 26])
def test_other_texts_are_no_ids(text: str) -> None:
    assert not is_id(text)
