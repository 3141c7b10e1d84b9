"""Passwords: which are taken, and how they are kept.

Kept as argon2id hashes (RFC 9106) with the parameters that pwdlib recommends. A hash needs 64 MiB and a
quarter of a second, so no more than two are made at a time.
"""

from __future__ import annotations

import secrets
import threading
from functools import cache
from itertools import pairwise
from pathlib import Path

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from search.accounts.errors import WeakPasswordError
from search.accounts.principal import Role

#: Characters that a password needs (OWASP ASVS 5.0, 6.2.1 and 6.2.9), and may have.
AT_LEAST = 8
AT_LEAST_STAFF = 15
AT_MOST = 256

_COMMON = Path(__file__).parent / "common_passwords.txt"
_hashing = threading.BoundedSemaphore(2)
_hasher = PasswordHash((Argon2Hasher(),))


def check_password(password: str, role: Role, *names: str) -> None:
    """Make sure that a password can be used.

    Args:
        password: any characters.
        role: staff need longer ones.
        names: what it must not hold: the name and the address of the account.

    Raises:
        WeakPasswordError: it cannot.
    """
    at_least = AT_LEAST if role is Role.CANDIDATE else AT_LEAST_STAFF
    folded = password.casefold()
    if len(password) < at_least:
        raise WeakPasswordError("short", at_least)
    if len(password) > AT_MOST:
        raise WeakPasswordError("long", at_least)
    if _is_common(folded):
        raise WeakPasswordError("common", at_least)
    if any(len(name) > 3 and name.casefold() in folded for name in names):
        raise WeakPasswordError("own_name", at_least)


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    with _hashing:
        return _hasher.hash(password)


def verify_password(password: str, kept: str | None) -> bool:
    """Say whether a password is the one that was kept.

    Where there is no account, a hash is made all the same, so that the time tells nothing.
    """
    if len(password) > AT_MOST:
        password = password[:AT_MOST] + "\0"  # too long for any that was taken
    with _hashing:
        if kept is None:
            _hasher.verify(password, _nobodys())
            return False
        return _hasher.verify(password, kept)


def new_password() -> str:
    """Return a password that nobody can guess: 120 bits."""
    return secrets.token_urlsafe(15)


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(15))


def _is_common(folded: str) -> bool:
    """Say whether a password is in common use, is one of those again and again, or a mere run."""
    if len(set(folded)) < 4:
        return True
    codes = [ord(letter) for letter in folded]
    steps = {after - before for before, after in pairwise(codes)}
    if steps in ({1}, {-1}):
        return True
    words = _common()
    plain = folded.rstrip("0123456789!@#.$_-?*")
    for candidate in (folded, plain):
        if candidate in words:
            return True
        for size in range(3, len(candidate) // 2 + 1):
            if len(candidate) % size == 0 and candidate == candidate[:size] * (
                len(candidate) // size
            ):
                return True
    return False


@cache
def _common() -> frozenset[str]:
    lines = _COMMON.read_text(encoding="utf-8").split("\n")
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
