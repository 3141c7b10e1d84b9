"""A server that does not answer is left alone, asked again by one, and used again once it answers."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from search.backends.base import IndexUnavailableError
from search.backends.elastic.breaker import Breaker

PAUSE_S = 5.0


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(PAUSE_S, clock)


def lets_through(breaker: Breaker) -> bool:
    try:
        breaker.check()
    except IndexUnavailableError:
        return False
    return True


def test_everything_goes_through_while_the_server_answers(breaker: Breaker) -> None:
    for _ in range(3):
        assert lets_through(breaker)
        breaker.succeeded()


def test_after_a_failure_nobody_asks_for_the_pause(breaker: Breaker, clock: Clock) -> None:
    breaker.failed()
    clock.now += PAUSE_S - 0.01
    assert not lets_through(breaker)


def test_it_says_when_to_come_back(breaker: Breaker, clock: Clock) -> None:
    breaker.failed()
    clock.now += 2
    with pytest.raises(IndexUnavailableError, match=r"not asked again for 3\.0 s; try again"):
        breaker.check()


def test_after_the_pause_one_finds_out_for_all(breaker: Breaker, clock: Clock) -> None:
    breaker.failed()
    clock.now += PAUSE_S
    assert [lets_through(breaker) for _ in range(4)] == [True, False, False, False]


def test_of_many_at_the_same_moment_one_goes_through(breaker: Breaker, clock: Clock) -> None:
    breaker.failed()
    clock.now += PAUSE_S
    together = threading.Barrier(16)

    def ask(_: int) -> bool:
        together.wait(timeout=10)
        return lets_through(breaker)

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(ask, range(16))) == 1


def test_an_answer_lets_everybody_through_again(breaker: Breaker, clock: Clock) -> None:
    breaker.failed()
    clock.now += PAUSE_S
    assert lets_through(breaker)
    breaker.succeeded()
    assert all(lets_through(breaker) for _ in range(4))


def test_a_probe_in_vain_begins_the_pause_anew(breaker: Breaker, clock: Clock) -> None:
    breaker.failed()
    clock.now += PAUSE_S
    assert lets_through(breaker)
    clock.now += 1  # what the probe waited
    breaker.failed()
    clock.now += PAUSE_S - 0.01
    assert not lets_through(breaker)
    clock.now += 0.01
    assert lets_through(breaker)


def test_a_probe_that_never_reports_bars_nobody_for_ever(breaker: Breaker, clock: Clock) -> None:
    """Its thread may have died: the next one tries after another pause."""
    breaker.failed()
    clock.now += PAUSE_S
    assert lets_through(breaker)
    clock.now += PAUSE_S
    assert lets_through(breaker)


def test_only_the_first_failure_is_news(breaker: Breaker) -> None:
    assert breaker.failed()
    assert not breaker.failed()
    breaker.succeeded()
    assert breaker.failed()
