"""What Prometheus reads: right, bounded in number, and without a word that somebody sent."""

from __future__ import annotations

import ast
import threading
import time
import urllib.request
from pathlib import Path

import anyio
import pytest
from anyio import to_thread
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from api import metrics as metrics_module
from api.app import create_app
from api.assembly import Bole, Readiness
from api.metrics import Metrics
from api.settings import Settings

ROOT = Path(__file__).parents[2]


def samples(client):
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def requests(method, route, status):
    labels = {"method": method, "route": route, "status": status}
    return ("bole_http_requests_total", *sorted(labels.items()))


@pytest.fixture
def app_over(tmp_path):
    """Make an application whose index is as told; nothing is opened."""

    def make(readiness=lambda: Readiness("starting"), **settings):
        bole = Bole(Settings(data_dir=tmp_path, **settings))
        bole.readiness = readiness
        return TestClient(create_app(bole), raise_server_exceptions=False)

    return make


@pytest.mark.parametrize(
    ("method", "address", "route", "status"),
    [
        ("GET", "/v1/roles/3", "/v1/roles/{number}", "2xx"),
        ("GET", "/v1/roles/x", "/v1/roles/{number}", "4xx"),
        ("GET", "/roles/3", "/roles/{number}", "2xx"),
        ("GET", "/roles/none", "/roles/{number}", "4xx"),
        ("POST", "/roles/3", "/roles/{number}", "4xx"),
        ("GET", "/v1/health", "/v1/health", "2xx"),
        ("POST", "/v1/search", "/v1/search", "4xx"),
        ("GET", "/", "/", "2xx"),
        ("GET", "/static/style.css", "/static", "2xx"),
        ("GET", "/static/none", "/static", "4xx"),
        ("GET", "/v1/openapi.json", "/v1/openapi.json", "2xx"),
        ("GET", "/v1/nothing", "unmatched", "4xx"),
        ("GET", "/nowhere/at/all", "unmatched", "4xx"),
        ("BREW", "/v1/roles/3", "/v1/roles/{number}", "4xx"),
    ],
)
def test_a_request_is_counted_under_its_template(client, method, address, route, status):
    key = requests(method if method != "BREW" else "other", route, status)
    before = samples(client)
    client.request(method, address)
    after = samples(client)
    assert after[key] - before.get(key, 0) == 1
    took = ("bole_http_request_seconds_count", ("route", route))
    assert after[took] - before.get(took, 0) == 1


def test_a_crash_is_counted(client, monkeypatch):
    def crash(*_):
        raise RuntimeError

    monkeypatch.setattr("api.v1.search.answer", crash)
    key = requests("POST", "/v1/search", "5xx")
    before = samples(client).get(key, 0)
    assert client.post("/v1/search", json={"text": "java"}).status_code == 500
    assert samples(client)[key] == before + 1
    assert samples(client)["bole_http_requests_in_progress",] == 1  # the scrape itself


def test_nobody_can_make_new_series(client):
    for method, address in (
        ("GET", "/x"),
        ("BREW", "/x"),
        ("GET", "/roles/x"),
        ("GET", "/static/x"),
    ):
        client.request(method, address)
    samples(client)
    before = set(samples(client))
    for n in range(20):
        client.request(f"BREW{n}", f"/none/{n}")
        client.get(f"/none-{n}")
        client.get(f"/roles/none-{n}")
        client.get(f"/static/{n}/%0a%22%7d{n}")
        client.get("/x", headers={"X-Request-ID": f"id-{n}", "User-Agent": f"agent-{n}"})
    assert set(samples(client)) == before


def test_no_word_of_a_request_is_shown(client):
    client.post("/v1/search", json={"text": "zebrafish wrangler"})
    client.get("/", params={"q": "zebrafish"})
    client.get("/zebrafish?zebrafish=zebrafish", headers={"X-Request-ID": "zebrafish"})
    client.request("ZEBRAFISH", "/roles/zebrafish", headers={"Host": "zebrafish"})
    assert "zebrafish" not in client.get("/metrics").text.lower()


def test_it_is_no_part_of_the_interface(client):
    assert "/metrics" not in client.get("/v1/openapi.json").json()["paths"]


def test_index_and_process_are_shown(client):
    found = samples(client)
    ready = client.get("/v1/ready").json()
    assert found["bole_index_ready",] == 1
    assert found["bole_index_documents",] == ready["documents"] > 90
    assert found["bole_index_state", ("state", ready["index"])] == 1
    assert sum(value for key, value in found.items() if key[0] == "bole_index_state") == 1
    assert found["bole_index_held_records",] == ready["held"]
    assert found["bole_last_change",] == ready["last_change"]
    assert found["bole_index_watermark",] == ready["watermark"]
    assert found["bole_index_lag_changes",] == ready["lag"]
    assert found["process_resident_memory_bytes",] > 1_000_000
    (version,) = [dict(key[1:])["version"] for key in found if key[0] == "bole_build_info"]
    assert version == client.get("/v1/health").json()["version"]


def test_nothing_is_shown_of_when_counting_began(client):
    assert "_created" not in client.get("/metrics").text


@pytest.mark.parametrize(
    "found",
    [
        Readiness("ready", 92, 10, 10),
        Readiness("catching-up", 92, 5, 10_005),
        Readiness("catching-up", 92, 5, 10_006),
        Readiness("failed", 92, 5, 6),
        Readiness("failed"),
        Readiness("starting", last_change=7),
        Readiness("locked"),
    ],
)
def test_ready_means_what_it_means_elsewhere(app_over, found):
    client = app_over(lambda: found)
    shown = samples(client)
    assert shown["bole_index_ready",] == (client.get("/v1/ready").status_code == 200)
    assert shown["bole_index_state", ("state", found.state)] == 1
    # Nothing is known of a database or an index that is not open: no figure.
    assert shown.get(("bole_last_change",), 0) == found.last_change
    assert (("bole_last_change",) in shown) == (found.last_change > 0)
    assert (("bole_index_documents",) in shown) == (found.documents > 0)
    assert (("bole_index_lag_changes",) in shown) == (found.documents > 0)


def test_a_scrape_survives_index_and_database(app_over):
    def fail():
        raise ConnectionError("CANARY")

    client = app_over(fail)
    assert samples(client)["bole_scrape_errors_total", ("part", "readiness")] == 1
    shown = samples(client)
    assert shown["bole_scrape_errors_total", ("part", "readiness")] == 2
    assert shown["bole_scrape_errors_total", ("part", "process")] == 0
    assert not [key for key in shown if key[0].startswith("bole_index")]
    assert requests("GET", "/metrics", "2xx") in shown
    assert "CANARY" not in client.get("/metrics").text


def test_a_scrape_does_not_wait_for_what_hangs(app_over, monkeypatch):
    monkeypatch.setattr(metrics_module, "WAIT_S", 0.2)
    back = threading.Event()

    def hang():
        back.wait(30)
        return Readiness("ready", 92)

    client = app_over(hang)
    begun = time.monotonic()
    for count in (1, 2, 3):
        shown = samples(client)
        assert shown["bole_scrape_errors_total", ("part", "readiness")] == count
        assert ("bole_index_ready",) not in shown
    assert time.monotonic() - begun < 10
    assert [thread.name for thread in threading.enumerate()].count("scrape") == 1
    back.set()
    deadline = time.monotonic() + 10
    while ("bole_index_ready",) not in samples(client):
        assert time.monotonic() < deadline


def test_a_scrape_needs_none_of_the_threads_for_requests():
    async def scrape():
        threads = to_thread.current_default_thread_limiter()
        threads.total_tokens = 1
        await threads.acquire_on_behalf_of("a search that hangs")
        with anyio.fail_after(10):
            return await Metrics("1").answer()

    assert b"bole_build_info" in anyio.run(scrape).body


def test_each_application_counts_for_itself(app_over):
    first, second = app_over(), app_over()
    first.get("/v1/health")
    assert requests("GET", "/v1/health", "2xx") in samples(first)
    assert requests("GET", "/v1/health", "2xx") not in samples(second)


def test_it_can_be_turned_off(app_over):
    client = app_over(metrics=False)
    assert client.get("/metrics").status_code == 404
    assert client.get("/v1/health").status_code == 200


def shown(metrics):
    return anyio.run(metrics.answer).body.decode()


EVENTS = {
    "elasticsearch_request_seconds": ["operation"],
    "elasticsearch_requests_total": ["operation", "outcome"],
    "elasticsearch_retries_total": ["reason"],
    "elasticsearch_breaker_open_total": [],
    "bulk_items_total": ["result"],
    "projector_commits_total": [],
    "projector_failures_total": [],
    "projector_applied_total": [],
    "match_seconds": ["target"],
    "matches_total": ["target", "outcome"],
    "search_seconds": ["target"],
    "searches_total": ["target", "outcome"],
}


@pytest.mark.parametrize("event", EVENTS)
def test_parts_behind_the_interface_note_their_events(event):
    metrics = Metrics("1")
    labels = dict.fromkeys(EVENTS[event], "a")
    metrics.observe(event, **labels)
    metrics.observe(event, 0.3, **labels)
    text = "".join(f'{name}="a",' for name in sorted(labels)).rstrip(",")
    series = f"bole_{event}{'_sum' if event.endswith('_seconds') else ''}"
    assert f"{series}{{{text}}} 1.3\n".replace("{}", "") in shown(metrics)


@pytest.mark.parametrize(
    ("event", "labels", "said"),
    [
        ("nothing", {}, "there are: elasticsearch_request_seconds"),
        ("search_seconds", {}, "labels of the event search_seconds: target; found: none"),
        ("search_seconds", {"target": "role", "text": "x"}, "found: target, text"),
        ("projector_commits_total", {"text": "x"}, "projector_commits_total: none; found: text"),
        ("searches_total", {"target": "role", "result": "ok"}, "target, outcome; found: result"),
    ],
)
def test_events_that_are_not_in_the_table_are_refused(event, labels, said):
    metrics = Metrics("1")
    before = shown(metrics)
    with pytest.raises(ValueError, match=said):
        metrics.observe(event, 1, **labels)
    assert [line for line in shown(metrics).splitlines() if "process_" not in line] == [
        line for line in before.splitlines() if "process_" not in line
    ]


def test_a_process_without_an_application_answers_scrapes():
    metrics = Metrics("1")
    metrics.watch(lambda: Readiness("ready", 92))
    metrics.observe("projector_applied_total", 3)
    server = metrics.serve("127.0.0.1", 0)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/metrics") as answer:
            text = answer.read().decode()
    finally:
        server.shutdown()
        server.server_close()
    assert "bole_projector_applied_total 3.0\n" in text
    assert "bole_index_documents 92.0\n" in text


def test_the_parts_of_an_application_tell_its_metrics(app_over):
    client = app_over()
    client.app.state.bole.observe("projector_applied_total", 3)
    assert samples(client)["bole_projector_applied_total",] == 3


def test_every_event_of_the_sources_is_in_the_table():
    # One that is not would fail the search or the commit that it is to tell of.
    found = [
        (call.args[0].value, {label.arg for label in call.keywords})
        for package in ("search", "ingest")
        for path in (ROOT / package).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "attr", getattr(call.func, "id", "")).endswith("observe")
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]
    assert len(found) > 5
    assert [event for event, labels in found if labels != set(EVENTS.get(event, "?"))] == []


def test_a_count_cannot_fall():
    with pytest.raises(ValueError, match="non-negative"):
        Metrics("1").observe("projector_applied_total", -1)
