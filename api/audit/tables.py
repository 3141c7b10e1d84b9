"""The tables of reports, as pages use them."""

from __future__ import annotations

from ingest.reports.content import Missing, ReportColumn, ReportTable, TileMap

__all__ = ["Missing", "ReportColumn", "ReportTable", "TileMap"]
