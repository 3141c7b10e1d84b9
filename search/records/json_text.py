"""How a body is written as JSON and read again, alike in both databases."""

from __future__ import annotations

import json
from functools import partial

import orjson

to_json = partial(json.dumps, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
from_json = orjson.loads
