"""DOCX files for tests: written by python-docx, or changed part by part, or hostile from the start."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

from docx import Document

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORD = f'xmlns:w="{_W}"'


def docx_of(text: str) -> bytes:
    """One paragraph a line; lines with tabs in a row become a table; "- " makes a bullet."""
    document = Document()
    table = None
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) > 1:
            if table is None or len(table.columns) != len(cells):
                table = document.add_table(rows=0, cols=len(cells))
            for cell, words in zip(table.add_row().cells, cells, strict=True):
                cell.text = words
            continue
        table = None
        if line.startswith("- "):
            document.add_paragraph(line[2:], style="List Bullet")
        else:
            document.add_paragraph(line)
    return saved(document)


def saved(document) -> bytes:
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def with_body(xml: str) -> bytes:
    """A document whose body is this XML."""
    return changed(docx_of("x"), {"word/document.xml": lambda _: body(xml).encode()})


def body(xml: str, *, declared: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>{declared}<w:document {WORD}><w:body>{xml}</w:body></w:document>'


def paragraph(text: str, properties: str = "") -> str:
    return (
        f'<w:p><w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def changed(
    data: bytes,
    parts: Mapping[str, Callable[[bytes], bytes]] | None = None,
    added: Mapping[str, bytes] | None = None,
) -> bytes:
    """Rewrite some parts of an archive and add others."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, parts[name](part) if parts and name in parts else part)
        for name, part in (added or {}).items():
            new.writestr(name, part)
    return written.getvalue()


def unpacks_to(size: int) -> bytes:
    """A document of one long run of blanks."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(docx_of("x"))) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name != "word/document.xml":
                new.writestr(name, old.read(name))
                continue
            before, after = body(paragraph("\0")).encode().split(b"\0")
            with new.open(name, "w") as part:
                part.write(before)
                piece = b"a" * (1 << 20)
                for _ in range(size >> 20):
                    part.write(piece)
                part.write(after)
    return written.getvalue()
