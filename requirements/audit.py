"""Ask for known vulnerabilities of what is installed to run Bole (`make audit`).

pip-audit calls a package that the service does not know "could not be audited", and still ends well.
Here that is a failure: nothing is known of such a package, which is not the same as nothing is wrong.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = Path(__file__).with_name("run.txt")

OFFLINE = """
What to do: run this where the advisory service of the Python package index can be reached (a mirror that has
packages alone will not do), or ask another service: make audit SERVICE=osv (https://api.osv.dev).
Without a network, copy requirements/run.txt to a machine that has one and run there:
    pip install pip-audit && pip-audit --require-hashes --disable-pip -r run.txt
There a line that says "could not be audited" is a failure too.
"""


def pinned(lock: str) -> set[str]:
    """Return the names that a lock file pins for this Python and system, in their normal form."""
    lines = [line.rstrip("\\ ") for line in lock.splitlines() if line[:1].isalnum()]
    found = [Requirement(line) for line in lines]
    return {
        canonicalize_name(one.name) for one in found if one.marker is None or one.marker.evaluate()
    }


def verdict(report: dict[str, Any], expected: set[str]) -> tuple[list[str], list[str]]:
    """Return what is vulnerable and what could not be audited, one line each.

    Args:
        report: what pip-audit wrote as JSON.
        expected: names that must be in it.
    """
    entries = report.get("dependencies", [])
    vulnerable = [
        f"{entry['name']} {entry['version']}: {found['id']} "
        f"{'/'.join(found.get('aliases', []))} mended in {', '.join(found['fix_versions']) or 'none'}"
        for entry in entries
        for found in entry.get("vulns", [])
    ]
    skipped = [
        f"{entry['name']}: {entry['skip_reason']}" for entry in entries if "skip_reason" in entry
    ]
    missing = expected - {canonicalize_name(entry["name"]) for entry in entries}
    skipped += [f"{name}: not in the report" for name in sorted(missing)]
    return vulnerable, skipped


def main(arguments: Sequence[str]) -> int:
    """Audit, say what was found, and return 0 only if every package was audited and none is vulnerable."""
    service = arguments[0] if arguments else "pypi"
    asked = [
        sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--requirement", str(LOCK),
        "--vulnerability-service", service, "--format", "json", "--progress-spinner", "off",
    ]  # fmt: skip
    expected = pinned(LOCK.read_text(encoding="utf-8"))
    done = subprocess.run(asked, check=False, capture_output=True, text=True)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        sys.stderr.write(f"audit: {service} could not be asked: {last[:400]}\n{OFFLINE}")
        return 2
    vulnerable, skipped = verdict(report, expected)
    audited = len(expected) - len(skipped)
    sys.stdout.write(
        f"{audited} packages were audited ({service}), {len(vulnerable)} vulnerabilities are known, "
        f"{len(skipped)} packages could not be audited\n"
    )
    for line in (*vulnerable, *skipped[:10]):
        sys.stdout.write(f"  {line}\n")
    if len(skipped) > 10:
        sys.stdout.write(f"  … and {len(skipped) - 10} more\n")
    if skipped:
        sys.stderr.write(
            f"audit: failed, since nothing is known of {len(skipped)} packages\n{OFFLINE}"
        )
    return int(bool(vulnerable or skipped or not audited))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
