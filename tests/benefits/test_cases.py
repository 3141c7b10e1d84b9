"""The cases of `cases/*.yaml`, written to be read by a lawyer: facts, day, and what an official would say."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from search.benefits.book import open_book
from search.benefits.reading import read_facts
from search.benefits.screening import Finding, Screened
from search.benefits.standing import Verdict

BOOK = open_book()
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text("utf-8"))
]


def facts_of(findings: tuple[Finding, ...]) -> set[str]:
    return {name for found in findings for name in found.facts}


@pytest.mark.parametrize("case", CASES)
def test_the_verdicts_are_those_of_a_careful_official(case: dict[str, Any]) -> None:
    screened = BOOK.screen(read_facts(case["facts"]), date.fromisoformat(case["as_of"]))
    by_id: dict[str, Screened] = {one.benefit.id: one for one in screened}
    for key, expected in case["expect"].items():
        one = by_id[key]
        assert one.verdict.value == expected["verdict"], key
        assert one.standing.value == expected.get("standing", one.standing.value), key
        states = {
            "met": facts_of(one.met_conditions),
            "not_met": facts_of(one.failed_conditions),
            "unknown": facts_of(one.open_conditions),
        }
        for state, found in states.items():
            assert set(expected.get(state, ())) <= found, (key, state, found)
    if case.get("none_eligible"):
        assert [key for key, one in by_id.items() if one.verdict is Verdict.ELIGIBLE] == []


def test_every_measure_that_can_be_claimed_has_a_case() -> None:
    named = {key for case in CASES for key in case.values[0]["expect"]}  # type: ignore[union-attr, index, call-overload]
    granted = {one.id for one in BOOK.benefits(date(2020, 6, 1)) if one.status.value == "granted"}
    # The same words again in another plan of the same document.
    again = {key for key in granted if key.startswith("jiaxing-equipment-")}
    assert granted - again <= named
