"""The encoder contract: texts to vectors, whatever model stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Encoder(Protocol):
    """Turns texts into vectors whose dot product is a cosine.

    Attributes:
        name: model name with a short hash of its weights; part of the index manifest.
        dim: vector length.
    """

    name: str
    dim: int

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32, (len(texts), dim), rows L2-normalised; a text with nothing known is a zero row."""

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32, (len(texts), dim), rows L2-normalised; a text with nothing known is a zero row."""
