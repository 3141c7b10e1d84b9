"""Judged collections of titles and texts: queries, a corpus and judgements in one folder.

    queries.tsv   id <tab> … <tab> text        the last column is what is asked
    corpus.tsv    id <tab> title [<tab> text [<tab> more text]]
    qrels.tsv     query 0 document grade        TREC

Further columns of a corpus are left out: they repeat what neighbours share. A folder whose queries have hardly more
than one relevant document each is measured by recall@1, any other by mean average precision.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from search.evaluation.trec import read_qrels

_FILES = ("queries.tsv", "corpus.tsv", "qrels.tsv")
_TEXT_COLUMNS = slice(2, 4)
# From so many relevant documents a query on, the whole ranking matters, not the first place.
_MANY = 2.0

Measure = Literal["MAP", "R@1"]


class CollectionError(ValueError):
    """A folder holds no collection, or a file of it cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Collection:
    """Queries, documents and judgements.

    Attributes:
        name: of the folder.
        queries: id to text.
        documents: id to title and text; the text may be empty.
        qrels: query id to document id to grade, above 0 only.
        measure: what one figure the collection is known by.
    """

    name: str
    queries: Mapping[str, str]
    documents: Mapping[str, tuple[str, str]]
    qrels: Mapping[str, Mapping[str, int]]
    measure: Measure

    def sample(self, queries: int) -> Collection:
        """Return the same with every n-th query only, at most so many; all documents stay."""
        step = max(1, -(-len(self.queries) // queries))
        kept = dict(list(self.queries.items())[::step])
        return Collection(self.name, kept, self.documents, self.qrels, self.measure)


def read_collections(folder: Path) -> list[Collection]:
    """Return the collections in the folders below, by name.

    Raises:
        CollectionError: there is none, or one cannot be read.
    """
    found = [
        read_collection(path)
        for path in sorted(folder.glob("*/"))
        if any((path / name).is_file() for name in _FILES)
    ]
    if not found:
        raise CollectionError(
            f"judged collections were asked for in {folder}; no folder in it holds "
            f"{', '.join(_FILES)}. Give the folder above them"
        )
    return found


def read_collection(folder: Path) -> Collection:
    """Return one collection; queries without a relevant document in it are left out.

    Raises:
        CollectionError: a file is missing or cannot be read.
        TrecFileError: the judgements cannot be read.
    """
    for name in _FILES:
        if not (folder / name).is_file():
            raise CollectionError(f"{folder} lacks {name}; a collection has {', '.join(_FILES)}")
    documents = {
        row[0]: (row[1], "\n".join(filter(None, row[_TEXT_COLUMNS])))
        for row in _rows(folder / "corpus.tsv")
    }
    qrels: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for judged in read_qrels(folder / "qrels.tsv"):
        if judged.relevance > 0 and judged.doc_id in documents:
            qrels[judged.query_id][judged.doc_id] = judged.relevance
    queries = {row[0]: row[-1] for row in _rows(folder / "queries.tsv") if row[0] in qrels}
    relevant = sum(len(qrels[query]) for query in queries) / max(1, len(queries))
    measure: Measure = "R@1" if relevant < _MANY else "MAP"
    return Collection(folder.name, queries, documents, dict(qrels), measure)


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            row = line.rstrip("\r\n").split("\t")
            if len(row) < 2 or not row[0]:
                raise CollectionError(f"{path}, line {number}: expected id <tab> text")
            yield row
