"""The score: a logistic model over the features, so that it means the same in every search.

    z = b + sum_f w_f x_f + sum_c s_c + w_k k          score = 100 / (1 + exp(-z))

x_f are the features of `search.ranking.features`, s_c what each further condition adds or takes, k the
support of related catalogue rows (`search.ranking.kinship`). The weights are fitted on judged pairs by
`python -m search.evaluation.calibrate`; docs/ranking.md says how.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from search.models import Mention, Strength
from search.ranking.features import Features
from search.ranking.intent import Intent
from search.ranking.results import State

#: Changes when the same pair would score otherwise.
RANKING = "2026.11"

#: Below this score even for the best hit the answer says that nothing fits. Chosen on the development
#: queries: 92 % of those without an answer lie below, and 7 % of the others.
MATCH_AT_LEAST = 20.0


class UncalibratedEncoderError(ValueError):
    """The score was never fitted to this encoder."""


@dataclass(frozen=True)
class Weights:
    """Fitted weights: one a feature, those of the query's form, that of kin, and the intercept."""

    features: Mapping[str, float]
    has_title: float
    has_skill: float
    length: float
    kin: float
    intercept: float


@cache
def role_weights(encoder: str) -> Weights:
    """Return the weights for catalogue rows: cosines of another encoder need others.

    Args:
        encoder: name of the encoder, with the hash at its end.

    Raises:
        UncalibratedEncoderError: no weights were fitted for this encoder.
    """
    family, fitted = encoder.rpartition("-")[0], _read_weights()["roles"]
    if family not in fitted:
        raise UncalibratedEncoderError(
            f"the score has no weights for the encoder {family!r}; it has them for "
            f"{', '.join(sorted(fitted))}. Fit them: python -m search.evaluation.calibrate"
        )
    return Weights(**fitted[family])


@cache
def record_weights() -> Weights:
    """Return the weights for people and vacancies."""
    return Weights(**_read_weights()["records"])


def _read_weights() -> dict[str, Any]:
    text = files("search.ranking").joinpath("weights.json").read_text(encoding="utf-8")
    weights: dict[str, Any] = json.loads(text)
    return weights


#: Log-odds of a condition that is met, not known, or not met: unknown ranks between the two.
_CONDITION = {State.FOUND: 0.4, State.UNKNOWN: -0.2, State.MISSING: -1.2}
_STRENGTH = {
    Strength.REQUIRED: 1.5,
    Strength.FAVOURED: 1.0,
    Strength.OPTIONAL: 0.3,
    Strength.BANNED: 0.0,
}


def parts(
    weights: Weights,
    intent: Intent,
    features: Features,
    judged: Iterable[tuple[Mention, State]] = (),
) -> dict[str, float]:
    """Return what each part adds to z, in log-odds; their sum is z."""
    found = {name: weights.features[name] * value for name, value in features.as_mapping().items()}
    found["query"] = (
        weights.intercept
        + weights.has_title * bool(intent.roles)
        + weights.has_skill * bool(intent.skills)
        + weights.length * min(1.0, intent.length / 100)
    )
    for mention, state in judged:
        key = mention.aspect.value
        found[key] = found.get(key, 0.0) + _CONDITION[state] * _STRENGTH[mention.strength]
    return found


def score(contributions: Mapping[str, float]) -> float:
    """Return 0-100 for the parts of a pair."""
    return 100 / (1 + math.exp(-sum(contributions.values())))
