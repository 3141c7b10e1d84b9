"""The catalogue of shortage roles: its rows as printed, joined with our own labels and links."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from taxonomies.models import CatalogueField, Relation, Role, RoleSkill, Seniority, Text
from taxonomies.releases import Release, ReleaseError, open_release, split

_RELATIONS: dict[str, Relation] = {"essential": "essential", "optional": "optional"}


@dataclass(frozen=True)
class Catalogue:
    """A release of the catalogue.

    Attributes:
        version: the release, for example `zhejiang-2017`.
        roles: rows in printed order.
        fields: fields in printed order.
        document: title, number, issuer, date and file of the document that printed it.
    """

    version: str
    roles: tuple[Role, ...]
    fields: tuple[CatalogueField, ...]
    document: dict[str, str]

    def role(self, number: int) -> Role | None:
        """Return the row with this number, or None."""
        return self.roles[number - 1] if 1 <= number <= len(self.roles) else None


@cache
def load_catalogue(version: str | None = None) -> Catalogue:
    """Load a catalogue release, by default the one in force."""
    release = open_release("catalogue", version)
    fields = _fields(release)
    by_name = {(entry.domain.zh, entry.name.zh): entry for entry in fields}
    english = _by_number(release, "roles_en.csv")
    seniority = _by_number(release, "seniority.csv")
    labels = _labels(release)
    skills = _skills(release)
    roles = tuple(
        Role(
            number=int(row["number"]),
            field=by_name[row["domain"], row["field"]],
            order=int(row["order"]),
            title=Text(row["title"], english[row["number"]]["title"]),
            duty=Text(row["duty"], english[row["number"]]["duty"]),
            seniority=_seniority(seniority[row["number"]]),
            labels_zh=tuple(labels[row["number"], "zh"]),
            labels_en=tuple(labels[row["number"], "en"]),
            skills=tuple(skills[row["number"]]),
        )
        for row in release.rows("roles.csv")
    )
    return Catalogue(release.version, roles, fields, _document(release))


def _fields(release: Release) -> tuple[CatalogueField, ...]:
    return tuple(
        CatalogueField(
            code=row["code"],
            domain=Text(row["domain_zh"], row["domain_en"]),
            name=Text(row["field_zh"], row["field_en"]),
        )
        for row in release.rows("fields.csv")
    )


def _by_number(release: Release, name: str) -> dict[str, dict[str, str]]:
    rows = {row["number"]: row for row in release.rows(name)}
    missing = [row["number"] for row in release.rows("roles.csv") if row["number"] not in rows]
    if missing:
        raise ReleaseError(
            f"{release.folder / name} should have a row for every role; add {', '.join(missing)}"
        )
    return rows


def _labels(release: Release) -> defaultdict[tuple[str, str], list[str]]:
    labels: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in release.rows("labels.csv"):
        labels[row["number"], row["lang"]].append(row["label"])
    return labels


def _skills(release: Release) -> defaultdict[str, list[RoleSkill]]:
    skills: defaultdict[str, list[RoleSkill]] = defaultdict(list)
    for row in release.rows("role_skills.csv"):
        if row["relation"] not in _RELATIONS:
            raise ReleaseError(
                f"{release.folder / 'role_skills.csv'}, role {row['number']}, skill {row['skill']}: "
                f"relation should be essential or optional, it is {row['relation']!r}"
            )
        skills[row["number"]].append(RoleSkill(row["skill"], _RELATIONS[row["relation"]]))
    return skills


def _seniority(row: dict[str, str]) -> Seniority:
    return Seniority(row["level"], split(row["words_zh"]), split(row["words_en"]))


def _document(release: Release) -> dict[str, str]:
    document = release.package["document"]
    if not isinstance(document, dict):
        raise TypeError("datapackage.json of the catalogue: 'document' should be an object")
    return {str(key): str(value) for key, value in document.items()}
