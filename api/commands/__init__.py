"""One module a command of `bole`."""
