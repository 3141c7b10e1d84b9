"""The terms of a posting or of a row's duty: what proposals and drift compare."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from search.text.normalise import writes_han
from search.text.vocabulary import load_vocabulary

#: Shortest term that says something, in characters.
SHORTEST = 2


def terms_of(text: str) -> tuple[str, ...]:
    """Return the different words of a text of two characters and more, sorted, numbers left out.

    They are shown to people, so English ones stay as they are written.
    """
    tokens = set(load_vocabulary().segmenter.written(text))
    # The same words come in thousands of postings: each is kept once.
    return tuple(
        sorted(
            sys.intern(token) for token in tokens if len(token) >= SHORTEST and not token.isdigit()
        )
    )


def are_chinese(terms: Iterable[str]) -> bool:
    """Say whether a text with these terms is written in Chinese, as the duties of a catalogue are."""
    return any(map(writes_han, terms))
