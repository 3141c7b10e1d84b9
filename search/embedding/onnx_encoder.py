"""The bundled model run by ONNX Runtime and `tokenizers` alone: no torch, no model hub.

It reads the parts of a Sentence Transformers directory that it needs and returns the vectors that
`SentenceTransformer(path, backend="onnx")` returns: prompt, mean pooling, L2 norm.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

# The runtime would tell its maker that it is in use; nothing leaves this machine.
onnxruntime.disable_telemetry_events()

#: The model that comes with Bole.
BUNDLED = Path(__file__).parent / "model"
_LONGEST = 256
# Texts of a batch times pieces of its longest one: more does not encode faster and takes memory.
_BATCH_PIECES = 2048


class OnnxEncoder:
    """Encodes with a Sentence Transformers directory that has an ONNX file.

    Args:
        folder: the directory.
        threads: how many cores one batch may use; default: all that the process may run on.

    Raises:
        FileNotFoundError: if a part is missing; the message says which.
    """

    def __init__(self, folder: Path = BUNDLED, threads: int | None = None) -> None:
        weights = folder / "onnx" / "model.onnx"
        for part in (weights, folder / "tokenizer.json"):
            if not part.is_file():
                raise FileNotFoundError(
                    f"the embedding model lacks {part}; it comes with the source and the wheel: "
                    "restore it, or write it anew as search/embedding/training/README.md says"
                )
        prompts = _prompts(folder)
        self._query_prompt = prompts.get("query", "")
        self._document_prompt = prompts.get("document", "")
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
        # Another tokenizer or prompt gives other vectors as surely as other weights do.
        digest.update((folder / "tokenizer.json").read_bytes())
        digest.update(json.dumps(prompts, sort_keys=True).encode())
        self.name = f"bole-e5-small-{digest.hexdigest()[:12]}"
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_LONGEST)
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or _cores()
        options.inter_op_num_threads = 1
        # Waiting threads that spin would take the cores from the rest of a search.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(weights), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {value.name for value in self._session.get_inputs()}
        self.dim = int(self._session.get_outputs()[0].shape[-1])

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32, (len(texts), dim), rows L2-normalised; a text with nothing known is a zero row."""
        return self._encode(texts, self._query_prompt)

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32, (len(texts), dim), rows L2-normalised; a text with nothing known is a zero row."""
        return self._encode(texts, self._document_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dim), np.float32)
        rows = [row for row, text in enumerate(texts) if text.strip()]
        encodings = self._tokenizer.encode_batch_fast([prompt + texts[row] for row in rows])
        for batch in _batches([len(encoding.ids) for encoding in encodings]):
            found = self._run([encodings[index] for index in batch])
            vectors[[rows[index] for index in batch]] = found
        return vectors

    def _run(self, encodings: Sequence[Encoding]) -> NDArray[np.float32]:
        shape = (len(encodings), max(len(encoding.ids) for encoding in encodings))
        ids = np.ones(shape, np.int64)  # 1 is the padding piece
        mask = np.zeros(shape, np.int64)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (pieces,) = self._session.run(
            None, {name: value for name, value in feed.items() if name in self._inputs}
        )
        weights = mask.astype(np.float32)
        mean = np.einsum("bpd,bp->bd", pieces, weights) / weights.sum(axis=1, keepdims=True)
        unit: NDArray[np.float32] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return unit


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield positions, texts of like length together, so that little is padded."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda position: lengths[position]):
        # The newest text is the longest.
        if batch and (len(batch) + 1) * lengths[index] > _BATCH_PIECES:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _prompts(folder: Path) -> dict[str, str]:
    path = folder / "config_sentence_transformers.json"
    if not path.is_file():
        return {}
    prompts: dict[str, str] = json.loads(path.read_text(encoding="utf-8")).get("prompts", {})
    return prompts


def _cores() -> int:
    # The cores that this process may use; a container or taskset may grant fewer than there are.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
