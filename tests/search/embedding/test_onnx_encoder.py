from __future__ import annotations

import sys
import time

import numpy as np
import pytest

pytest.importorskip("onnxruntime", reason="the bundled model needs onnxruntime")
pytest.importorskip("tokenizers", reason="the bundled model needs tokenizers")

from search.embedding.onnx_encoder import BUNDLED, OnnxEncoder

PAIRS = [
    ("Java后端开发工程师", "Java back-end developer"),
    ("会计", "accountant"),
    ("电焊工", "welder"),
    ("幼儿园老师", "kindergarten teacher"),
    ("机器学习", "machine learning"),
    ("外贸业务员", "foreign trade sales representative"),
    ("网络安全工程师", "network security engineer"),
    (
        "负责芯片后端的布局布线和时序收敛",
        "responsible for chip place and route and timing closure",
    ),
]


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    began = time.perf_counter()
    opened = OnnxEncoder()
    sys.stdout.write(f"\n{opened.name} loaded in {time.perf_counter() - began:.2f} s\n")
    return opened


def test_rows_are_unit_vectors_of_the_stated_length(encoder: OnnxEncoder):
    vectors = encoder.encode_documents([text for pair in PAIRS for text in pair])
    assert vectors.shape == (2 * len(PAIRS), encoder.dim) == (2 * len(PAIRS), 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_no_texts_and_blank_texts(encoder: OnnxEncoder):
    assert encoder.encode_queries([]).shape == (0, 384)
    vectors = encoder.encode_queries(["", "会计", " \n"])
    assert not vectors[[0, 2]].any()
    assert np.linalg.norm(vectors[1]) == pytest.approx(1, abs=1e-5)


def test_the_order_of_a_batch_is_irrelevant(encoder: OnnxEncoder):
    texts = [text for pair in PAIRS for text in pair] + ["数据 " * 200, "engineer " * 400]
    forward = encoder.encode_documents(texts)
    backward = encoder.encode_documents(texts[::-1])[::-1]
    assert np.abs(forward - backward).max() < 1e-5


def test_alone_or_beside_others_a_text_means_the_same(encoder: OnnxEncoder):
    # Not equal: activations are quantised with one scale a batch.
    texts = [text for pair in PAIRS for text in pair] + ["engineer " * 400]
    together = encoder.encode_documents(texts)
    alone = np.concatenate([encoder.encode_documents([text]) for text in texts])
    assert (together * alone).sum(axis=1).min() > 0.98


def test_the_translation_is_nearer_than_any_other_text(encoder: OnnxEncoder):
    chinese = encoder.encode_queries([zh for zh, _ in PAIRS])
    english = encoder.encode_documents([en for _, en in PAIRS])
    cosines = chinese @ english.T
    assert cosines.argmax(axis=1).tolist() == list(range(len(PAIRS)))
    assert cosines.argmax(axis=0).tolist() == list(range(len(PAIRS)))


def test_the_name_says_which_weights(encoder: OnnxEncoder):
    model, _, digest = encoder.name.rpartition("-")
    assert model == "bole-e5-small"
    assert len(digest) == 12
    assert OnnxEncoder().name == encoder.name


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"model\.onnx"):
        OnnxEncoder(tmp_path)


def test_the_bundled_directory_fits_the_wheel():
    size = sum(path.stat().st_size for path in BUNDLED.rglob("*") if path.is_file())
    assert size <= 45_000_000


def test_sentence_transformers_gives_the_same_vectors(encoder: OnnxEncoder, sentence_transformers):
    theirs = sentence_transformers.SentenceTransformer(
        str(BUNDLED),
        backend="onnx",
        device="cpu",
        model_kwargs={"provider": "CPUExecutionProvider", "file_name": "onnx/model.onnx"},
    )
    for text in [text for pair in PAIRS for text in pair] + ["engineer " * 400]:
        # One by one, so that both quantise the same activations.
        (vector,) = np.asarray(theirs.encode([text], show_progress_bar=False))
        (ours,) = encoder.encode_queries([text])
        assert float(vector @ ours) > 0.9999
