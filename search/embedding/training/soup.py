"""Average the weights of models that started from the same base: their errors differ, what they share stays.

    python -m search.embedding.training.soup --models var/train/tuned var/train/base --shares 0.8 0.2 \
        --out var/train/soup

Mixed with its own untouched base a model forgets less of what the base knew.
Sources: Wortsman et al. (ICML 2022), "Model soups"; Wortsman et al. (CVPR 2022), "Robust fine-tuning of
zero-shot models".
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sentence_transformers import SentenceTransformer


def main() -> None:
    """Read the arguments and write the directory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, nargs="+", required=True, help="same vocabulary")
    parser.add_argument("--shares", type=float, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    if len(arguments.models) != len(arguments.shares):
        parser.error(f"{len(arguments.models)} models and {len(arguments.shares)} shares")
    models = [SentenceTransformer(str(path), device="cpu") for path in arguments.models]
    states = [model.state_dict() for model in models]
    total = sum(arguments.shares)
    mixed = {
        name: sum(
            state[name] * (share / total)
            for state, share in zip(states, arguments.shares, strict=True)
        )
        for name in states[0]
    }
    models[0].load_state_dict(mixed)
    models[0].save_pretrained(str(arguments.out))


if __name__ == "__main__":
    main()
