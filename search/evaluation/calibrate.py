"""Fit the weights of the role score to judged queries: `python -m search.evaluation.calibrate`.

The loss is the cross entropy between sigma(z) and how likely a judge calls the pair relevant (grade 3: 1,
2: .75, 1: .25, none: 0), averaged over queries, plus a small ridge. Feature weights may not be
negative: more evidence never lowers a score. Kin depends on the score without kin, so the two are
fitted in turn until they stand still. Deterministic.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.embedding.base import Encoder
from search.embedding.choice import OWN_MODELS, ModelChoice
from search.embedding.registry import open_encoder, open_frequencies
from search.evaluation.logistic import Array, regress, sigmoid
from search.evaluation.queries import read_queries
from search.evaluation.trec import read_qrels
from search.ranking.features import Features, compute
from search.ranking.geometry import Geometry, kin_support, open_geometry
from search.ranking.intent import Intent, build_intent
from search.ranking.profile import Profile, padded, role_profile
from search.ranking.score import role_weights
from search.text.reading import read
from search.text.roles import role_text
from search.text.vocabulary import load_vocabulary
from taxonomies.catalogue import load_catalogue

#: How likely a judge calls a pair of this grade relevant.
RELEVANCE = {3: 1.0, 2: 0.75, 1: 0.25}
ROUNDS = 12

_FEATURES = [field.name for field in fields(Features)]
_FORM = ["has_title", "has_skill", "length"]


def fit(encoder: Encoder, queries: Path, qrels: Path, models: Path) -> dict[str, object]:
    """Return the weights in the shape of an encoder's entry in `weights.json`."""
    blocks, targets = _blocks(encoder, queries, qrels, models)
    weights = _alternate(blocks, targets, open_geometry(models, encoder).kinship)
    kin, *found, intercept = weights
    features, form = found[: len(_FEATURES)], found[len(_FEATURES) :]
    return {
        "features": dict(zip(_FEATURES, _rounded(features), strict=True)),
        **dict(zip(_FORM, _rounded(form), strict=True)),
        "kin": round(float(kin), 3),
        "intercept": round(float(intercept), 3),
    }


def chances(encoder: Encoder, folder: Path, models: Path) -> tuple[Array, Array]:
    """Return, of every query and row, the chance by the score and how likely a judge calls it relevant.

    Args:
        encoder: whose weights are in force.
        folder: holds `queries.jsonl` and `qrels.tsv`.
        models: folder in which fits are kept.
    """
    blocks, targets = _blocks(encoder, folder / "queries.jsonl", folder / "qrels.tsv", models)
    weights = role_weights(encoder.name)
    form = [weights.has_title, weights.has_skill, weights.length]
    z = blocks @ np.array([*weights.features.values(), *form]) + weights.intercept
    kinship = open_geometry(models, encoder).kinship
    support = np.array([kin_support(row.astype(np.float32), kinship) for row in sigmoid(z)])
    return sigmoid(z + weights.kin * support).ravel(), targets.ravel()


def _blocks(encoder: Encoder, queries: Path, qrels: Path, models: Path) -> tuple[Array, Array]:
    """Return the features of every query and row, and how likely a judge calls them relevant."""
    frequencies = open_frequencies(models)
    geometry = open_geometry(models, encoder)
    roles = load_catalogue().roles
    vectors = encoder.encode_documents([role_text(role) for role in roles])
    grades = {(row.query_id, int(row.doc_id)): row.relevance for row in read_qrels(qrels)}
    blocks, targets = [], []
    cut = load_vocabulary().segmenter.tokens
    profiles = [role_profile(role.number, padded(*cut(role_text(role)))) for role in roles]
    for query in read_queries(queries):
        intent = build_intent(read(query.text), frequencies)
        cosines = vectors @ encoder.encode_queries([intent.text])[0]
        blocks.append(_block(intent, profiles, cosines, geometry))
        judged = (grades.get((query.qid, role.number), 0) for role in roles)
        targets.append([RELEVANCE.get(grade, 0.0) for grade in judged])
    return np.array(blocks), np.array(targets)


def _block(
    intent: Intent,
    profiles: Sequence[Profile],
    cosines: NDArray[np.float32],
    geometry: Geometry,
) -> list[list[float]]:
    form = [float(bool(intent.roles)), float(bool(intent.skills)), min(1.0, intent.length / 100)]
    place = geometry.scale.place
    return [
        [*compute(intent, profile, place(float(cosine))).as_mapping().values(), *form]
        for profile, cosine in zip(profiles, cosines, strict=True)
    ]


def _alternate(blocks: Array, targets: Array, kinship: NDArray[np.float32]) -> Array:
    """Fit with kin computed from the last round's weights, until they stand still."""
    weights = np.zeros(1 + blocks.shape[2] + 1)
    for _ in range(ROUNDS):
        alone = sigmoid(blocks @ weights[1:-1] + weights[-1])
        support = np.array([kin_support(row.astype(np.float32), kinship) for row in alone])
        rows = np.concatenate([support[:, :, None], blocks], axis=2)
        x = rows.reshape(-1, rows.shape[2])
        weights = regress(
            x,
            targets.ravel(),
            share=np.full(len(x), 1 / len(targets)),
            evidence=1 + len(_FEATURES),
        )
    return weights


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(float(value), 3) for value in values]


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, and write the result over the encoder's entry in `weights.json`."""
    parser = argparse.ArgumentParser(description="Fit the weights of the role score.")
    parser.add_argument("--queries", type=Path, default=Path("tests/relevance/queries.jsonl"))
    parser.add_argument("--qrels", type=Path, default=Path("tests/relevance/qrels.tsv"))
    parser.add_argument("--models", type=Path, default=Path("var/models"))
    parser.add_argument("--encoder", choices=OWN_MODELS, default=OWN_MODELS[0])
    parser.add_argument("--weights", type=Path, default=Path("search/ranking/weights.json"))
    chosen = parser.parse_args(arguments)
    weights = json.loads(chosen.weights.read_text(encoding="utf-8"))
    encoder = open_encoder(ModelChoice(chosen.encoder))
    family = encoder.name.rpartition("-")[0]
    weights["roles"][family] = fit(encoder, chosen.queries, chosen.qrels, chosen.models)
    chosen.weights.write_text(json.dumps(weights, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(weights["roles"][family], indent=2) + "\n")


if __name__ == "__main__":
    main()
