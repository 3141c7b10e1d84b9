"""Sets of people as bits: one bit a slot, packed into rows of 64-bit words, least bit first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]

_WORD = 64


def width(slots: int) -> int:
    """Return how many words hold a number of slots."""
    return (slots + _WORD - 1) // _WORD


def pack(flags: Flags) -> Words:
    """Return flags (..., slots) as words (..., words); spare bits are 0."""
    slots = flags.shape[-1]
    octets = np.packbits(flags, axis=-1, bitorder="little")
    spare = width(slots) * 8 - octets.shape[-1]
    if spare:
        octets = np.pad(octets, [(0, 0)] * (octets.ndim - 1) + [(0, spare)])
    return np.ascontiguousarray(octets).view(np.uint64)


def unpack(words: Words, slots: int) -> Flags:
    """Return words (..., words) as flags (..., slots)."""
    octets = np.ascontiguousarray(words).view(np.uint8)
    return np.unpackbits(octets, axis=-1, count=slots, bitorder="little").view(np.bool_)


def count(words: Words) -> NDArray[np.int64]:
    """Return how many bits are set in each row."""
    found: NDArray[np.int64] = np.bitwise_count(words).sum(axis=-1, dtype=np.int64)
    return found


def with_columns(words: Words, slots: NDArray[np.int64], flags: Flags) -> Words:
    """Return rows in which the bits of some slots are as given.

    Args:
        words: (rows, words).
        slots: (changed,), each once, within the width.
        flags: (rows, changed).
    """
    changed = words.copy()
    for place, slot in enumerate(slots.tolist()):
        word, bit = divmod(slot, _WORD)
        one = np.uint64(1 << bit)
        column = changed[:, word] & ~one
        column[flags[:, place]] |= one
        changed[:, word] = column
    return changed


def widened(words: Words, slots: int) -> Words:
    """Return rows with room for a number of slots; new bits are 0."""
    more = width(slots) - words.shape[-1]
    return np.pad(words, [(0, 0)] * (words.ndim - 1) + [(0, more)]) if more > 0 else words
