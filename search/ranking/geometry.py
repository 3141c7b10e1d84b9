"""How an encoder's vectors lie, measured on the catalogue: the scale of its cosines, and which rows are kin.

One model calls two unrelated texts .85 alike, another .1. On the scale

    s(x) = (x - u) / (r - u),  not below 0

u is the mean cosine of a row's title to the other rows, r that to its own; so 0 means "unrelated" and 1
"a title to its own role" whatever the model, and one set of weights serves all models.

    K(a, b) = 1/2 s(cos(a, b)) + 1/2 [a and b stand in the same field],  K(a, a) = 0

is how near two rows lie: a recruiter who asks for a 5G drive tester also looks at the field's other
network engineers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.embedding.base import Encoder
from search.text.roles import role_text
from taxonomies.catalogue import load_catalogue
from taxonomies.releases import fingerprint

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Scale:
    """The two points that a cosine is read by.

    Attributes:
        unrelated: cosine that means nothing in common.
        related: cosine of a title to its own role.
    """

    unrelated: float
    related: float

    def place(self, cosine: float) -> float:
        """Return where a cosine lies: 0 at unrelated (or below), 1 at related, more for the same words."""
        return max(0.0, (cosine - self.unrelated) / (self.related - self.unrelated))


@dataclass(frozen=True)
class Geometry:
    """What ranking has to know of an encoder.

    Attributes:
        scale: how its cosines are read.
        kinship: K, float32, (n_roles, n_roles), rows in printed order.
    """

    scale: Scale
    kinship: Matrix


def open_geometry(models: Path, encoder: Encoder) -> Geometry:
    """Return the geometry; measured once (92 rows are encoded) and kept in `models`."""
    path = models / f"geometry-{encoder.name}-{fingerprint()[:12]}.npz"
    if path.is_file():
        with np.load(path) as kept:
            unrelated, related = (float(value) for value in kept["scale"])
            return Geometry(Scale(unrelated, related), np.asarray(kept["kinship"], np.float32))
    geometry = measure(encoder)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp.npz")
    scale = geometry.scale
    np.savez(temporary, scale=[scale.unrelated, scale.related], kinship=geometry.kinship)
    temporary.replace(path)
    return geometry


def measure(encoder: Encoder) -> Geometry:
    """Measure an encoder on the catalogue in force."""
    roles = load_catalogue().roles
    vectors = encoder.encode_documents([role_text(role) for role in roles])
    titles = [title for role in roles for title in (role.title.zh, role.title.en)]
    cosines = encoder.encode_queries(titles) @ vectors.T
    own = np.repeat(np.eye(len(roles), dtype=bool), 2, axis=0)
    # The least gap keeps an encoder that tells nothing apart from dividing by nothing.
    unrelated = float(cosines[~own].mean())
    scale = Scale(unrelated, max(float(cosines[own].mean()), unrelated + 0.01))
    near = np.clip(
        (vectors @ vectors.T - scale.unrelated) / (scale.related - scale.unrelated), 0, 1
    )
    fields = np.array([role.field.code for role in roles])
    same_field = (fields[:, None] == fields[None, :]).astype(np.float32)
    kinship = 0.5 * near + 0.5 * same_field
    np.fill_diagonal(kinship, 0)
    return Geometry(scale, np.asarray(kinship, np.float32))


def kin_support(chances: Matrix, kinship: Matrix) -> Matrix:
    """Return for each row the best of its kin: max_b K(a, b) p(b).

    Args:
        chances: float32, (n_roles,), p(b): how likely each row is an answer by itself, 0-1.
        kinship: K.
    """
    return np.asarray((kinship * chances[None, :]).max(axis=1), np.float32)
