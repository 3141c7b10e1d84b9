"""Frozen audits: one JSON document that anyone who holds the inputs can recompute.

The document holds counts and hashes, and of records behind them only the vacancy ids that stand as
evidence of causes: erasing a person takes nothing out of it that names them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

from search.audit.canonical import canonical, digest
from search.audit.figures import AuditFigures, UnreadableFiguresError
from search.audit.inputs import AuditInputs
from search.audit.running import run_audit

#: Name and version of the form.
FORMAT = "bole-audit-snapshot/2"
#: Lists that are told apart by these keys rather than by place.
_KEYS = ("role", "field", "region", "kind", "condition", "vacancy_id", "name", "title", "number")


@dataclass(frozen=True, slots=True)
class Difference:
    """One place at which a snapshot and its recomputation differ; `absent` where one has nothing there."""

    where: str
    frozen: str
    recomputed: str


def freeze(figures: AuditFigures) -> str:
    """Return figures as a snapshot: themselves, and the SHA-256 of figures, inputs and versions.

    Anyone can check the hashes: each is that of the canonical JSON (`search.audit.canonical`) of the part,
    and `hash` that of the three others.
    """
    # Read back, a 2 given for a 2.0 is a 2.0: what is hashed must be what is read.
    figures = AuditFigures.from_json(figures.to_json())
    hashes = {
        "figures": digest(figures),
        "inputs": digest(figures.inputs),
        "versions": digest([figures.versions, figures.thresholds]),
    }
    document = {
        "format": FORMAT,
        "hashes": {**hashes, "hash": digest(hashes)},
        "figures": orjson.loads(canonical(figures)),
    }
    return canonical(document).decode()


def thaw(snapshot: str | bytes) -> AuditFigures:
    """Return the figures of a snapshot.

    Raises:
        UnreadableFiguresError: it is no snapshot of this form, or was changed after it was frozen.
    """
    try:
        document = json.loads(snapshot)
    except ValueError as error:
        raise UnreadableFiguresError(
            f"a snapshot was asked for, and this is not JSON: {error}. Give the file that was frozen"
        ) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        found = document.get("format") if isinstance(document, dict) else type(document).__name__
        raise UnreadableFiguresError(
            f"a snapshot of the form {FORMAT} was asked for; {found!r} was found. "
            "Give a file that this version froze"
        )
    figures = AuditFigures.from_json(json.dumps(document.get("figures")))
    told, right = document.get("hashes"), json.loads(freeze(figures))["hashes"]
    if told != right:
        held = told if isinstance(told, dict) else {}
        wrong = sorted(name for name in right if held.get(name) != right[name])
        raise UnreadableFiguresError(
            f"a snapshot was asked for; its {', '.join(wrong) or 'hashes'} no longer match what it was "
            "frozen with: it was changed since. Give the file as it was frozen"
        )
    return figures


def verify(snapshot: str | bytes, inputs: AuditInputs) -> tuple[Difference, ...]:
    """Recompute a snapshot from inputs and name each difference; none means that it holds.

    Raises:
        UnreadableFiguresError: see `thaw`.
    """
    frozen = thaw(snapshot)
    versions = {name: value for name, value in frozen.versions.items() if name != "method"}
    computed = run_audit(
        inputs,
        frozen.as_of,
        frozen.period,
        frozen.thresholds,
        versions=versions,
        published=frozen.published,
    )
    again = AuditFigures.from_json(computed.to_json())
    one, other = (dict(_leaves("", orjson.loads(canonical(each)))) for each in (frozen, again))
    return tuple(
        Difference(where, one.get(where, "absent"), other.get(where, "absent"))
        for where in sorted({*one, *other})
        if one.get(where) != other.get(where)
    )


def _leaves(where: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for name, held in value.items():
                yield from _leaves(f"{where}.{name}" if where else str(name), held)
        case list():
            yield f"{where}.length", str(len(value))
            for place, held in enumerate(value):
                yield from _leaves(f"{where}[{_name(place, held)}]", held)
        case _:
            yield where, json.dumps(value, ensure_ascii=False)


def _name(place: int, held: object) -> str:
    if isinstance(held, Mapping):
        named = [f"{key} {held[key] or 'all'}" for key in _KEYS if key in held]
        if named:
            return ", ".join(named)
    return str(place)
