"""Disclosure control for every audit figure that leaves the office."""
