"""Cut normal-form text into the tokens that both backends index.

Chinese is cut by rjieba with the taxonomy's words added, in search mode (a long word is followed by
the words inside it). English words are stemmed lightly (Snowball); names of technologies such as
`c++`, `c#`, `.net` and `node.js` stay whole.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from importlib.metadata import version

import rjieba
import Stemmer

from search.text.normalise import HAN, normalise
from search.text.wordlist import word_list

#: Changes when the same text would give other tokens.
SEGMENTER = "3"

# A run of Chinese, or one word of another script with the signs that belong to its name. A dot joins
# numbers (802.11), initials (b.sc) and known endings (node.js): in "1.java" or "api.we" it does not.
_LETTER = rf"[^\W_{HAN}]"
_PIECES = re.compile(
    rf"[{HAN}]+|\.net\b|\d+(?:\.\d+)+{_LETTER}*|ph\.d\b|(?<!{_LETTER})[a-z]\.[a-z]{_LETTER}*(?:\.{_LETTER}+)*"
    rf"|{_LETTER}+(?:\.(?:js|net|io|ai|py|cpp)\b|'{_LETTER}+)?(?:\+\+|#)?"
)

_IS_HAN = re.compile(f"[{HAN}]")

STOPWORDS = word_list("stopwords.txt")
#: A longer token is no word but data (an address, a key); engines cut or drop those, each its own way.
LONGEST_TOKEN = 100


class Segmenter:
    """Cuts text with a vocabulary of its own; build one and share it.

    Args:
        words: Chinese words (normal form) that must not be cut apart at their edges.
        is_shared: add the words to the dictionary that rjieba loads on import, which saves loading
            another; for the one vocabulary of the process.
    """

    def __init__(self, words: Iterable[str], *, is_shared: bool = False) -> None:
        self._jieba = rjieba if is_shared else rjieba.Jieba()
        for word in words:
            if not self._jieba.has_word(word):
                self._jieba.add_word(word, None, None)
        self._stem = _stemmer()

    def tokens(self, text: str) -> list[str]:
        """Return the tokens of a text in order, stop words left out; normalises first."""
        return self._kept(self._cut(normalise(text).text, self._stem))

    def written(self, text: str) -> list[str]:
        """Return the tokens of a text as `tokens` does, English words as they are written."""
        return self._kept(self._cut(normalise(text).text, str))

    def _kept(self, tokens: Iterable[str]) -> list[str]:
        return [token for token in tokens if token not in STOPWORDS and len(token) <= LONGEST_TOKEN]

    def words(self, text: str) -> list[str]:
        """Cut a text without overlap: the words, joined, are the text."""
        return list(self._jieba.cut(text))

    def knows(self, word: str) -> bool:
        """Say whether a word stands in the dictionary or among the taxonomy's words."""
        return bool(self._jieba.has_word(word))

    def _cut(self, text: str, stem: Callable[[str], str]) -> Iterable[str]:
        for piece in _PIECES.findall(text):
            if _IS_HAN.match(piece):
                yield from self._jieba.cut_for_search(piece)
            else:
                yield stem(piece)


def tokeniser_name(words: Iterable[str]) -> str:
    """Name the pipeline, its libraries and its vocabulary: part of an index's manifest."""
    vocabulary = hashlib.sha256("\n".join(sorted(words)).encode()).hexdigest()[:12]
    libraries = f"rjieba-{version('rjieba')}+opencc-{version('opencc')}"
    return f"bole-{SEGMENTER}+{libraries}+{vocabulary}"


@cache
def _stemmer() -> Callable[[str], str]:
    english = Stemmer.Stemmer("english")

    @lru_cache(maxsize=65536)
    def stem(word: str) -> str:
        # Names with digits or signs are not words of the language.
        is_word = len(word) > 3 and word.replace("'", "").isalpha()
        return str(english.stemWord(word)) if is_word else word

    return stem
