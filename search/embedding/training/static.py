"""Distil the trained model into a static one: a vector a piece, no transformer, for bulk work.

    python -m search.embedding.training.static --model var/train/tuned --batches var/train/batches.jsonl \
        --out search/embedding/static

model2vec embeds every piece of the vocabulary alone, reduces the vectors by principal components and weighs
them by rank; the result is then trained on the same pairs as the transformer (symmetric InfoNCE), which takes a
minute, and quantised to int8.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from model2vec import StaticModel
from model2vec.distill import distill
from model2vec.quantization import DType, quantize_embeddings

DIM = 256
_TEMPERATURE = 0.05
_RATE = 2e-3
_ROUNDS = 3
_KEPT = 0.9995


def main() -> None:
    """Read the arguments and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="the trained transformer")
    parser.add_argument("--batches", type=Path, required=True, help="what data.py wrote")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=_ROUNDS)
    parser.add_argument("--seed", type=int, default=4)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    start = distill(str(arguments.model), pca_dims=DIM, device="cpu", quantize_to=DType.Float32)
    batches = [
        json.loads(line)["pairs"]
        for line in arguments.batches.read_text(encoding="utf-8").splitlines()
    ]
    vectors = train(start, batches, arguments.rounds, random.Random(arguments.seed))
    # model2vec has one scale for all numbers: a few far ones would take the others' digits.
    far = float(np.quantile(np.abs(vectors), _KEPT))
    model = StaticModel(
        quantize_embeddings(np.clip(vectors, -far, far), DType.Int8),
        start.tokenizer,
        config={"normalize": True, "embedding_dtype": "int8", "max_length": 512},
        normalize=True,
    )
    with tempfile.TemporaryDirectory() as scratch:
        model.save_pretrained(scratch)
        arguments.out.mkdir(parents=True, exist_ok=True)
        # Its card is ours to write.
        for name in ("model.safetensors", "tokenizer.json", "config.json", "modules.json"):
            shutil.copyfile(Path(scratch) / name, arguments.out / name)


def train(
    start: StaticModel, batches: list[list[list[str]]], rounds: int, rng: random.Random
) -> np.ndarray:
    """Return trained vectors of the pieces: float32, (pieces, DIM).

    Args:
        start: the distilled model.
        batches: pairs of texts, their prefix included; it is taken off.
        rounds: how often each batch is seen.
        rng: decides the order.
    """
    weights = torch.nn.EmbeddingBag.from_pretrained(
        torch.from_numpy(np.asarray(start.embedding, np.float32).copy()), freeze=False, mode="mean"
    )
    prefix = _prefix(batches)
    tokenised = [
        tuple(_ids(start, [pair[side].removeprefix(prefix) for pair in batch]) for side in (0, 1))
        for batch in batches
    ]
    optimiser = torch.optim.Adam(weights.parameters(), lr=_RATE)
    total = rounds * len(tokenised)
    for step, (left, right) in enumerate(_order(tokenised, rounds, rng)):
        for group in optimiser.param_groups:
            group["lr"] = _RATE * (1 - step / total)
        a, b = (torch.nn.functional.normalize(weights(*side)) for side in (left, right))
        scores = a @ b.T / _TEMPERATURE
        own = torch.arange(len(scores))
        loss = torch.nn.functional.cross_entropy(scores, own)
        loss = (loss + torch.nn.functional.cross_entropy(scores.T, own)) / 2
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    trained: np.ndarray = weights.weight.detach().numpy()
    return trained


Bag = tuple[torch.Tensor, torch.Tensor]


def _ids(model: StaticModel, texts: list[str]) -> Bag:
    rows = model.tokenize(texts)
    lengths = [0, *(len(row) for row in rows[:-1])]
    return torch.tensor([i for row in rows for i in row]), torch.tensor(np.cumsum(lengths))


def _order(
    batches: list[tuple[Bag, ...]], rounds: int, rng: random.Random
) -> Iterator[tuple[Bag, ...]]:
    for _ in range(rounds):
        rng.shuffle(batches)
        yield from batches


def _prefix(batches: list[list[list[str]]]) -> str:
    from search.embedding.training.data import PREFIX

    return PREFIX if all(pair[0].startswith(PREFIX) for pair in batches[0]) else ""


if __name__ == "__main__":
    main()
