"""The embedded indexes of an encoder in a folder, as several tests need them."""

from __future__ import annotations

from pathlib import Path

from ingest.building import build_manifest
from search.backends.embedded import EmbeddedIndexes
from search.embedding.base import Encoder


def indexes_in(root: Path, encoder: Encoder) -> EmbeddedIndexes:
    """Return the indexes in a folder, as built with this encoder."""
    return EmbeddedIndexes(root, build_manifest(encoder))
