"""What an index was built with, and what its last commit says.

There is one commit point: the token index's own commit, which replaces its `meta.json` atomically.
It carries a document with the `CommitRecord`, which names the generation of rows and the length of
the log that belong to it. So both parts move together, and whatever a crash leaves beside them
belongs to no commit.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from search.backends.base import IndexCorruptError, IndexMismatchError, Manifest
from search.backends.embedded.files import REMEDY, write_atomically

#: Version of the files in the folder; a reader of another version must not open them.
FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class CommitRecord:
    """What one commit consists of.

    Attributes:
        watermark: outbox sequence up to which records are in the index.
        number: commits so far.
        generation: number of the generation of rows; 0 is the empty one.
        digest: SHA-256 over the generation's files.
        log_bytes: length of the log of changes since.
        documents: how many documents there are.
        next_ordinal: the ordinal of the next document.
    """

    watermark: int = 0
    number: int = 0
    generation: int = 0
    digest: str = ""
    log_bytes: int = 0
    documents: int = 0
    next_ordinal: int = 0

    def to_bytes(self) -> bytes:
        """Return the record as JSON."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> CommitRecord:
        """Read the record back."""
        return cls(**json.loads(content))


def write_manifest(folder: Path, manifest: Manifest, schema_digest: str) -> None:
    """Record what an index is built with; written once, when it is created."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "manifest": asdict(manifest),
        "schema_digest": schema_digest,
    }
    content["sha256"] = _digest(content)
    write_atomically(folder / MANIFEST, json.dumps(content, indent=1, ensure_ascii=False).encode())


def check_manifest(folder: Path, asked: Manifest) -> str:
    """Compare what an index was built with to what is asked for.

    Returns:
        The digest of the token index's schema at creation.

    Raises:
        FileNotFoundError: there is no manifest.
        IndexCorruptError: the manifest is damaged.
        IndexMismatchError: they differ; the message names every difference.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_bytes())
        intact = content.pop("sha256") == _digest(content)
    except (ValueError, KeyError, AttributeError, TypeError):
        intact = False
    if not intact:
        raise IndexCorruptError(f"{path} is damaged; {REMEDY}")
    if content["format"] != FORMAT:
        raise IndexMismatchError(
            f"{folder} has files of format {content['format']}, this version reads {FORMAT}; "
            "build a new index: bole index build"
        )
    built = content["manifest"]
    differences = [
        f"{name} is {built.get(name)!r}, asked for {value!r}"
        for name, value in asdict(asked).items()
        if built.get(name) != value
    ]
    if differences:
        raise IndexMismatchError(
            f"{folder} was built otherwise: {'; '.join(differences)}; "
            "build a new index beside it: bole index build"
        )
    digest: str = content["schema_digest"]
    return digest


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
