"""The settings: the only place that reads the environment (variables that begin with `BOLE_`)."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

#: The jurisdiction's clock; China has one time zone and no summer time.
_LOCAL_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")


class Settings(BaseSettings):
    """What an installation can set.

    Attributes:
        data_dir: holds the database, the index and what was fitted on this machine.
        host: address that `bole serve` listens on; by default this machine only.
        port: port that it listens on.
        database_url: where the records are; by default SQLite in `data_dir`.
        as_of: the date whose rules apply; by default today.
        encoder: what makes vectors; another one builds another index beside the old.
        body_bytes_at_most: a request with a longer body is refused (413).
        body_timeout_s: a body that takes longer to arrive is refused (408).
    """

    model_config = SettingsConfigDict(env_prefix="BOLE_", frozen=True)

    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65_535)] = 8000
    database_url: str = ""
    as_of: date | None = None
    encoder: Literal["lsa", "bundled"] = "lsa"
    body_bytes_at_most: Annotated[int, Field(ge=1024)] = 1_048_576
    body_timeout_s: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 20.0

    @property
    def records_url(self) -> str:
        """The database URL with its default filled in."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'bole.db').resolve()}"

    def today(self) -> date:
        """Return the date whose rules apply when a request names none."""
        return self.as_of or datetime.now(_LOCAL_TIME).date()
