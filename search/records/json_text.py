"""How a body is written as JSON, alike in both databases."""

from __future__ import annotations

import json
from functools import partial

to_json = partial(json.dumps, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
