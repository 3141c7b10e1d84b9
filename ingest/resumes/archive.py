"""Look at a zip archive's directory before anything of it is unpacked."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

from ingest.resumes.models import Limits, ResumeRefused

#: What a local file header, a header of the directory and the end of the directory begin with
#: (PKWARE APPNOTE 6.3.10, 4.3.7, 4.3.12 and 4.3.16).
LOCAL = b"PK\x03\x04"
_CENTRAL = b"PK\x01\x02"
_END = b"PK\x05\x06"
_LOCATOR_64 = b"PK\x06\x07"
_END_BYTES = 22
_LONGEST_COMMENT = 65_535
#: Bytes of the directory for each entry that is allowed; names of parts are short.
_DIRECTORY_BYTES = 512
#: Of entries that are smaller no ratio is asked: a page of blanks packs well.
_SMALL = 1024 * 1024
_CONTENT_TYPES_BYTES = 256 * 1024

_NESTED = re.compile(r"\.(?:zip|jar|apk|7z|rar|gz|tgz|bz2|xz|tar|docx|xlsx|pptx|odt|epub)\Z", re.I)
# A chart keeps its figures in a workbook; it is never opened.
_EMBEDDED = re.compile(r"word/embeddings/[^/]+\.(?:docx|xlsx|pptx)\Z", re.I)
_ESCAPES = re.compile(r"(?:\A|[/\\])\.\.(?:[/\\]|\Z)|\A[/\\]|\A[a-z]:|\0", re.I)


def has_directory(data: bytes) -> bool:
    """Say whether a zip reader would find a directory at the end of these bytes."""
    try:
        return zipfile.is_zipfile(io.BytesIO(data))
    except (OSError, ValueError, struct.error, OverflowError):
        return False


def open_archive(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """Return an archive whose directory keeps the limits; nothing has been unpacked.

    Raises:
        ResumeRefused: `bomb`, `encrypted` or `malformed`, with a `detail`.
    """
    _check_end(data, limits)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (
        zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error, OverflowError,
    ) as error:  # fmt: skip
        raise ResumeRefused("malformed", detail="archive") from error
    _check_entries(archive.infolist(), len(data), limits)
    return archive


def content_types(archive: zipfile.ZipFile) -> bytes:
    """Return the part that says what an Office document is (ECMA-376-2, 10.1.2).

    Raises:
        ResumeRefused: `wrong_type` without such a part, `malformed` where it cannot be read.
    """
    try:
        with archive.open("[Content_Types].xml") as part:
            found = part.read(_CONTENT_TYPES_BYTES + 1)
    except KeyError as error:
        raise ResumeRefused("wrong_type", found="zip") from error
    except (
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, struct.error,
    ) as error:  # fmt: skip
        raise ResumeRefused("malformed", detail="archive") from error
    if len(found) > _CONTENT_TYPES_BYTES:
        raise ResumeRefused("bomb", detail="unpacked")
    return found


def _check_end(data: bytes, limits: Limits) -> None:
    """Bound the directory before `zipfile` builds an object for each entry in it."""
    end = data.rfind(_END, max(0, len(data) - _END_BYTES - _LONGEST_COMMENT))
    if end < 0 or end + _END_BYTES > len(data):
        raise ResumeRefused("malformed", detail="archive")
    if data[max(0, end - 20) : end].startswith(_LOCATOR_64):
        # What needs 64-bit sizes is far above any limit; a small file that has them hides its own.
        raise ResumeRefused("bomb", detail="entries")
    (entries, size) = struct.unpack_from("<HI", data, end + 10)
    found = max(entries, data.count(_CENTRAL) if size else 0)
    if found > limits.entries or size > limits.entries * _DIRECTORY_BYTES:
        raise ResumeRefused("bomb", detail="entries", limit=limits.entries, found=found)


def _check_entries(entries: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    for entry in entries:
        # `zipfile` cuts a name at a NUL; what stood in the file counts.
        if _ESCAPES.search(entry.orig_filename) or _ESCAPES.search(entry.filename):
            raise ResumeRefused("bomb", detail="path")
        if _NESTED.search(entry.filename) and not _EMBEDDED.match(entry.filename):
            raise ResumeRefused("bomb", detail="nested")
        if entry.flag_bits & 0x41:
            raise ResumeRefused("encrypted")
        # Directories may lie about what is packed; the file is no longer than it is.
        within = min(entry.compress_size, packed)
        if entry.file_size > _SMALL and entry.file_size > limits.ratio * max(1, within):
            raise ResumeRefused("bomb", detail="ratio", limit=limits.ratio)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.unpacked_bytes:
        raise ResumeRefused("bomb", detail="unpacked", limit=limits.unpacked_bytes, found=unpacked)
    if unpacked > max(_SMALL, limits.ratio * packed):
        raise ResumeRefused("bomb", detail="ratio", limit=limits.ratio)
