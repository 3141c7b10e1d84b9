"""The same values give the same bytes."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import pytest

from search.audit.canonical import canonical, digest, joint_digest, record_digest
from search.audit.inputs import Outcome, OutcomeStage
from search.audit.thresholds import Thresholds


def test_keys_are_sorted_in_dataclasses_too() -> None:
    plain = json.dumps(asdict(Thresholds()), sort_keys=True, separators=(",", ":"))
    assert canonical(Thresholds()).decode() == plain


def test_sets_and_order_of_keys_mean_nothing() -> None:
    assert canonical({"b": frozenset({"x", "a"}), "a": 1}) == b'{"a":1,"b":["a","x"]}'
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


def test_the_order_of_records_means_nothing_and_their_content_does() -> None:
    one, two = (record_digest(name) for name in ("one", "two"))
    assert joint_digest([one, two]) == joint_digest([two, one])
    assert joint_digest([one, one]) != joint_digest([one])


def test_days_and_stages_are_plain() -> None:
    outcome = Outcome("v", "c", OutcomeStage.HIRED, date(2026, 1, 2))
    assert json.loads(canonical(outcome))["on"] == "2026-01-02"


def test_what_json_cannot_say_is_refused() -> None:
    with pytest.raises(TypeError, match="not JSON serializable: object"):
        canonical(object())
