"""What reading a résumé needs and gives: the limits, the text, and the refusal with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Kind = Literal["pdf", "docx", "txt"]
Reason = Literal[
    "empty",
    "too_large",
    "wrong_type",
    "encrypted",
    "broken_text",
    "too_many_pages",
    "too_much_text",
    "bomb",
    "malformed",
    "too_slow",
    "too_much_memory",
    "no_text",
]

#: Every reason for which a file may be refused; each has its words in the locale files.
REASONS: tuple[Reason, ...] = get_args(Reason)

Param = str | int


class ResumeRefused(Exception):
    """A file that is not read, and why.

    Attributes:
        reason: one of `REASONS`.
        params: what the words of the reason mention: `limit` and `found` (numbers), `found` (a type) or
            `detail` (a code that says which check spoke).
    """

    def __init__(self, reason: Reason, **params: Param) -> None:
        super().__init__(reason, params)
        self.reason = reason
        self.params: Mapping[str, Param] = params

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"the file was refused: {self.reason}{f' ({told})' if told else ''}"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may be and cost.

    The archive's figures follow OWASP ASVS 5.0, 5.2.3 (uncompressed size and number of files are checked
    before anything is unpacked).

    Attributes:
        file_bytes: of the file as sent.
        pages: of a PDF.
        characters: of its text.
        unpacked_bytes: of a DOCX, all entries together, as its directory states them.
        ratio: unpacked to packed, of a DOCX as a whole and of each entry above a megabyte.
        entries: in a DOCX.
        stream_bytes: of one decompressed stream of a PDF.
        memory_bytes: address space of the process that parses.
        cpu_seconds: of that process.
        wall_seconds: after which it is killed.
    """

    file_bytes: int = 10 * 1024 * 1024
    pages: int = 50
    characters: int = 200_000
    unpacked_bytes: int = 100 * 1024 * 1024
    ratio: int = 100
    entries: int = 2_000
    stream_bytes: int = 40 * 1024 * 1024
    memory_bytes: int = 512 * 1024 * 1024
    cpu_seconds: int = 15
    wall_seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class ResumeText:
    """The text of a résumé, in reading order.

    Attributes:
        kind: of the file, by its content.
        name: of the file, to be shown and for nothing else.
        text: lines between line breaks; cells of a table row are set apart by ` | `.
        pages: of a PDF, else None.
        hidden: text that stands in the file and nobody sees (white, tiny, off the page, marked hidden); it is
            in none of `text`. At most 2,000 characters are kept.
        notes: codes of what the person should be told: `hidden_text`, `invisible_characters`, `ocr_text`.
    """

    kind: Kind
    name: str
    text: str
    pages: int | None = None
    hidden: str = ""
    notes: tuple[str, ...] = field(default=())
