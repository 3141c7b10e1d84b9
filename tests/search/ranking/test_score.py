"""The score is the logistic of its parts, and weights never punish evidence."""

import math

import pytest

from search.models import Aspect, Mention
from search.ranking.features import Features
from search.ranking.intent import Intent
from search.ranking.results import State
from search.ranking.score import parts, record_weights, role_weights, score

INTENT = Intent({}, {"java": 1.0}, {}, "java", 4)
FEATURES = Features(0.0, 1.0, 0.2, 0.6, 0.7, 0.5, 0.7)


@pytest.mark.parametrize("weights", [role_weights, record_weights])
def test_the_score_is_the_logistic_of_the_sum_of_the_parts(weights):
    contributions = parts(weights("bole-e5-small-0"), INTENT, FEATURES)
    z = sum(contributions.values())
    assert score(contributions) == pytest.approx(100 / (1 + math.exp(-z)))


@pytest.mark.parametrize("weights", [role_weights, record_weights])
def test_no_feature_has_a_negative_weight(weights):
    weights = weights("bole-e5-small-0")
    assert set(weights.features) == set(Features.__slots__)
    assert all(weight >= 0 for weight in weights.features.values())
    assert weights.kin >= 0


def test_unknown_ranks_below_met_and_above_not_met():
    years = Mention(Aspect.YEARS, "5")
    scores = [
        score(parts(record_weights("bole-e5-small-0"), INTENT, FEATURES, [(years, state)]))
        for state in (State.FOUND, State.UNKNOWN, State.MISSING)
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3


def test_an_encoder_that_was_never_fitted_takes_the_weights_of_ours():
    assert role_weights("other-0") == role_weights("bole-e5-small-1")
    assert record_weights("other-0") == record_weights("bole-e5-small-1")
