"""Five hundred mutants of valid files: each is a table or a refusal, never anything else."""

from __future__ import annotations

from random import Random

import pytest

from ingest.tables.checking import check
from ingest.tables.model import TableError
from ingest.tables.opening import read_table
from tests.ingest.tables.corpus.mutants import SEEDS, mutant

#: In groups, so that a failure names few.
GROUP = 25


@pytest.mark.slow
@pytest.mark.parametrize("group", range(500 // GROUP))
def test_a_mutant_is_a_table_or_a_refusal(group):
    for number in range(group * GROUP, (group + 1) * GROUP):
        outcome = read(mutant(number))
        assert outcome in {"table", "refused"}, number


def read(data):
    try:
        table = read_table(data)
        for kind in ("candidate", "vacancy"):
            try:
                for result in check(table, kind):
                    assert (result.record is None) == bool(result.faults)
            except TableError:
                continue
    except TableError:
        return "refused"
    return "table"


def test_the_seeds_themselves_are_tables():
    assert [read(make()) for make in SEEDS] == ["table"] * len(SEEDS)


def test_mutants_are_the_same_every_time_and_differ_from_each_other():
    assert [mutant(n) for n in range(20)] == [mutant(n) for n in range(20)]
    assert len({mutant(n) for n in range(100)}) > 90


def test_mutants_are_of_both_fates():
    chosen = Random(1).sample(range(500), 40)
    assert {read(mutant(number)) for number in chosen} == {"table", "refused"}
