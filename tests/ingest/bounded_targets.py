"""What tests of ingest.bounded run in a child."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from ingest.bounded import RefusedError


def backwards(payload):
    return payload[::-1]


def refuses(payload):
    raise RefusedError("too_blue", shade=payload.decode(), n=3)


def sleeps(payload):
    time.sleep(600)


def leaves_a_child(payload):
    # The payload among its arguments tells it from all others.
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", payload.decode()])
    return b"started"


def spins(payload):
    while True:
        pass


def eats(payload):
    return bytes(len(payload) + 4_000_000_000)


def aborts(payload):
    os.abort()


def raises(payload):
    raise ValueError("no such thing")


def prints(payload):
    sys.stdout.write("noise\n")
    os.write(1, b"more noise\n")
    return payload


def says_much(payload):
    return b"x" * (3 * 1024 * 1024)


def environment(payload):
    return "\n".join(sorted(os.environ)).encode()


def writes(payload):
    Path(payload.decode()).write_bytes(b"x")
    return b""
