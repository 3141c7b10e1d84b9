"""Run a command with real servers: `python tests/servers/run_with.py -- pytest tests/contract`.

The command finds the addresses in BOLE_ELASTICSEARCH_URL and BOLE_DATABASE_URL. Its exit status is
ours; 3 says that a server could not be had.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

# As a script we have our own folder on the path, where `elasticsearch` would be ours and not the
# client; what is wanted is the folder that holds `tests`.
if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.servers.elasticsearch import ElasticsearchServer
from tests.servers.errors import ServerStartError, ServerUnavailableError
from tests.servers.postgresql import PostgresqlServer

NO_SERVER = 3
#: Seconds for the command to end by itself after Ctrl-C, before it is told again.
PATIENCE = 30


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        _parser().error("a command is missing; write it after --")
    # SIGTERM, as a supervisor sends it, must stop the servers like Ctrl-C does.
    signal.signal(signal.SIGTERM, _terminate)
    both = not (options.elasticsearch or options.postgresql)
    try:
        with ExitStack() as servers:
            environment = dict(os.environ)
            if both or options.elasticsearch:
                elasticsearch = ElasticsearchServer()
                servers.callback(elasticsearch.close)
                elasticsearch.start(options.heap)
                environment["BOLE_ELASTICSEARCH_URL"] = elasticsearch.url
                _say(f"{elasticsearch.describe()} on {elasticsearch.url}, heap {options.heap}")
            if both or options.postgresql:
                postgresql = servers.enter_context(PostgresqlServer(durable=options.durable))
                environment["BOLE_DATABASE_URL"] = postgresql.url
                _say(f"{postgresql.describe()} on {postgresql.url}")
            return _run(command, environment)
    except (ServerUnavailableError, ServerStartError) as error:
        _say(str(error))
        return NO_SERVER
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, usage="%(prog)s [options] -- COMMAND …")
    parser.add_argument("--elasticsearch", action="store_true", help="this one (default: both)")
    parser.add_argument("--postgresql", action="store_true", help="this one (default: both)")
    parser.add_argument("--heap", default="512m", help="of Elasticsearch, e.g. 2g")
    parser.add_argument(
        "--durable", action="store_true", help="PostgreSQL with fsync, for honest figures"
    )
    parser.add_argument("command", nargs=argparse.REMAINDER)
    return parser


def _run(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run the command and return its exit status as a shell would."""
    try:
        child = subprocess.Popen(command, env=environment)
    except OSError as error:
        _say(f"{command[0]} cannot be run: {error}")
        return 127
    try:
        status = _wait(child)
    except SystemExit:
        child.terminate()
        child.wait()
        raise
    return status if status >= 0 else 128 - status


def _wait(child: subprocess.Popen[bytes]) -> int:
    """Wait for the command. A terminal's Ctrl-C has reached it too: let it end in its own way."""
    try:
        return child.wait()
    except KeyboardInterrupt:
        try:
            return child.wait(timeout=PATIENCE)
        except (KeyboardInterrupt, subprocess.TimeoutExpired):
            child.terminate()
            return child.wait()


def _terminate(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def _say(line: str) -> None:
    # Not to standard output, which is the command's.
    print(line, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
