"""What the audit's codes are called, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from api.notices import region_name
from api.wording import wording
from search.audit.inputs import WORDS
from search.audit.places import OUTSIDE, UNKNOWN_PLACE, WHOLE
from taxonomies.catalogue import load_catalogue
from taxonomies.levels import load_education
from taxonomies.models import Lang, Text
from taxonomies.skills import load_skills


def both(key: str, /, **values: object) -> Text:
    """Return a text of the locale files in both languages; values that are texts are said in each."""
    return Text(_in("zh", key, values), _in("en", key, values))


def _in(lang: Lang, key: str, values: dict[str, object]) -> str:
    said = {
        name: value.within(lang) if isinstance(value, Text) else value
        for name, value in values.items()
    }
    return wording(lang)(key, **said)


def joined(texts: Iterable[Text], mark: str = "list_mark") -> Text:
    """Return texts one after the other; `mark` is the key of what stands between."""
    held, between = list(texts), both(mark)
    return Text(between.zh.join(one.zh for one in held), between.en.join(one.en for one in held))


def role_label(number: int | None) -> Text:
    """Return the title of a row; what has none of the catalogue's is said to have none."""
    role = None if number is None else load_catalogue().role(number)
    if role is None:
        return both("audit.no_role") if number is None else Text(str(number), str(number))
    twice = sum(other.title == role.title for other in load_catalogue().roles) > 1
    # One title stands in two fields.
    return (
        both("audit.role_in_field", role=role.title, field=role.field.name) if twice else role.title
    )


def field_label(code: str) -> Text:
    """Return the name of a field, or its code where no release knows it."""
    names = {entry.code: entry.name for entry in load_catalogue().fields}
    return names.get(code, Text(code, code))


def place_label(region: str) -> Text:
    """Return the name of the place of a line."""
    if region == WHOLE:
        return both("audit.place.whole")
    if region == UNKNOWN_PLACE:
        return both("audit.place.unknown")
    if region == OUTSIDE:
        return both("audit.place.outside")
    name = region_name(region)
    return Text(name.zh, name.en)


@lru_cache(maxsize=4096)
def condition_label(handle: str) -> Text:
    """Return what a condition is called, from its handle (`RequiredCondition.handle`)."""
    if handle.startswith("not "):
        return both("audit.condition.not", condition=condition_label(handle.removeprefix("not ")))
    aspect, _, values = handle.partition(":")
    # Unknown skills are words, which may hold any sign but are never one of several.
    parts = [values] if values.startswith(WORDS) else values.split("|")
    labels = [_value_label(aspect, value) for value in parts]
    return both(f"audit.condition.{aspect}", value=joined(labels, "audit.condition.or"))


def _value_label(aspect: str, value: str) -> Text:
    plain = value.removeprefix(WORDS)
    match aspect:
        case "skill" | "language":
            skill = load_skills().get(value)
            return skill.label if skill else Text(plain, plain)
        case "education":
            levels = {level.id: level.label for level in load_education()}
            return levels.get(value, Text(plain, plain))
        case "place":
            return place_label(value)
        case "title":
            return role_label(int(value)) if value.isdigit() else Text(plain, plain)
        case _:
            return Text(plain, plain)
