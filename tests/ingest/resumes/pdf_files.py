"""A small writer of PDF files for tests: pages of placed lines, Latin or Chinese, and hostile structures."""

from __future__ import annotations

import zlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A line of text at a place; `before` is any operators that come first (a colour, a mode)."""

    text: str
    x: float = 60
    y: float = 0
    size: float = 11
    before: str = ""


def lines_of(text: str, *, top: float = 790, step: float = 16) -> list[Line]:
    """Place the lines of a text below each other; tabs become columns."""
    placed = []
    for number, line in enumerate(text.split("\n")):
        for column, part in enumerate(line.split("\t")):
            if part.strip():
                placed.append(Line(part, x=60 + 160 * column, y=top - step * number))
    return placed


def content_of(lines: list[Line], codes: dict[str, int] | None) -> bytes:
    parts = []
    for line in lines:
        shown = (
            "<" + "".join(f"{codes[character]:04x}" for character in line.text) + ">"
            if codes
            else "(" + line.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") + ")"
        )
        parts.append(
            f"q {line.before} BT /F1 {line.size} Tf 1 0 0 1 {line.x} {line.y} Tm {shown} Tj ET Q"
        )
    return "\n".join(parts).encode("cp1252")


def to_unicode(codes: dict[str, int]) -> bytes:
    """A ToUnicode CMap (ISO 32000-1, 9.10.3)."""
    pairs = [
        f"<{code:04x}> <{character.encode('utf-16-be').hex()}>" for character, code in codes.items()
    ]
    blocks = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
    body = "\n".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{body}\nendcmap end end"
    ).encode()


def stream(data: bytes, extra: str = "", *, packed: bool = True) -> bytes:
    if packed:
        data, extra = zlib.compress(data), extra + " /Filter /FlateDecode"
    return f"<< /Length {len(data)}{extra} >>\nstream\n".encode() + data + b"\nendstream"


def file_of(objects: list[bytes], *, trailer: str = "") -> bytes:
    """Number the objects from 1 (the first is the catalogue), and write header, table and trailer."""
    written = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(written))
        written += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(written)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    written += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    written += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n".encode()
    return bytes(written + f"startxref\n{table}\n%%EOF\n".encode())


def pdf(pages: list[list[Line]]) -> bytes:
    """Return a PDF; Chinese is written with glyph numbers that only the ToUnicode map explains."""
    text = "".join(line.text for page in pages for line in page)
    is_latin = all(ord(character) < 128 for character in text)
    codes = None if is_latin else {c: n for n, c in enumerate(dict.fromkeys(text), start=3)}
    if codes is None:
        fonts = [
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
        ]
    else:
        fonts = [
            b"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H"
            b" /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /DW 1000"
            b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
            stream(to_unicode(codes)),
        ]
    first = 3 + len(fonts)
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        *fonts,
    ]
    for at, page in enumerate(pages):
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {first + 2 * at + 1} 0 R >>".encode(),
            stream(content_of(page, codes)),
        ]
    return file_of(objects)


def pdf_of(text: str, *, lines_a_page: int = 45) -> bytes:
    lines = text.split("\n")
    pages = [lines[at : at + lines_a_page] for at in range(0, len(lines), lines_a_page)]
    return pdf([lines_of("\n".join(page)) for page in pages])


def many_pages(count: int) -> bytes:
    kids = " ".join("3 0 R" for _ in range(count))
    return file_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        ]
    )


def flate_bomb(layers: int = 3, unpacked: int = 1 << 30) -> bytes:
    """A page whose content is `unpacked` bytes of blanks, deflated several times over."""
    packer = zlib.compressobj(9)
    piece = b" " * (1 << 20)
    data = b"".join(packer.compress(piece) for _ in range(unpacked >> 20)) + packer.flush()
    for _ in range(layers - 1):
        data = zlib.compress(data, 9)
    filters = " /Filter [" + " /FlateDecode" * layers + "]"
    return file_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            b" /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>",
            stream(data, filters, packed=False),
        ]
    )
