"""Kleene's strong tables, as laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.benefits.verdicts import Truth, all_of, any_of, consensus, negate, truth_of

truths = st.sampled_from(Truth)
several = st.lists(truths, max_size=6)
F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [(F, F, F, F), (F, U, F, U), (F, T, F, T), (U, U, U, U), (U, T, U, T), (T, T, T, T)],
)
def test_tables(left: Truth, right: Truth, both: Truth, either: Truth) -> None:
    assert all_of([left, right]) is all_of([right, left]) is both
    assert any_of([left, right]) is any_of([right, left]) is either


def test_empty_parts_and_negation() -> None:
    assert all_of([]) is T
    assert any_of([]) is F
    assert [negate(truth) for truth in (F, U, T)] == [T, U, F]
    assert consensus([]) is U


@given(several)
def test_de_morgan(parts: list[Truth]) -> None:
    assert negate(all_of(parts)) is any_of(negate(part) for part in parts)
    assert negate(any_of(parts)) is all_of(negate(part) for part in parts)


@given(truths)
def test_double_negation(truth: Truth) -> None:
    assert negate(negate(truth)) is truth


@given(several, several)
def test_parts_may_be_grouped(left: list[Truth], right: list[Truth]) -> None:
    assert all_of([all_of(left), all_of(right)]) is all_of(left + right)
    assert any_of([any_of(left), any_of(right)]) is any_of(left + right)


@given(several, st.lists(st.booleans(), min_size=6, max_size=6))
def test_deciding_the_unknown_never_undoes_a_verdict(parts: list[Truth], later: list[bool]) -> None:
    decided = [
        truth_of(value) if part is U else part for part, value in zip(parts, later, strict=False)
    ]
    for connective in (all_of, any_of):
        before = connective(parts)
        assert before is U or connective(decided) is before


@given(truths)
def test_a_verdict_is_never_read_as_yes_or_no(truth: Truth) -> None:
    with pytest.raises(TypeError, match="compare it"):
        bool(truth)
