"""Whether a server may listen where it is asked to: at the start, before the port is opened.

On this machine only, an open installation is fine. Any other address can be reached by others:
then a secret of the installation's own and an administrator are needed first (ASVS 13.2.3: no
default credentials; 13.3.1: secrets are kept where only the service can read them).
"""

from __future__ import annotations

import ipaddress
import stat
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

#: Fewest characters of a secret; 32 hexadecimal ones hold 128 bits.
SECRET_AT_LEAST = 32
#: Fewest different characters: one key held down, or two in turn, is no secret.
DIFFERENT_AT_LEAST = 8

#: What is found in manuals and lists of passwords; where such words make up most of it, it is no secret.
SAMPLES = frozenset(
    {
        "0123456789", "1234567890", "abcdefghijklmnopqrstuvwxyz", "admin", "bole", "change", "changeit",
        "changeme", "default", "demo", "dev", "development", "dummy", "example", "insecure", "key",
        "here", "insert", "letmein", "password", "placeholder", "please", "qwerty", "replace", "sample",
        "secret", "super", "test", "this", "todo", "your",
    }
)  # fmt: skip

#: What is wrong, by code, and what to do about it, for whoever starts the server.
ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "secret-missing": (
            "others can reach this address and there is no secret; make one, for example with "
            "openssl rand -hex 32, and keep it in a file that only the server's user can read"
        ),
        "secret-short": (
            f"the secret has fewer than {SECRET_AT_LEAST} characters; make a longer one, for "
            "example with openssl rand -hex 32"
        ),
        "secret-sample": (
            "the secret is made of a sample or of few different characters, so it can be guessed; "
            "make a random one, for example with openssl rand -hex 32"
        ),
        "secret-file-missing": (
            "the file of the secret is not there or cannot be read; check its path and owner"
        ),
        "secret-file-readable": (
            "others on this machine can read the file of the secret, or change it; take that away "
            "(chmod 600) and make a new secret, since this one may be known"
        ),
        "admin-missing": (
            "others can reach this address and nobody administers the installation; add an "
            "administrator first"
        ),
    }
)


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach an address.

    Args:
        host: an IP address, with or without brackets, or `localhost`. Other names are not looked
            up: what they lead to can change.
    """
    name = host.strip().strip("[]").partition("%")[0].rstrip(".").lower()
    if name == "localhost":
        return True
    address = _address(name)
    if address is None:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def check_exposure(host: str, secret: str, secret_file: Path | None, has_admin: bool) -> list[str]:
    """Return what forbids to listen on an address; empty where nothing does.

    Args:
        host: address to listen on.
        secret: the installation's secret; "" where there is none.
        secret_file: the file it was read from; None where it came otherwise.
        has_admin: whether an administrator's account exists.

    Returns:
        Codes, keys of `ADVICE`, in the order in which to mend them. On this machine only a file that
        others can read is told, since the secret may later serve elsewhere.
    """
    found = _file_problems(secret_file)
    if is_loopback(host):
        return [code for code in found if code == "secret-file-readable"]
    codes = [*_secret_problems(secret), *found]
    if not has_admin:
        codes.append("admin-missing")
    return codes


def _secret_problems(secret: str) -> list[str]:
    if not secret.strip():
        return ["secret-missing"]
    codes = []
    if len(secret.strip()) < SECRET_AT_LEAST:
        codes.append("secret-short")
    if _is_sample(secret):
        codes.append("secret-sample")
    return codes


def _is_sample(secret: str) -> bool:
    letters = "".join(character for character in secret.lower() if character.isalnum())
    if len(set(letters)) < DIFFERENT_AT_LEAST or letters in (letters + letters)[1:-1]:
        return True
    rest = letters
    for word in sorted(SAMPLES, key=len, reverse=True):
        rest = rest.replace(word, "")
    # Digits are what is appended to a sample to make it longer.
    return rest != letters and len(rest.strip("0123456789")) * 2 < len(letters)


def _file_problems(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        mode = path.stat().st_mode
    except OSError:
        return ["secret-file-missing"]
    others = stat.S_IRWXO | stat.S_IWGRP
    return ["secret-file-readable"] if mode & others else []


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
