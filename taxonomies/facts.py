"""What a condition may ask for: typed facts with the question that settles each, kept as data.

The file is `taxonomies/data/benefits/facts.yaml`; its head explains the format.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from taxonomies.yaml_text import read_yaml

Words = Annotated[str, Field(min_length=1)]


class Label(BaseModel):
    """The same thing said in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: Words
    en: Words


class FactKind(StrEnum):
    """The type of a fact, which decides the operators that fit it; conditions ask for no text."""

    FLAG = "flag"
    NUMBER = "number"
    CODE = "code"
    MEMBERS = "members"
    REGION = "region"
    TEXT = "text"


class Fact(BaseModel):
    """A fact that conditions may ask for.

    Attributes:
        kind: its type. `members` are open sets (tiers, catalogues, industries): what is not known
            to be in one may still be in it.
        question: what a person is asked.
        source: the list that holds its values, where it is not its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True)

    kind: FactKind
    question: Label
    source: Literal["industries", "programmes", "tiers", "fields", "catalogues"] | None = Field(
        default=None, alias="from"
    )


@cache
def load_facts() -> Mapping[str, Fact]:
    """Return the facts by name, in the order of the file.

    Raises:
        pydantic.ValidationError: the file is wrong.
    """
    path = files("taxonomies") / "data" / "benefits" / "facts.yaml"
    return TypeAdapter(dict[str, Fact]).validate_python(read_yaml(path.read_text("utf-8")))


@cache
def load_terms() -> Mapping[str, str]:
    """Return the English glosses of the printed terms that conditions name."""
    path = files("taxonomies") / "data" / "benefits" / "terms.yaml"
    return TypeAdapter(dict[str, str]).validate_python(read_yaml(path.read_text("utf-8")))
