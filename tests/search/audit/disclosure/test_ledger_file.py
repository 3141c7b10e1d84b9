"""The ledger outlives the process, and says when it is damaged."""

from __future__ import annotations

import json
from datetime import date

import pytest

from search.audit.disclosure.dimensions import Dimension
from search.audit.disclosure.errors import DisclosureError
from search.audit.disclosure.ledger import ReleaseLedger
from search.audit.disclosure.ledger_file import ledger_as_json, ledger_from_json
from search.audit.disclosure.rule import Rule
from search.audit.disclosure.tables import Cell, count_table

ROLE = Dimension("role", {"a": "f", "b": "f", "f": "all", "c": "all"})


@pytest.fixture
def book():
    ledger = ReleaseLedger(Rule(), (ROLE,))
    for day, change in enumerate((0, 4, 30), start=1):
        counted = count_table(
            (ROLE,), {("a",): Cell(40 + change, 5), ("b",): Cell(6, 1), ("c",): Cell(25, 3)}
        )
        ledger, _ = ledger.release("posts", date(2026, 3, day), counted)
    return ledger


def test_what_was_written_is_read(book):
    assert ledger_from_json(ledger_as_json(book)) == book


def test_a_release_goes_on_as_if_never_interrupted(book):
    counted = count_table((ROLE,), {("a",): Cell(72, 5), ("b",): Cell(8, 2), ("c",): Cell(24, 3)})
    read = ledger_from_json(ledger_as_json(book))
    request = ("posts", date(2026, 3, 9), counted)
    assert read.release(*request) == book.release(*request)


def test_a_changed_release_is_noticed(book):
    told = json.loads(ledger_as_json(book))
    told["releases"][1]["cells"][0][1] += 1
    with pytest.raises(DisclosureError, match=r"release 2 .* is not what was written"):
        ledger_from_json(json.dumps(told))


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"format": 2}', '{"format": 1}', "7"])
def test_what_is_no_ledger_is_refused(text):
    with pytest.raises(DisclosureError, match="ledger"):
        ledger_from_json(text)
