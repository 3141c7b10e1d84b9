"""Queries to evaluate with: one JSON object a line, `qid` and `text`, and where known `kind` and `lang`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


class QueryFileError(ValueError):
    """A line of a query file cannot be read; the message names file, line and fix."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query of an evaluation.

    Attributes:
        kind: what sort of query it is, for example `title`; "all" where the file does not say.
        lang: `zh`, `en`, `mixed`, or "all".
    """

    qid: str
    text: str
    kind: str = "all"
    lang: str = "all"


def read_queries(path: Path) -> Iterator[Query]:
    """Yield the queries of a file in order; empty lines are skipped.

    Raises:
        QueryFileError: a line is not JSON, or lacks `qid` or `text`, or a qid stands twice.
    """
    seen: set[str] = set()
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                query = _query(line, f"{path}, line {number}")
                if query.qid in seen:
                    raise QueryFileError(
                        f"{path}, line {number}: qid {query.qid!r} stands twice; rename one"
                    )
                seen.add(query.qid)
                yield query


def _query(line: str, place: str) -> Query:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise QueryFileError(f"{place}: not JSON ({error.msg}); write one object a line") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or "qid" not in row:
        raise QueryFileError(
            f'{place}: expected {{"qid": ..., "text": "..."}}; add what is missing'
        )
    qid = str(row["qid"])
    if not qid or any(character.isspace() for character in qid):
        raise QueryFileError(f"{place}: a qid may not hold blanks (TREC files separate by them)")
    return Query(qid, row["text"], str(row.get("kind") or "all"), str(row.get("lang") or "all"))
