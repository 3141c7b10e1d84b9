"""The one connection to Elasticsearch: deadlines, retries, and errors in our own terms.

The asynchronous client runs on a loop in a thread of its own. That gives every request a deadline
for the whole of it (a socket timeout starts anew with each byte that drips in), cancels on the
server what nobody waits for any more, and lets bulk requests run side by side; those who call are
plain functions, as the contract of backends is.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from elasticsearch import ApiError, AsyncElasticsearch, NotFoundError, TransportError

from search.backends import budget
from search.backends.base import IndexMissingError, IndexUnavailableError
from search.backends.elastic.breaker import Breaker
from search.backends.elastic.connection import Connection
from search.monitoring import Observer, unobserved

#: Longest wait for the answer to a question, retries included.
READ_TIMEOUT_S = 1.8
#: Longest wait for one write, for a change of aliases or for the making of an index.
WRITE_TIMEOUT_S = 30.0
#: Connections to one node; more requests than that wait for one another.
CONNECTIONS = 32
#: Statuses that pass: too many requests, and what stands between us and the server.
PASSING = frozenset({429, 502, 503, 504})
#: Pauses between tries: random between 0 and this x 2^try, so that those refused together do not come
#: back together ("full jitter").
BACKOFF_S = 0.1
LONGEST_BACKOFF_S = 5.0
#: Tries of a read; each beyond the first only while the deadline leaves room.
READ_TRIES = 3
#: Share of the read timeout that must be waited in vain to say something of the server: the last
#: milliseconds of a search whose time went elsewhere do not.
TELLING_SHARE = 0.25

CLOSED = "the connection to Elasticsearch was closed"

T = TypeVar("T")
Call = Callable[[AsyncElasticsearch], Awaitable[T]]


class Gateway:
    """Asks Elasticsearch. Safe to share between threads; make one a process.

    Args:
        connection: where, and who.
        read_timeout_s: longest wait for an answer; a `search.backends.budget` may shorten it.
        write_timeout_s: longest wait for one write.
        observe: is told of requests, retries and failures.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        read_timeout_s: float = READ_TIMEOUT_S,
        write_timeout_s: float = WRITE_TIMEOUT_S,
        observe: Observer = unobserved,
    ) -> None:
        self._read_timeout_s = read_timeout_s
        self._write_timeout_s = write_timeout_s
        self.observe = observe
        self._breaker = Breaker()
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="elasticsearch", daemon=True
        )
        self._thread.start()
        self._is_closed = False
        self._client: AsyncElasticsearch = asyncio.run_coroutine_threadsafe(
            _connect(connection), self._loop
        ).result()

    def read(self, operation: str, call: Call[T]) -> T:
        """Ask, within the deadline; what may pass is tried again while there is time.

        Args:
            operation: its name in monitoring.
            call: asks the client; awaited once for each try.

        Raises:
            IndexUnavailableError: no answer in time, or no use of it.
            IndexMissingError: there is no such index or alias.
        """
        self._breaker.check()
        wait_s = budget.remaining(self._read_timeout_s)
        if wait_s <= 0:
            raise IndexUnavailableError("the time for this search was used up; try again")
        began = time.monotonic()
        try:
            answer = self._run(self._tried(operation, call, began + wait_s), wait_s)
        except IndexUnavailableError as error:
            is_telling = wait_s >= TELLING_SHARE * self._read_timeout_s
            if isinstance(error.__cause__, TimeoutError) and is_telling and self._breaker.failed():
                self.observe("elasticsearch_breaker_open_total")
            raise
        except (IndexMissingError, ApiError):
            self._breaker.succeeded()  # an error is an answer
            raise
        self._breaker.succeeded()
        self.observe("elasticsearch_request_seconds", time.monotonic() - began, operation=operation)
        return answer

    def write(self, operation: str, call: Call[T], timeout_s: float | None = None) -> T:
        """Send a write or a change of settings once; the caller knows whether it may be repeated.

        PUT and DELETE the HTTP client sends again by itself, once, where a connection was closed before
        anything was answered (RFC 9110, 9.2.2), so these must be fit for it.

        Args:
            operation: its name in monitoring.
            call: sends it.
            timeout_s: longest wait; by default the gateway's.

        Raises:
            IndexUnavailableError: no answer in time: it may have been done all the same.
            IndexMissingError: there is no such index or alias.
        """
        wait_s = timeout_s or self._write_timeout_s
        return self._run(self._once(operation, call), wait_s)

    def run(self, work: Callable[[AsyncElasticsearch], Coroutine[Any, Any, T]]) -> T:
        """Run a longer piece of work, which watches its own deadlines, on the loop; see `bulk`."""
        return self._run(work(self._client), None)

    def close(self) -> None:
        """Close the connections and end the thread."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    async def _end(self) -> None:
        """Let nobody wait for an answer that cannot come any more; then close the connections."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._client.close()

    async def _once(self, operation: str, call: Call[T]) -> T:
        try:
            answer = await call(self._client)
        except (ApiError, TransportError) as error:
            self.observe(
                "elasticsearch_requests_total", operation=operation, outcome=_outcome(error)
            )
            raise explained(error) from error
        self.observe("elasticsearch_requests_total", operation=operation, outcome="ok")
        return answer

    async def _tried(self, operation: str, call: Call[T], deadline: float) -> T:
        for number in range(READ_TRIES):
            try:
                return await self._once(operation, call)
            except IndexUnavailableError as error:
                pause = pause_s(number, error.__cause__)
                is_last = number == READ_TRIES - 1
                if is_last or time.monotonic() + pause > deadline or not may_pass(error.__cause__):
                    raise
                self.observe("elasticsearch_retries_total", reason=_outcome(error.__cause__))
                await asyncio.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _run(self, work: Coroutine[Any, Any, T], wait_s: float | None) -> T:
        if self._is_closed:
            work.close()
            raise RuntimeError(CLOSED)
        future: Future[T] = asyncio.run_coroutine_threadsafe(_limited(work, wait_s), self._loop)
        try:
            return future.result()
        except TimeoutError as error:
            raise IndexUnavailableError(
                f"Elasticsearch was asked and did not answer within {wait_s:.1f} s; try again, and "
                "see whether its nodes are alive and not overloaded"
            ) from error
        except CancelledError:
            raise RuntimeError(CLOSED) from None
        except BaseException:
            future.cancel()
            raise


def explained(error: BaseException) -> Exception:
    """Return an error of the client in our terms; what asks for a mend of ours stays as it is."""
    if isinstance(error, NotFoundError) and "search_context_missing_exception" in str(error.body):
        return IndexUnavailableError(
            "Elasticsearch was asked for the next page and no longer has the point in time that the "
            "pages are of: it was restarted, or the last page is too long ago. Begin again"
        )
    if isinstance(error, NotFoundError):
        return IndexMissingError(
            f"an index was asked for; Elasticsearch has none ({_said(error)}). "
            "Build it: bole index build"
        )
    if isinstance(error, ApiError):
        if error.status_code in PASSING:
            return IndexUnavailableError(
                f"Elasticsearch was asked and is overloaded or not ready (status "
                f"{error.status_code}, {_said(error)}); try again in a few seconds"
            )
        if error.status_code in {401, 403}:
            return IndexUnavailableError(
                f"Elasticsearch was asked and refused our credentials (status {error.status_code}); "
                "see BOLE_ELASTICSEARCH_USERNAME, _PASSWORD and _API_KEY, and the roles of that user"
            )
        return error
    if isinstance(error, TransportError):
        return IndexUnavailableError(
            f"Elasticsearch was asked and cannot be reached ({type(error).__name__}); see whether "
            "it runs and whether BOLE_ELASTICSEARCH_URL is right"
        )
    return RuntimeError(str(error))


def may_pass(error: BaseException | None) -> bool:
    """Say whether the same request may succeed a little later."""
    if isinstance(error, ApiError):
        return error.status_code in PASSING
    return isinstance(error, TransportError)


def backoff_s(number: int) -> float:
    """Return the random pause in seconds after a failed try; numbers count from 0."""
    return random.uniform(0, min(LONGEST_BACKOFF_S, BACKOFF_S * 2.0**number))


def pause_s(number: int, error: BaseException | None) -> float:
    """Return the pause in seconds after a failed try: random, on top of what the server asked for."""
    asked = error.meta.headers.get("retry-after") if isinstance(error, ApiError) else None
    # It may be a date as well, which no proxy before a search engine sends.
    return (float(asked) if asked and asked.isdecimal() else 0.0) + backoff_s(number)


async def _limited(work: Coroutine[Any, Any, T], wait_s: float | None) -> T:
    async with asyncio.timeout(wait_s):
        return await work


async def _connect(connection: Connection) -> AsyncElasticsearch:
    options: dict[str, Any] = {}
    if connection.api_key:
        options["api_key"] = connection.api_key
    elif connection.username:
        options["basic_auth"] = (connection.username, connection.password)
    if connection.ca_certs:
        options["ca_certs"] = connection.ca_certs
    return AsyncElasticsearch(
        [url.strip() for url in connection.url.split(",")],
        connections_per_node=CONNECTIONS,
        http_compress=False,
        # Deadlines and retries are ours: the client's start anew with every byte, and have no pause.
        request_timeout=None,
        max_retries=0,
        **options,
    )


def _said(error: ApiError) -> str:
    try:
        return str(error.body["error"]["type"])
    except (KeyError, TypeError, IndexError):
        return "without a reason"


def _outcome(error: BaseException | None) -> str:
    if isinstance(error, ApiError):
        return str(error.status_code)
    return "unreachable" if isinstance(error, TransportError) else "timeout"
