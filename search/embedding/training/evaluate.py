"""Measure an encoder, dense alone, on the development sets; nothing here is trained on.

    python -m search.embedding.training.evaluate --shared DATA search/embedding/model

A directory with an ONNX file is run by `OnnxEncoder`, one with a static model by `StaticEncoder`, another by
Sentence Transformers.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedding.base import Encoder
from search.embedding.onnx_encoder import OnnxEncoder
from search.embedding.static_encoder import StaticEncoder
from search.embedding.training import measures
from search.text.roles import role_text
from taxonomies.catalogue import load_catalogue

_MAP_SETS = ("job-titles-en", "job-titles-zh", "job-titles-zh-en", "job-titles-en-zh")
_RELEVANCE = Path("tests/relevance")

Figures = dict[str, float]


class TorchEncoder:
    """A Sentence Transformers directory before it is quantised.

    Args:
        folder: the directory.
    """

    dim = 384

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer

        self.name = folder.name
        self._model: Any = SentenceTransformer(str(folder), device="cpu")

    @classmethod
    def around(cls, model: Any) -> TorchEncoder:
        """Wrap a model that is loaded already."""
        encoder = cls.__new__(cls)
        encoder.name = "in training"
        encoder._model = model
        return encoder

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows."""
        vectors = self._model.encode(list(texts), batch_size=64, show_progress_bar=False)
        return np.asarray(vectors, np.float32)

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the same as for queries."""
        return self.encode_queries(texts)


class RememberingEncoder:
    """Encodes a text once: the corpora of several sets are the same.

    Args:
        encoder: what encodes.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.name = encoder.name
        self.dim = encoder.dim
        self._encoder = encoder
        self._documents: dict[str, NDArray[np.float32]] = {}

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows."""
        return self._encoder.encode_queries(texts)

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._documents]
        if fresh:
            found = self._encoder.encode_documents(fresh)
            self._documents.update(zip(fresh, found, strict=True))
        return np.stack([self._documents[text] for text in texts])


def main() -> None:
    """Read the arguments and print one figure a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="folder with dev/")
    parser.add_argument("--sets", nargs="*", help="only these sets")
    parser.add_argument("--holdout", action="store_true", help="tests/relevance/holdout as well")
    parser.add_argument("model", help="a directory")
    arguments = parser.parse_args()
    encoder = RememberingEncoder(open_model(arguments.model))
    for name, figures in evaluate(
        encoder, arguments.shared / "dev", arguments.sets, arguments.holdout
    ):
        for measure, value in figures.items():
            sys.stdout.write(f"{encoder.name}\t{name}\t{measure}\t{value:.4f}\n")
        sys.stdout.flush()


def evaluate(
    encoder: Encoder, dev: Path, wanted: Sequence[str] | None = None, holdout: bool = False
) -> Iterator[tuple[str, Figures]]:
    """Yield the name and the figures of each set."""
    for name in _MAP_SETS:
        if not wanted or name in wanted:
            yield name, _measured(encoder, dev / name, (1,), (1,), ("MAP",))
    for name, query, document in (
        ("title-translation-zh-en", (1,), (1,)),
        ("occupation-aliases-zh", (1,), (1, 2)),
        ("description-to-occupation-en", (2,), (1, 2)),
    ):
        if not wanted or name in wanted:
            yield name, _measured(encoder, dev / name, query, document, ("R@1", "R@10"))
    folders = [("relevance", _RELEVANCE)]
    if holdout:
        folders.append(("relevance-holdout", _RELEVANCE / "holdout"))
    for name, folder in folders:
        if not wanted or name in wanted:
            yield name, _relevance(encoder, folder)


def open_model(model: str | Path) -> Encoder:
    """Open a directory by what is in it."""
    folder = Path(model)
    if (folder / "modules.json").is_file() and "StaticEmbedding" in (
        folder / "modules.json"
    ).read_text(encoding="utf-8"):
        return StaticEncoder(folder)
    return OnnxEncoder(folder) if (folder / "onnx").is_dir() else TorchEncoder(folder)


def _measured(
    encoder: Encoder,
    folder: Path,
    query: Sequence[int],
    document: Sequence[int],
    names: Sequence[str],
) -> Figures:
    queries = _texts(folder / "queries.tsv", query)
    corpus = _texts(folder / "corpus.tsv", document)
    rankings, _ = _ranked(encoder, queries, corpus)
    judged = _judgements(folder / "qrels.tsv")
    rows = [(rankings[identifier], judged[identifier]) for identifier in queries]
    values = {
        "MAP": [measures.average_precision(*row) for row in rows],
        "R@1": [measures.found_within(*row, 1) for row in rows],
        "R@10": [measures.found_within(*row, 10) for row in rows],
    }
    return {name: float(np.mean(values[name])) for name in names}


def _relevance(encoder: Encoder, folder: Path) -> Figures:
    lines = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    queries = {row["qid"]: row["text"] for row in map(json.loads, lines)}
    # A row is its titles and its duty: the whole text of a role is longer than a model reads.
    corpus = {
        str(role.number): "\n".join((*role.labels, role.duty.zh, role.duty.en))
        for role in load_catalogue().roles
    }
    judged = _judgements(folder / "qrels.tsv")
    figures: Figures = {}
    whole = {str(role.number): role_text(role) for role in load_catalogue().roles}
    for label, texts in (("", corpus), (" (whole role text)", whole)):
        rankings, best = _ranked(encoder, queries, texts)
        values = [measures.ndcg(rankings[q], judged[q]) for q in queries if q in judged]
        matched = np.array([best[q] for q in queries if q in judged], np.float32)
        unmatched = np.array([best[q] for q in queries if q not in judged], np.float32)
        figures[f"nDCG@10{label}"] = float(np.mean(values))
        figures[f"no-match AUC{label}"] = measures.auc(matched, unmatched)
    return figures


def _ranked(
    encoder: Encoder, queries: Mapping[str, str], corpus: Mapping[str, str]
) -> tuple[dict[str, list[str]], dict[str, float]]:
    documents = encoder.encode_documents(list(corpus.values()))
    scores = encoder.encode_queries(list(queries.values())) @ documents.T
    names = list(corpus)
    order = np.argsort(-scores, axis=1, kind="stable")
    rankings = {
        query: [names[column] for column in row] for query, row in zip(queries, order, strict=True)
    }
    best = dict(zip(queries, scores.max(axis=1).tolist(), strict=True))
    return rankings, best


def _texts(path: Path, columns: Sequence[int]) -> dict[str, str]:
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {row[0]: ". ".join(row[column] for column in columns) for row in rows}


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    judged: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines():
        query, _, document, grade = line.split()
        judged[query][document] = int(grade)
    return dict(judged)


if __name__ == "__main__":
    main()
