"""The log: lines that parse, ids that match, and nothing of what people sent."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.logs import FRAMES, JsonLines, TextLines, failure_of, log_config, request_id
from api.settings import Settings
from search.backends.base import IndexLockedError


class Log:
    """What is logged as the settings say."""

    def __init__(self, formatter):
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(formatter)

    @property
    def text(self):
        return self.stream.getvalue()

    @property
    def lines(self):
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, logger):
        return [line for line in self.lines if line["logger"] == logger]


@pytest.fixture
def listen(monkeypatch):
    """Listen as the server would at its most talkative, and leave pytest's own handlers alone."""
    root, logs = logging.getLogger(), []
    config = log_config(Settings(log_level="debug"))
    for name, entry in {"": config["root"], **config["loggers"]}.items():
        level = (
            entry["level"] if isinstance(entry["level"], int) else getattr(logging, entry["level"])
        )
        monkeypatch.setattr(logging.getLogger(name), "level", level)
    logging.getLogger().manager._clear_cache()

    def start(formatter=None):
        logs.append(Log(formatter or JsonLines()))
        root.addHandler(logs[-1].handler)
        return logs[-1]

    yield start
    for log in logs:
        root.removeHandler(log.handler)
    monkeypatch.undo()
    logging.getLogger().manager._clear_cache()


def test_each_request_leaves_a_line(client, listen):
    log = listen()
    response = client.get("/v1/roles/3?q=x", headers={"Accept-Encoding": "gzip"})
    (line,) = log.of("bole.access")
    assert line["request_id"] == response.headers["x-request-id"]
    assert line["level"] == "info"
    assert (line["method"], line["route"], line["status"]) == ("GET", "/v1/roles/{number}", 200)
    assert line["bytes"] == int(response.headers["content-length"])
    assert 0 <= line["ms"] < 60_000
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])
    assert line["message"] == (
        f"GET /v1/roles/{{number}} 200 {line['ms']} ms {line['bytes']} bytes"
    )


def test_the_line_for_people(client, listen):
    log = listen(TextLines())
    client.get("/v1/health", headers={"X-Request-ID": "abc-1"})
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO     bole\.access: "
        r"GET /v1/health 200 [\d.]+ ms \d+ bytes \[abc-1\]\n",
        log.text,
    )


@pytest.mark.parametrize("formatter", [JsonLines, TextLines])
def test_nothing_that_was_sent_is_logged(client, listen, formatter):
    log = listen(formatter())
    client.post("/v1/search", json={"text": "zebrafish wrangler"})
    client.post("/v1/search", json={"zebrafish": "zebrafish"})
    client.post("/v1/search", content=b"zebrafish")
    client.get("/", params={"q": "zebrafish", "zebrafish": "1"})
    client.get("/zebrafish?zebrafish")
    client.get("/static/zebrafish%00")
    client.request("ZEBRAFISH", "/roles/zebrafish", headers={"X-Request-ID": "zebra fish"})
    address = client.post("/v1/candidates", json={"headline": "zebrafish"}).headers["location"]
    client.get(address)
    client.delete(address)
    assert log.text.count("bole.access") == 10
    assert "zebrafish" not in log.text.lower()
    assert address.rpartition("/")[2] not in log.text


@pytest.mark.parametrize("formatter", [JsonLines, TextLines])
def test_a_crash_is_logged_by_type_and_place(client, listen, monkeypatch, formatter):
    def crash(*_):
        logging.getLogger("search.ranking").info("noted in a thread")
        raise RuntimeError("CAN" + "ARY")  # a stack shows source lines

    monkeypatch.setattr("api.v1.search.answer", crash)
    log = listen(formatter())
    response = client.post("/v1/search", json={"text": "zebrafish"})
    assert response.status_code == 500
    assert "CANARY" not in log.text
    assert "zebrafish" not in log.text
    assert ", in crash" in log.text
    if formatter is JsonLines:
        noted, failed, access = log.lines
        assert {line["request_id"] for line in log.lines} == {response.headers["x-request-id"]}
        assert (noted["message"], noted["level"]) == ("noted in a thread", "info")
        assert (failed["level"], failed["exception"]) == ("error", "RuntimeError")
        assert failed["stack"].count("\n") > 3
        assert access["status"] == 500
    else:
        # Nothing but a record begins a line.
        assert len(re.findall(r"(?m)^\S", log.text)) == 3


def fail(error):
    try:
        raise error
    except BaseException as caught:
        return caught


@pytest.mark.parametrize("formatter", [JsonLines(), TextLines()])
def test_exceptions_of_others_lose_their_message_too(formatter):
    outer = fail(ValueError("CAN" + "ARY"))
    outer.__cause__ = fail(KeyError("CAN" + "ARY"))
    outer.__cause__.__context__ = fail(ExceptionGroup("CAN" + "ARY", [TypeError("CAN" + "ARY")]))
    info = (ValueError, outer, outer.__traceback__)
    record = logging.makeLogRecord({"msg": "Exception in ASGI application\n", "exc_info": info})
    record.exc_text = "CANARY"  # as another handler's formatter leaves it
    text = formatter.format(record)
    assert "CANARY" not in text
    for kind in ("ValueError", "KeyError", "ExceptionGroup", "TypeError"):
        assert kind in text
    assert ", in fail" in text


def test_reasons_are_told_where_they_are_about_the_index_or_the_machine():
    locked = failure_of(fail(IndexLockedError("index is being written by another process")))
    assert locked["exception"] == "search.backends.base.IndexLockedError"
    assert locked["reason"] == "index is being written by another process"
    full = failure_of(fail(OSError(28, "CANARY", "CANARY")))
    assert (full["exception"], full["reason"]) == ("OSError", "No space left on device")
    assert "reason" not in failure_of(fail(OSError("CANARY")))
    assert "reason" not in failure_of(fail(urllib.error.URLError("CANARY")))


def test_a_stack_keeps_what_is_nearest_to_the_fault():
    def fall(depth):
        if depth:
            other(depth)
        raise LookupError

    def other(depth):
        fall(depth - 1)

    try:
        fall(100)
    except LookupError as error:
        stack = failure_of(error)["stack"]
    assert stack.count("File ") == FRAMES
    assert stack.rstrip().endswith("raise LookupError")


def test_anything_can_be_logged_as_json():
    record = logging.makeLogRecord(
        {"name": "x", "levelname": "INFO", "msg": "职\n\ud800 %s", "args": ("é",)}
    )
    record.place, record.level, record.color_message = {1, 2}, "forged", "x"
    line = JsonLines().format(record)
    assert line.isascii() and "\n" not in line
    found = json.loads(line)
    assert found["message"] == "职\n\ud800 é"
    assert found["level"] == "info"
    assert found["place"] == "{1, 2}"
    assert "color_message" not in found and "request_id" not in found


def test_a_message_cannot_forge_a_line():
    record = logging.makeLogRecord(
        {"name": "x", "levelname": "INFO", "msg": "a\r\n2026 b\rc\u2028d"}
    )
    assert re.findall(r"(?m)^\S.*", TextLines().format(record).replace("\r", "\n"))[1:] == []


def test_other_libraries_are_heard_from_warnings_on():
    levels = {}
    for level in ("debug", "info", "error"):
        config = log_config(Settings(log_level=level))
        levels[level] = (config["loggers"]["ingest"]["level"], config["root"]["level"])
    assert levels == {
        "debug": ("DEBUG", logging.WARNING),
        "info": ("INFO", logging.WARNING),
        "error": ("ERROR", logging.ERROR),
    }


def test_outside_a_request_there_is_no_id():
    assert request_id.get() == ""


@pytest.fixture
def served(monkeypatch):
    """Say what the server was started with, instead of starting it."""
    calls = []
    monkeypatch.setattr("uvicorn.run", lambda app, **options: calls.append((app, options)))
    monkeypatch.setattr("api.logs.set_up_logs", lambda _: None)

    def run(*arguments):
        result = CliRunner().invoke(app, ["serve", *arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result, calls.pop() if calls else None

    return run


def test_one_worker_is_this_process(served):
    _, (what, options) = served("--port", "9000")
    assert what.title == "Bole"
    assert (options["workers"], options["factory"], options["port"]) == (1, False, 9000)
    assert not options["access_log"]
    assert options["ws"] == "none"


def test_several_workers_make_the_application_themselves(served):
    _, (what, options) = served("--workers", "3", "--host", "127.0.0.2")
    assert what == "api.app:application"
    assert (options["workers"], options["factory"], options["host"]) == (3, True, "127.0.0.2")


def test_what_cannot_be_a_number_of_workers_is_refused(served):
    result, call = served("--workers", "0")
    assert (result.exit_code, call) == (2, None)


def test_the_help_tells_what_several_workers_mean(served):
    said = " ".join(re.sub(r"[│╭╰─]", " ", served("--help")[0].output).split())
    assert "counts its /metrics for itself" in said
    assert "one worker per container" in said


@pytest.mark.slow
def test_workers_log_as_told(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {
        "BOLE_DATA_DIR": str(tmp_path),
        "BOLE_LOG_FORMAT": "json",
        "BOLE_EMBEDDING_MODEL": "static",  # the quickest to start
        "BOLE_HOST": "192.0.2.1",
        "BOLE_PORT": "1",
    }
    command = ["-m", "api", "serve", "--workers", "2", "--host", "127.0.0.1", "--port", str(port)]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, *command], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        health = f"http://127.0.0.1:{port}/v1/health"
        deadline = time.monotonic() + 60
        while not answers(health):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.2)
        assert answers(f"{health}?zebrafish", {"X-Request-ID": "abc-1"})
        upgrade = {"Connection": "Upgrade", "Upgrade": "websocket"}
        assert answers(f"{health}?zebrafish", upgrade)
        while (tmp_path / "log").read_text().count("Application startup complete") < 2:
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.2)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    text = (tmp_path / "log").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert "zebrafish" not in text
    assert text.count("Started server process") == 2
    assert [line["route"] for line in lines if line.get("request_id") == "abc-1"] == ["/v1/health"]
    assert {"bole.serve", "uvicorn.error", "bole.access"} <= {line["logger"] for line in lines}


def answers(address, headers=None):
    try:
        asked = urllib.request.Request(address, headers=headers or {})
        with urllib.request.urlopen(asked, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False
