"""An encoder that takes no time to load and none to encode, in every process the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class LetterEncoder:
    """Turns a text into the counts of its characters: equal texts are equal."""

    name = "letters-1"
    dim = 16

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for character in text:
                row[ord(character) % self.dim] += 1
            row /= max(float(np.linalg.norm(row)), 1e-9)
        return rows

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encode_queries(texts)
