"""What can be chosen in the forms of profiles and openings, named in one language."""

from __future__ import annotations

from typing import Any

from api.wording import wording
from taxonomies.catalogue import load_catalogue
from taxonomies.levels import load_education
from taxonomies.models import Lang
from taxonomies.regions import load_regions

EMPLOYMENT = ("full-time", "part-time", "contract", "internship")


def form_choices(lang: Lang) -> dict[str, Any]:
    """Return pairs of a value and its name: regions, levels, roles, forms of employment."""
    words = wording(lang)
    return {
        "regions": [(code, region.label.within(lang)) for code, region in load_regions().items()],
        "levels": [(level.id, level.label.within(lang)) for level in load_education()],
        "roles": [(str(role.number), role.title.within(lang)) for role in load_catalogue().roles],
        "kinds": [(kind, words(f"employment.{kind}")) for kind in EMPLOYMENT],
    }
