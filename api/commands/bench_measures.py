"""What the benchmarks measure with: wall time, percentiles, room on disk, memory of a process."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Clock:
    """Measures the wall time of a block, in seconds."""

    def __enter__(self) -> Clock:
        self._start = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.s = time.perf_counter() - self._start


@dataclass(frozen=True)
class Memory:
    """What a process holds, in MB (10^6 bytes).

    Attributes:
        resident: now; `anonymous` and `mapped` together.
        anonymous: its own.
        mapped: pages of files, which processes share and the kernel may take back.
        peak: the most that was ever resident.
    """

    resident: float
    anonymous: float
    mapped: float
    peak: float


def seconds(work: Callable[[], object]) -> float:
    """Return the wall time of a call."""
    with Clock() as clock:
        work()
    return clock.s


def percentiles(times: Sequence[float]) -> tuple[float, float]:
    """Return the 50th and the 99th percentile."""
    import numpy as np

    return float(np.percentile(times, 50)), float(np.percentile(times, 99))


def batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the values in lists of at most `size`."""
    source = iter(values)
    while batch := list(islice(source, size)):
        yield batch


def megabytes(folder: Path) -> float:
    """Return the size of the files in a folder, in MB (10^6 bytes)."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def peak_megabytes() -> float:
    """Return the most memory that this process ever had resident, in MiB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory(pid: int | str = "self") -> Memory | None:
    """Return the memory of a process of this machine; None where there is no such, or no /proc."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    held = {name: text.split() for name, _, text in (line.partition(":") for line in lines)}

    def size(name: str) -> float:
        return int(held[name][0]) * 1024 / 1e6

    if "VmRSS" not in held:
        return None
    mapped = size("RssFile") + size("RssShmem")
    return Memory(size("VmRSS"), size("RssAnon"), mapped, size("VmHWM"))


def in_own_process(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what a call returns that is made in a fresh process, whose memory is its own alone.

    The function must be found by its name in a module, and everything else must go through a pipe.
    """
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Not forked: a copy would begin with our memory, and with locks that nobody opens.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_end_with_parent) as pool:
        return pool.submit(work, *args, **kwargs).result()


def _end_with_parent() -> None:
    """Let this process end when its parent does, however that ends."""
    import multiprocessing

    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()
