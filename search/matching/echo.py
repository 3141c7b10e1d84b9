"""A profile that repeats the posting word by word: what it repeats does not count.

Somebody may paste a posting into a profile to rank high for it. Whoever shares longer pieces with the posting
is read again without the sentences that both have, and judged as if they had never been said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from search.matching.sides import Supply
from search.ranking.profile import padded
from search.text.normalise import normalise
from search.text.vocabulary import load_vocabulary

#: Tokens of a piece; nobody writes so many again by chance.
PIECE = 8
#: Characters from which a sentence that both have is a copy.
_COPIED = 6

_SENTENCE = re.compile(r"[^。；;！!？?\n]*?(?:[。；;！!？?\n]+|\.(?=\s)|$)")
_MARKS = re.compile(r"[\W_]+")


def pieces(posting: str) -> tuple[str, ...]:
    """Return pieces of a posting, as tokens between blanks; each begins half a piece after the last."""
    tokens = load_vocabulary().segmenter.tokens(posting)
    starts = range(0, len(tokens) - PIECE + 1, PIECE // 2)
    return tuple(padded(*tokens[at : at + PIECE]) for at in starts)


def repeats(supply: Supply, of_posting: Sequence[str]) -> bool:
    """Say whether a profile may repeat a posting: whether it holds a piece of it."""
    return any(piece in supply.text for piece in of_posting)


def without_sentences(text: str, posting: str) -> str:
    """Return a text without the sentences that a posting has too, whatever marks stand in them.

    Args:
        text: of a profile.
        posting: its title in a line, then its text. A line that is the title is a copy however short.
    """
    copied = _copied(posting)
    return "".join(
        match.group() for match in _SENTENCE.finditer(text) if _key(match.group()) not in copied
    )


@lru_cache(maxsize=256)
def _copied(posting: str) -> frozenset[str]:
    """Return the sentences of a posting that are a copy wherever they stand."""
    keys = {_key(match.group()) for match in _SENTENCE.finditer(posting)}
    long = {key for key in keys if len(key) >= _COPIED}
    return frozenset(long | {_key(posting.partition("\n")[0])})


def _key(sentence: str) -> str:
    return _MARKS.sub("", normalise(sentence).text)
