"""The ledger as text, so that it outlives the process. It holds true counts: it stays inside."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from search.audit.canonical import digest
from search.audit.disclosure.dimensions import Dimension
from search.audit.disclosure.errors import DisclosureError
from search.audit.disclosure.ledger import Release, ReleaseLedger
from search.audit.disclosure.protection import ProtectedTable
from search.audit.disclosure.rule import Rule
from search.audit.disclosure.tables import Cell, CountTable

_FORMAT = 1


def ledger_as_json(ledger: ReleaseLedger) -> str:
    """Return the ledger as JSON, each release with the SHA-256 of what it says."""
    releases = [_release_as_dict(item) for item in ledger.releases]
    return json.dumps(
        {
            "format": _FORMAT,
            "rule": asdict(ledger.rule),
            "days_compared": ledger.days_compared,
            "dimensions": [
                {
                    "name": dimension.name,
                    "parents": dict(dimension.parents),
                    "overlapping": dimension.overlapping,
                }
                for dimension in ledger.dimensions
            ],
            "releases": [{**item, "sha256": digest(item)} for item in releases],
        },
        ensure_ascii=False,
    )


def ledger_from_json(text: str) -> ReleaseLedger:
    """Return the ledger that was written.

    Raises:
        DisclosureError: when the text is no ledger, or a release is not what was written. Without
            the ledger nothing may be released: restore it from a backup.
    """
    try:
        told = json.loads(text)
        if told["format"] != _FORMAT:
            raise DisclosureError(f"the ledger has format {told['format']}, not {_FORMAT}")
        rule = Rule(**told["rule"])
        dimensions = tuple(Dimension(**dimension) for dimension in told["dimensions"])
        releases = tuple(
            _release_from_dict(number, item, dimensions, rule)
            for number, item in enumerate(told["releases"], start=1)
        )
        return ReleaseLedger(rule, dimensions, releases, int(told["days_compared"]))
    except DisclosureError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
        raise DisclosureError(
            f"this is no ledger of releases ({type(error).__name__}: {error}): restore it from a "
            "backup before anything else is released"
        ) from error


def _release_as_dict(item: Release) -> dict[str, Any]:
    return {
        "subject": item.subject,
        "as_of": item.as_of.isoformat(),
        "dimensions": [dimension.name for dimension in item.table.dimensions],
        "cells": [
            [
                list(place),
                cell.persons,
                cell.employers,
                item.protected.values[place],
                item.protected.reasons.get(place),
                place in item.protected.held,
            ]
            for place, cell in item.table.cells.items()
        ],
    }


def _release_from_dict(
    number: int, told: dict[str, Any], dimensions: tuple[Dimension, ...], rule: Rule
) -> Release:
    body = {name: value for name, value in told.items() if name != "sha256"}
    if told["sha256"] != digest(body):
        raise DisclosureError(
            f"release {number} of the ledger is not what was written: restore it from a backup "
            "before anything else is released"
        )
    named = {dimension.name: dimension for dimension in dimensions}
    axes = tuple(named[name] for name in body["dimensions"])
    lines = [(tuple(line[0]), *line[1:]) for line in body["cells"]]
    table = CountTable(axes, {place: Cell(persons, by) for place, persons, by, *_ in lines})
    protected = ProtectedTable(
        axes,
        rule,
        {place: value for place, _, _, value, _, _ in lines},
        {place: why for place, _, _, _, why, _ in lines if why is not None},
        frozenset(place for place, *_, held in lines if held),
    )
    return Release(body["subject"], date.fromisoformat(body["as_of"]), table, protected)
