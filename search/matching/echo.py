"""A profile that repeats the posting word by word: what it repeats does not count.

Somebody may paste a posting into a profile to rank high for it. Whoever shares longer pieces with the posting
is read again without the sentences that both have, and judged as if they had never been said.
"""

from __future__ import annotations

import re

from search.matching.sides import Demand, Supply
from search.text.normalise import normalise

#: Characters from which a sentence that both have is a copy.
_COPIED = 6

_SENTENCE = re.compile(r"[^。；;！!？?\n]*?(?:[。；;！!？?\n]+|\.(?=\s)|$)")
_MARKS = re.compile(r"[\W_]+")


def repeats(supply: Supply, demand: Demand) -> bool:
    """Say whether a profile may repeat a posting: whether they share a piece (`search.matching.sides`)."""
    return any(piece in supply.text for piece in demand.pieces)


def without_sentences(text: str, posting: str) -> str:
    """Return a text without the sentences that a posting has too, whatever marks stand in them.

    Args:
        text: of a profile.
        posting: its title in a line, then its text. A line that is the title is a copy however short.
    """
    copied = {
        key for match in _SENTENCE.finditer(posting) if len(key := _key(match.group())) >= _COPIED
    }
    copied.add(_key(posting.partition("\n")[0]))
    return "".join(
        match.group() for match in _SENTENCE.finditer(text) if _key(match.group()) not in copied
    )


def _key(sentence: str) -> str:
    return _MARKS.sub("", normalise(sentence).text)
