"""Elasticsearch's own minimal build, which its project publishes for integration tests.

It has the whole of the server, but of the modules only transport and x-pack core: no painless, no
ingest processors, no `GET /`. It is an ordinary Maven artifact and needs neither docker nor root.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.account import Account, unprivileged
from tests.servers.errors import ServerUnavailableError
from tests.servers.java import Java, find_java

VERSION = "9.4.6"
SHA256 = "d61357fc8cf44eb672a0f0f1c9e032b67d2a285ba40e06261e65c2e6c70c2679"

PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
MAVEN_MAY_TAKE = 900
"""Seconds: 126 MB over a slow line; 5 to 7 were measured over a fast one."""


@dataclass(frozen=True)
class Distribution:
    """An unpacked Elasticsearch, the Java to run it with and the user to run it as."""

    home: Path
    java: Java
    account: Account


def find_or_fetch() -> Distribution:
    """Return $ES_HOME, or the build of `VERSION` from the cache, fetched if it is not there yet.

    Raises:
        ServerUnavailableError: what is missing and what to do about it.
    """
    account = unprivileged("nobody")
    java = find_java(account)  # first: without it the download would be for nothing
    if named := os.environ.get("ES_HOME"):
        home = Path(named)
        if not (home / "bin" / "elasticsearch").is_file():
            raise ServerUnavailableError(
                f"ES_HOME is {home}, which holds no bin/elasticsearch; correct or unset it"
            )
    else:
        home = _cached(_cache_folder())
    if not account.can_enter(home):
        raise ServerUnavailableError(
            f"Elasticsearch must run as user {account.name}, who may not enter {home}; "
            "point BOLE_TEST_CACHE (or ES_HOME) to a folder that every user may enter"
        )
    return Distribution(home, java, account)


def _cache_folder() -> Path:
    """Return the folder for downloads; made if need be."""
    if named := os.environ.get("BOLE_TEST_CACHE"):
        folder = Path(named)
    elif os.geteuid() == 0:
        # Root's home is closed to the user that the server runs as.
        folder = Path("/var/tmp/bole-tests-0")
    else:
        folder = Path.home() / ".cache" / "bole-tests"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ServerUnavailableError(
            f"the cache folder {folder} cannot be made ({error}); set BOLE_TEST_CACHE to another"
        ) from error
    if folder.stat().st_uid != os.geteuid():
        # Anyone may make a folder in /var/tmp, and we would run the programs in it.
        raise ServerUnavailableError(
            f"the cache folder {folder} belongs to another user; delete it or set BOLE_TEST_CACHE"
        )
    if os.geteuid() == 0:
        folder.chmod(folder.stat().st_mode | 0o055)  # the server's user must get in
    return folder


def _cached(cache: Path) -> Path:
    """Return the unpacked build in the cache, whole or not there at all."""
    home = cache / f"elasticsearch-{VERSION}"
    with _lock(cache / f"elasticsearch-{VERSION}.lock"):
        if not home.is_dir():
            with tempfile.TemporaryDirectory(prefix="unfinished-", dir=cache) as work:
                archive = _fetch(Path(work))
                _unpack(archive, Path(work))
                Path(work, home.name).rename(home)
    return home


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Let one process at a time in; the system undoes the lock of one that dies."""
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _fetch(folder: Path) -> Path:
    """Download the archive with Maven, whose settings say where from, and verify it."""
    maven = shutil.which("mvn")
    if maven is None:
        raise ServerUnavailableError(
            f"Elasticsearch {VERSION} is not in the cache and there is no mvn to fetch it; "
            "apt-get install maven, or unpack it elsewhere and set ES_HOME"
        )
    # -U: else a download that failed today is not tried again before tomorrow.
    command = [maven, "-q", "-B", "-U", PLUGIN, f"-Dartifact={ARTIFACT}"]
    try:
        done = subprocess.run(
            [*command, f"-DoutputDirectory={folder}"],
            check=False,
            cwd=folder,  # a pom.xml in the current folder would be read
            capture_output=True,
            text=True,
            timeout=MAVEN_MAY_TAKE,
        )
    except subprocess.TimeoutExpired as error:
        raise ServerUnavailableError(
            f"Maven did not fetch {ARTIFACT} within {MAVEN_MAY_TAKE} s; is the network there?"
        ) from error
    archive = folder / f"elasticsearch-{VERSION}.zip"
    if done.returncode or not archive.is_file():
        said = "\n".join((done.stdout + done.stderr).splitlines()[:10])
        raise ServerUnavailableError(f"Maven could not fetch {ARTIFACT}:\n{said}")
    _verify(archive)
    return archive


def _verify(archive: Path) -> None:
    with archive.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != SHA256:
        raise ServerUnavailableError(
            f"{archive.name} has the SHA-256 {found}, expected {SHA256}; it was not unpacked"
        )


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack so that every user may read and run what is inside, whatever the umask."""
    with zipfile.ZipFile(archive) as content:
        for entry in content.infolist():
            path = Path(content.extract(entry, folder))
            # zipfile leaves the permissions out; Unix keeps them in the upper half.
            runnable = entry.is_dir() or (entry.external_attr >> 16) & 0o111
            path.chmod(0o755 if runnable else 0o644)
