"""One vector for a document of several passages: its title and the pieces of its text.

    v = unit(e(title) + mean over pieces e(piece))

A model reads the first few hundred words of a text and blurs what it reads; a short title said beside a
long text would be lost in one embedding of both. Measured in docs/relevance.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.embedding.base import Encoder

#: Characters of a piece; about what a model reads at once in Chinese, half of it in English.
LONGEST_PIECE = 400
#: Pieces of one text that are embedded: some two pages.
MOST_PIECES = 6

_SENTENCE = re.compile(r"[^\n。！？；!?;]*(?:[\n。！？；!?;]+|$)")


def passages(title: str, text: str) -> tuple[str, ...]:
    """Return the title and the pieces of the text, cut where sentences or lines end; no empty ones.

    A document without a title begins with its first piece.
    """
    pieces: list[str] = []
    piece = ""
    for sentence in _sentences(text):
        if piece and len(piece) + len(sentence) > LONGEST_PIECE:
            pieces.append(piece)
            piece = ""
            if len(pieces) == MOST_PIECES:
                break
        piece += sentence
    else:
        pieces.append(piece)
    return tuple(part.strip() for part in (title, *pieces) if part.strip())


def encode_passages(encoder: Encoder, documents: Sequence[Sequence[str]]) -> NDArray[np.float32]:
    """Return float32, (len(documents), dim), rows L2-normalised; one without known text is a zero row.

    Args:
        encoder: makes the vectors of the passages, all in one call.
        documents: the passages of each, the title first.
    """
    flat = encoder.encode_documents([passage for document in documents for passage in document])
    vectors = np.zeros((len(documents), encoder.dim), np.float32)
    at = 0
    for row, document in enumerate(documents):
        found = flat[at : at + len(document)]
        at += len(document)
        if len(found) > 1:
            vectors[row] = found[0] + found[1:].mean(axis=0)
        elif len(found):
            vectors[row] = found[0]
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    norms[norms == 0] = 1
    unit: NDArray[np.float32] = vectors / norms
    return unit


def _sentences(text: str) -> Sequence[str]:
    found = []
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        # A list without punctuation is one long sentence.
        found += [
            sentence[start : start + LONGEST_PIECE]
            for start in range(0, len(sentence), LONGEST_PIECE)
        ]
    return found
