"""How long a table of the audit's size takes: 92 roles in 8 fields x 12 cities with a province.

python -m tests.search.audit.disclosure.measure_speed
"""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date
from time import perf_counter

import numpy as np

from search.audit.disclosure.ledger import ReleaseLedger
from search.audit.disclosure.protection import protect
from search.audit.disclosure.rule import Rule
from search.audit.disclosure.tables import Cell, count_table
from tests.search.audit.disclosure.invented_tables import table


def changed(random, counted):
    """The same table some weeks later."""
    parents = [set(axis.children) for axis in counted.dimensions]
    cells = {}
    for place, cell in counted.cells.items():
        if not any(value in above for value, above in zip(place, parents, strict=True)):
            persons = max(0, cell.persons + int(random.integers(-4, 5)))
            cells[place] = Cell(persons, min(persons, cell.employers or 0))
    return count_table(counted.dimensions, cells)


def main():
    for mean in (1, 5, 20, 100, 1000):
        random = np.random.default_rng(1)
        counted = table(random, roles=92, fields=8, cities=12, mean=mean)
        start = perf_counter()
        released = protect(counted)
        alone = perf_counter() - start
        why = Counter(released.reasons.values())
        book, _ = ReleaseLedger(Rule(), counted.dimensions).release(
            "posts", date(2026, 3, 1), counted
        )
        start = perf_counter()
        _, second = book.release("posts", date(2026, 4, 1), changed(random, counted))
        sys.stdout.write(
            f"mean {mean}: {alone:.1f} s; {len(counted.cells) - sum(why.values())} of "
            f"{len(counted.cells)} released, hidden {dict(why)}; next month, solved with this "
            f"one {perf_counter() - start:.1f} s, {len(second.held)} held, "
            f"{len(second.values) - len(second.suppressed)} released\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
