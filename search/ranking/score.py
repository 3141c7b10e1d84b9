"""The score: a logistic model over the features, so that it means the same in every search.

    z = b + sum_f w_f x_f + sum_c s_c + w_k k          score = 100 / (1 + exp(-z))

x_f are the features of `search.ranking.features`, s_c what each further condition adds or takes, k the
support of related catalogue rows (`search.ranking.geometry`). The weights are fitted on judged pairs by
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


#: Whose weights serve an encoder that none were fitted to.
_DEFAULT = "bole-e5-small"


@dataclass(frozen=True)
class Weights:
    """Fitted weights: one a feature, those of the query's form, that of kin, and the intercept."""

    features: Mapping[str, float]
    has_title: float
    has_skill: float
    length: float
    kin: float
    intercept: float


def role_weights(encoder: str) -> Weights:
    """Return the weights for catalogue rows.

    Args:
        encoder: name of the encoder, with the hash at its end.
    """
    return _weights("roles", encoder.rpartition("-")[0])


def record_weights(encoder: str) -> Weights:
    """Return the weights for people and vacancies; `encoder` as above."""
    return _weights("records", encoder.rpartition("-")[0])


@cache
def _weights(kind: str, family: str) -> Weights:
    fitted = _read_weights()[kind]
    # Cosines are read on each encoder's own scale, so the weights of ours do for one never fitted to.
    return Weights(**fitted.get(family, fitted[_DEFAULT]))


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
