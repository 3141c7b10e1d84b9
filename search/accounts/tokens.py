"""Secrets that a browser or a program shows to be let in; only their SHA-256 is kept.

They have 256 random bits, so a plain hash is enough: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """Return a secret of 256 bits, in 43 characters that fit into a header or a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
