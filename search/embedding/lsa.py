"""Latent semantic analysis over our own bilingual texts: an encoder that needs no downloaded weights.

Every role and skill is one training text that says the same thing in Chinese and English, so words of
both languages that mean the same come to lie near each other. It is what Bole runs with where no
trained model is bundled.

Source: Deerwester et al. (1990), "Indexing by Latent Semantic Analysis"; a query is folded in by
q_hat = q^T U_k (the variant without the inverse singular values, which weights strong concepts up).
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.text.segment import Segmenter

#: Vector length; half a thousand training texts carry no more.
DIM = 256
_NGRAM = 4


class LsaEncoder:
    """Encodes by a projection of tf-idf weighted words and character n-grams.

    Args:
        segmenter: cuts text into words.
        rows: feature to its row in the projection.
        projection: float32, (n_features, DIM): idf times the left singular vectors.
        fingerprint: names the fit.
    """

    dim = DIM

    def __init__(
        self,
        segmenter: Segmenter,
        rows: Mapping[str, int],
        projection: NDArray[np.float32],
        fingerprint: str,
    ) -> None:
        self.name = f"lsa-{fingerprint}"
        self._segmenter = segmenter
        self._rows = rows
        self._projection = projection

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32, (len(texts), DIM), rows L2-normalised; a text of unknown features is a zero row."""
        return (
            np.stack([self._encode(text) for text in texts])
            if texts
            else np.zeros((0, DIM), np.float32)
        )

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the same as for queries: the space is symmetric."""
        return self.encode_queries(texts)

    def save(self, folder: Path) -> None:
        """Write the fit: a projection that can be mapped into memory, and its features."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "projection.npy", self._projection)
        (folder / "features.txt").write_text("\n".join(self._rows), encoding="utf-8")
        # Written last: its presence says that the other two are complete.
        (folder / "name.txt").write_text(self.name, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, segmenter: Segmenter) -> LsaEncoder:
        """Open a fit written by `save`."""
        features = (folder / "features.txt").read_text(encoding="utf-8").split("\n")
        name = (folder / "name.txt").read_text(encoding="utf-8")
        rows = {feature: row for row, feature in enumerate(features)}
        projection = np.load(folder / "projection.npy", mmap_mode="r")
        return cls(segmenter, rows, projection, name.removeprefix("lsa-"))

    def _encode(self, text: str) -> NDArray[np.float32]:
        counts = Counter(
            feature for feature in features(self._segmenter, text) if feature in self._rows
        )
        if not counts:
            return np.zeros(DIM, np.float32)
        rows = np.fromiter((self._rows[feature] for feature in counts), np.int64, len(counts))
        weights = np.fromiter(
            (1 + math.log(count) for count in counts.values()), np.float32, len(counts)
        )
        vector = weights @ self._projection[rows]
        return _normalised(vector)


def fit(segmenter: Segmenter, texts: Sequence[str]) -> LsaEncoder:
    """Fit the projection to training texts; deterministic for the same texts.

    Args:
        segmenter: cuts text into words.
        texts: at least a few hundred, each about one thing in both languages.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.linalg import svds

    bags = [Counter(features(segmenter, text)) for text in texts]
    frequency = Counter(feature for bag in bags for feature in bag)
    kept = sorted(feature for feature, count in frequency.items() if count > 1)
    rows = {feature: row for row, feature in enumerate(kept)}
    # Sparck Jones's idf, smoothed so that no weight is negative.
    idf = np.array([math.log(1 + len(bags) / frequency[feature]) for feature in kept], np.float32)
    matrix = csr_matrix(_normalised_rows(bags, rows, idf))
    rank = min(DIM, min(matrix.shape) - 1)
    start = np.random.default_rng(0).standard_normal(min(matrix.shape))
    _, values, components = svds(matrix, k=rank, v0=start)
    order = np.argsort(-values)
    projection = np.zeros((len(kept), DIM), np.float32)
    projection[:, :rank] = components[order].T * idf[:, None]
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]
    return LsaEncoder(segmenter, rows, projection, digest)


def features(segmenter: Segmenter, text: str) -> Iterator[str]:
    """Yield words, Chinese character pairs and parts of longer English words."""
    for token in segmenter.tokens(text):
        yield token
        if token[0] >= "\u3400":
            if len(token) > 2:
                yield from (f"#{token[i : i + 2]}" for i in range(len(token) - 1))
        elif len(token) > _NGRAM:
            yield from (f"#{token[i : i + _NGRAM]}" for i in range(len(token) - _NGRAM + 1))


def _normalised_rows(
    bags: Sequence[Mapping[str, int]], rows: Mapping[str, int], idf: NDArray[np.float32]
) -> tuple[NDArray[np.float32], tuple[NDArray[np.int64], NDArray[np.int64]]]:
    values: list[NDArray[np.float32]] = []
    row_ids: list[int] = []
    columns: list[int] = []
    for index, bag in enumerate(bags):
        known = [feature for feature in bag if feature in rows]
        weights = np.array([(1 + math.log(bag[f])) * idf[rows[f]] for f in known], np.float32)
        values.append(_normalised(weights))
        row_ids.extend([index] * len(known))
        columns.extend(rows[feature] for feature in known)
    return np.concatenate(values), (np.array(row_ids, np.int64), np.array(columns, np.int64))


def _normalised(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    norm = float(np.linalg.norm(vector))
    return (vector / norm).astype(np.float32) if norm > 0 else vector.astype(np.float32)
