"""What a file is, by its content; its name is shown to the person and is used for nothing."""

from __future__ import annotations

import re
import unicodedata

from ingest.resumes.archive import LOCAL, content_types, has_directory, open_archive
from ingest.resumes.models import Kind, Limits, ResumeRefused

#: Readers of PDF accept its mark anywhere in here (ISO 32000-1, annex H, note 13).
_HEAD = 1024
_PDF = b"%PDF-"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: An encrypted Office document is a compound file with this stream ([MS-OFFCRYPTO] 2.3.2).
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_LONGEST_NAME = 120

# First bytes of what people send by mistake, and of what others send on purpose.
_KNOWN = (
    (b"MZ", "exe"),
    (b"\x7fELF", "exe"),
    (b"\xca\xfe\xba\xbe", "exe"),
    (b"\xcf\xfa\xed\xfe", "exe"),
    (b"#!", "script"),
    (b"\x89PNG\r\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM\x00", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"8BPS", "image"),
    (b"RIFF", "media"),
    (b"ID3", "media"),
    (b"OggS", "media"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"PK\x05\x06", "zip"),
    (b"PK\x07\x08", "zip"),
    (b"%!PS", "postscript"),
    (b"SQLite format 3\x00", "database"),
)
_MARKED_UP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,64}(?:\{\\rtf|<(?:!doctype|html|\?xml|svg|script)\b)", re.I
)
_BOX = re.compile(rb".{4}ftyp", re.DOTALL)
_MACRO_PART = re.compile(r"(?:\A|/)(?:vbaProject|vbaData)[^/]*\Z", re.I)
_MACRO_TYPE = re.compile(rb"macroEnabled|vbaProject|activeX", re.I)
_MAIN_PARTS = (("word/document.xml", "docx"), ("xl/workbook", "xlsx"), ("ppt/presentation", "pptx"))


def kind_of(data: bytes, limits: Limits) -> Kind:
    """Return what a file is.

    Args:
        data: the whole file.
        limits: of its size, and of the directory of an archive.

    Raises:
        ResumeRefused: it is none of the three types, or breaks a limit that shows without parsing.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise ResumeRefused("empty")
    if len(data) > limits.file_bytes:
        raise ResumeRefused("too_large", limit=limits.file_bytes, found=len(data))
    if data.startswith(LOCAL):
        return _docx(data, limits)
    for mark, found in _KNOWN:
        if data.startswith(mark):
            raise ResumeRefused("wrong_type", found=found)
    if data.startswith(_COMPOUND):
        if _ENCRYPTED_PACKAGE in data:
            raise ResumeRefused("encrypted")
        raise ResumeRefused("wrong_type", found="doc")
    if _MARKED_UP.match(data):
        raise ResumeRefused("wrong_type", found="markup")
    if _BOX.match(data):
        raise ResumeRefused("wrong_type", found="media")
    if has_directory(data):
        # Whatever stands before it, another program would open this as an archive.
        raise ResumeRefused("wrong_type", found="polyglot")
    return "pdf" if _PDF in data[:_HEAD] and _begins_pdf(data) else "txt"


def display_name(filename: str) -> str:
    """Return a file's name as it may be shown: no folders, no controls, at most 120 characters."""
    last = re.split(r"[/\\]", filename)[-1]
    shown = "".join(
        character
        for character in last
        if unicodedata.category(character)[0] not in "CZ" or character == " "
    )
    return " ".join(shown.split())[:_LONGEST_NAME].strip(". ")


def _begins_pdf(data: bytes) -> bool:
    """Say whether the mark begins the file or a line; a résumé may mention "%PDF-" in a sentence."""
    at = data.find(_PDF)
    return at == 0 or data[at - 1 : at] in b"\r\n" or b"\0" in data[:at]


def _docx(data: bytes, limits: Limits) -> Kind:
    if _PDF in data[:_HEAD]:
        raise ResumeRefused("wrong_type", found="polyglot")
    with open_archive(data, limits) as archive:
        names = archive.namelist()
        found = next(
            (kind for part, kind in _MAIN_PARTS if any(n.startswith(part) for n in names)), "zip"
        )
        if any(_MACRO_PART.search(name) for name in names):
            raise ResumeRefused("wrong_type", found="macro")
        if found != "docx":
            raise ResumeRefused("wrong_type", found=found)
        if _MACRO_TYPE.search(content_types(archive).replace(b"\0", b"")):
            raise ResumeRefused("wrong_type", found="macro")
    return "docx"
