from __future__ import annotations

import warnings

import numpy as np
import pytest

from search.embedding.static_encoder import BUNDLED, StaticEncoder

PAIRS = [
    ("Java后端开发工程师", "Java back-end developer"),
    ("会计", "accountant"),
    ("电焊工", "welder"),
    ("幼儿园老师", "kindergarten teacher"),
    ("机器学习", "machine learning"),
    ("网络安全工程师", "network security engineer"),
]


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    return StaticEncoder()


def test_rows_are_unit_vectors_of_the_stated_length(encoder: StaticEncoder):
    vectors = encoder.encode_documents([text for pair in PAIRS for text in pair])
    assert vectors.shape == (2 * len(PAIRS), encoder.dim)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_no_texts_and_blank_texts(encoder: StaticEncoder):
    assert encoder.encode_queries([]).shape == (0, encoder.dim)
    vectors = encoder.encode_queries(["", "会计", " \n"])
    assert not vectors[[0, 2]].any()
    assert np.linalg.norm(vectors[1]) == pytest.approx(1, abs=1e-5)


def test_a_text_means_the_same_alone_and_beside_others(encoder: StaticEncoder):
    texts = [text for pair in PAIRS for text in pair] + ["engineer " * 400]
    together = encoder.encode_documents(texts)
    alone = np.concatenate([encoder.encode_documents([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_the_translation_is_nearer_than_any_other_text(encoder: StaticEncoder):
    cosines = (
        encoder.encode_queries([zh for zh, _ in PAIRS])
        @ encoder.encode_documents([en for _, en in PAIRS]).T
    )
    assert cosines.argmax(axis=1).tolist() == list(range(len(PAIRS)))


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"model\.safetensors"):
        StaticEncoder(tmp_path)


def test_the_directory_is_small():
    assert sum(path.stat().st_size for path in BUNDLED.rglob("*") if path.is_file()) <= 20_000_000


def test_model2vec_gives_the_same_vectors(sentence_transformers, encoder: StaticEncoder):
    # Installed together with Sentence Transformers, see requirements/sentence-transformers.txt.
    from model2vec import StaticModel

    with warnings.catch_warnings():
        # The library leaves closing its configuration file to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        theirs = StaticModel.from_pretrained(BUNDLED, force_download=False)
    texts = [text for pair in PAIRS for text in pair]
    np.testing.assert_allclose(encoder.encode_queries(texts), theirs.encode(texts), atol=1e-5)
