"""Write a shallower copy of a model: some of its layers, everything else as it is.

    python -m search.embedding.training.student --model var/train/tuned --out var/train/six --layers 6

It is then trained with the deep model as teacher: `train --model var/train/six --teacher var/train/tuned`.
Layers are taken at even distances, the last one always (Sanh et al. 2019, "DistilBERT", section 3, take every second).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer


def main() -> None:
    """Read the arguments and write the directory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="Sentence Transformers directory")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=6)
    arguments = parser.parse_args()
    model = SentenceTransformer(str(arguments.model), device="cpu")
    bert = model[0].auto_model
    deep = list(bert.encoder.layer)
    step = len(deep) / arguments.layers
    kept = [deep[round((number + 1) * step) - 1] for number in range(arguments.layers)]
    bert.encoder.layer = torch.nn.ModuleList(kept)
    bert.config.num_hidden_layers = len(kept)
    model.save_pretrained(str(arguments.out))


if __name__ == "__main__":
    main()
