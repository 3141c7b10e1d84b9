"""T-P6, second half: 10,000 pairs of overlapping queries, none of which differ by 1 to 9 persons."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from search.audit.disclosure.protection import protect
from tests.search.audit.disclosure.attack import Reader
from tests.search.audit.disclosure.invented_tables import (
    members,
    random_table,
    without_complementary,
)

LOG = logging.getLogger(__name__)


def overlapping_pairs(random, counted, wanted):
    """Pairs of sets of finest cells, with 1 to 9 persons in the first and not in the second.

    Unions of cities less one of them, roles and fields less some, and totals less every part
    that is shown: whatever a reader might put together from cells that are released or not.
    """
    parts = members(counted)
    persons = {}
    for cell, inside in parts.items():
        if len(inside) == 1:
            persons[inside[0]] = counted.cells[cell].persons
    role, region = counted.dimensions
    pairs = []
    for _ in range(wanted * 40):
        wide = [
            list(random.choice(axis.values, size=int(random.integers(1, 4)), replace=False))
            for axis in (role, region)
        ]
        narrow = [list(values) for values in wide]
        axis = int(random.integers(2))
        narrow[axis] = list(
            random.choice(
                counted.dimensions[axis].values, size=int(random.integers(1, 4)), replace=False
            )
        )
        first, second = (
            {i for r in roles for c in regions for i in parts[r, c]}
            for roles, regions in (wide, narrow)
        )
        if first & second and 0 < sum(persons[i] for i in first - second) < 10:
            pairs.append((frozenset(first), frozenset(second)))
            if len(pairs) == wanted:
                break
    return pairs


@pytest.mark.slow
def test_no_pair_of_10_000_reveals_a_count_of_1_to_9():
    random = np.random.default_rng(20260302)
    asked, plain, ours = 0, 0, 0
    while asked < 10_000:
        counted = random_table(random, employers=bool(random.integers(2)))
        pairs = overlapping_pairs(random, counted, 250)
        readers = [
            Reader(members(counted), figures, 10, 5)
            for figures in (protect(counted).values, without_complementary(counted))
        ]
        known = {}
        for first, second in pairs:
            rest = first - second
            if rest not in known:
                known[rest] = [reader.small(rest) for reader in readers]
            ours += known[rest][0]
            plain += known[rest][1]
        asked += len(pairs)
    LOG.info("%s pairs: %s reveal 1-9 with thresholds alone, %s here", asked, plain, ours)
    assert plain > 100, "the attack has to succeed where it can"
    assert ours == 0
