from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from search.embedding.passages import LONGEST_PIECE, MOST_PIECES, encode_passages, passages


class Lengths:
    """Gives every text a direction of its own length, so that sums can be computed by hand."""

    name = "lengths-0"
    dim = 3

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), 3), np.float32)
        for row, text in enumerate(texts):
            if text.strip():
                rows[row, len(text) % 3] = 1
        return rows

    encode_queries = encode_documents


def test_the_title_stands_first_and_sentences_stay_whole():
    text = "负责后端开发。" * 80 + "\n熟悉Java；会Spring。"
    title, *pieces = passages("Java工程师", text)
    assert title == "Java工程师"
    assert len(pieces) == 2
    assert all(len(piece) <= LONGEST_PIECE for piece in pieces)
    assert all(piece.startswith("负责") and piece.endswith("。") for piece in pieces)


def test_what_is_empty_is_no_passage():
    assert passages("", " \n") == ()
    assert passages("x", "") == ("x",)
    assert passages(" ", "text") == ("text",)


@given(st.text(max_size=4000))
def test_nothing_but_the_end_of_a_long_text_is_lost(text):
    pieces = passages("", text)
    assert len(pieces) <= MOST_PIECES
    kept = "".join("".join(pieces).split())
    assert "".join(text.split()).startswith(kept)
    if len(pieces) < MOST_PIECES:
        assert kept == "".join(text.split())


def test_title_and_mean_of_pieces_weigh_the_same():
    (vector,) = encode_passages(Lengths(), [("xxx", "x", "xx")])
    assert vector == pytest.approx(np.array([1, 0.5, 0.5]) / np.sqrt(1.5))


def test_rows_stay_with_their_documents():
    vectors = encode_passages(Lengths(), [(), ("x",), ("xx",), (), ("xxx",)])
    assert vectors.tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0], [1, 0, 0]]
    assert encode_passages(Lengths(), []).shape == (0, 3)
