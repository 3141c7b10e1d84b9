"""The settings: the only place that reads the environment (variables that begin with `BOLE_`)."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.rates import Rates
from api.secret_file import kept_secret
from search.backends.elastic.connection import Connection
from search.embedding.choice import OWN_MODELS, ModelChoice

#: The jurisdiction's clock; China has one time zone and no summer time.
_LOCAL_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")


#: Requests of one client in a window; 0 sets no limit. Each that is kept takes memory.
Rate = Annotated[int, Field(ge=0, le=100_000)]


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class Settings(BaseSettings):
    """What an installation can set.

    Attributes:
        data_dir: holds the database, the index and what was fitted on this machine.
        host: address that `bole serve` listens on; by default this machine only.
        port: port that it listens on.
        database_url: where the records are; by default SQLite in `data_dir`.
        elasticsearch_url: where the index is, one or several nodes separated by commas; by default
            there is none and the index is in `data_dir`.
        elasticsearch_username, elasticsearch_password: who asks there; or
        elasticsearch_api_key: the same as a key.
        elasticsearch_ca_certs: file of the certificates to trust; by default the system's.
        elasticsearch_prefix: what the names of its indices begin with.
        elasticsearch_shards: of a new index.
        secret: what signs the tokens of this installation, at least 32 characters; needed to serve any
            address but this machine's. By default one is made and kept in `data_dir`.
        registration: whether job seekers can make accounts for themselves.
        projects: whether this server may keep the index equal to the records; where several may,
            one does.
        as_of: the date whose rules apply; by default today.
        embedding_model: what makes vectors: `bundled`, `static`, or the name or folder of a Sentence
            Transformers model (`pip install bole[sentence-transformers]`); another one builds another
            index beside the old.
        embedding_query_prompt: written before a query; by default what the model's configuration says.
        embedding_document_prompt: written before a document; likewise.
        embedding_dim: cut the vectors of a Sentence Transformers model to so many numbers.
        embedding_normalise: bring its vectors to length 1.
        embedding_batch: how many texts it encodes at a time.
        embedding_device: what it runs on, for example `cpu` or `cuda`; by default what is there.
        body_bytes_at_most: a request with a longer body is refused (413).
        upload_bytes_at_most: the same of a request that brings a file.
        body_timeout_s: a body that takes longer to arrive is refused (408).
        searches_per_minute: most searches and matches of one client; see `api.rates.Rates`.
        writes_per_minute: most changes.
        uploads_per_hour: most files sent in.
        exports_per_hour: most files fetched.
        logins_per_minute: most attempts to log in.
        contacts_per_day: most people whose contact details one account is shown in 24 hours; 0 sets
            no limit.
        requests_per_minute: most of all kinds together.
        metrics: whether `/metrics` is served, for Prometheus.
        log_format: `text`, or `json`: one object per line.
        log_level: what is logged of ours; of the libraries nothing below `warning`.
    """

    model_config = SettingsConfigDict(env_prefix="BOLE_", frozen=True)

    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65_535)] = 8000
    database_url: str = ""
    elasticsearch_url: str = ""
    elasticsearch_username: str = ""
    elasticsearch_password: SecretStr = SecretStr("")
    elasticsearch_api_key: SecretStr = SecretStr("")
    elasticsearch_ca_certs: str = ""
    elasticsearch_prefix: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")] = "bole"
    elasticsearch_shards: Annotated[int, Field(ge=1, le=256)] = 1
    secret: SecretStr = SecretStr("")
    registration: bool = True
    projects: bool = True
    as_of: date | None = None
    embedding_model: Annotated[str, Field(min_length=1)] = OWN_MODELS[0]
    embedding_query_prompt: str | None = None
    embedding_document_prompt: str | None = None
    embedding_dim: Annotated[int, Field(ge=1)] | None = None
    embedding_normalise: bool = True
    embedding_batch: Annotated[int, Field(ge=1)] = 32
    embedding_device: str = ""
    body_bytes_at_most: Annotated[int, Field(ge=1024)] = 1_048_576
    upload_bytes_at_most: Annotated[int, Field(ge=1024)] = 21_000_000
    body_timeout_s: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 20.0
    searches_per_minute: Rate = 600
    writes_per_minute: Rate = 600
    uploads_per_hour: Rate = 120
    exports_per_hour: Rate = 60
    contacts_per_day: Rate = 100
    logins_per_minute: Rate = 20
    requests_per_minute: Rate = 3000
    metrics: bool = True
    log_format: Annotated[Literal["text", "json"], BeforeValidator(_lower)] = "text"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error", "critical"], BeforeValidator(_lower)
    ] = "info"

    @property
    def records_url(self) -> str:
        """The database URL with its default filled in."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'bole.db').resolve()}"

    @property
    def taxonomies_dir(self) -> Path:
        """Where the measures and catalogues are that offices loaded."""
        return self.data_dir / "taxonomies"

    def secret_in_use(self) -> str:
        """Return the secret of the installation; where none is set, one is made and kept."""
        return self.secret.get_secret_value() or kept_secret(self.data_dir / "secret")

    @property
    def elasticsearch(self) -> Connection:
        """Where Elasticsearch is, and who asks there."""
        return Connection(
            url=self.elasticsearch_url,
            username=self.elasticsearch_username,
            password=self.elasticsearch_password.get_secret_value(),
            api_key=self.elasticsearch_api_key.get_secret_value(),
            ca_certs=self.elasticsearch_ca_certs,
        )

    @property
    def embedding(self) -> ModelChoice:
        """The embedding model and how it is to be run."""
        return ModelChoice(
            model=self.embedding_model,
            query_prompt=self.embedding_query_prompt,
            document_prompt=self.embedding_document_prompt,
            dim=self.embedding_dim,
            normalise=self.embedding_normalise,
            batch=self.embedding_batch,
            device=self.embedding_device,
        )

    @property
    def rates(self) -> Rates:
        """How many requests one client may send."""
        return Rates(
            searches=self.searches_per_minute,
            writes=self.writes_per_minute,
            uploads=self.uploads_per_hour,
            exports=self.exports_per_hour,
            logins=self.logins_per_minute,
            requests=self.requests_per_minute,
        )

    def today(self) -> date:
        """Return the date whose rules apply when a request names none."""
        return self.as_of or datetime.now(_LOCAL_TIME).date()
