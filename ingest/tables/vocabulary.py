"""The words of `columns.yaml` and `values.yaml`, in normal form."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import yaml

from search.text.normalise import normalise

Kind = Literal["candidate", "vacancy"]

_HERE = Path(__file__).parent
#: Marks that say nothing: a star at what is required, a colon after a name.
_MARKS = str.maketrans("", "", "*:_-'\" \n\t")


def plain(text: str) -> str:
    """Return a text in normal form without blanks at the ends; never fails."""
    return normalise(text).text.strip()


def compact(text: str) -> str:
    """Return a text in normal form without any blanks or marks."""
    return plain(text).translate(_MARKS)


@cache
def words(*path: str) -> tuple[str, ...]:
    """Return a list of `values.yaml` in normal form, for example `words("pay", "yearly")`."""
    return tuple(plain(word) for word in _at(path))


@cache
def meanings(*path: str) -> Mapping[str, str]:
    """Return word to meaning of a mapping of `values.yaml`, for example `meanings("employment")`."""
    return MappingProxyType(
        {compact(word): name for name, listed in _at(path).items() for word in (name, *listed)}
    )


@cache
def pay_multiples() -> Mapping[str, int]:
    """Return what a figure is multiplied with, by the word after it."""
    return MappingProxyType(
        {plain(word): int(by) for word, by in _at(("pay", "multiples")).items()}
    )


@cache
def date_words() -> Mapping[str, str]:
    """Return what the words within a date are replaced by."""
    return MappingProxyType(dict(_at(("date", "words"))))


@cache
def header_names(kind: Kind) -> Mapping[str, tuple[str, ...]]:
    """Return the names of each field's column, the one that is printed first."""
    names: dict[str, list[str]] = _columns()[kind]
    return MappingProxyType({field: tuple(map(str, listed)) for field, listed in names.items()})


@cache
def headers(kind: Kind) -> Mapping[str, str]:
    """Return the field by the header's compact form."""
    return MappingProxyType(
        {
            compact(name): field
            for field, listed in header_names(kind).items()
            for name in (*listed, field)
        }
    )


@cache
def ignored_headers() -> frozenset[str]:
    """Return the compact forms of headers that mean nothing."""
    return frozenset(compact(str(name)) for name in _columns()["ignored"])


@cache
def protected_headers() -> frozenset[str]:
    """Return the compact forms of headers of what may not be read."""
    return frozenset(compact(str(name)) for name in _columns()["protected"])


def _at(path: tuple[str, ...]) -> Any:
    value: Any = _values()
    for name in path:
        value = value[name]
    return value


def _strings(name: str) -> dict[str, Any]:
    """Return a data file in which every scalar is a text: `no` and `null` are words here."""
    text = (_HERE / name).read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
    return content


@cache
def _values() -> dict[str, Any]:
    return _strings("values.yaml")


@cache
def _columns() -> dict[str, Any]:
    return _strings("columns.yaml")
