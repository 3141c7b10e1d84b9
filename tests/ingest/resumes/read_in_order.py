"""Reads the files named, one after the other, and says what became of each and how much memory this process took."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ingest.resumes.models import ResumeRefused
from ingest.resumes.parse import read_resume


def highest_kilobytes() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


def outcome(path: str) -> list:
    try:
        return ["read", read_resume(Path(path).read_bytes(), filename=path).text[:40]]
    except ResumeRefused as refusal:
        params = refusal.params
        return [refusal.reason, str(params.get("detail", params.get("found", "")))]


if __name__ == "__main__":
    good, *others = sys.argv[1:]
    outcome(good)
    before = highest_kilobytes()
    for other in others:
        told = [outcome(other), outcome(good), highest_kilobytes() - before]
        sys.stdout.write(json.dumps(told) + "\n")
