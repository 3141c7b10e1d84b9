"""JSON documents that people send: read within limits, and what they hold as a record or a clear refusal."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import ValidationError

from search.records.models import Candidate, Vacancy
from search.records.references import unknown_references

#: Largest document taken, in bytes.
MOST_BYTES = 2 * 1024 * 1024
_LONGEST_FOUND = 80

Record = TypeVar("Record", Candidate, Vacancy)


class DocumentError(ValueError):
    """A document cannot be taken as a whole.

    Attributes:
        code: `document.refused.<code>` of the locale files says it with what to do.
        params: what the reason speaks of.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        said = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{code} ({said})" if said else code)
        self.code = code
        self.params: dict[str, str | int] = params


def parse_json(data: bytes) -> Any:
    """Return the content of a JSON document in UTF-8, with or without a mark.

    Raises:
        DocumentError: `too_large`, `not_json` or `too_deep`.
    """
    if len(data) > MOST_BYTES:
        raise DocumentError("too_large", most_mb=MOST_BYTES // 1024**2)
    try:
        return json.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise DocumentError("too_deep") from None
    except ValueError:
        raise DocumentError("not_json") from None


def checked(model: type[Record], parts: dict[str, Any]) -> Record:
    """Return a record of parts; JSON's rules for days, ours for everything else.

    Raises:
        DocumentError: `invalid`, with the first field that is wrong.
    """
    try:
        record = model.model_validate(parts)
    except ValidationError as error:
        entry = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in entry["loc"])
        raise DocumentError("invalid", field=field, found=shown(entry["input"])) from None
    for unknown in unknown_references(record):
        raise DocumentError("invalid", field=unknown.field, found=shown(unknown.found))
    return record


def shown(value: object) -> str:
    """Return a value cut short, fit to be written anywhere."""
    text = str(value).encode("utf-8", "replace").decode()
    return text if len(text) <= _LONGEST_FOUND else text[: _LONGEST_FOUND - 1] + "…"
