"""Is a score what it says: of the pairs scored about 70, are 70 in 100 relevant?

Source: Naeini, Cooper & Hauskrecht (AAAI 2015), "Obtaining Well Calibrated Probabilities Using Bayesian Binning",
equation for the expected calibration error: ECE = sum over bins (n_b / n) |mean chance - share relevant|.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs with a score in a range.

    Attributes:
        low: lower end of the range, a chance.
        pairs: how many.
        share: what they count of all.
        stated: their mean chance by the score.
        found: what judges say: the mean of their relevance.
    """

    low: float
    pairs: int
    share: float
    stated: float
    found: float


def bins(
    chances: NDArray[np.float64],
    relevant: NDArray[np.float64],
    counts: NDArray[np.float64] | None = None,
) -> list[Bin]:
    """Return the curve in ten ranges of equal width; empty ranges are left out.

    Args:
        chances: (n,), score / 100.
        relevant: (n,), how likely a judge calls the pair relevant, 0 to 1.
        counts: (n,), what a pair counts in the means; default: all the same.
    """
    places = np.minimum((chances * BINS).astype(int), BINS - 1)
    share = np.ones(len(chances)) if counts is None else counts
    return [
        Bin(
            place / BINS,
            int(held.sum()),
            float(share[held].sum() / share.sum()),
            float(np.average(chances[held], weights=share[held])),
            float(np.average(relevant[held], weights=share[held])),
        )
        for place in range(BINS)
        if (held := places == place).any()
    ]


def expected_error(curve: list[Bin]) -> float:
    """Return the ECE of a curve."""
    return sum(part.share * abs(part.stated - part.found) for part in curve)


def table(curve: list[Bin]) -> str:
    """Return the curve as a Markdown table."""
    lines = ["| score | pairs | mean score | relevant |", "|---|---|---|---|"]
    lines += [
        f"| {100 * part.low:.0f}–{100 * (part.low + 1 / BINS):.0f} | {part.pairs} | "
        f"{100 * part.stated:.1f} | {100 * part.found:.1f} % |"
        for part in curve
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the curve of the score of catalogue rows on the relevance queries, development and held back."""
    import argparse
    import sys
    from pathlib import Path

    from search.embedding.registry import open_encoder
    from search.evaluation.calibrate import chances

    parser = argparse.ArgumentParser(description="How true the score of catalogue rows is.")
    parser.add_argument("--folder", type=Path, default=Path("tests/relevance"))
    parser.add_argument("--models", type=Path, default=Path("var/models"))
    chosen = parser.parse_args()
    for folder in (chosen.folder, chosen.folder / "holdout"):
        curve = bins(*chances(open_encoder(), folder, chosen.models))
        sys.stdout.write(
            f"{folder}\n{table(curve)}\nexpected calibration error {expected_error(curve):.4f}\n\n"
        )


if __name__ == "__main__":
    main()
