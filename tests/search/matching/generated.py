"""Generated candidates as sides of a match."""

from __future__ import annotations

import random

from search.backends.base import Document
from search.matching.sides import Supply, supply_of

SKILLS = ("java", "spring", "spring-boot", "python", "mysql", "kafka", "react", "javascript")
REGIONS = ("330000", "330100", "330106", "330400", "310000")
LANGUAGES = ("english", "japanese")


def some_candidate(chance: random.Random) -> tuple[Document, Supply]:
    """Make the document of a candidate of whom anything may be unknown."""

    def some(values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(chance.sample(values, chance.randint(0, min(3, len(values))))))

    attributes: dict[str, tuple[str | float, ...]] = {
        "kind": ("candidate",),
        "skill": some(SKILLS),
        "region": some(REGIONS),
        "language": some(LANGUAGES),
        "role": some(("1", "9", "30")),
        "wished_role": some(("1", "9")),
        "wished_region": some(REGIONS),
        "years": (float(chance.randint(0, 12)),) if chance.random() < 0.7 else (),
        "education": (chance.randint(1, 6),) if chance.random() < 0.7 else (),
    }
    present = {name: values for name, values in attributes.items() if values}
    document = Document("candidate:x", 1, {"title": "a", "text": "b"}, present)
    return document, supply_of(document)
