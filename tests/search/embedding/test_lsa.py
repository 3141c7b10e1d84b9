"""The LSA encoder: unit rows, both languages in one space, deterministic, the same after saving."""

import numpy as np
import pytest

from search.embedding.lsa import DIM, LsaEncoder
from search.embedding.registry import open_encoder
from search.text.vocabulary import load_vocabulary


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def encoder(models):
    return open_encoder(models)


def test_rows_are_unit_vectors_or_zero(encoder):
    rows = encoder.encode_queries(["集成电路版图设计", "zzqx", ""])
    assert rows.shape == (3, DIM)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), [1, 0, 0], atol=1e-5)


def test_a_saved_fit_encodes_the_same(models, encoder):
    again = open_encoder(models)
    assert isinstance(again, LsaEncoder)
    assert again.name == encoder.name
    texts = ["嵌入式软件", "quantum key distribution"]
    np.testing.assert_array_equal(encoder.encode_queries(texts), again.encode_queries(texts))


@pytest.mark.parametrize(
    ("zh", "en", "other"),
    [
        ("版图设计", "IC layout design", "game server"),
        ("量子密钥分发", "quantum key distribution", "graphic design"),
        ("风险控制模型", "risk control model", "optical fibre"),
    ],
)
def test_the_same_thing_in_both_languages_lies_nearer_than_another(encoder, zh, en, other):
    zh_vector, en_vector, other_vector = encoder.encode_queries([zh, en, other])
    assert zh_vector @ en_vector > zh_vector @ other_vector + 0.2


def test_no_texts_give_no_rows(encoder):
    assert encoder.encode_documents([]).shape == (0, DIM)
    assert load_vocabulary().tokeniser
