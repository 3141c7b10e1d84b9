"""Judge a ZIP container by its central directory, before anything of it is unpacked.

Limits after OWASP ASVS 5.0, 5.2.3 (archives are checked against their unpacked size and number of
files before they are opened). What the directory says may be a lie; that is why what reads the
contents does so in a child with limits (`ingest.bounded`).
"""

from __future__ import annotations

import io
import re
import struct
import zipfile

from ingest.tables.model import TableError

MOST_ENTRIES = 2_000
MOST_UNPACKED_BYTES = 100 * 1024 * 1024
MOST_RATIO = 100

#: Small parts compress well without being bombs.
_JUDGED_FROM_BYTES = 1024 * 1024
#: The end record, the longest comment after it.
_END = b"PK\x05\x06"
_END_SIZE = 22
_LONGEST_COMMENT = 65_535
#: A directory entry with a long name and extra fields has some hundred bytes.
_MOST_DIRECTORY_BYTES = MOST_ENTRIES * 1024
_ENCRYPTED = 0x1
_NESTED = re.compile(
    r"\.(?:zip|xlsx|xlsm|xltx|xltm|xlsb|docx|docm|pptx|pptm|ods|odt|odp|jar|7z|rar|gz|tgz|bz2|xz|zst|tar|cab|iso)$",
    re.IGNORECASE,
)
_UNSAFE = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|^[A-Za-z]:|\\|[\x00-\x1f]")


def check_archive(data: bytes) -> frozenset[str]:
    """Return the names in an archive that is harmless by its directory.

    Raises:
        TableError: `broken_archive`, `too_many_entries`, `encrypted`, `unsafe_names`,
            `nested_archive`, `unpacks_too_large` or `unpacks_too_much` (the ratio).
    """
    _check_end(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, struct.error, NotImplementedError):
        raise TableError("broken_archive") from None
    except OSError:  # an offset before the beginning of the file
        raise TableError("broken_archive") from None
    if len(entries) > MOST_ENTRIES:
        raise TableError("too_many_entries", most=MOST_ENTRIES)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise TableError("encrypted")
    # `filename` is cut at a NUL; the name as it stands in the file is not.
    if any(_UNSAFE.search(entry.orig_filename) for entry in entries):
        raise TableError("unsafe_names")
    names = [entry.filename.casefold() for entry in entries]
    if len(set(names)) < len(names):
        raise TableError("broken_archive")
    if any(_NESTED.search(name) for name in names):
        raise TableError("nested_archive")
    _check_sizes(entries, len(data))
    return frozenset(entry.filename for entry in entries)


def _check_end(data: bytes) -> None:
    """Judge the number of entries before the directory is read into objects."""
    at = data.rfind(_END, max(0, len(data) - _END_SIZE - _LONGEST_COMMENT))
    if at < 0 or at + _END_SIZE > len(data):
        raise TableError("broken_archive")
    _, _, here, entries, size, offset, _ = struct.unpack_from("<4H2LH", data, at + 4)
    # 0xFFFF stands for "see the 64-bit record", which only a huge archive needs.
    if entries > MOST_ENTRIES or here > MOST_ENTRIES or size > _MOST_DIRECTORY_BYTES:
        raise TableError("too_many_entries", most=MOST_ENTRIES)
    if offset + size > at:
        raise TableError("broken_archive")


def _check_sizes(entries: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED_BYTES:
        raise TableError("unpacks_too_large", most_mb=MOST_UNPACKED_BYTES // 1024**2)
    # Entries that share their bytes: more content than the file has room for.
    if sum(entry.compress_size for entry in entries) > size:
        raise TableError("unpacks_too_much", most=MOST_RATIO)
    judged = [(unpacked, size)]
    judged += [(entry.file_size, entry.compress_size) for entry in entries]
    for large, small in judged:
        if large > _JUDGED_FROM_BYTES and large > MOST_RATIO * max(small, 1):
            raise TableError("unpacks_too_much", most=MOST_RATIO)
