"""Industries that measures name, and which of them lie within others where a source says so.

The file is `taxonomies/data/benefits/industries.yaml`; the fields of the catalogue are industries too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, TypeAdapter

from taxonomies.catalogue import load_catalogue
from taxonomies.facts import Words
from taxonomies.yaml_text import read_yaml

#: What all fields of the catalogue are parts of: its title is that of the information economy
#: (浙江省信息经济发展重点领域紧缺人才需求目录, document 000, annex 1).
CATALOGUE_INDUSTRY = "information-economy"


class Basis(BaseModel):
    """Where a source says that an industry lies within another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: Words
    quote: Words


class Industry(BaseModel):
    """An industry as printed.

    Attributes:
        part_of: codes of the industries that it lies within.
        basis: the passage that says so; needed where `part_of` is given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: Words
    en: Words
    part_of: tuple[str, ...] = ()
    basis: Basis | None = None


@cache
def load_industries() -> Mapping[str, Industry]:
    """Return the industries by code: those of the file, then the fields of the catalogue."""
    path = files("taxonomies") / "data" / "benefits" / "industries.yaml"
    found = TypeAdapter(dict[str, Industry]).validate_python(read_yaml(path.read_text("utf-8")))
    fields = {
        field.code: Industry(zh=field.name.zh, en=field.name.en, part_of=(CATALOGUE_INDUSTRY,))
        for field in load_catalogue().fields
    }
    return MappingProxyType(found | {code: fields[code] for code in fields if code not in found})


def wider(codes: Iterable[str]) -> frozenset[str]:
    """Return industries with all that they lie within."""
    found: set[str] = set()
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            known = load_industries().get(code)
            waiting += known.part_of if known else ()
    return frozenset(found)


def narrower(codes: Iterable[str]) -> frozenset[str]:
    """Return industries with all that lie within them."""
    wanted = frozenset(codes)
    return wanted | {code for code in load_industries() if wider((code,)) & wanted}
