"""The text of a DOCX in document order, headers first; runs in the bounded process only."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.opc.exceptions import PackageNotFoundError

from ingest.resumes.models import Limits, ResumeRefused

#: Half-points below which nobody reads.
_TINY = 4
_MOST_HIDDEN = 4_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# What Word keeps and does not show: the text of a field's code, what was deleted, the copy for old programs.
_UNREAD = {
    f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", f"{_W}pPr", f"{_W}rPr",
    f"{_COMPATIBILITY}Fallback",
}  # fmt: skip
_INSTEAD = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_HEAD = 4096
_BULLET = "• "
_PAPER = {"", "auto", "ffffff", "none"}


def extract(data: bytes, limits: Limits) -> dict[str, Any]:
    """Return `text` and `hidden` of a DOCX.

    Raises:
        ResumeRefused: `too_much_text` or `malformed` (a document that declares entities among them).
    """
    try:
        _check_declarations(data)
        document = Document(io.BytesIO(data))
        walk = _Walk(limits.characters)
        return {"text": walk.text(document), "hidden": walk.hidden.strip()[:_MOST_HIDDEN]}
    except SyntaxError as error:
        # So lxml reports what libxml2 refuses; where it names no line, it had no memory.
        if not error.lineno:
            raise MemoryError from error
        raise ResumeRefused("malformed", detail="docx") from error
    except (PackageNotFoundError, zipfile.BadZipFile, zlib.error, KeyError, ValueError) as error:
        raise ResumeRefused("malformed", detail="docx") from error


def _check_declarations(data: bytes) -> None:
    """Refuse a part that declares entities; no program that writes documents does."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.lower().endswith((".xml", ".rels")):
                with archive.open(name) as part:
                    head = part.read(_HEAD).replace(b"\0", b"")
                if _DECLARES.search(head):
                    raise ResumeRefused("malformed", detail="entities")


class _Walk:
    """A walk through the parts of a document that counts the characters as it goes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._left = most
        self.hidden = ""

    def text(self, document: Any) -> str:
        """Return all lines; headers and footers once each, however many sections show them."""
        headers: dict[str, Any] = {}
        footers: dict[str, Any] = {}
        for section in document.sections:
            for held, parts in (
                (headers, (section.first_page_header, section.header, section.even_page_header)),
                (footers, (section.first_page_footer, section.footer, section.even_page_footer)),
            ):
                for part in parts:
                    if not part.is_linked_to_previous:
                        held[str(part.part.partname)] = part.part.element
        body = document.element.body
        lines = [*headers.values(), *([] if body is None else [body]), *footers.values()]
        return "\n".join(line for element in lines for line in self._blocks(element))

    def _blocks(self, element: Any) -> Iterator[str]:
        """Yield the lines of what holds paragraphs and tables."""
        for child in element:
            if child.tag == f"{_W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                yield from self._table(child)
            elif isinstance(child.tag, str) and child.tag not in _UNREAD:
                # A content control, a custom element, an alternative: what it holds is meant.
                yield from self._blocks(child)

    def _paragraph(self, paragraph: Any) -> Iterator[str]:
        boxes: list[Any] = []
        text = "".join(self._pieces(paragraph, boxes))
        if text.strip():
            yield from (_BULLET + text if _is_item(paragraph) else text).split("\n")
        for box in boxes:
            yield from self._blocks(box)

    def _pieces(self, element: Any, boxes: list[Any]) -> Iterator[str]:
        for child in element:
            tag = child.tag
            if tag in _UNREAD or not isinstance(tag, str):
                continue
            if tag == f"{_W}txbxContent":
                boxes.append(child)
            elif tag == f"{_W}t":
                yield from self._run_text(child)
            elif tag in _INSTEAD:
                yield _INSTEAD[tag]
            else:
                yield from self._pieces(child, boxes)

    def _run_text(self, element: Any) -> Iterator[str]:
        text = element.text or ""
        if text.strip() and _is_unseen(element.getparent()):
            self.hidden = (self.hidden + text + " ")[: _MOST_HIDDEN + 1]
            return
        self._left -= len(text)
        if self._left < 0:
            raise ResumeRefused("too_much_text", limit=self._most)
        yield text

    def _table(self, table: Any) -> Iterator[str]:
        for row in table.iter(f"{_W}tr"):
            if _nearest(row, f"{_W}tbl") is not table:
                continue
            cells = [list(self._blocks(cell)) for cell in _cells(row)]
            cells = [[line for line in cell if line.strip()] for cell in cells]
            yield from _row([cell for cell in cells if cell])


def _row(cells: list[list[str]]) -> Iterator[str]:
    """Yield a row on one line; columns of several lines are read one after the other."""
    if sum(len(cell) > 1 for cell in cells) > 1:
        for cell in cells:
            yield from cell
        return
    yield " | ".join(cell[0].strip() for cell in cells)
    for cell in cells:
        yield from cell[1:]


def _cells(row: Any) -> Iterator[Any]:
    for cell in row.iter(f"{_W}tc"):
        if _nearest(cell, f"{_W}tr") is row:
            yield cell


def _nearest(element: Any, tag: str) -> Any:
    return next(element.iterancestors(tag), None)


def _is_item(paragraph: Any) -> bool:
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        return False
    style = properties.find(f"{_W}pStyle")
    named = "" if style is None else style.get(f"{_W}val", "")
    return properties.find(f"{_W}numPr") is not None or named.startswith(
        ("ListBullet", "ListNumber")
    )


def _is_unseen(run: Any) -> bool:
    """Say whether a run is marked hidden, tiny, or white with nothing painted below it."""
    properties = None if run is None else run.find(f"{_W}rPr")
    if properties is None:
        return False
    vanish = properties.find(f"{_W}vanish")
    if vanish is not None and vanish.get(f"{_W}val", "1") not in ("0", "false", "off"):
        return True
    size = _value(properties, "sz")
    if size.isdecimal() and int(size) < _TINY:
        return True
    return _value(properties, "color").lower() == "ffffff" and not _is_painted(run, properties)


def _is_painted(run: Any, properties: Any) -> bool:
    """Say whether a run, or what it stands in, has a colour of its own behind the text."""
    if _value(properties, "highlight") not in ("", "none", "white"):
        return True
    holders = [properties]
    for element in run.iterancestors():
        if element.tag == f"{_W}txbxContent":
            # Shapes are filled in many ways; text in one is taken to be seen.
            return True
        holders += [element.find(f"{_W}{name}") for name in ("pPr", "tcPr", "tblPr")]
    shades = [holder.find(f"{_W}shd") for holder in holders if holder is not None]
    return any(s is not None and s.get(f"{_W}fill", "").lower() not in _PAPER for s in shades)


def _value(properties: Any, name: str) -> str:
    found = properties.find(f"{_W}{name}")
    return "" if found is None else str(found.get(f"{_W}val", ""))
