"""A child that misbehaves costs one answer: never the parent, never a process left behind."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.bounded import BoundedError, run_bounded


def run(name, payload=b"abc", *, seconds=30.0, megabytes=512, **limits):
    target = f"tests.ingest.bounded_targets:{name}"
    return run_bounded(target, payload, seconds=seconds, megabytes=megabytes, **limits)


def reason_of(name, payload=b"abc", **limits):
    with pytest.raises(BoundedError) as caught:
        run(name, payload, **limits)
    return caught.value.reason


@settings(max_examples=5, deadline=None)
@given(st.binary(max_size=1000))
def test_bytes_go_in_and_out_as_they_are(payload):
    assert run("backwards", payload) == payload[::-1]


def test_more_than_a_pipe_holds_goes_both_ways():
    payload = os.urandom(5_000_000)
    assert run("backwards", payload) == payload[::-1]


def test_a_refusal_keeps_its_code_and_what_it_speaks_of():
    with pytest.raises(BoundedError) as caught:
        run("refuses", b"navy")
    error = caught.value
    assert (error.reason, error.refusal, error.params) == (
        "refused",
        "too_blue",
        {"shade": "navy", "n": 3},
    )


def test_a_sleeper_is_killed_by_the_clock():
    assert reason_of("sleeps", seconds=2) == "timeout"


def test_a_busy_one_is_killed_too():
    assert reason_of("spins", seconds=2) == "timeout"


def test_a_sleeper_that_does_not_read_its_payload_is_killed():
    # The pipe is full and nobody reads: the parent may not wait for it.
    assert reason_of("sleeps", b"x" * 10_000_000, seconds=2) == "timeout"


def test_memory_is_limited():
    assert reason_of("eats") == "memory"


def test_an_answer_too_long_is_not_taken():
    assert reason_of("says_much", answer_megabytes=1) == "memory"


@pytest.mark.parametrize("name", ["aborts", "raises", "no_such_function"])
def test_a_death_is_told_from_an_answer(name):
    assert reason_of(name) == "crashed"


def test_what_a_parser_prints_is_no_part_of_the_answer():
    assert run("prints") == b"abc"


def test_the_environment_stays_outside(monkeypatch):
    monkeypatch.setenv("BOLE_SECRET", "x")
    names = run("environment").decode().split("\n")
    assert set(names) <= {"PATH", "LANG", "LC_CTYPE"}


def test_the_child_writes_no_file(tmp_path):
    place = tmp_path / "file"
    assert reason_of("writes", str(place).encode()) == "crashed"
    assert not place.exists() or place.read_bytes() == b""


def living(token):
    """Return the processes that have the token among their arguments."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes()  # a zombie's is empty
        except OSError:
            continue
        if token.encode() in command:
            found.append(place.name)
    return found


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds processes by way of /proc")
def test_what_the_child_started_goes_with_it():
    token = f"token-{os.getpid()}-{time.time_ns()}"
    # The grandchild holds the pipes open, so the clock ends it.
    assert reason_of("leaves_a_child", token.encode(), seconds=3) == "timeout"
    deadline = time.monotonic() + 10
    while living(token) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert living(token) == []
