"""The one state of each kind in which a record can be found: in others it is kept, and not shown."""

from __future__ import annotations

from collections.abc import Mapping

FINDABLE: Mapping[str, str] = {"candidate": "active", "vacancy": "open"}
