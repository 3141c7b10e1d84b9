"""Which public measures may apply, condition by condition, and what is still unknown."""
