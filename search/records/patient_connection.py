"""A connection to PostgreSQL whose calls all end, whatever becomes of the server."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg

if TYPE_CHECKING:
    from psycopg.abc import PQGen

_Answer = TypeVar("_Answer")

#: How long the server may take to answer while a connection is being set up, in seconds.
FIRST_ANSWER_S = 2.0


class PatientConnection(psycopg.Connection[Any]):
    """Closes itself, with an `OperationalError`, when an answer does not come in time.

    The server's time-outs end what a server at work takes too long for; TCP finds out that the
    other machine is gone. Neither helps when the server's processes are frozen (a stopped
    container, a disk that hangs): the machine still acknowledges every packet. This does.

    Attributes:
        patience_s: longest wait for one answer, in seconds.
    """

    patience_s: float = FIRST_ANSWER_S

    def wait(self, gen: PQGen[_Answer], *args: Any, **kwargs: Any) -> _Answer:
        """Do what the driver does, for `patience_s` at most."""
        return super().wait(self._watched(gen), *args, **kwargs)

    def _watched(self, gen: PQGen[_Answer]) -> PQGen[_Answer]:
        """Pass everything on; the driver looks in ten times a second while nothing comes."""
        deadline = time.monotonic() + self.patience_s
        try:
            state = next(gen)
            while True:
                ready = yield state
                if not ready and time.monotonic() >= deadline:
                    # The answer may come later, to whatever is asked next: not on this one.
                    self.pgconn.finish()
                    raise psycopg.OperationalError(f"no answer within {self.patience_s:g} s")
                state = gen.send(ready)
        except StopIteration as end:
            answer: _Answer = end.value
            return answer
