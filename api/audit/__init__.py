"""The talent office's audit as the server, the pages and the command give it."""
