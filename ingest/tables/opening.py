"""What a file is, by its first bytes and not by its name, and the table in it."""

from __future__ import annotations

from ingest.tables.archives import check_archive
from ingest.tables.delimited import read_delimited
from ingest.tables.model import Table, TableError
from ingest.tables.workbooks import read_workbook

#: Largest file taken, in bytes.
MOST_BYTES = 20 * 1024 * 1024

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
#: First bytes of what is often sent by mistake, and what it is.
_KNOWN = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "RTF"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
)
_PAGES = (b"<!doctype", b"<html", b"<?xml")


def read_table(data: bytes) -> Table:
    """Return the table in a CSV or XLSX file.

    Args:
        data: the whole file; its name says nothing that its bytes do not.

    Raises:
        TableError: the file is empty, too large, encrypted, has macros, is of another type, is a bomb,
            cannot be read, or has too many rows or columns; each reason has its own code.
    """
    if len(data) > MOST_BYTES:
        raise TableError("too_large", most_mb=MOST_BYTES // 1024**2)
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise TableError("empty")
    if data.startswith(_ZIP):
        check_package(check_archive(data))
        return read_workbook(data)
    if data.startswith(_COMPOUND):
        raise TableError("encrypted" if _ENCRYPTED_STREAM in data else "old_workbook")
    for beginning, name in _KNOWN:
        if data.startswith(beginning):
            raise TableError("wrong_type", found=name)
    if data[:64].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_PAGES):
        raise TableError("wrong_type", found="HTML/XML")
    return read_delimited(data)


def check_package(names: frozenset[str]) -> None:
    """Refuse an archive that is no workbook without macros.

    Args:
        names: of its entries.

    Raises:
        TableError: `macros`, `binary_workbook` or `wrong_type`.
    """
    folded = {name.casefold() for name in names}
    if any(name.rpartition("/")[2] == "vbaproject.bin" for name in folded) or any(
        name.startswith(("xl/macrosheets/", "xl/activex/")) for name in folded
    ):
        raise TableError("macros")
    if "xl/workbook.bin" in folded:
        raise TableError("binary_workbook")
    if "xl/workbook.xml" not in folded or "[content_types].xml" not in folded:
        found = "ZIP"
        if "word/document.xml" in folded:
            found = "DOCX"
        elif "ppt/presentation.xml" in folded:
            found = "PPTX"
        elif "mimetype" in folded:
            found = "OpenDocument"
        raise TableError("wrong_type", found=found)
