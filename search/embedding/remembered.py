"""An encoder that remembers: what a model encoded once, on this machine, is not encoded again.

    <models folder>/vectors-<model name>.sqlite      16 bytes of a hash of the text -> its vector

Building an index is mostly encoding. With its vectors remembered as they are made, a build that was
killed goes on where it was, and the next build encodes only what is new.

A file holds hashes and vectors, never a text. That is not nothing: whoever has a text can see whether
it was encoded, and a vector tells what its text is about. When a person is to be erased, `forget`.
"""

from __future__ import annotations

import hashlib
import logging
import math
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from search.embedding.base import Encoder
from search.embedding.vector_file import VectorFile, erase, is_damage, remove

#: Texts encoded between two commits; a build that is killed repeats so many at most.
SLICE = 512
#: About how large a file may become.
BYTES = 2_000_000_000
#: How long a file that failed is left alone.
REST_S = 60.0
#: Queries remembered, in memory: the same one comes again with another page or filter.
QUERIES = 128
# Any sentence that every model knows something of.
_PROBE = "后端开发工程师 Java developer"
_KEY_BYTES = 16

_log = logging.getLogger(__name__)

T = TypeVar("T")


class RememberingEncoder:
    """Encodes as the encoder inside does, and each document's text only once. Safe from any thread.

    The vectors that come from the file are, to the last bit, those that the encoder inside returned
    when it met the text first. The file helps or is passed over: damaged, it is begun anew;
    unwritable or full, it is left alone for a while. Either is logged, and nothing stops.

    Args:
        encoder: the encoder inside.
        models: folder of the file; several processes may use it at once.
        most: vectors kept, those used longest ago go first; by default what fits `BYTES`.
        clock: seconds since the epoch.

    Attributes:
        name: of the encoder inside.
        dim: of the encoder inside.
        reused: texts so far whose vector was at hand.
        encoded: texts so far that the encoder inside encoded.
    """

    def __init__(
        self,
        encoder: Encoder,
        models: Path,
        *,
        most: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.name = encoder.name
        self.dim = encoder.dim
        self.reused = 0
        self.encoded = 0
        self._encoder = encoder
        self._models = models
        self._path = cache_path(models, encoder.name)
        # Four bytes a number, up to 1.4 more for what pages waste (at 1,024 numbers), and the key.
        self._most = BYTES // (11 * encoder.dim // 2 + 64) if most is None else most
        self._clock = clock
        self._lock = threading.Lock()
        self._file: VectorFile | None = None
        self._probe: NDArray[np.float32] | None = None
        self._rests_until = 0.0
        self._queries: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._queries_lock = threading.Lock()

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32, (len(texts), dim), rows L2-normalised; a text with nothing known is a zero row."""
        if len(texts) != 1:
            return self._encoder.encode_queries(texts)
        with self._queries_lock:
            known = self._queries.get(texts[0])
            if known is not None:
                self._queries.move_to_end(texts[0])
                return known.copy()
        vectors = self._encoder.encode_queries(texts)
        with self._queries_lock:
            self._queries[texts[0]] = vectors.copy()
            if len(self._queries) > QUERIES:
                self._queries.popitem(last=False)
        return vectors

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32, (len(texts), dim), rows L2-normalised; a text with nothing known is a zero row."""
        keys = [text_key(text) for text in texts]
        unknown: dict[bytes, NDArray[np.float32]] = {}
        known = self._with_file(lambda file: file.get(dict.fromkeys(keys)), unknown)
        fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        for part in _slices(fresh):
            rows = self._encoder.encode_documents(list(part.values()))
            encoded = dict(zip(part, rows, strict=True))
            # A fault of the model's must not outlive it.
            sound = {key: row for key, row in encoded.items() if np.isfinite(row).all()}
            self._with_file(lambda file, sound=sound: file.put(sound), None)  # type: ignore[misc]
            known.update(encoded)
        with self._lock:
            self.reused += len(texts) - len(fresh)
            self.encoded += len(fresh)
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for row, key in zip(vectors, keys, strict=True):
            row[:] = known[key]
        return vectors

    def forget(self, texts: Sequence[str]) -> int:
        """Erase what is remembered of texts, by this model or another; return how many vectors.

        A text must be the very one that was encoded; an earlier wording is a text of its own.

        Raises:
            OSError: a file could not be changed, so something may be left; the message says which.
        """
        with self._queries_lock:
            self._queries.clear()
        keys = [text_key(text) for text in texts]
        erased = 0
        for path in sorted(self._models.glob("vectors-*.sqlite")):
            try:
                erased += erase(path, keys)
            except sqlite3.Error as error:
                raise OSError(
                    f"{path} could not be changed ({error}); it holds nothing that cannot be made "
                    "anew: delete it"
                ) from error
        return erased

    def prune(self, most: int | None = None) -> int:
        """Remove the vectors used longest ago until there are `most`; return how many that were."""
        kept = self._most if most is None else most
        return self._with_file(lambda file: file.prune(kept), 0)

    def close(self) -> None:
        """Close the file; encoding goes on without it."""
        with self._lock:
            self._rests_until = math.inf
            if self._file is not None:
                self._file.close()
                self._file = None

    def _with_file(self, work: Callable[[VectorFile], T], otherwise: T) -> T:
        """Do something with the file, or, where it cannot be used, return what is to be had without."""
        with self._lock:
            if time.monotonic() < self._rests_until:
                return otherwise
            if self._probe is None:
                self._probe = self._encoder.encode_documents([_PROBE])[0]
            try:
                return work(self._opened(self._probe))
            except (sqlite3.Error, OSError) as error:
                self._give_up(error)
                return otherwise

    def _opened(self, probe: NDArray[np.float32]) -> VectorFile:
        if self._file is None:
            self._file = VectorFile(self._path, probe, self._most, self._clock)
        return self._file

    def _give_up(self, error: Exception) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        if is_damage(error):
            try:
                remove(self._path)
            except OSError as reason:
                error = reason
            else:
                _log.warning("%s is of no use (%s): begun anew", self._path, error)
                return
        self._rests_until = time.monotonic() + REST_S
        _log.warning(
            "%s cannot be used (%s): encoding without it for %.0f s", self._path, error, REST_S
        )


def cache_path(models: Path, name: str) -> Path:
    """Return where the vectors of a model are kept."""
    # A model's name may have slashes: `intfloat/multilingual-e5-small`.
    return models / f"vectors-{quote(name, safe='')}.sqlite"


def remove_other_caches(models: Path, names: Collection[str]) -> list[str]:
    """Remove the files of all models but the named; return the names of the files removed.

    Raises:
        OSError: one cannot be removed.
    """
    kept = {cache_path(models, name).name for name in names}
    others = [path for path in models.glob("vectors-*.sqlite") if path.name not in kept]
    for path in others:
        remove(path)
    return sorted(path.name for path in others)


def text_key(text: str) -> bytes:
    """Return under which key a text's vector is kept: the same for every model."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest()


def _slices(fresh: Mapping[bytes, str]) -> Iterator[dict[bytes, str]]:
    """Yield the texts in parts, those of like length together, so that little is padded."""
    if len(fresh) <= SLICE:
        # As it came: the encoder sorts within a call, and gets the call that it would have got.
        if fresh:
            yield dict(fresh)
        return
    # Bytes: closer than characters to what a model counts, over both scripts.
    ordered = sorted(fresh, key=lambda key: len(fresh[key].encode("utf-8", "surrogatepass")))
    for start in range(0, len(ordered), SLICE):
        yield {key: fresh[key] for key in ordered[start : start + SLICE]}
