"""How PostgreSQL is connected to: what a session is told at its start, and how long anything may take.

What is lost, and when it is noticed:

- the server is down, starting up or shutting down: at once, by its refusal
- its machine or the network to it is gone: a new connection gives up after `CONNECT_TIMEOUT_S`, an
  open one after `PING_TIMEOUT_S` when it is next used; while an answer is awaited, TCP notices
  after `_SILENCE_S` (keepalives, and `tcp_user_timeout` for what was sent and not acknowledged)
- its processes are frozen, which TCP cannot see: by `PatientConnection`
- a machine of ours is gone in the middle of a transaction: the server notices likewise, so that
  the writer's turn and the projector's lock come free

Every session needs a server process of its own (PgBouncer's transaction mode has none to give):
the projector's lock belongs to a session.
"""

from __future__ import annotations

from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from search.records.driver_errors import LOCK_NOT_AVAILABLE, code_of
from search.records.errors import DatabaseBusyError, DatabaseUrlError
from search.records.json_text import from_json, to_json
from search.records.patient_connection import PatientConnection

#: How long a connection is waited for, each address of the host; libpq knows no shorter time.
CONNECT_TIMEOUT_S = 2
#: How long a connection that lay idle may take to show that it is alive; then a new one is made.
PING_TIMEOUT_S = 1.0
#: Longest statement, waiting for the writer's turn not counted.
STATEMENT_TIMEOUT_S = 30.0
#: Longest pause of ours within a transaction: a process that is stopped there must not keep the
#: writer's turn until the others, who wait `TURN_TIMEOUT_S`, give up.
IDLE_TIMEOUT_S = 20.0
#: Connections that a process keeps for reading, and the most it opens. A server allows 100 unless
#: told otherwise; so six processes fit. A search holds one for some milliseconds.
READERS = 5
READERS_AT_MOST = 12
#: How long a reader waits for one of them.
READER_WAIT_S = 2.0
#: Connections for writing: one has the turn, one keeps the books (`Database.bookkeeping`).
WRITERS = 2

# The server ends what takes too long before we stop listening, so that it can say so.
_GRACE_S = 3.0
_SILENCE_S = 10
# Any constant will do, so long as no other program locks the same one in this database.
_ADVISORY_LOCK = 0x626F6C65


def writer_engine(address: URL, turn_timeout_s: float) -> Engine:
    """Return connections that write.

    READ COMMITTED whatever the server's default: a transaction that waited for its turn must see
    what was committed meanwhile.
    """
    return _engine(
        address,
        turn_timeout_s,
        STATEMENT_TIMEOUT_S + turn_timeout_s,
        isolation_level="READ COMMITTED",
        pool_size=WRITERS,
        max_overflow=0,
        pool_timeout=turn_timeout_s,
    )


def reader_engine(address: URL, turn_timeout_s: float) -> Engine:
    """Return connections whose transactions see one state throughout and cannot write."""
    engine = _engine(
        address,
        turn_timeout_s,
        STATEMENT_TIMEOUT_S,
        isolation_level="REPEATABLE READ",
        pool_size=READERS,
        max_overflow=READERS_AT_MOST - READERS,
        pool_timeout=READER_WAIT_S,
    )

    def refuse_writes(connection: PatientConnection, _: ConnectionPoolEntry) -> None:
        connection.read_only = True

    event.listen(engine, "connect", refuse_writes)
    return engine


def connect_alone(address: URL) -> PatientConnection:
    """Open a connection outside the pools, without transactions; the caller closes it.

    Raises:
        psycopg.Error: it cannot be opened.
    """
    _, named = address.get_dialect()().create_connect_args(address)
    named.update(_arguments(address, CONNECT_TIMEOUT_S, CONNECT_TIMEOUT_S))
    return PatientConnection.connect(**named, autocommit=True)


def check_arguments(address: URL) -> None:
    """Refuse an address with options that PostgreSQL's client does not know.

    Raises:
        DatabaseUrlError: it has some.
    """
    _, named = address.get_dialect()().create_connect_args(address)
    try:
        make_conninfo(**named)
    except ProgrammingError as error:
        raise DatabaseUrlError(
            f"the database URL was read; the PostgreSQL client refuses it ({str(error).strip()}). "
            "Leave that option out, or see PostgreSQL's manual, Parameter Key Words"
        ) from None


def check_encoding(connection: Connection) -> None:
    """Refuse a database that cannot hold every character.

    Raises:
        DatabaseUrlError: its encoding is not UTF8.
    """
    found = _driver_connection(connection).info.parameter_status("server_encoding")
    if found != "UTF8":
        raise DatabaseUrlError(
            f"the records were to be kept in database {connection.engine.url.database!r}; its "
            f"encoding is {found}, which cannot hold every character. Make one with createdb "
            "--encoding=UTF8 --template=template0"
        )


def lift_limits(connection: Connection) -> None:
    """Let the statements of this transaction take as long as they need, as a migration may."""
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    _driver_connection(connection).patience_s = float("inf")


def take_turn(connection: Connection, left_s: float, timeout_s: float) -> None:
    """Wait until no other process writes; the turn ends with the transaction.

    Args:
        connection: in a transaction.
        left_s: how long to wait.
        timeout_s: how long it was to be waited in all, for the message.

    Raises:
        DatabaseBusyError: the turn did not come.
    """
    # lock_timeout 0 would wait for ever.
    values = {"ms": str(max(round(left_s * 1000), 1)), "number": _ADVISORY_LOCK}
    try:
        connection.execute(
            text("SELECT set_config('lock_timeout', :ms, true), pg_advisory_xact_lock(:number)"),
            values,
        )
    except DBAPIError as error:
        if code_of(error) != LOCK_NOT_AVAILABLE:
            raise
        holder = f"another process (advisory lock {_ADVISORY_LOCK})"
        raise DatabaseBusyError.waited(timeout_s, holder) from error


def _engine(
    address: URL, lock_timeout_s: float, statement_timeout_s: float, **options: Any
) -> Engine:
    engine = create_engine(
        address,
        connect_args=_arguments(address, lock_timeout_s, statement_timeout_s),
        json_serializer=to_json,
        json_deserializer=from_json,
        # What a statement was given is what people said of themselves: it belongs in no log.
        hide_parameters=True,
        pool_pre_ping=True,
        use_native_hstore=False,
        **options,
    )

    def connect(
        _dialect: Any, _entry: Any, positional: list[Any], named: dict[str, Any]
    ) -> PatientConnection:
        return PatientConnection.connect(*positional, **named)

    def begin_work(connection: PatientConnection, *_: Any) -> None:
        connection.patience_s = statement_timeout_s + _GRACE_S

    def end_work(connection: PatientConnection | None, *_: Any) -> None:
        if connection is not None:
            connection.patience_s = PING_TIMEOUT_S

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "checkout", begin_work)
    event.listen(engine, "checkin", end_work)
    return engine


def _arguments(
    address: URL, lock_timeout_s: float, statement_timeout_s: float
) -> dict[str, str | int]:
    """Return what a connection is opened with; what the address says itself comes first."""
    settings = {
        "lock_timeout": round(lock_timeout_s * 1000),
        "statement_timeout": round(statement_timeout_s * 1000),
        "idle_in_transaction_session_timeout": round(IDLE_TIMEOUT_S * 1000),
        "timezone": "UTC",
        "tcp_keepalives_idle": _SILENCE_S // 2,
        "tcp_keepalives_interval": 2,
        "tcp_keepalives_count": 3,
        "tcp_user_timeout": _SILENCE_S * 1000,
    }
    ours: dict[str, str | int] = {
        "connect_timeout": CONNECT_TIMEOUT_S,
        "keepalives_idle": _SILENCE_S // 2,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": _SILENCE_S * 1000,
        "client_encoding": "utf8",
        "fallback_application_name": "bole",
    }
    said = address.query.get("options", "")
    options = [f"-c {name}={value}" for name, value in settings.items()]
    options += [said] if isinstance(said, str) else said
    arguments = {name: value for name, value in ours.items() if name not in address.query}
    return arguments | {"options": " ".join(options).strip()}


def _driver_connection(connection: Connection) -> PatientConnection:
    found = connection.connection.driver_connection
    assert isinstance(found, PatientConnection)
    return found
