"""Checking a whole index, byte by byte: what opening does not have the time for."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path

from search.backends.base import IndexCorruptError
from search.backends.embedded.files import REMEDY, check_sealed
from search.backends.embedded.generation import folder_of
from search.backends.embedded.manifest import CommitRecord
from search.backends.embedded.tail import log_path, read_changes

#: The last four bytes of every file of a tantivy segment.
_MAGIC = 1337


def token_problems(folder: Path) -> Iterator[str]:
    """Yield what is wrong with the files of the token index.

    Tantivy ends each file of a segment with a CRC-32 of what comes before, and does not look at it
    when it opens the file. Segments are merged in the background, so a file may go while this runs:
    a name that is missing counts only if `meta.json` still lists its segment.
    """
    for segment, opstamp in sorted(_segments(folder)):
        paths = sorted(folder.glob(f"{segment}.*"))
        names = {path.suffix for path in paths}
        missing = {".idx", ".term", ".store", ".fast", ".fieldnorm"} - names
        if opstamp and not (folder / f"{segment}.{opstamp}.del").exists():
            missing.add(f".{opstamp}.del")
        problems = [
            f"{folder / segment}{suffix} is missing; {REMEDY}" for suffix in sorted(missing)
        ]
        for path in paths:
            if path.suffix == ".del" and path.name != f"{segment}.{opstamp}.del":
                continue  # of an earlier commit; not read any more
            try:
                intact = has_valid_footer(path.read_bytes())
            except FileNotFoundError:
                continue
            if not intact:
                problems.append(f"{path} is damaged (CRC-32 differs); {REMEDY}")
        if problems and (segment, opstamp) in _segments(folder):
            yield from problems


def has_valid_footer(content: bytes) -> bool:
    """Say whether a tantivy file's bytes are those its footer was made for."""
    if len(content) < 8 or int.from_bytes(content[-4:], "little") != _MAGIC:
        return False
    footer_end = len(content) - 8
    body_end = footer_end - int.from_bytes(content[-8:-4], "little")
    try:
        checksum = json.loads(content[body_end:footer_end])["crc"]
    except (ValueError, KeyError, TypeError):
        return False
    return body_end >= 0 and zlib.crc32(content[:body_end]) == checksum


def row_problems(folder: Path, record: CommitRecord, dim: int) -> Iterator[str]:
    """Yield what is wrong with the generation and the log that a commit names."""
    try:
        if record.generation:
            check_sealed(folder_of(folder, record.generation), record.digest, hash_up_to=None)
        for _ in read_changes(log_path(folder, record.generation), 0, record.log_bytes, dim):
            pass
    except FileNotFoundError as error:
        yield f"{error.filename} is missing; {REMEDY}"
    except IndexCorruptError as error:
        yield str(error)


def _segments(folder: Path) -> set[tuple[str, int]]:
    """Return the name of each segment in use, and the number of its file of deletions or 0."""
    meta = json.loads((folder / "meta.json").read_bytes())
    return {
        (
            segment["segment_id"].replace("-", ""),
            segment["deletes"]["opstamp"] if segment["deletes"] else 0,
        )
        for segment in meta["segments"]
    }
