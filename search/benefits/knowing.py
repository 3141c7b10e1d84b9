"""What follows from what is said: a row of the catalogue has a field, an industry lies within others.

Only what a source says follows; the rest stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable

from search.benefits.facts import Facts, FactValue, Members
from search.text.lexicon import label_key
from taxonomies.catalogue import load_catalogue
from taxonomies.industries import narrower, wider
from taxonomies.office_catalogues import OfficeCatalogue
from taxonomies.releases import CURRENT

#: The catalogue whose rows are roles (annex 1 of document 000).
ROLE_CATALOGUE = CURRENT["catalogue"]


def known(facts: Facts, catalogues: Iterable[OfficeCatalogue] = ()) -> dict[str, FactValue]:
    """Return facts with what follows from them; a fact that was given is never changed.

    - `role.title` that is a title of annex 1 gives `role.number`; that gives the row's field, and that
      the role is in the catalogue of annex 1.
    - A catalogue that is held decides whether the role is in it, by its titles.
    - An industry lies within those of which its sources say so; who is in none of the wider is not in it.

    Args:
        facts: what is said.
        catalogues: of offices, those that hold on the day asked for, one an id.
    """
    found = dict(facts)
    title = found.get("role.title")
    if isinstance(title, str) and (row := _row(title)) is not None:
        found.setdefault("role.number", row)
    number = found.get("role.number")
    role = load_catalogue().role(int(number)) if isinstance(number, int | float) else None
    if role is not None:
        found.setdefault("role.field", role.field.code)
        found["role.catalogue"] = _with(found.get("role.catalogue"), ROLE_CATALOGUE, is_held=True)
    named = [title] if isinstance(title, str) else list(role.labels_zh) if role else []
    for catalogue in catalogues if named else ():
        titles = set(map(label_key, named))
        is_held = any(
            label_key(row.title) in titles or (role and row.role_number == role.number)
            for row in catalogue.rows
        )
        value = found.get("role.catalogue")
        found["role.catalogue"] = _with(value, catalogue.id, is_held=is_held)
    industry = found.get("employer.industry")
    if isinstance(industry, str):
        industry = Members(frozenset({industry}))
    if isinstance(industry, Members):
        held = wider(industry.held)
        found["employer.industry"] = Members(held, narrower(industry.lacking) - held)
    return found


def _row(title: str) -> int | None:
    """Return the row of annex 1 that a title is printed in; None where none or several are."""
    key = label_key(title)
    rows = [role.number for role in load_catalogue().roles if key == label_key(role.title.zh)]
    rows = rows or [
        role.number
        for role in load_catalogue().roles
        if key in (label_key(label) for label in role.labels)
    ]
    return rows[0] if len(rows) == 1 else None


def _with(value: FactValue, name: str, *, is_held: bool) -> Members:
    """Return a set of which it is also known whether a name is in it; what was said before stands."""
    members = (
        value if isinstance(value, Members) else Members(frozenset({str(value)} if value else ()))
    )
    if name in members.held | members.lacking:
        return members
    if is_held:
        return Members(members.held | {name}, members.lacking)
    return Members(members.held, members.lacking | {name})
