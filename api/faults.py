"""Turn what pydantic says about a request into faults that name the field and never repeat the value."""

from __future__ import annotations

import types
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from api.problems import Fault, Phrase
from api.wording import wording

_FAULTS_AT_MOST = 20
Path = tuple[str | int, ...]

_PLACES = frozenset({"body", "query", "path", "header", "cookie"})

#: pydantic's error types that mean the same to whoever sent the value.
_SAME = {
    "int_parsing": "whole_number",
    "int_type": "whole_number",
    "int_from_float": "whole_number",
    "int_parsing_size": "not_finite",
    "float_parsing": "number",
    "float_type": "number",
    "finite_number": "not_finite",
    "bool_parsing": "yes_or_no",
    "bool_type": "yes_or_no",
    "string_type": "text",
    "string_unicode": "half_character",
    "list_type": "list",
    "tuple_type": "list",
    "dict_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
    "date_type": "date",
    "date_parsing": "date",
    "date_from_datetime_parsing": "date",
    "date_from_datetime_inexact": "date",
    "literal_error": "one_of",
    "enum": "one_of",
}


def describe(value: object) -> Phrase | None:
    """Say of what sort and size a value is, without the value."""
    match value:
        case None:
            return Phrase("found.null")
        case bool():
            return Phrase("found.boolean")
        case int() | float():
            return Phrase("found.number")
        case str():
            return Phrase("found.text", {"n": len(value)})
        case dict():
            return Phrase("found.object", {"n": len(value)})
        case list() | tuple():
            return Phrase("found.list", {"n": len(value)})
        case _:
            return None


def spell(path: Path, known_names: Collection[str]) -> str:
    """Write a path as `filters.region[0]`; a name that is not ours is written `?`."""
    name = ""
    for part in path:
        if isinstance(part, int):
            name += f"[{part}]"
        else:
            name += ("." if name else "") + (part if part in known_names else "?")
    return name or "body"


def faults_of(errors: Sequence[Mapping[str, Any]], model: Any = None) -> list[Fault]:
    """Translate pydantic's errors.

    Args:
        errors: as `ValidationError.errors()` gives them.
        model: type of the body, from which names of fields are known.
    """
    known = field_names(model)
    return [_fault(error, model, known) for error in errors[:_FAULTS_AT_MOST]]


def field_names(annotation: Any) -> frozenset[str]:
    """Return the names of all fields in a model and the models inside it."""
    names: set[str] = set()
    seen: set[Any] = set()

    def walk(part: Any) -> None:
        for model in _models(part):
            if model not in seen:
                seen.add(model)
                names.update(model.model_fields)
                for entry in model.model_fields.values():
                    walk(entry.annotation)

    walk(annotation)
    return frozenset(names)


def _fault(error: Mapping[str, Any], model: Any, known: Collection[str]) -> Fault:
    kind, context = str(error["type"]), dict(error.get("ctx") or {})
    place, path = _split(error["loc"])
    value = error.get("input")
    if member := context.pop("member", None):
        path.append(member)
        value = value.get(member) if isinstance(value, dict) else None
    found = None if kind == "missing" else describe(value)
    if kind == "extra_forbidden":
        path, found = path[:-1], None
        context = {"known": ", ".join(_members(model, path))}
    # Names in a body are the sender's until they are known to be ours; others are always ours.
    names = known if place == "body" and model is not None else frozenset(map(str, path))
    return Fault(place, spell(tuple(path), names), _advice(kind, context), found)


def _split(location: Sequence[str | int]) -> tuple[str, list[str | int]]:
    if location and location[0] in _PLACES:
        return str(location[0]), list(location[1:])
    return "body", list(location)


def _advice(kind: str, context: dict[str, Any]) -> Phrase:
    key = f"fault.{_SAME.get(kind, kind)}"
    if key not in wording("en"):
        return Phrase("fault.other")
    values = {name: _plain(value) for name, value in context.items() if name != "error"}
    return Phrase(key, values)


def _plain(value: object) -> object:
    return f"{value:g}" if isinstance(value, float) else value


def _members(annotation: Any, path: Sequence[str | int]) -> list[str]:
    """Return the field names of the model at a path."""
    for part in path:
        if isinstance(part, str):
            fields = [
                m.model_fields[part].annotation
                for m in _models(annotation)
                if part in m.model_fields
            ]
            annotation = fields[0] if fields else None
    return sorted({name for model in _models(annotation) for name in model.model_fields})


def _models(annotation: Any) -> list[type[BaseModel]]:
    """Return the models that an annotation is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in {Annotated, Union, types.UnionType, list, tuple}:
        return [model for part in get_args(annotation) for model in _models(part)]
    return []
