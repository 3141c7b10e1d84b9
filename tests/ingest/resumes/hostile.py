"""Files that mean harm or are not what they say, each with the reason for which it is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

from openpyxl import Workbook
from pypdf import PdfReader, PdfWriter

from tests.ingest.resumes.docx_files import body, changed, docx_of, paragraph, unpacks_to, with_body
from tests.ingest.resumes.pdf_files import file_of, flate_bomb, many_pages, pdf, pdf_of


def archive(entries: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in entries.items():
            new.writestr(name, part)
    return written.getvalue()


def formula_workbook() -> bytes:
    book = Workbook()
    book.active["A1"] = '=HYPERLINK("http://x.example/","name")'
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def locked() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_of("Jane"))))
    writer.encrypt("secret", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def laughs() -> bytes:
    lines = ['<!ENTITY a "ha ha ha ha">']
    lines += [f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)]
    text = body(paragraph("&j;"), declared=f"<!DOCTYPE d [{''.join(lines)}]>")
    return changed(docx_of("x"), {"word/document.xml": lambda _: text.encode()})


def macro_types(part: bytes) -> bytes:
    return part.replace(
        b"wordprocessingml.document.main+xml", b"x.ms-word.document.macroEnabled.main+xml"
    )


def many_entries(count: int) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx_of("x"))) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for number in range(count):
            new.writestr(f"word/media/{number}", b"")
    return written.getvalue()


#: By name: how the file is made, the reason, and the detail or type that is named with it ("" for none).
HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "zip bomb: 340 KB to 300 MB": (lambda: unpacks_to(300 << 20), "bomb", "ratio"),
    "nested flate: 1 KB to 1 GB": (flate_bomb, "bomb", "stream"),
    "flate once: 1 MB to 1 GB": (lambda: flate_bomb(1), "bomb", "stream"),
    "nested archive": (lambda: changed(docx_of("x"), added={"word/a.zip": archive({"b": b"c"})}), "bomb", "nested"),
    "2,500 entries": (lambda: many_entries(2_500), "bomb", "entries"),
    "60,000 entries": (lambda: many_entries(60_000), "bomb", "entries"),
    "path traversal": (lambda: changed(docx_of("x"), added={"word/../../../x.xml": b"<a/>"}), "bomb", "path"),
    "absolute path": (lambda: changed(docx_of("x"), added={"/etc/x.xml": b"<a/>"}), "bomb", "path"),
    "path of Windows": (lambda: changed(docx_of("x"), added={r"C:\x.xml": b"<a/>"}), "bomb", "path"),
    "deep XML": (lambda: with_body("<w:p>" * 20_000 + "</w:p>" * 20_000), "malformed", "docx"),
    "billion laughs": (laughs, "malformed", "entities"),
    "not well-formed": (lambda: with_body("<w:p>"), "malformed", "docx"),
    "cut short": (lambda: docx_of("x" * 9000)[:9000], "malformed", "archive"),
    "300,000 pages": (lambda: many_pages(300_000), "too_many_pages", ""),
    "51 pages": (lambda: many_pages(51), "too_many_pages", ""),
    "encrypted PDF": (locked, "encrypted", ""),
    "encrypted DOCX": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le"),
        "encrypted", "",
    ),
    "empty": (lambda: b"", "empty", ""),
    "only blanks": (lambda: b" \r\n\t" * 50, "empty", ""),
    "old Word": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "wrong_type", "doc"),
    "program": (lambda: b"MZ\x90\x00" + bytes(200), "wrong_type", "exe"),
    "program of Linux": (lambda: b"\x7fELF" + bytes(200), "wrong_type", "exe"),
    "script": (lambda: b"#!/bin/sh\nrm -rf /\n", "wrong_type", "script"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "wrong_type", "image"),
    "photo": (lambda: b"\xff\xd8\xff\xe0" + bytes(99), "wrong_type", "image"),
    "page of the web": (lambda: b"<!DOCTYPE html><script>alert(1)</script>", "wrong_type", "markup"),
    "rich text": (lambda: rb"{\rtf1\ansi Jane}", "wrong_type", "markup"),
    "other archive": (lambda: archive({"a.txt": b"a"}), "wrong_type", "zip"),
    "other compression": (lambda: b"\x1f\x8b\x08" + bytes(99), "wrong_type", "archive"),
    "bytes": (lambda: b"Jane\0\1\2", "wrong_type", "binary"),
    "macro part": (lambda: changed(docx_of("x"), added={"word/vbaProject.bin": b"\0"}), "wrong_type", "macro"),
    "macro type": (lambda: changed(docx_of("x"), {"[Content_Types].xml": macro_types}), "wrong_type", "macro"),
    "formula in a workbook": (formula_workbook, "wrong_type", "xlsx"),
    "polyglot": (lambda: pdf_of("Jane") + docx_of("Jane"), "wrong_type", "polyglot"),
    "program and archive": (lambda: b"%PDF-1.7\n" + archive({"a": b"b"}), "wrong_type", "polyglot"),
    "10 MB of text": (lambda: "好文字".encode() * (10 * 1024 * 1024 // 9), "too_much_text", ""),
    "a little too much text": (lambda: b"a" * 200_001, "too_much_text", ""),
    "more than 10 MB": (lambda: b"a" * (10 * 1024 * 1024 + 1), "too_large", ""),
    "too much text in a PDF": (lambda: pdf_of("\n".join(["word " * 400] * 200)), "too_much_text", ""),
    "too much text in a DOCX": (lambda: docx_of("word " * 50_000), "too_much_text", ""),
    "broken UTF-8": (lambda: "张伟，工程师".encode()[:-1] + b"\xff end", "broken_text", "utf-8"),
    "broken UTF-16": (lambda: b"\xff\xfe\x00\xd8a\x00", "broken_text", "utf-16"),
    "broken GB18030": (lambda: "工程师".encode("gb18030") + b"\xff\xff", "broken_text", "gb18030"),
    "scan": (lambda: pdf([[]]), "no_text", ""),
    "document without text": (lambda: docx_of(""), "no_text", ""),
    "no PDF after the mark": (lambda: b"%PDF-1.7\nnothing", "malformed", ""),
    "no pages": (lambda: file_of([b"<< /Type /Catalog >>"]), "malformed", ""),
}  # fmt: skip
