"""A Java runtime new enough for Elasticsearch, which this distribution of it does not bring."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.servers.account import Account
from tests.servers.errors import ServerUnavailableError

OLDEST = 21
INSTALLED = Path("/usr/lib/jvm")


@dataclass(frozen=True)
class Java:
    """One JDK, e.g. home /usr/lib/jvm/temurin-25-jdk-amd64, version 25.0.3."""

    home: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


def find_java(account: Account) -> Java:
    """Return what the environment names if it is new enough, else the newest installed JDK."""
    too_old: list[Java] = []
    for found in _candidates():
        if found.major < OLDEST:
            too_old.append(found)
        elif account.can_enter(found.home):
            return found
    seen = ", ".join(sorted({f"{java.version} in {java.home}" for java in too_old})) or "none"
    raise ServerUnavailableError(
        f"Elasticsearch needs a JDK {OLDEST} or newer that user {account.name} may read (found: "
        f"{seen}); install one, e.g. openjdk-25-jre-headless, or point ES_JAVA_HOME to one"
    )


def _candidates() -> Iterator[Java]:
    for name in ("ES_JAVA_HOME", "JAVA_HOME"):
        if (home := os.environ.get(name)) and (java := _look_at(Path(home))):
            yield java
    homes = {path.parents[1].resolve() for path in INSTALLED.glob("*/bin/java")}
    if on_path := shutil.which("java"):
        homes.add(Path(on_path).resolve().parents[1])
    installed = [java for home in sorted(homes) if (java := _look_at(home))]
    yield from sorted(installed, key=lambda java: java.major, reverse=True)


def _look_at(home: Path) -> Java | None:
    """Return the JDK in a folder; what it says itself counts, not what the folder is called."""
    try:
        said = (home / "release").read_text(encoding="utf-8")
    except OSError:
        program = home / "bin" / "java"
        if not program.is_file():
            return None
        done = subprocess.run([program, "-version"], check=False, capture_output=True, text=True)
        said = done.stderr
    version = re.search(r'(?:JAVA_VERSION=|version )"(\d+[.\d]*)', said)
    return Java(home, version[1]) if version else None
