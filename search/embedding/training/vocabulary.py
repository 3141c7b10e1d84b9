"""Cut the base model's vocabulary of 250,002 pieces to those that our languages use.

A piece stays if the tokenizer uses it somewhere in the training material, if it is one of the four
special pieces, or if it is a single character of Chinese or of ASCII: no Chinese text may turn into unknown pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer
from tokenizers.models import Unigram
from tokenizers.normalizers import NFKC, Replace, Strip
from tokenizers.normalizers import Sequence as Normalizers
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing

from search.text.normalise import is_han

SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")
_CHUNK = 4096


def tokenizer(pieces: Sequence[str], scores: NDArray[np.float32]) -> Tokenizer:
    """Build the Unigram tokenizer of XLM-R over these pieces; the first four are the special ones."""
    vocabulary = [(piece, float(score)) for piece, score in zip(pieces, scores, strict=True)]
    built = Tokenizer(Unigram(vocabulary, unk_id=SPECIALS.index("<unk>"), byte_fallback=False))
    built.normalizer = Normalizers([NFKC(), Replace(Regex(r"\s+"), " "), Strip()])
    built.pre_tokenizer = Metaspace(prepend_scheme="always")
    built.post_processor = TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    built.add_special_tokens(list(SPECIALS))
    return built


def kept(pieces: Sequence[str], scores: NDArray[np.float32], texts: Iterable[str]) -> list[int]:
    """Return the ids of the pieces to keep, in order.

    Args:
        pieces: the whole vocabulary.
        scores: their log probabilities.
        texts: all that the cut vocabulary has to write well.
    """
    whole = tokenizer(pieces, scores)
    used = set(range(len(SPECIALS)))
    used.update(
        index
        for index, piece in enumerate(pieces)
        if len(bare := piece.removeprefix("\u2581")) <= 1 and (bare.isascii() or is_han(bare))
    )
    for chunk in _chunks(texts):
        # Queries come in either case, whatever case the material is written in.
        for encoding in whole.encode_batch([*chunk, *(text.lower() for text in chunk)]):
            used.update(encoding.ids)
    used.discard(pieces.index("<mask>"))
    return sorted(used)


def _chunks(texts: Iterable[str]) -> Iterable[list[str]]:
    chunk: list[str] = []
    for text in texts:
        chunk.append(text)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    yield chunk
