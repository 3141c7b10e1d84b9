"""How far a long job is: a bar at a terminal, a line every few seconds elsewhere; to stderr."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Seconds between two lines where there is no terminal.
LINE_S = 5.0
#: Reports that the rate is taken from: vectors at hand go by faster than those still to be made.
_RECENT = 8


class Pace:
    """Counts, rate and time left of a job, in words.

    Args:
        clock: seconds, from any point on.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._start = clock()
        self._reports: deque[tuple[float, int]] = deque([(self._start, 0)], maxlen=_RECENT)
        self.done = 0
        self.total = 0

    def at(self, done: int, total: int) -> None:
        """Take a report: so many are done, of about so many."""
        self.done, self.total = done, max(done, total)
        self._reports.append((self._clock(), done))

    def said(self) -> str:
        """Return for example "1,500 of 25,000, 61/s, 6 min 25 s left"."""
        (first, before), (last, done) = self._reports[0], self._reports[-1]
        counts = f"{self.done:,} of {self.total:,}"
        if last <= first or done <= before:
            return counts
        rate = (done - before) / (last - first)
        left = _duration((self.total - self.done) / rate)
        return f"{counts}, {_rate(rate)}, {left} left"

    def ended(self) -> str:
        """Return for example "25,000 in 6 min 50 s, 61/s"."""
        seconds = self._clock() - self._start
        return f"{self.done:,} in {_duration(seconds)}, {_rate(self.done / max(seconds, 1e-3))}"


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show a job's progress while the block runs; it calls what this yields with done and total.

    A block that never calls it shows nothing that stays.
    """
    pace = Pace()
    shown = _bar(title, pace) if sys.stderr.isatty() else _lines(title, pace)
    try:
        with shown as show:

            def tell(done: int, total: int) -> None:
                pace.at(done, total)
                show()

            yield tell
    except BaseException:
        if pace.total:
            sys.stderr.write(f"{title}: stopped after {pace.done:,} of {pace.total:,}\n")
        raise
    if pace.total:
        sys.stderr.write(f"{title}: {pace.ended()}\n")


@contextmanager
def _bar(title: str, pace: Pace) -> Iterator[Callable[[], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[said]}"),
    )
    # Transient: the line that says how it ended takes its place.
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as shown:
        task = shown.add_task(title, total=None, said="")
        yield lambda: shown.update(
            task, completed=pace.done, total=pace.total or None, said=pace.said()
        )


@contextmanager
def _lines(title: str, pace: Pace) -> Iterator[Callable[[], None]]:
    last = time.monotonic()

    def show() -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_S:
            last = time.monotonic()
            sys.stderr.write(f"{title}: {pace.said()}\n")
            sys.stderr.flush()

    yield show


def _rate(rate: float) -> str:
    return f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if minutes == 0:
        return f"{whole} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
