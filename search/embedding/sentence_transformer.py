"""Any Sentence Transformers model, by its folder or by its name on the model hub.

`pip install "bole[sentence-transformers]"` brings the library and torch; neither is imported before a
model is opened. Code that a model brings along is not run.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.embedding.choice import ModelChoice, ModelNotAvailableError
from search.embedding.model_source import open_model

_PROBE = "Java"


class SentenceTransformerEncoder:
    """Encodes with a Sentence Transformers model; several threads may use one.

    Rows have length 1 unless `choice.normalise` is off.

    A folder that holds an ONNX file and no other weights is run by ONNX Runtime, any other by torch.
    The library sorts texts by length before it makes batches of them.

    Args:
        choice: the model, a folder or a name on the hub, and how to run it. A model that was downloaded
            before is opened without asking the hub.

    Raises:
        ModelNotAvailableError: the library is not installed; the model is neither here nor to be had; or it has
            fewer numbers than `choice.dim`.
    """

    def __init__(self, choice: ModelChoice) -> None:
        self._model, weights = open_model(choice)
        prompts: dict[str, str] = self._model.prompts
        self._query_prompt = _prompt(choice.query_prompt, prompts, "query")
        # As `encode_document` does, but for one thing: that takes a missing "document" for an empty one,
        # and so misses the "passage" of E5.
        self._document_prompt = _prompt(
            choice.document_prompt, prompts, "document", "passage", "corpus"
        )
        self._batch, self._normalise = choice.batch, choice.normalise
        # What a model says of its length may be nothing. After this first run its tokenizer has its
        # settings and changes no more, which is what makes later runs safe in threads.
        self.dim = len(self._model.encode_query(_PROBE, show_progress_bar=False))
        if choice.dim is not None and choice.dim > self.dim:
            raise ModelNotAvailableError(
                f"vectors of {choice.dim} numbers are asked of the embedding model {choice.model!r}, "
                f"which makes {self.dim}. Set BOLE_EMBEDDING_DIM to {self.dim} or less, or unset it"
            )
        made_with = [weights, self._query_prompt, self._document_prompt, self.dim, self._normalise]
        digest = hashlib.sha256(json.dumps(made_with).encode()).hexdigest()
        self.name = f"{_safe_name(choice.model)}-{digest[:12]}"

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32, (len(texts), dim), rows L2-normalised; a blank text is a zero row."""
        return self._encode(self._model.encode_query, texts, self._query_prompt)

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32, (len(texts), dim), rows L2-normalised; a blank text is a zero row."""
        return self._encode(self._model.encode_document, texts, self._document_prompt)

    def _encode(
        self, encode: Callable[..., Any], texts: Sequence[str], prompt: str
    ) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dim), np.float32)
        rows = [row for row, text in enumerate(texts) if text.strip()]
        if rows:
            vectors[rows] = encode(
                [texts[row] for row in rows],
                prompt=prompt,
                batch_size=self._batch,
                normalize_embeddings=self._normalise,
                show_progress_bar=False,
            )
        return vectors


def _prompt(chosen: str | None, prompts: dict[str, str], *names: str) -> str:
    """Return the chosen prompt, or the first of the model's own of these names that says something."""
    if chosen is not None:
        return chosen
    return next((prompts[name] for name in names if prompts.get(name)), "")


def _safe_name(model: str) -> str:
    """Return a name that can be a file's: a folder's own, a hub's with its owner."""
    folder = Path(model).expanduser()
    name = folder.resolve().name if folder.is_dir() else model
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._-") or "model"
