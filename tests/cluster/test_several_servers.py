"""Several servers of one installation: one keeps the index, and another takes over from it."""

from __future__ import annotations

from collections.abc import Callable

from tests.cluster.bole_server import BoleServer


def test_the_second_server_takes_over_from_one_that_is_killed(
    start_server: Callable[[str], BoleServer],
) -> None:
    first = start_server("first")
    first.wait(first.is_equal_to_records)
    second = start_server("second")
    second.wait(second.is_ready)
    # Stored at the one that does not write the index, found at both.
    stored = second.add("quagga keeper").json()["id"]
    for server in (first, second):
        server.wait(lambda server=server: stored in server.found("quagga keeper"))
    first.kill()
    later = second.add("quagga groom").json()["id"]
    second.wait(lambda: {stored, later} <= second.found("quagga"))
    second.wait(second.is_equal_to_records)
    # And the first comes back as a reader.
    first.start()
    first.wait(first.is_ready)
    first.wait(lambda: {stored, later} <= first.found("quagga"))
    last = first.add("quagga breeder").json()["id"]
    first.wait(lambda: last in first.found("quagga"))
