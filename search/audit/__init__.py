"""Unmet demand as records show it: measures, causes, forecast, targets, and what of it may be published."""
