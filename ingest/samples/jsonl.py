"""Write records as JSON Lines, the format that `bole load` and the benchmarks read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from search.records.models import Candidate, Vacancy


def write_jsonl(path: Path, records: Iterable[Candidate | Vacancy]) -> int:
    """Write one record a line and return how many were written.

    Unstated parts are left out. A file that stands at `path` is replaced only when all is written.
    """
    count = 0
    draft = path.with_name(f"{path.name}.part")
    with draft.open("w", encoding="utf-8", newline="\n") as lines:
        for record in records:
            # `exclude_defaults` would drop `kind`, which tells the two sorts of record apart.
            lines.write(record.model_dump_json(exclude_none=True) + "\n")
            count += 1
    draft.replace(path)
    return count
