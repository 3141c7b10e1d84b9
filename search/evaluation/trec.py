"""TREC files: runs (`qid Q0 docid rank score tag`) and judgements (`qid 0 docid grade`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


class TrecFileError(ValueError):
    """A line of a TREC file cannot be read; the message names file, line and fix."""


@dataclass(frozen=True, slots=True)
class Qrel:
    """A judgement: how relevant a document is to a query; 0 is not at all."""

    query_id: str
    doc_id: str
    relevance: int


@dataclass(frozen=True, slots=True)
class ScoredDoc:
    """One line of a run."""

    query_id: str
    doc_id: str
    score: float


def write_run(path: Path, rows: Iterable[ScoredDoc], tag: str) -> int:
    """Write a run and return how many lines it has.

    Args:
        path: the file to write.
        rows: the answers of each query together, best first.
        tag: name of the system, without blanks.
    """
    query_id, rank, count = "", 0, 0
    with path.open("w", encoding="utf-8") as run:
        for row in rows:
            rank = rank + 1 if row.query_id == query_id else 1
            query_id = row.query_id
            run.write(f"{row.query_id} Q0 {row.doc_id} {rank} {row.score:.6f} {tag}\n")
            count += 1
    return count


def read_qrels(path: Path) -> Iterator[Qrel]:
    """Yield the judgements of a file; columns are separated by blanks or tabs.

    Raises:
        TrecFileError: a line has not four columns, or its grade is no whole number.
    """
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            columns = line.split()
            if not columns:
                continue
            if len(columns) != 4 or not columns[3].lstrip("-").isdigit():
                raise TrecFileError(
                    f"{path}, line {number}: expected `qid 0 docid grade`, found {len(columns)} columns"
                )
            yield Qrel(columns[0], columns[2], int(columns[3]))
