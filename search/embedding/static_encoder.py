"""The bundled model's static copy: one vector a piece of text, averaged; for bulk work and small machines.

What it loses and gains beside the transformer stands in docs/relevance.md and docs/benchmarks.md. Made by
`search.embedding.training.static` as a model2vec directory. It is read here by numpy, `tokenizers` and
`safetensors`: importing model2vec takes longer than all of a command may (a test compares the vectors).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

#: The model that comes with Bole.
BUNDLED = Path(__file__).parent / "static"
# Text beyond so many pieces adds little to a mean and takes its time.
_LONGEST = 512
_BATCH = 256


class StaticEncoder:
    """Encodes with a model2vec directory.

    Args:
        folder: the directory.

    Raises:
        FileNotFoundError: if a part is missing; the message says which.
    """

    def __init__(self, folder: Path = BUNDLED) -> None:
        digest = hashlib.sha256()
        for name in ("model.safetensors", "tokenizer.json"):
            part = folder / name
            if not part.is_file():
                raise FileNotFoundError(
                    f"the static embedding model lacks {part}; it comes with the source and the "
                    "wheel: restore it, or write it anew as search/embedding/training/README.md says"
                )
            digest.update(part.read_bytes())
        self.name = f"bole-e5-static-{digest.hexdigest()[:12]}"
        self._vectors = load_file(folder / "model.safetensors")["embeddings"]
        self.dim = int(self._vectors.shape[1])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_LONGEST)
        self._tokenizer.no_padding()
        self._unknown = self._tokenizer.token_to_id("<unk>")

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32, (len(texts), dim), rows L2-normalised; a text with nothing known is a zero row."""
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for start in range(0, len(texts), _BATCH):
            found = self._tokenizer.encode_batch_fast(
                list(texts[start : start + _BATCH]), add_special_tokens=False
            )
            for row, encoding in enumerate(found, start=start):
                ids = [piece for piece in encoding.ids if piece != self._unknown]
                if ids:
                    vectors[row] = self._vectors[ids].sum(axis=0, dtype=np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        norms[norms == 0] = 1
        unit: NDArray[np.float32] = vectors / norms
        return unit

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the same as for queries: the space is symmetric."""
        return self.encode_queries(texts)
