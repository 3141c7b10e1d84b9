"""Measures that an office adds: one YAML file a measure, kept by the day it was loaded, never overwritten.

`benefits/<id>/<day>.yaml`; a file that changes a measure becomes its next version, and the earlier ones
stay readable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from taxonomies.benefit_files import BenefitFileError, line_of, read_benefit
from taxonomies.benefits import Benefit, misquotations


def check_file(path: Path, sources: Iterable[Path]) -> Benefit:
    """Read an office's file and compare it with its source text, where that is at hand.

    Args:
        path: the file.
        sources: folders that may hold `document.file`.

    Raises:
        BenefitFileError: the file is wrong, or quotes what its source does not say.
        OSError: it cannot be read.
    """
    content = path.read_bytes()
    benefit = read_benefit(content, str(path))
    source = find_source(benefit, (path.parent, *sources))
    if source is not None:
        for field, text in misquotations(benefit, source.read_text("utf-8")):
            raise BenefitFileError(
                str(path),
                line_of(content, str(path), field),
                f"{field} {text!r} does not stand in {source.name}",
                "copy the words as they are printed there",
            )
    return benefit


def find_source(benefit: Benefit, folders: Iterable[Path]) -> Path | None:
    """Return where the text of a measure's document is; None where no folder has it."""
    return next(
        (path for folder in folders if (path := folder / benefit.document.file).is_file()), None
    )


def keep_benefit(folder: Path, content: bytes, benefit: Benefit, day: date) -> Path:
    """Write a measure's file as a new version, unless the newest one is the same."""
    known = sorted((folder / benefit.id).glob("*.yaml"))
    if known and known[-1].read_bytes() == content:
        return known[-1]
    number = sum(path.name.startswith(day.isoformat()) for path in known)
    # Versions of one day follow each other, in the order of their names.
    path = folder / benefit.id / f"{day.isoformat()}-{number + 1:02}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
    return path


def load_versions(folder: Path) -> Mapping[str, tuple[Benefit, ...]]:
    """Return the versions of every measure kept below a folder, the oldest first.

    Raises:
        BenefitFileError: a file was damaged since it was loaded.
    """
    return {
        versions.name: tuple(
            read_benefit(path.read_bytes(), f"{path.parent}/{versions.name}.yaml")
            for path in sorted(versions.glob("*.yaml"))
        )
        for versions in sorted(folder.glob("*"))
        if versions.is_dir()
    }
