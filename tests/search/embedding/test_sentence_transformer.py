from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from api.assembly import Bole, IndexNotReadyError
from api.settings import Settings
from ingest.building import open_current, rebuild
from search.backends.base import IndexMismatchError
from search.backends.filters import EVERYTHING
from search.embedding.choice import ModelChoice, ModelNotAvailableError
from search.embedding.onnx_encoder import BUNDLED
from search.embedding.registry import open_encoder
from search.embedding.sentence_transformer import SentenceTransformerEncoder
from search.records.database import open_database
from search.records.models import Candidate, Vacancy
from search.records.store import RecordStore
from tests.embedded_indexes import indexes_in

PARAPHRASES = [
    ("Java back-end developer", "software engineer who writes server code in Java"),
    ("accountant", "bookkeeper who prepares financial statements"),
    ("welder", "joins metal parts with a torch"),
    ("kindergarten teacher", "looks after and educates small children"),
    ("truck driver", "drives heavy goods vehicles over long distances"),
]
TRANSLATIONS = [
    ("会计", "accountant"),
    ("电焊工", "welder"),
    ("幼儿园老师", "kindergarten teacher"),
]


@pytest.fixture(scope="module")
def encoder(minilm):
    return SentenceTransformerEncoder(ModelChoice(str(minilm), device="cpu"))


def opened(folder, **how):
    return SentenceTransformerEncoder(ModelChoice(str(folder), device="cpu", **how))


def norms(vectors):
    return np.linalg.norm(vectors, axis=1)


def test_the_module_is_cheap_to_import():
    code = "import sys, search.embedding.sentence_transformer; print('torch' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


def test_the_paraphrase_is_nearer_than_any_other_text(encoder):
    titles = encoder.encode_queries([title for title, _ in PARAPHRASES])
    duties = encoder.encode_documents([duty for _, duty in PARAPHRASES])
    assert (titles @ duties.T).argmax(axis=1).tolist() == list(range(len(PARAPHRASES)))


def test_rows_are_unit_vectors_of_the_stated_length(encoder):
    vectors = encoder.encode_documents([duty for _, duty in PARAPHRASES])
    assert vectors.shape == (len(PARAPHRASES), encoder.dim) == (5, 384)
    assert vectors.dtype == np.float32
    assert norms(vectors) == pytest.approx(1, abs=1e-5)


def test_no_texts_and_blank_texts(encoder):
    assert encoder.encode_queries([]).shape == (0, 384)
    vectors = encoder.encode_documents(["", "welder", " \n"])
    assert norms(vectors) == pytest.approx([0, 1, 0], abs=1e-5)


def test_the_size_of_a_batch_changes_no_vector(encoder, minilm):
    texts = [text for pair in PARAPHRASES for text in pair] + ["engineer " * 400]
    one_by_one = opened(minilm, batch=1)
    assert one_by_one.name == encoder.name
    together, alone = encoder.encode_documents(texts), one_by_one.encode_documents(texts)
    assert np.abs(together - alone).max() < 1e-5


def test_threads_may_share_it(encoder):
    texts = ["engineer " * length for length in range(1, 40)]
    expected = encoder.encode_queries(texts)
    found = [None] * 4

    def encode(place):
        found[place] = [encoder.encode_queries(texts[place:]) for _ in range(3)]

    threads = [threading.Thread(target=encode, args=(place,)) for place in range(len(found))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for place, runs in enumerate(found):
        for vectors in runs:
            assert np.abs(vectors - expected[place:]).max() < 1e-5


def test_prompts_of_the_choice_are_written_before_the_text(encoder, minilm):
    prompted = opened(minilm, query_prompt="query: ", document_prompt="passage: ")
    assert prompted.name != encoder.name
    (query,), (document,) = prompted.encode_queries(["x"]), prompted.encode_documents(["x"])
    by_hand = encoder.encode_queries(["query: x", "passage: x"])
    assert np.abs(by_hand - [query, document]).max() < 1e-5


@pytest.mark.parametrize("document", ["document", "passage"])
def test_without_a_choice_the_prompts_are_those_of_the_model(minilm, tmp_path, encoder, document):
    folder = tmp_path / "e5 中文"
    shutil.copytree(minilm, folder)
    config = f'{{"prompts": {{"query": "find: ", "{document}": "text: "}}}}'
    (folder / "config_sentence_transformers.json").write_text(config)
    configured = opened(folder)
    assert configured.name.rpartition("-")[0] == "e5"
    (query,), (passage,) = configured.encode_queries(["x"]), configured.encode_documents(["x"])
    assert np.abs(encoder.encode_queries(["find: x", "text: x"]) - [query, passage]).max() < 1e-5
    silenced = opened(folder, query_prompt="", document_prompt="")
    assert silenced.name != configured.name
    assert np.abs(silenced.encode_queries(["x"]) - encoder.encode_queries(["x"])).max() < 1e-5


def test_vectors_are_cut_to_the_length_asked_for(encoder, minilm):
    short = opened(minilm, dim=64)
    (vector,) = short.encode_queries(["welder"])
    (whole,) = encoder.encode_queries(["welder"])
    assert vector.shape == (short.dim,) == (64,)
    assert vector == pytest.approx(whole[:64] / np.linalg.norm(whole[:64]), abs=1e-5)
    assert short.name != encoder.name


def test_vectors_are_left_as_they_are_where_that_is_asked_for(minilm):
    left = opened(minilm, dim=64, normalise=False)
    assert norms(left.encode_queries(["welder"]))[0] < 0.9
    assert left.name != opened(minilm, dim=64).name


def test_the_name_changes_with_the_weights_and_nothing_else(minilm, tmp_path, encoder):
    assert encoder.name == opened(minilm).name
    assert len(encoder.name.rpartition("-")[2]) == 12
    folder = tmp_path / minilm.name
    shutil.copytree(minilm, folder)
    (folder / "README.md").write_text("other words")
    assert opened(folder).name == encoder.name
    weights = folder / "model.safetensors"
    # One matrix somewhere in the middle.
    with weights.open("r+b") as file:
        file.seek(weights.stat().st_size // 2)
        file.write(b"\0" * 400_000)
    assert opened(folder).name != encoder.name


def test_our_own_folder_has_an_onnx_file_only_and_is_run_all_the_same(sentence_transformers):
    ours = open_encoder(ModelChoice(str(BUNDLED), device="cpu"))
    assert isinstance(ours, SentenceTransformerEncoder)
    chinese = ours.encode_queries([zh for zh, _ in TRANSLATIONS])
    english = ours.encode_documents([en for _, en in TRANSLATIONS])
    assert ours.dim == 384
    assert norms(chinese) == pytest.approx(1, abs=1e-5)
    assert (chinese @ english.T).argmax(axis=1).tolist() == list(range(len(TRANSLATIONS)))


def test_without_the_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelNotAvailableError) as raised:
        SentenceTransformerEncoder(ModelChoice("bundeld"))
    said = str(raised.value)
    assert "'bundeld' is none of Bole's own (bundled, static)" in said
    assert 'pip install "bole[sentence-transformers]"' in said
    assert "unset BOLE_EMBEDDING_MODEL" in said


@pytest.mark.parametrize("name", ["no/such/folder", "./folder", "/no/folder", "~/nothing-here"])
def test_a_path_that_leads_nowhere_is_no_question_for_the_hub(sentence_transformers, name):
    with pytest.raises(ModelNotAvailableError, match=f"{name}.*there is no such folder.*path of"):
        SentenceTransformerEncoder(ModelChoice(name))


def test_a_folder_without_a_model_is_named(sentence_transformers, tmp_path):
    with pytest.raises(
        ModelNotAvailableError, match="is there, but holds no model that opens"
    ) as e:
        opened(tmp_path)
    assert str(tmp_path) in str(e.value) and "\n" not in str(e.value)


def test_more_numbers_than_the_model_has_are_refused(minilm):
    with pytest.raises(
        ModelNotAvailableError, match=r"385 numbers .* makes 384.*BOLE_EMBEDDING_DIM"
    ):
        opened(minilm, dim=385)


def test_a_name_is_fetched_once_and_then_opened_without_the_hub(hub, encoder, tmp_path):
    with hub():
        fetched = opened("lab/minilm")
    assert fetched.name.rpartition("-")[0] == "lab_minilm"
    difference = fetched.encode_queries(["welder"]) - encoder.encode_queries(["welder"])
    assert np.abs(difference).max() < 1e-5
    began = time.perf_counter()
    assert opened("lab/minilm").name == fetched.name
    assert time.perf_counter() - began < 10
    # A download that was cut short is gone on with.
    (weights,) = (tmp_path / "hub").rglob("model.safetensors")
    weights.unlink()
    with pytest.raises(ModelNotAvailableError, match="what was downloaded before does not open"):
        opened("lab/minilm")
    with hub():
        assert opened("lab/minilm").name == fetched.name


def test_a_hub_that_does_not_know_the_name_is_quoted(hub):
    with hub(), pytest.raises(ModelNotAvailableError, match="no public model of that name"):
        opened("lab/another")


def test_a_hub_that_cannot_be_reached_is_not_waited_for(hub):
    with hub():
        pass
    began = time.perf_counter()
    with pytest.raises(ModelNotAvailableError, match=r"cannot be had .*refused.* path of a down"):
        opened("lab/minilm")
    assert time.perf_counter() - began < 10


def test_a_hub_that_says_nothing_is_given_up(hub, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr("search.embedding.model_source._HUB_PATIENCE_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setattr(constants, "ENDPOINT", endpoint)
        began = time.perf_counter()
        with pytest.raises(ModelNotAvailableError, match="cannot be had from the model hub"):
            opened("lab/minilm")
        assert time.perf_counter() - began < 5


def test_the_command_says_it_in_one_line_and_the_server_in_its_answers(tmp_path):
    model = str(tmp_path / "nothing" / "here")
    command = [sys.executable, "-c", "from api.cli import main; main()", "search", "welder"]
    environment = {"BOLE_EMBEDDING_MODEL": model, "BOLE_DATA_DIR": str(tmp_path)}
    said = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert said.returncode == 2
    assert said.stderr.startswith("bole: the embedding model ") and said.stderr.count("\n") == 1
    with Bole(Settings(data_dir=tmp_path, embedding_model=model)) as bole:
        bole.start()
        deadline = time.monotonic() + 60
        while bole.readiness().state == "starting" and time.monotonic() < deadline:
            time.sleep(0.05)
        assert bole.readiness().state == "failed"
        with pytest.raises(IndexNotReadyError, match="the embedding model"):
            _ = bole.search


def test_another_model_builds_another_index_beside_the_old(encoder, minilm, tmp_path):
    database = open_database(f"sqlite:///{tmp_path / 'bole.db'}")
    store, root = RecordStore(database), tmp_path / "index"
    store.put_many([Candidate(headline="welder"), Vacancy(title="accountant")], "me")
    before = rebuild(indexes_in(root, encoder), store, encoder)
    another = opened(minilm, dim=64)
    with pytest.raises(IndexMismatchError):
        open_current(indexes_in(root, another), writable=True)
    in_use = []
    after = rebuild(
        indexes_in(root, another),
        store,
        another,
        on_progress=lambda _: in_use.append(indexes_in(root, encoder).current()),
    )
    assert set(in_use) == {before}
    assert indexes_in(root, encoder).current() == after != before
    assert indexes_in(root, encoder).previous() == before
    backend = open_current(indexes_in(root, another), writable=False)
    assert backend.count(EVERYTHING) == 92 + 2
    backend.close()
    with pytest.raises(IndexMismatchError):
        open_current(indexes_in(root, encoder), writable=False)
    database.close()
