"""Indices in Elasticsearch: numbered ones of one make, and the aliases that say which is in use.

    bole-<hash of the manifest>-000001     an index; the next is -000002
    bole-<hash of the manifest>-read       alias: what is searched
    bole-<hash of the manifest>-write      alias: what the projector keeps equal to the records
    bole-<hash of the manifest>-previous   alias: the one before, kept so that one can go back

The hash stands in the names, so a server with another model (or text pipeline, or catalogue) has
indices and aliases of its own: the old and the new run side by side while servers are changed over,
each with its own projector, and neither can search vectors that its model did not make.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from elasticsearch import ApiError, BadRequestError

from search.backends.base import (
    IndexMismatchError,
    IndexMissingError,
    IndexUnavailableError,
    Manifest,
)
from search.backends.elastic.backend import ElasticBackend
from search.backends.elastic.bulk import BulkLimits
from search.backends.elastic.gateway import Gateway
from search.backends.elastic.mapping import (
    differences,
    index_mapping,
    index_settings,
    index_type,
)
from search.backends.indexes import manifest_hash

#: Copies of a shard as soon as there is a second node for them.
COPIES = "0-1"


class ElasticIndexes:
    """The indices of one manifest; see `search.backends.indexes.Indexes`.

    Args:
        gateway: the connection; closed with this.
        manifest: what they are built with.
        prefix: what all names begin with; installations that share a cluster need different ones.
        shards: of a new index: one for each 10 to 50 GB, see docs/operations.md.
        vectors: type of the vector index; by default what suits the number of documents.
        limits: of bulk requests.
    """

    def __init__(
        self,
        gateway: Gateway,
        manifest: Manifest,
        *,
        prefix: str = "bole",
        shards: int = 1,
        vectors: str | None = None,
        limits: BulkLimits | None = None,
    ) -> None:
        self._gateway = gateway
        self._manifest = manifest
        self._shards = shards
        self._vectors = vectors
        self._limits = limits
        self._stem = f"{prefix}-{manifest_hash(manifest)}"

    @property
    def manifest(self) -> Manifest:
        """What an index opened here must have been built with."""
        return self._manifest

    @property
    def place(self) -> str:
        """Where they are, for messages."""
        return f"Elasticsearch, {self._stem}-*"

    @property
    def follower(self) -> str:
        """The name of whoever keeps these equal to the records."""
        return self._stem

    def consumer(self, name: str) -> str:
        """Return the name under which the outbox knows one of these: its own."""
        return name

    @property
    def is_shared(self) -> bool:
        """Whether processes on several machines may want to write."""
        return True

    def current(self) -> str | None:
        """Return the name of the index in use, or None before the first."""
        return self._behind("write")

    def previous(self) -> str | None:
        """Return the name of the index that was in use before, or None."""
        return self._behind("previous")

    def create(self, documents: int) -> str:
        """Make an empty index and return its name; none is in use yet."""
        settings = index_settings(self._shards)
        mapping = index_mapping(self._manifest, self._vectors or index_type(documents))
        last = max((int(name[-6:]) for name in self.names()), default=0)
        name = f"{self._stem}-{last + 1:06d}"
        try:
            self._gateway.write(
                "create",
                lambda es: es.indices.create(
                    index=name,
                    settings=settings,
                    mappings=mapping,
                    wait_for_active_shards=1,
                ),
            )
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
            raise IndexUnavailableError(
                f"the index {name} was to be made; it was made a moment ago, by another process or "
                "by a request of ours whose answer was lost. Try again"
            ) from error
        return name

    def open(self, name: str, *, writable: bool) -> ElasticBackend:
        """Open an index: the one in use through its alias, unless it is to be written."""
        meta, shards = self._described(name)
        found = differences(meta, self._manifest)
        if found:
            raise IndexMismatchError(
                f"{name} was built otherwise: {'; '.join(found)}; build another: bole index build"
            )
        is_current = name == self.current()
        return ElasticBackend(
            self._gateway,
            self._alias("read") if is_current and not writable else name,
            self._manifest,
            shards=shards,
            writable=writable,
            serving=self.current if is_current else None,
            limits=self._limits,
        )

    def promote(self, name: str) -> None:
        """Put an index to use: copies first, then all aliases in one step."""
        self._described(name)  # that it is there
        before = self.current()
        self._gateway.write(
            "promote",
            lambda es: es.indices.put_settings(
                index=name, settings={"index.auto_expand_replicas": COPIES}
            ),
        )
        pattern = f"{self._stem}-*"
        actions: list[dict[str, Any]] = []
        for role in ("read", "write"):
            alias = self._alias(role)
            # Even where none was in use a moment ago: another process may have put one to use since.
            actions.append({"remove": {"index": pattern, "alias": alias, "must_exist": False}})
            # Of two requests at the same moment the engine refuses one: an alias has one write index.
            actions.append({"add": {"index": name, "alias": alias, "is_write_index": True}})
        if before is not None and before != name:
            previous = self._alias("previous")
            actions.append({"remove": {"index": pattern, "alias": previous, "must_exist": False}})
            actions.append({"add": {"index": before, "alias": previous}})
        try:
            self._gateway.write("promote", lambda es: es.indices.update_aliases(actions=actions))
        except ApiError as error:
            if "more than one write index" not in str(error):
                raise
            raise IndexUnavailableError(
                f"{name} was to be put to use; another process put one to use at the same moment. "
                "See which: bole index list. Then try again"
            ) from error

    def rollback(self) -> str:
        """Put the index that was in use before back to use, and return its name."""
        name = self.previous()
        if name is None:
            raise IndexMissingError(
                f"the index before was asked for; {self.place} keeps none. "
                "Build one: bole index build"
            )
        self.promote(name)
        return name

    def names(self) -> list[str]:
        """Return the names of all indices of this make, those being built included."""
        answer = self._gateway.read(
            "names",
            lambda es: es.indices.get(
                index=f"{self._stem}-*",
                allow_no_indices=True,
                filter_path=["*.settings.index.uuid"],
            ),
        )
        return sorted(name for name in answer if self._is_own(name))

    def remove(self, name: str) -> None:
        """Remove an index that is not in use; one that is not there is gone already."""
        if not self._is_own(name):
            raise IndexMissingError(f"{name} was to be removed; it is none of {self.place}")
        if name == self.current():
            raise IndexMismatchError(f"{name} was to be removed; it is in use. Put another to use")
        self._gateway.write(
            "remove", lambda es: es.indices.delete(index=name, ignore_unavailable=True)
        )

    def close(self) -> None:
        """Close the connection."""
        self._gateway.close()

    def _alias(self, role: str) -> str:
        return f"{self._stem}-{role}"

    def _is_own(self, name: str) -> bool:
        return re.fullmatch(rf"{re.escape(self._stem)}-[0-9]{{6}}", name) is not None

    def _behind(self, role: str) -> str | None:
        alias = self._alias(role)
        try:
            answer = self._gateway.read("alias", lambda es: es.indices.get_alias(name=alias))
        except IndexMissingError:
            return None
        return next(iter(answer), None)

    def _described(self, name: str) -> tuple[Mapping[str, Any], int]:
        """Return what was written down with an index, and how many shards it has."""
        if not self._is_own(name):
            raise IndexMissingError(
                f"the index {name!r} was asked for; it is none of {self.place}. "
                "See which there are: bole index list"
            )
        answer = self._gateway.read("describe", lambda es: es.indices.get(index=name))
        described = answer[name]
        shards = int(described["settings"]["index"]["number_of_shards"])
        return described["mappings"].get("_meta") or {}, shards
