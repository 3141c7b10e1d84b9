"""The only opener of data files: a release is a folder with a `datapackage.json` that vouches for it.

Every file is read once, and refused when its SHA-256 is not the one the package states.
Format: Data Package (Frictionless), reduced to what is checked here.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"

#: The releases in force. A new release is a new folder and a change of one line here.
CURRENT = {
    "sources": "2026.11",
    "catalogue": "zhejiang-2017",
    "skills": "2026.11",
    "regions": "2026.11",
    "levels": "2026.11",
    "targets": "2026.11",
    "tiles": "2026.11",
}
#: Releases from which no document of an index is derived.
_APART = frozenset({"targets", "tiles"})


class ReleaseError(ValueError):
    """A release is missing, incomplete or altered; the message says which file and what to do."""


@dataclass(frozen=True)
class Release:
    """A dated edition of a code list, opened and hash-checked file by file."""

    scheme: str
    version: str
    package: Mapping[str, object]
    hashes: Mapping[str, str]

    @property
    def folder(self) -> Path:
        """Where the files stand."""
        return DATA / self.scheme / self.version

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the hashes of all files: two releases with the same one hold the same data."""
        lines = "".join(f"{name} {digest}\n" for name, digest in sorted(self.hashes.items()))
        return hashlib.sha256(lines.encode()).hexdigest()

    def text(self, name: str) -> str:
        """Return one file as text.

        Raises:
            ReleaseError: the package does not list it, it is missing, or its hash differs.
        """
        return _read(self.folder / name, self.hashes.get(name)).decode("utf-8")

    def rows(self, name: str) -> list[dict[str, str]]:
        """Return the rows of one CSV file as column-to-cell mappings.

        Raises:
            ReleaseError: as `text`, or a row has more or fewer cells than the header.
        """
        reader = csv.DictReader(io.StringIO(self.text(name), newline=""), strict=True)
        rows = []
        for row in reader:
            if None in row or None in row.values():
                raise ReleaseError(
                    f"{self.folder / name}, line {reader.line_num}: the row should have "
                    f"{len(reader.fieldnames or ())} cells like the header; quote a cell that holds a comma"
                )
            rows.append(row)
        return rows


@cache
def open_release(scheme: str, version: str | None = None) -> Release:
    """Open a release of a scheme, by default the one in force.

    Raises:
        ReleaseError: there is no such release, or its `datapackage.json` cannot be read.
    """
    if scheme not in CURRENT:
        raise ReleaseError(
            f"scheme {scheme!r} was asked for; there are {', '.join(sorted(CURRENT))}"
        )
    version = version or CURRENT[scheme]
    manifest = DATA / scheme / version / "datapackage.json"
    if not manifest.is_file():
        known = sorted(path.name for path in (DATA / scheme).glob("*/") if path.is_dir())
        raise ReleaseError(
            f"release {version!r} of {scheme!r} was asked for; {manifest} does not exist. "
            f"Releases here: {', '.join(known) or 'none'}"
        )
    try:
        package = json.loads(manifest.read_text(encoding="utf-8"))
        hashes = {entry["path"]: entry["hash"] for entry in package["resources"]}
    except (ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"{manifest} should be JSON with a list 'resources' of path and hash ({error!r}); "
            "restore it, or run python -m taxonomies.seal"
        ) from error
    return Release(scheme, version, package, hashes)


def fingerprint() -> str:
    """Return one hash over all releases in force: what documents in an index were derived from."""
    parts = [
        f"{scheme} {open_release(scheme).fingerprint}" for scheme in sorted(set(CURRENT) - _APART)
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def split(cell: str) -> tuple[str, ...]:
    """Split a cell that holds several values separated by `|`; an empty cell holds none."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _read(path: Path, expected: str | None) -> bytes:
    if expected is None:
        raise ReleaseError(
            f"{path} is not listed in its datapackage.json; run python -m taxonomies.seal"
        )
    if not path.is_file():
        raise ReleaseError(f"{path} is listed in its datapackage.json and is missing; restore it")
    content = path.read_bytes()
    found = "sha256:" + hashlib.sha256(content).hexdigest()
    if found != expected:
        raise ReleaseError(
            f"{path} should have hash {expected}, it has {found}. Restore the file, or, if the "
            "change is meant, run python -m taxonomies.seal and commit both"
        )
    return content
