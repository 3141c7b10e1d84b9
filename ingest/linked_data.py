"""JSON-LD out of a file: the document itself, or what the scripts of an HTML page hold; within limits."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from ingest.json_documents import MOST_BYTES, DocumentError, parse_json

#: Deeper nodes are not looked at.
DEEPEST = 20
#: More nodes than this are not looked at.
MOST_NODES = 20_000
_LD = "application/ld+json"
#: Elements after which a new line begins.
_BLOCKS = frozenset(
    {"p", "br", "li", "ul", "ol", "div", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "hr"}
)
_HIDDEN = frozenset({"script", "style", "template"})


def nodes_of_type(data: bytes, name: str) -> list[dict[str, Any]]:
    """Return the nodes of a schema.org type, wherever they stand: alone, in a list, in `@graph`, nested.

    Args:
        data: JSON-LD, or an HTML page with scripts of `application/ld+json`.
        name: the type, such as `JobPosting`.

    Raises:
        DocumentError: `too_large`, or, for JSON, `not_json` and `too_deep`. Scripts of a page that
            are no JSON are passed over.
    """
    if len(data) > MOST_BYTES:
        raise DocumentError("too_large", most_mb=MOST_BYTES // 1024**2)
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<",)):
        return list(_found([parse_json(data)], name))
    documents = []
    for script in _scripts(data.decode("utf-8", "replace")):
        try:
            documents.append(parse_json(script.encode("utf-8", "replace")))
        except DocumentError:
            continue
    return list(_found(documents, name))


def plain_text(markup: str) -> str:
    """Return what a piece of HTML shows, a line for each block; text without markup stays as it is."""
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    reader = _TextReader()
    reader.feed(markup)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(filter(None, lines))


def _found(documents: list[Any], name: str) -> Iterator[dict[str, Any]]:
    """Yield nodes in the order of the document, without recursion."""
    waiting = [(document, 0) for document in reversed(documents)]
    seen = 0
    while waiting and seen < MOST_NODES:
        node, depth = waiting.pop()
        seen += 1
        if depth > DEEPEST:
            continue
        if isinstance(node, dict):
            types = node.get("@type")
            listed = types if isinstance(types, list) else [types]
            if any(_short(each) == name for each in listed):
                yield node
                continue
            waiting += [(child, depth + 1) for child in reversed(list(node.values()))]
        elif isinstance(node, list):
            waiting += [(child, depth + 1) for child in reversed(node)]


def _short(name: object) -> str:
    """Return a type without what stands before it: https://schema.org/JobPosting, schema:JobPosting."""
    return str(name).rpartition("/")[2].rpartition(":")[2] if isinstance(name, str) else ""


def _scripts(page: str) -> list[str]:
    reader = _ScriptReader()
    reader.feed(page)
    reader.close()
    return reader.scripts


class _ScriptReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: list[str] = []
        self._within = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = (dict(attrs).get("type") or "").split(";")[0].strip().lower()
        self._within = tag == "script" and kind == _LD
        if self._within:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._within = False

    def handle_data(self, data: str) -> None:
        if self._within:
            self.scripts[-1] += data


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _HIDDEN:
            self._hidden += 1
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)
