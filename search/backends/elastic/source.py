"""A document as Elasticsearch stores it, and back."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from search.backends.base import CONCEPT_FIELDS, NO_TOKENS, TOKEN_FIELDS, Document, Vector
from search.backends.elastic.mapping import ALL, ID, SEARCHED, SEQUENCE, VECTOR
from search.backends.filters import KEYWORD_FIELDS, NUMBER_FIELDS

#: What `get` does not need.
UNREAD = [VECTOR, *(SEARCHED.format(name) for name in CONCEPT_FIELDS)]


def to_source(document: Document) -> bytes:
    """Return a document as JSON on one line."""
    source: dict[str, Any] = {ID: document.doc_id, SEQUENCE: document.sequence}
    for name in TOKEN_FIELDS:
        source[name] = document.tokens.get(name) or NO_TOKENS
    for name, values in document.attributes.items():
        # A negative zero is below zero there.
        source[name] = [value + 0 if isinstance(value, float) else value for value in values]
    for name in CONCEPT_FIELDS:
        source[SEARCHED.format(name)] = [ALL, *document.attributes.get(name, ())]
    if document.vector is not None and document.vector.any():
        source[VECTOR] = packed(document.vector)
    return json.dumps(source, ensure_ascii=False, separators=(",", ":")).encode()


def from_source(source: Mapping[str, Any]) -> Document:
    """Return a stored document, without its vector."""
    return Document(
        source[ID],
        source[SEQUENCE],
        {name: source[name] for name in TOKEN_FIELDS if source[name] != NO_TOKENS},
        {name: tuple(source[name]) for name in (*KEYWORD_FIELDS, *NUMBER_FIELDS) if name in source},
    )


def packed(vector: Vector) -> str:
    """Return a vector as base64 of big-endian float32: a third of the bytes of a list of numbers.

    Of length 1 and cut to float16 first, as the embedded index keeps it: both then give the same
    cosines.
    """
    length = np.linalg.norm(vector.astype(np.float64))
    halves = (vector / length).astype(np.float32).astype(np.float16)
    return base64.b64encode(halves.astype(">f4").tobytes()).decode("ascii")
