"""How telling a token is: inverse document frequency over the taxonomy's own texts.

A fixed table, so that a score does not change when records are added. Words that every posting holds
are filler: they are rare in the taxonomy, and still say nothing.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from search.text.segment import Segmenter
from search.text.wordlist import word_list

#: Weight of a filler word relative to a word never seen.
_FILLER_SHARE = 0.1

FILLER = word_list("filler.txt")


class Frequencies:
    """Token weights.

    Args:
        idf: token to weight; a token that is not there gets the largest.
    """

    def __init__(self, idf: Mapping[str, float]) -> None:
        self._idf = idf
        self._unseen = max(idf.values(), default=1.0)

    def weight(self, token: str) -> float:
        """Return how telling a token is, from near 0 (filler) up."""
        if token in FILLER:
            return _FILLER_SHARE * self._unseen
        return self._idf.get(token, self._unseen)

    def save(self, path: Path) -> None:
        """Write the table."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        temporary.write_text(json.dumps(self._idf, ensure_ascii=False), encoding="utf-8")
        temporary.replace(path)

    @classmethod
    def load(cls, path: Path) -> Frequencies:
        """Open a table written by `save`."""
        return cls(json.loads(path.read_text(encoding="utf-8")))


def fit(segmenter: Segmenter, texts: Iterable[str]) -> Frequencies:
    """Count the tokens of the texts: idf(t) = ln(1 + N / df(t))."""
    bags = [set(segmenter.tokens(text)) for text in texts]
    df = Counter(token for bag in bags for token in bag)
    return Frequencies(
        {token: math.log(1 + len(bags) / count) for token, count in sorted(df.items())}
    )
