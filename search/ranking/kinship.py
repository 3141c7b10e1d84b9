"""How near two catalogue rows lie: a row beside one that fits well is worth showing too.

    K(a, b) = 1/2 cos(a, b) + 1/2 [a and b stand in the same field],  K(a, a) = 0

A recruiter who asks for a 5G drive tester also looks at the field's other network engineers.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.embedding.base import Encoder
from search.text.roles import role_text
from taxonomies.catalogue import load_catalogue
from taxonomies.releases import fingerprint

Matrix = NDArray[np.float32]


def open_kinship(models: Path, encoder: Encoder) -> Matrix:
    """Return K, float32, (n_roles, n_roles), rows in printed order; made once and kept in `models`."""
    path = models / f"kinship-{encoder.name}-{fingerprint()[:12]}.npy"
    if path.is_file():
        return np.asarray(np.load(path), np.float32)
    matrix = kinship(encoder)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp.npy")
    np.save(temporary, matrix)
    temporary.replace(path)
    return matrix


def kinship(encoder: Encoder) -> Matrix:
    """Compute K with the encoder in force."""
    roles = load_catalogue().roles
    vectors = encoder.encode_documents([role_text(role) for role in roles])
    cosines = np.clip(vectors @ vectors.T, 0, 1)
    fields = np.array([role.field.code for role in roles])
    same_field = (fields[:, None] == fields[None, :]).astype(np.float32)
    matrix = 0.5 * cosines + 0.5 * same_field
    np.fill_diagonal(matrix, 0)
    return np.asarray(matrix, np.float32)


def kin_support(chances: Matrix, matrix: Matrix) -> Matrix:
    """Return for each row the best of its kin: max_b K(a, b) p(b).

    Args:
        chances: float32, (n_roles,), p(b): how likely each row is an answer by itself, 0-1.
        matrix: K.
    """
    return np.asarray((matrix * chances[None, :]).max(axis=1), np.float32)
