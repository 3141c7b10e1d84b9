"""Indices of shortage that others published, kept as they are printed."""
