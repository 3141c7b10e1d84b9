"""Decode a plain text strictly: UTF-8, UTF-16 with its mark, or GB18030."""

from __future__ import annotations

import codecs
import re

from ingest.resumes.models import Limits, ResumeRefused

#: Bytes of the longest character in any of the encodings.
_LONGEST = 4
# What no text has; a page break and a tab it may have.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def decode(data: bytes, limits: Limits) -> str:
    """Return the text of a file.

    Raises:
        ResumeRefused: `too_much_text`, `broken_text`, or `wrong_type` for what decodes and is no text.
    """
    if len(data) > _LONGEST * (limits.characters + 1):
        raise ResumeRefused("too_much_text", limit=limits.characters)
    text = _decoded(data)
    if _CONTROLS.search(text):
        raise ResumeRefused("wrong_type", found="binary")
    if len(text) > limits.characters:
        raise ResumeRefused("too_much_text", limit=limits.characters, found=len(text))
    return text


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(data, "utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if data.startswith(codecs.BOM_UTF8) or _is_mostly_utf8(data):
            # GB18030 would take nearly any bytes, and turn the whole text into nonsense.
            raise ResumeRefused("broken_text", detail="utf-8") from error
    return _strict(data, "gb18030")


def _is_mostly_utf8(data: bytes) -> bool:
    read = data.decode("utf-8", errors="replace")
    broken = read.count("\ufffd")
    return sum(not character.isascii() for character in read) - broken > broken


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ResumeRefused("broken_text", detail=encoding) from error
