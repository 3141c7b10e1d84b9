"""Forms that pages send: read whole, as plain text, and small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from api.problems import Phrase, Problem

#: Fields of one form; a profile with sixty employments has some three hundred.
FIELDS_AT_MOST = 2000
#: Fields that are taken exactly as typed (OWASP ASVS 5.0, 6.2.8).
PASSWORDS = frozenset({"password", "old", "new"})


@dataclass(frozen=True)
class Upload:
    """A file that was sent.

    Attributes:
        name: as the sender calls it: for display only.
        content: all of it.
    """

    name: str
    content: bytes


@dataclass(frozen=True)
class Form:
    """What was sent.

    Attributes:
        pairs: names and texts in the order sent, without stray blanks around them; passwords as typed.
        files: field to file.
    """

    pairs: Sequence[tuple[str, str]] = ()
    files: dict[str, Upload] = field(default_factory=dict)

    def __call__(self, name: str) -> str:
        """Return the text of a field, "" when it was not sent."""
        return next((value for key, value in self.pairs if key == name), "")

    def all(self, name: str) -> list[str]:
        """Return the texts of a field that may be sent several times, without blank ones."""
        return [value for key, value in self.pairs if key == name and value]


async def _form(request: Request) -> Form:
    try:
        sent: FormData = await request.form(
            max_fields=FIELDS_AT_MOST, max_files=4, max_part_size=1_048_576
        )
    except Exception as error:
        # The parsers raise what they please on bodies that are no form.
        raise Problem("malformed", detail=Phrase("form.malformed")) from error
    pairs, files = [], {}
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            if value.filename or content:
                files[name] = Upload(value.filename or "", content)
        else:
            pairs.append((name, value if name in PASSWORDS else value.strip()))
    await sent.close()
    return Form(pairs, files)


AnyForm = Annotated[Form, Depends(_form)]
