"""Invented demand."""

from __future__ import annotations

from datetime import date

from search.audit.catalogue_demand import Demand

DAY = date(2026, 10, 15)


def demand(id: str, title: str, posts: int = 1, employer: str | None = "A", **more) -> Demand:
    facts = {"source": "vacancy", "role": None, "on": DAY} | more
    return Demand(id=id, title=title, posts=posts, employer=employer, **facts)
