"""The body of Elasticsearch's `_bulk` and its answer, taken apart and put together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from tests.servers.faults import FailItems


@dataclass(frozen=True)
class BulkItem:
    """One action with its lines as they were sent, each with its newline."""

    action: str
    target: dict[str, object]
    lines: bytes


def items_of(body: bytes) -> list[BulkItem]:
    """Split an NDJSON body: every action has a line with the source after it, but `delete`."""
    lines = iter([line for line in body.split(b"\n") if line.strip()])
    items = []
    for line in lines:
        ((action, target),) = json.loads(line).items()
        sent = line + b"\n"
        if action != "delete":
            sent += next(lines) + b"\n"
        items.append(BulkItem(action, target, sent))
    return items


def chosen(items: Sequence[BulkItem], fault: FailItems) -> list[bool]:
    """Say of each item whether it is to fail."""
    return [number % fault.every == 0 for number in range(1, len(items) + 1)]


def failed_item(item: BulkItem, fault: FailItems, index: str) -> dict[str, object]:
    """Return the entry of the answer for an item that was not passed on."""
    return {
        item.action: {
            "_index": item.target.get("_index", index),
            "_id": item.target.get("_id"),
            "status": fault.status,
            "error": {"type": fault.error_type, "reason": "injected by the test"},
        }
    }


def merged_answer(
    answer: dict[str, object], items: Sequence[BulkItem], fault: FailItems, index: str
) -> dict[str, object]:
    """Return the answer for all items, from the server's answer for those that it was sent."""
    real = iter(answer["items"])  # type: ignore[call-overload]
    fails = chosen(items, fault)
    entries = [
        failed_item(item, fault, index) if fail else next(real)
        for item, fail in zip(items, fails, strict=True)
    ]
    return {**answer, "errors": bool(answer["errors"]) or any(fails), "items": entries}
