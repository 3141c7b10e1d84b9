"""Word lists that stand beside the code as plain text."""

from __future__ import annotations

from importlib.resources import files


def word_list(name: str) -> frozenset[str]:
    """Return the words of a list in this package; lines that start with `#` are remarks."""
    lines = files("search.text").joinpath(name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
