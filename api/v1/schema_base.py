"""What all schemas of `/v1` are made of."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

#: Longest text that is searched for, in characters.
TEXT_AT_MOST = 20_000

LangCode = Literal["zh", "en"]
Years = Annotated[float, Field(strict=True, ge=0, le=60, allow_inf_nan=False)]
Pay = Annotated[int, Field(strict=True, ge=0, le=10_000_000)]


def _written(value: object) -> object:
    """Refuse numbers, which would be read as seconds since 1970."""
    if not isinstance(value, str | date):
        raise PydanticCustomError("date_type", "a date is written as text")
    return value


IsoDate = Annotated[date, BeforeValidator(_written)]
Cursor = Annotated[str, StringConstraints(min_length=1, max_length=200)]

_EXAMPLES: dict[str, list[Any]] = json.loads(
    (Path(__file__).parent / "examples.json").read_text(encoding="utf-8")
)


def examples(model: str) -> list[Any]:
    """Return the examples of a request body; tests/api sends each of them."""
    return _EXAMPLES[model]


class Given(BaseModel):
    """Something sent: unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Answered(BaseModel):
    """Something answered."""

    model_config = ConfigDict(frozen=True)


class Words(Answered):
    """The same thing said in both languages."""

    zh: str = Field(description="in Chinese")
    en: str = Field(description="in English")


class CharacterSpan(Given):
    """A piece of a text: `text[start:end]`, counted in Unicode code points."""

    start: Annotated[int, Field(strict=True, ge=0, le=TEXT_AT_MOST)] = Field(
        description="first character"
    )
    end: Annotated[int, Field(strict=True, ge=0, le=TEXT_AT_MOST)] = Field(
        description="one past the last"
    )


class SourceDocument(Answered):
    """A published document; what it does not print is empty."""

    title: str = Field(description="title as printed")
    number: str = Field(description="document number as printed")
    issuers: list[str] = Field(description="issuing bodies as printed")
    dated: str = Field(description="date as printed")
    file: str = Field(description="file of the source text")


class WordLists(Answered):
    """Words in each language."""

    zh: list[str] = Field(description="in Chinese")
    en: list[str] = Field(description="in English")
