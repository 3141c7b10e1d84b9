"""What a Prometheus server reads at `/metrics`: counts and times, never a word that somebody sent.

Each application has a registry of its own, so that several can live in one process; each process
counts for itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, get_args

import anyio
import anyio.to_thread
from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
    start_http_server,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response

from api.assembly import IndexState, Readiness
from api.v1.health import LAG_AT_MOST

if TYPE_CHECKING:
    from wsgiref.simple_server import WSGIServer

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

#: Longest time for which a scrape waits for index and database; Prometheus gives up after ten.
WAIT_S = 2.0

_TIMES: Mapping[str, tuple[str, Sequence[str]]] = {
    "elasticsearch_request_seconds": ("Time of a request to Elasticsearch.", ["operation"]),
    "match_seconds": ("Time of a match, from the records to the ranked hits.", ["target"]),
    "search_seconds": ("Time of a search, from the text to the ranked hits.", ["target"]),
}
_COUNTS: Mapping[str, tuple[str, Sequence[str]]] = {
    "elasticsearch_requests_total": (
        "Requests to Elasticsearch by how they ended.",
        ["operation", "outcome"],
    ),
    "elasticsearch_retries_total": ("Requests that were sent once more.", ["reason"]),
    "elasticsearch_breaker_open_total": ("Times that Elasticsearch was given a rest.", []),
    "bulk_items_total": ("Documents sent in bulk requests by how they ended.", ["result"]),
    "projector_commits_total": ("Commits of the index by the projector.", []),
    "projector_failures_total": ("Batches that the projector could not apply.", []),
    "projector_applied_total": ("Changes of records that the projector applied.", []),
    "matches_total": ("Matches by how they ended.", ["target", "outcome"]),
    "searches_total": ("Searches by how they ended.", ["target", "outcome"]),
}

# Else every counter and histogram is followed by a gauge of when it was made; nobody asked.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """The metrics of one application.

    Args:
        version: of the program.
    """

    def __init__(self, version: str) -> None:
        self._registry = registry = CollectorRegistry()
        self._errors = Counter(
            "bole_scrape_errors_total",
            "Parts that a scrape could not read; their metrics are absent from it.",
            ["part"],
            registry=None,
        )
        # A scrape must answer when searches that hang hold every thread for requests.
        self._threads = anyio.CapacityLimiter(4)
        Info("bole_build", "The program.", registry=registry).info({"version": version})
        self._requests = Counter(
            "bole_http_requests_total",
            "Requests by route template and class of status (`none`: ended without an answer).",
            ["method", "route", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "bole_http_request_seconds",
            "Time from a request's head to the last byte of its answer.",
            ["route"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._in_progress = Gauge(
            "bole_http_requests_in_progress", "Requests being served.", registry=registry
        )
        self._times = {
            event: Histogram(f"bole_{event}", text, labels, buckets=BUCKETS, registry=registry)
            for event, (text, labels) in _TIMES.items()
        }
        self._counts = {
            event: Counter(f"bole_{event}", text, labels, registry=registry)
            for event, (text, labels) in _COUNTS.items()
        }
        process = ProcessCollector(registry=None)
        registry.register(_Part("process", process.collect, self._errors))
        self._registry.register(self._errors)

    def watch(self, readiness: Callable[[], Readiness]) -> None:
        """Read how far the index is at every scrape from now on."""
        reading = _Reading(readiness)
        part = _Part("readiness", lambda: _index_metrics(reading.result(WAIT_S)), self._errors)
        # The count of errors comes last: it then holds those of the same scrape.
        self._registry.unregister(self._errors)
        self._registry.register(part)
        self._registry.register(self._errors)

    def observe(self, event: str, value: float = 1.0, **labels: str) -> None:
        """Note one of the events that the parts behind the interface know; safe in any thread.

        Args:
            event: `…_seconds` takes a time in seconds, `…_total` a number to add.
            value: that time or number.
            labels: all labels of the event; their values must come from a short fixed list, since
                each one becomes a time series that is kept.

        Raises:
            ValueError: there is no such event, or these are not its labels, or a count was to fall.
        """
        known = {**_TIMES, **_COUNTS}
        if event not in known:
            raise ValueError(f"no event {event!r}; there are: {', '.join(known)}")
        names = known[event][1]
        if set(names) != set(labels):
            wanted, found = ", ".join(names) or "none", ", ".join(sorted(labels)) or "none"
            raise ValueError(f"labels of the event {event}: {wanted}; found: {found}")
        if event in self._times:
            histogram = self._times[event]
            (histogram.labels(**labels) if names else histogram).observe(value)
        else:
            counter = self._counts[event]
            (counter.labels(**labels) if names else counter).inc(value)

    def request_began(self) -> None:
        """Note that a request is being served."""
        self._in_progress.inc()

    def request_ended(self, method: str, route: str, status: int | None, seconds: float) -> None:
        """Note how a request ended.

        Args:
            method: one of a fixed list.
            route: its template, not the address.
            status: of the answer; None where there was none.
            seconds: how long it took.
        """
        self._in_progress.dec()
        kind = "none" if status is None else f"{status // 100}xx"
        self._requests.labels(method, route, kind).inc()
        self._seconds.labels(route).observe(seconds)

    async def answer(self) -> Response:
        """Return everything in Prometheus' text format; what cannot be read is left out."""
        text = await anyio.to_thread.run_sync(
            generate_latest, self._registry, limiter=self._threads
        )
        return Response(text, media_type=CONTENT_TYPE_PLAIN_0_0_4)

    def serve(self, host: str, port: int) -> WSGIServer:
        """Answer scrapes in threads, for a process without an application of its own.

        Returns:
            What answers; end it by `shutdown()` and `server_close()`.

        Raises:
            OSError: the address cannot be listened on.
        """
        server, _ = start_http_server(port, host, self._registry)
        return server


class _Part(Collector):
    """Metrics read at the scrape; absent, and counted, when that fails."""

    def __init__(self, name: str, read: Callable[[], Iterable[Metric]], errors: Counter) -> None:
        self._read = read
        self._failed = errors.labels(name)

    def collect(self) -> list[Metric]:
        try:
            return list(self._read())
        except Exception:
            self._failed.inc()
            return []


class _Reading:
    """Reads in a thread of its own, so that whoever asks waits so long and no longer.

    What hangs is not asked again until it has come back: one thread hangs, not one a scrape.
    """

    def __init__(self, read: Callable[[], Readiness]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._pending: Future[Readiness] | None = None

    def result(self, timeout_s: float) -> Readiness:
        """Return what was read.

        Raises:
            TimeoutError: it takes longer.
        """
        with self._lock:
            pending = self._pending
            if pending is None or pending.done():
                pending = self._pending = Future()
                threading.Thread(
                    target=self._fill, args=(pending,), name="scrape", daemon=True
                ).start()
        return pending.result(timeout_s)

    def _fill(self, pending: Future[Readiness]) -> None:
        try:
            pending.set_result(self._read())
        except BaseException as error:
            pending.set_exception(error)


def _index_metrics(found: Readiness) -> Iterable[Metric]:
    # The same judgement as `/v1/ready`.
    is_answering = found.state in {"ready", "catching-up"}
    is_ready = is_answering and found.lag <= LAG_AT_MOST
    yield _gauge("bole_index_ready", "Whether searches can be answered.", is_ready)
    state = GaugeMetricFamily("bole_index_state", "1 for the state of the index.", labels=["state"])
    for name in get_args(IndexState):
        state.add_metric([name], name == found.state)
    yield state
    # Of a database or an index that is not open nothing is known: no figure, rather than a 0 that
    # sets off alarms.
    if is_answering or found.last_change:
        yield _gauge("bole_last_change", "Last change of the records.", found.last_change)
    if is_answering or found.documents:
        yield _gauge("bole_index_documents", "Documents in the index.", found.documents)
        yield _gauge("bole_index_watermark", "Last change that is in the index.", found.watermark)
        yield _gauge("bole_index_lag_changes", "Changes not yet in the index.", found.lag)
        yield _gauge("bole_index_held_records", "Records that could not be indexed.", found.held)


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)
