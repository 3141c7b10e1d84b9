"""Write to the terminal: JSON for programs, plain lines for people."""

from __future__ import annotations

import json
import sys


def write_json(value: object) -> None:
    """Write one JSON document, indented, Chinese as it is."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def write_line(text: str = "") -> None:
    """Write one line."""
    sys.stdout.write(text + "\n")
