"""The fields of the token index, and a document as it goes in and comes out."""

from __future__ import annotations

import orjson
import tantivy

from search.backends.base import NO_TOKENS, TOKEN_FIELDS, Document
from search.backends.embedded.columns import plain_float
from search.backends.filters import KEYWORD_FIELDS, NUMBER_FIELDS

#: The id, one raw term. Text, because deleting by a term of an unsigned field deletes nothing and
#: says nothing (tantivy-py 0.27): an update would leave two documents.
ID = "doc_id"
#: A number given to each version of each document, by which the rows know it: numbers of many hits
#: are read from a column at once, ids would have to be read from the store one by one.
ORDINAL = "ordinal"
#: Held by the one document that is the commit record, and by no other.
MARKER = "marker"
COMMIT = "commit"
#: What `get` returns, or the commit record, as JSON.
SOURCE = "source"


def build_schema() -> tantivy.Schema:
    """Return the schema of the token index."""
    builder = tantivy.SchemaBuilder()
    # Our tokens are separated by blanks and cased already: `whitespace` leaves c++, .net and 中文
    # as they are. "freq": without positions, which nothing asks for, a third is saved.
    for name in TOKEN_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in (ID, MARKER, *KEYWORD_FIELDS):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in NUMBER_FIELDS:
        builder.add_float_field(name, fast=True)
    builder.add_integer_field(ORDINAL, fast=True)
    builder.add_bytes_field(SOURCE, stored=True)
    return builder.build()


def to_tantivy(document: Document, ordinal: int) -> tantivy.Document:
    """Return a document as the token index takes it."""
    result = tantivy.Document()
    result.add_text(ID, document.doc_id)
    result.add_integer(ORDINAL, ordinal)
    for name in TOKEN_FIELDS:
        result.add_text(name, document.tokens.get(name) or NO_TOKENS)
    for name, values in document.attributes.items():
        if name in KEYWORD_FIELDS:
            for value in dict.fromkeys(values):
                result.add_text(name, str(value))
        else:
            for value in values:
                result.add_float(name, plain_float(value))
    source = [
        document.doc_id,
        document.sequence,
        dict(document.attributes),
        dict(document.tokens),
    ]
    result.add_bytes(SOURCE, orjson.dumps(source))
    return result


def from_source(source: bytes) -> Document:
    """Return a stored document, without its vector."""
    doc_id, sequence, attributes, tokens = orjson.loads(source)
    return Document(
        doc_id, sequence, tokens, {name: tuple(values) for name, values in attributes.items()}
    )


def commit_document(record: bytes) -> tantivy.Document:
    """Return the document that carries a commit record."""
    result = tantivy.Document()
    result.add_text(MARKER, COMMIT)
    for name in TOKEN_FIELDS:
        result.add_text(name, NO_TOKENS)
    result.add_bytes(SOURCE, record)
    return result
