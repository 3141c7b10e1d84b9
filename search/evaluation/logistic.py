"""Linear models of relevance in which evidence can only speak for a pair: by ranking, and by chance.

`order` fits what comes first within a query; `regress` fits how likely a pair is relevant over all queries.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Weight of the ridge beside the mean cross entropy of a query.
RIDGE = 0.005
#: The same beside the loss of `order`, which is near 1 as well.
ORDER_RIDGE = 1e-4


def regress(x: Array, y: Array, share: Array, evidence: int, ridge: float = RIDGE) -> Array:
    """Return the weights of the columns and, last, the intercept; deterministic.

    The loss is `sum_i share_i (ln(1 + e^z_i) - y_i z_i) + ridge |w|^2` with z = x w + b.

    Args:
        x: (n, k), one row a pair.
        y: (n,), how likely a judge calls the pair relevant, 0 to 1.
        share: (n,), what a pair counts; those of one query together count 1 / queries, or any weight.
        evidence: so many first columns may not have a negative weight.
        ridge: of the weights, not of the intercept.
    """
    from scipy.optimize import minimize

    def loss(weights: Array) -> tuple[float, Array]:
        z = x @ weights[:-1] + weights[-1]
        error = (sigmoid(z) - y) * share
        value = float(((np.logaddexp(0, z) - y * z) * share).sum())
        value += ridge * float(weights[:-1] @ weights[:-1])
        return value, np.append(x.T @ error + 2 * ridge * weights[:-1], error.sum())

    bounds = [(0, None)] * evidence + [(None, None)] * (x.shape[1] - evidence + 1)
    start = np.zeros(x.shape[1] + 1)
    return np.asarray(minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x)


def order(rows: Array, relevant: Array, share: Array, ridge: float = ORDER_RIDGE) -> Array:
    """Return the weights that put what is relevant first; none is negative; deterministic.

    The loss of a query is `- mean over its relevant documents ln(e^z_i / sum_j e^z_j)`, z = x w.
    Source: Cao et al. (ICML 2007), "Learning to Rank: From Pairwise Approach to Listwise Approach" (ListNet),
    section 4, with the relevant documents' shares in place of the judged scores.

    Args:
        rows: (queries, documents, k); documents that a shorter list lacks are rows of nan.
        relevant: (queries, documents), 1 or 0; a query without a relevant document has no say.
        share: (queries,), what a query counts.
        ridge: of the weights.
    """
    from scipy.optimize import minimize

    told = relevant.sum(axis=1) > 0
    rows, relevant, share = rows[told], relevant[told], share[told]
    is_there = ~np.isnan(rows[:, :, 0])
    x = np.nan_to_num(rows)
    wanted = relevant / relevant.sum(axis=1, keepdims=True)

    def loss(weights: Array) -> tuple[float, Array]:
        z = np.where(is_there, x @ weights, -np.inf)
        z = z - z.max(axis=1, keepdims=True)
        mass = np.exp(z).sum(axis=1, keepdims=True)
        logs = np.where(is_there, z - np.log(mass), 0.0)
        error = np.where(is_there, np.exp(logs), 0.0) - wanted
        value = float(-((wanted * logs).sum(axis=1) * share).sum()) + ridge * float(
            weights @ weights
        )
        gradient = ((error[:, :, None] * x).sum(axis=1) * share[:, None]).sum(axis=0)
        return value, gradient + 2 * ridge * weights

    bounds = [(0, None)] * x.shape[2]
    start = np.ones(x.shape[2])
    return np.asarray(minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x)


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + e^-z)."""
    return np.asarray(1 / (1 + np.exp(-z)))
