"""Draw the batches of one training run: which pairs, in which order.

    python -m search.embedding.training.data --shared DATA --out var/train/batches.jsonl

Within a batch no text occurs twice and no two pairs are about the same thing, so every other pair is a
true negative and no masking is needed. With `--hard` a share of each batch are pairs that look like
others in it. One line a batch: its source and its pairs, prefix included.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from search.embedding.training import sources
from search.embedding.training.neighbours import neighbours
from search.embedding.training.sources import Material, Pair

PREFIX = "query: "
#: How many batches of a source there are in a round, and how many pairs each has.
MIX: dict[str, tuple[int, int]] = {
    "own titles": (4, 160),
    "own titles, any of the occupation": (2, 128),
    "own titles, Chinese": (1, 96),
    "own titles, ESCO": (4, 160),
    "own titles and labels, ESCO": (4, 128),
    "own titles, standard": (3, 128),
    "own titles, Chinese, standard": (3, 96),
    "own titles, platforms": (4, 160),
    "own titles, Chinese, platforms": (1, 96),
    "O*NET titles": (3, 160),
    "ESCO labels": (2, 160),
    "skills": (2, 160),
    "catalogue": (1, 48),
    "descriptions": (3, 48),
    "occupation standard": (4, 48),
    "role texts": (2, 32),
    "dictionary": (1, 192),
    "sentences": (1, 40),
}
_LOWER = 0.3
# Longer titles are rare, and one of them would pad the whole batch.
_TITLES = frozenset(
    {
        "O*NET titles",
        "ESCO labels",
        "own titles, any of the occupation",
        "own titles and labels, ESCO",
        "dictionary",
    }
)
_LONGEST_TITLE = 48
_TRIES = 20
# A source of more pairs is thinned before its neighbours are sought; sentences have no near misses.
_SOUGHT_AMONG = 12_000
_NO_NEIGHBOURS = frozenset({"sentences", "catalogue", "role texts"})

Draw = Callable[[], Pair]


def main() -> None:
    """Read the arguments and write the batches."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="folder with training/ and dev/")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--prefix", default=PREFIX, help="before every text; may be empty")
    parser.add_argument("--hard", type=float, default=0.0, help="share of look-alikes in a batch")
    arguments = parser.parse_args()
    material = sources.load(arguments.shared)
    rng = random.Random(arguments.seed)
    lines = batches(material, arguments.steps, rng, arguments.prefix, arguments.hard)
    with arguments.out.open("w", encoding="utf-8") as file:
        for source, pairs in lines:
            file.write(json.dumps({"source": source, "pairs": pairs}, ensure_ascii=False) + "\n")


def batches(
    material: Material,
    steps: int,
    rng: random.Random,
    prefix: str = PREFIX,
    hard: float = 0.0,
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the batches of a run, sources mixed evenly over its length.

    Args:
        material: what there is.
        steps: how many batches.
        rng: decides everything.
        prefix: written before every text.
        hard: share of a batch that is drawn for looking like another pair of it, 0 to 1.
    """
    draws: dict[str, Draw] = {
        **{source: _from_pairs(pairs, rng) for source, pairs in material.pairs.items() if pairs},
        **{source: _from_groups(groups, rng) for source, groups in material.groups.items()},
    }
    if hard:
        draws = {
            source: draw if source in _NO_NEIGHBOURS else _alike(draw, hard, rng)
            for source, draw in draws.items()
        }
    return [
        (source, _batch(source, draws[source], rng, prefix))
        for source in _order([source for source in MIX if source in draws], steps, rng)
    ]


def _order(names: list[str], steps: int, rng: random.Random) -> list[str]:
    order: list[str] = []
    while len(order) < steps:
        round_ = [name for name in names for _ in range(MIX[name][0])]
        rng.shuffle(round_)
        order += round_
    return order[:steps]


def _from_pairs(pairs: list[Pair], rng: random.Random) -> Draw:
    waiting: list[Pair] = []

    def draw() -> Pair:
        # Every pair once before any pair twice.
        if not waiting:
            waiting.extend(pairs)
            rng.shuffle(waiting)
        return waiting.pop()

    return draw


def _from_groups(groups: dict[str, tuple[list[str], list[str]]], rng: random.Random) -> Draw:
    keys = [key for key, (left, right) in groups.items() if len({*left, *right}) > 1]
    waiting: list[str] = []

    def draw() -> Pair:
        if not waiting:
            waiting.extend(keys)
            rng.shuffle(waiting)
        key = waiting.pop()
        left, right = groups[key]
        first = rng.choice(left)
        return Pair(first, rng.choice([text for text in right if text != first] or left), key)

    return draw


def _alike(draw: Draw, share: float, rng: random.Random) -> Draw:
    """Return a draw whose pairs are, by `share`, look-alikes of the pair drawn before.

    A pool is drawn once, its look-alikes sought once.
    """
    pool: dict[tuple[str, str], Pair] = {}
    for _ in range(3 * _SOUGHT_AMONG):
        pair = draw()
        pool.setdefault((pair.left, pair.right), pair)
        if len(pool) == _SOUGHT_AMONG:
            break
    pairs = list(pool.values())
    near = neighbours([f"{pair.left} {pair.right}"[:80] for pair in pairs])
    waiting: list[int] = []
    queue: list[int] = []

    def next_pair() -> Pair:
        if not queue:
            if not waiting:
                waiting.extend(range(len(pairs)))
                rng.shuffle(waiting)
            seed = waiting.pop()
            queue.append(seed)
            alike = [at for at in near[seed] if pairs[at].key != pairs[seed].key]
            # `share` of a batch are look-alikes: on average share / (1 - share) a seed.
            wanted = share / (1 - share)
            count = int(wanted) + (rng.random() < wanted % 1)
            queue.extend(rng.sample(alike, min(count, len(alike))))
        return pairs[queue.pop(0)]

    return next_pair


def _batch(source: str, draw: Draw, rng: random.Random, prefix: str) -> list[tuple[str, str]]:
    size = MIX[source][1]
    pairs: list[tuple[str, str]] = []
    seen: Counter[str] = Counter()
    lower = rng.random() < _LOWER
    for _ in range(size * _TRIES):
        pair = draw()
        if source in _TITLES and max(len(pair.left), len(pair.right)) > _LONGEST_TITLE:
            continue
        # Lower case decides what the same text is: "CEO" and "Ceo" are one title.
        marks = {pair.left.lower(), pair.right.lower(), f"\n{pair.key}"}
        if len(marks) < 3 or any(seen[mark] for mark in marks):
            continue
        seen.update(marks)
        texts = (pair.left, pair.right) if rng.random() < 0.5 else (pair.right, pair.left)
        left, right = (text.lower() for text in texts) if lower else texts
        pairs.append((prefix + left, prefix + right))
        if len(pairs) == size:
            break
    return pairs


if __name__ == "__main__":
    main()
