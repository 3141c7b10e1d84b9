"""Seeded damage to good files, for the fuzz tests."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator

from tests.ingest.resumes.docx_files import changed
from tests.ingest.resumes.specimens import files

_STREAM = re.compile(rb"stream\n(.*?)\nendstream", re.DOTALL)


def mutated(count: int, *, seed: int) -> Iterator[bytes]:
    """Yield damaged copies of the invented résumés: the bytes of the file, or what is packed in it."""
    chance = random.Random(seed)
    good = [data for _, data, _ in files()]
    for _ in range(count):
        data = chance.choice(good)
        if data.startswith(b"PK") and chance.random() < 0.7:
            part = chance.choice(
                ["word/document.xml", "word/styles.xml", "[Content_Types].xml", "_rels/.rels"]
            )
            yield changed(data, {part: lambda old: _damaged(old, chance)})
        elif data.startswith(b"%PDF") and chance.random() < 0.5:
            yield _STREAM.sub(lambda found: _repacked(found, chance), data)
        else:
            yield _damaged(data, chance)


def _repacked(found: re.Match[bytes], chance: random.Random) -> bytes:
    return b"stream\n" + zlib.compress(_damaged(zlib.decompress(found[1]), chance)) + b"\nendstream"


def _damaged(data: bytes, chance: random.Random) -> bytes:
    broken = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        at = chance.randrange(len(broken) + 1)
        length = chance.choice([1, 2, 8, 64, 512])
        match chance.randrange(6):
            case 0:
                broken[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del broken[at : at + length]
            case 2:
                broken[at:at] = chance.randbytes(length)
            case 3:
                broken[at:at] = broken[at : at + length] * chance.choice([1, 2, 50])
            case 4:
                broken[at : at + 4] = chance.choice(
                    [b"9999999999", b"-1", b"<<", b"]", b"&#0;", b"\0", b"(", b"</w:p>"]
                )
            case 5 if chance.random() < 0.3:
                del broken[at:]
    return bytes(broken)
