"""Documents of one small make, for tests of the Elasticsearch backend."""

from __future__ import annotations

import numpy as np

from search.backends.base import Document, LexicalQuery, Manifest, Vector
from search.backends.filters import Attributes

DIM = 8
MANIFEST = Manifest(schema=1, tokeniser="test", model="test", dim=DIM, taxonomies="test")
#: Every document of `document` holds it.
COMMON = LexicalQuery({"text": {"common": 1.0}})


def vector(seed: int) -> Vector:
    """Return a vector of length 1, always the same for a seed."""
    values = np.random.default_rng(seed).standard_normal(DIM)
    unit: Vector = (values / np.linalg.norm(values)).astype(np.float32)
    return unit


def document(
    number: int, sequence: int = 1, *, text: str = "", attributes: Attributes | None = None
) -> Document:
    """Return the document `x:<number>` at a sequence."""
    tokens = {"text": f"common {text}".strip()}
    return Document(f"x:{number}", sequence, tokens, attributes or {}, vector(number))
