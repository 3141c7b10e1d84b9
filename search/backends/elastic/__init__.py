"""Elasticsearch 9: the backend for more than one machine. See docs/operations.md."""
