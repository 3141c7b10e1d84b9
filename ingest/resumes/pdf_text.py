"""The text of a PDF, page by page, as it is seen; runs in the bounded process only."""

from __future__ import annotations

import io
from typing import Any

from pypdf import PageObject, PdfReader, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PdfReadError

from ingest.resumes.ink import Ink
from ingest.resumes.models import Limits, ResumeRefused

#: Hidden characters that are kept.
_MOST_HIDDEN = 4_000


def extract(data: bytes, limits: Limits) -> dict[str, Any]:
    """Return `text`, `hidden`, `pages` and `is_ocr` of a PDF.

    Args:
        data: the whole file.
        limits: pages, characters and bytes of a decompressed stream.

    Raises:
        ResumeRefused: `encrypted`, `too_many_pages`, `too_much_text`, `bomb` or `malformed`.
    """
    stream = limits.stream_bytes
    with apply_configuration(
        maximum_declared_stream_length=stream,
        array_based_stream_maximum_output_length=stream,
        zlib_maximum_output_length=stream,
        lzw_maximum_output_length=stream,
        run_length_maximum_output_length=stream,
        brotli_maximum_output_length=stream,
        jbig2_maximum_output_length=stream,
        stream_decoding_work_maximum_length=4 * stream,
        page_tree_maximum_page_entries=100_000,
        jbig2dec_binary=None,
        disable_legacy_handling=True,
    ):
        try:
            return _extract(data, limits)
        except LimitReachedError as error:
            raise ResumeRefused("bomb", detail="stream") from error
        except (FileNotDecryptedError, DependencyError) as error:
            raise ResumeRefused("encrypted") from error
        except PdfReadError as error:
            raise ResumeRefused("malformed", detail="pdf") from error


def _extract(data: bytes, limits: Limits) -> dict[str, Any]:
    reader = PdfReader(io.BytesIO(data))
    # Many files are locked against changes only, and open with no password.
    if reader.is_encrypted and not reader.decrypt(""):
        raise ResumeRefused("encrypted")
    pages = _pages(reader, limits)
    seen = [_text(page, "seen", limits) for page in pages]
    text, sorts = _joined(seen, limits), set().union(*(found for _, found in seen))
    is_ocr = not text.strip() and "unprinted" in sorts
    if is_ocr:
        # The picture of the page is what is seen; the words lie under it.
        text = _joined([_text(page, "unprinted", limits) for page in pages], limits)
    hidden = ""
    for sort in sorted(sorts - {"seen"} - ({"unprinted"} if is_ocr else set())):
        for page in pages:
            if len(hidden) < _MOST_HIDDEN:
                hidden += _text(page, sort, limits)[0] + "\n"
    return {
        "text": text,
        "hidden": hidden.strip()[:_MOST_HIDDEN],
        "pages": len(pages),
        "is_ocr": is_ocr,
    }


def _pages(reader: PdfReader, limits: Limits) -> list[PageObject]:
    try:
        found = len(reader.pages)
    except LimitReachedError as error:
        raise ResumeRefused("too_many_pages", limit=limits.pages) from error
    if found > limits.pages:
        raise ResumeRefused("too_many_pages", limit=limits.pages, found=found)
    return list(reader.pages)


def _text(page: PageObject, keep: str, limits: Limits) -> tuple[str, set[str]]:
    ink = Ink(page, keep)
    text = page.extract_text(visitor_operand_before=ink.visit, visitor_operand_after=ink.leave)
    if len(text) > limits.characters:
        raise ResumeRefused("too_much_text", limit=limits.characters)
    return text, ink.found


def _joined(pages: list[tuple[str, set[str]]], limits: Limits) -> str:
    text = "\n".join(page for page, _ in pages)
    if len(text) > limits.characters:
        raise ResumeRefused("too_much_text", limit=limits.characters, found=len(text))
    return text
