"""The terms of a posting or of a row's duty: what proposals and drift compare."""

from __future__ import annotations

import sys

from search.text.vocabulary import load_vocabulary

#: Shortest term that says something, in characters.
SHORTEST = 2


def terms_of(text: str) -> tuple[str, ...]:
    """Return the different tokens of a text of two characters and more, sorted, numbers left out."""
    tokens = set(load_vocabulary().segmenter.tokens(text))
    # The same words come in thousands of postings: each is kept once.
    return tuple(
        sorted(
            sys.intern(token) for token in tokens if len(token) >= SHORTEST and not token.isdigit()
        )
    )
